package judge.inside;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import judge.Tuple1;
import judge.Tuple2;
import judge.Tuple3;
import judge.Tuple4;
import judge.Tuple5;
import judge.Tuple6;
import judge.Tuple7;
import judge.Tuple8;

/**
 * A type of a signature: how one of its values is read. What the types are in Java says judge/model/java_types.py; the
 * source that is written for a signature names them by the constants and methods of this class.
 */
public abstract class Type {
    /** Reads a value. */
    abstract Object read(Reader from);

    /** The value that is one number of a packed list, or of a row: 64 bits, whose code is {@code q} or {@code d}. */
    Object number(long bits, int code) {
        throw new Malformed("a value of another type was expected, a number was sent");
    }

    /** The value that is a row of numbers. */
    Object row(ByteBuffer numbers, int width, int code) {
        throw new Malformed("a value of another type was expected, a row was sent");
    }

    static long whole(long bits, int code) {
        if (code != 'q') {
            throw new Malformed("integers were expected, floats were sent");
        }
        return bits;
    }

    static double real(long bits, int code) {
        return code == 'q' ? (double) bits : Double.longBitsToDouble(bits);
    }

    /** {@code bool}. */
    public static final Type BOOL = new Type() {
        @Override
        Object read(Reader from) {
            return from.bool();
        }
    };

    /** {@code int} of 64 bits. */
    public static final Type INT = new Type() {
        @Override
        Object read(Reader from) {
            return from.integer();
        }

        @Override
        Object number(long bits, int code) {
            return whole(bits, code);
        }
    };

    /** {@code int} of any size. */
    public static final Type BIG = new Type() {
        @Override
        Object read(Reader from) {
            return from.big();
        }

        @Override
        Object number(long bits, int code) {
            return BigInteger.valueOf(whole(bits, code));
        }
    };

    /** {@code float}. */
    public static final Type FLOAT = new Type() {
        @Override
        Object read(Reader from) {
            return from.real();
        }

        @Override
        Object number(long bits, int code) {
            return real(bits, code);
        }
    };

    /** {@code str}. */
    public static final Type STR = new Type() {
        @Override
        Object read(Reader from) {
            return from.text();
        }
    };

    /** {@code bytes}. */
    public static final Type BYTES = new Type() {
        @Override
        Object read(Reader from) {
            return from.bytes();
        }
    };

    /** {@code list[bool]} as {@code boolean[]}. */
    public static final Type BOOLS = new Lists.Booleans();

    /** {@code list[int]} as {@code long[]}. */
    public static final Type LONGS = new Lists.Longs();

    /** {@code list[float]} as {@code double[]}. */
    public static final Type DOUBLES = new Lists.Doubles();

    /** {@code list[T]} as {@code List<T>}. */
    public static Type list(Type item) {
        return new Lists.Boxed(item);
    }

    /** {@code dict[K, V]} as {@code Map<K, V>}. */
    public static Type dict(Type key, Type item) {
        return new Mapping(key, item);
    }

    /** {@code Optional[T]}: null for none. */
    public static Type optional(Type item) {
        return new Type() {
            @Override
            Object read(Reader from) {
                return from.takeNone() ? null : item.read(from);
            }
        };
    }

    /** {@code array[dtype, shape]} as an {@code Array}; the dtype as NumPy writes it. */
    public static Type array(String dtype) {
        return new Arrays(dtype);
    }

    /** An oracle, of which nothing is read: its name, and the type of its answers. */
    public static Type oracle(String name, Type returns) {
        return new Oracle(name, returns);
    }

    /** What a call's oracles are made of. */
    static final class Oracle extends Type {
        private final String name;
        private final Type returns;

        Oracle(String name, Type returns) {
            this.name = name;
            this.returns = returns;
        }

        Asking of(Channel channel, long identity) {
            return new Asking(name, returns, channel, identity);
        }

        @Override
        Object read(Reader from) {
            throw new Malformed("an oracle was expected, a value was sent");
        }
    }

    /** The calls of a class's methods: their names and the types of their parameters, the constructor first. */
    public static Type calls(String[] names, Type[][] parameters) {
        return Calls.type(names, parameters);
    }

    /** {@code tuple[A, B]} and so on, of one to eight parts. */
    public static Type tuple(Type... parts) {
        return new Type() {
            @Override
            Object read(Reader from) {
                from.expect(Wire.TUPLE);
                if (from.items() != parts.length) {
                    throw new Malformed("a tuple has another length");
                }
                Object[] values = new Object[parts.length];
                for (int at = 0; at < values.length; ++at) {
                    values[at] = parts[at].read(from);
                }
                return tuple(values);
            }

            @Override
            Object row(ByteBuffer numbers, int width, int code) {
                if (width != parts.length) {
                    throw new Malformed("a row has another length");
                }
                Object[] values = new Object[width];
                for (int at = 0; at < width; ++at) {
                    values[at] = parts[at].number(numbers.getLong(), code);
                }
                return tuple(values);
            }
        };
    }

    static Object tuple(Object[] v) {
        return switch (v.length) {
            case 1 -> new Tuple1<>(v[0]);
            case 2 -> new Tuple2<>(v[0], v[1]);
            case 3 -> new Tuple3<>(v[0], v[1], v[2]);
            case 4 -> new Tuple4<>(v[0], v[1], v[2], v[3]);
            case 5 -> new Tuple5<>(v[0], v[1], v[2], v[3], v[4]);
            case 6 -> new Tuple6<>(v[0], v[1], v[2], v[3], v[4], v[5]);
            case 7 -> new Tuple7<>(v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
            case 8 -> new Tuple8<>(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
            default -> throw new Malformed("a tuple of one to eight parts was expected");
        };
    }
}
