package judge.inside;

import java.nio.ByteBuffer;
import judge.Array;
import judge.Complex;

/** {@code Array<T>}. */
final class Arrays extends Type {
    private final String dtype;

    Arrays(String dtype) {
        this.dtype = dtype;
    }

    @Override
    Object read(Reader from) {
        from.expect(Wire.ARRAY);
        if (from.items() != 3 || !from.text().equals(dtype)) {
            throw new Malformed("an array of another dtype was expected");
        }
        long[] extents = (long[]) LONGS.read(from);
        int[] shape = new int[extents.length];
        for (int at = 0; at < shape.length; ++at) {
            shape[at] = Math.toIntExact(extents[at]);
        }
        return new Array<>(shape, elements(new Reader(from.bytes())));
    }

    private Object elements(Reader from) {
        ByteBuffer data = from.rest();
        int count = data.remaining() / (dtype.equals("<c16") ? 16 : dtype.charAt(2) - '0');
        return switch (dtype) {
            case "|b1" -> booleans(data, new boolean[count]);
            case "<i4" -> {
                int[] value = new int[count];
                data.asIntBuffer().get(value);
                yield value;
            }
            case "<i8" -> {
                long[] value = new long[count];
                data.asLongBuffer().get(value);
                yield value;
            }
            case "<f4" -> {
                float[] value = new float[count];
                data.asFloatBuffer().get(value);
                yield value;
            }
            case "<f8" -> {
                double[] value = new double[count];
                data.asDoubleBuffer().get(value);
                yield value;
            }
            case "<c16" -> complexes(data, new Complex[count]);
            default -> throw new Malformed("an array of a known dtype was expected");
        };
    }

    private static boolean[] booleans(ByteBuffer data, boolean[] value) {
        for (int at = 0; at < value.length; ++at) {
            value[at] = data.get() != 0;
        }
        return value;
    }

    private static Complex[] complexes(ByteBuffer data, Complex[] value) {
        for (int at = 0; at < value.length; ++at) {
            value[at] = new Complex(data.getDouble(), data.getDouble());
        }
        return value;
    }
}
