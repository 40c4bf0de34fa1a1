package judge.inside;

import static java.lang.reflect.Array.get;
import static java.lang.reflect.Array.getLength;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import judge.Array;
import judge.Complex;
import judge.Tuple;

/**
 * Writes values by what they are, in the encoding of judge/harness/wire.py. Lists of numbers and rows of numbers are
 * packed exactly as the reference encoder does it, so that equal answers have equal bytes.
 */
final class Writer {
    private byte[] out = new byte[256];
    private int size;
    private int code; // of the numbers that are packed now: q, d, or 0 before the first

    byte[] written() {
        return Arrays.copyOf(out, size);
    }

    int size() {
        return size;
    }

    // --- bytes -------------------------------------------------------------------------------------------------------

    private void room(int count) {
        if (count > out.length - size) {
            long wanted = Math.max((long) size + count, 2L * out.length);
            if ((long) size + count > Integer.MAX_VALUE - 16) {
                throw new Refused("the value has too many bytes", true);
            }
            out = Arrays.copyOf(out, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    void put(int value) {
        room(1);
        out[size++] = (byte) value;
    }

    void put(byte[] data) {
        room(data.length);
        System.arraycopy(data, 0, out, size, data.length);
        size += data.length;
    }

    private void big(long value, int bytes) {
        room(bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out[size++] = (byte) (value >> shift);
        }
    }

    private void little(long value) {
        room(8);
        for (int shift = 0; shift < 64; shift += 8) {
            out[size++] = (byte) (value >> shift);
        }
    }

    private void head(int length, int small, int below, int large) {
        if (length < below) {
            put(small | length);
        } else {
            put(large);
            big(length, 4);
        }
    }

    /** Opens what has its length in four bytes; returns where. */
    int open(int head) {
        put(head);
        big(0, 4);
        return size;
    }

    private int openExtension(int kind) {
        int start = open(0xC9);
        put(kind);
        return start;
    }

    /** Fills in the length; {@code uncounted} bytes at the start do not count. */
    void close(int start, int uncounted) {
        int length = size - start - uncounted;
        for (int at = 1; at <= 4; ++at, length >>= 8) {
            out[start - at] = (byte) length;
        }
    }

    // --- scalars -----------------------------------------------------------------------------------------------------

    void none() {
        put(0xC0);
    }

    void map(int pairs) {
        head(pairs, 0x80, 16, 0xDF);
    }

    void list(int items) {
        head(items, 0x90, 16, 0xDD);
    }

    void bool(boolean value) {
        put(value ? 0xC3 : 0xC2);
    }

    void integer(long value) {
        if (-32 <= value && value < 128) {
            put((int) value);
        } else {
            wide(value);
        }
    }

    void wide(long value) {
        put(0xD3);
        big(value, 8);
    }

    private void integer(BigInteger value) {
        if (value.bitLength() < 64) {
            integer(value.longValue());
        } else if (value.signum() > 0 && value.bitLength() == 64) {
            put(0xCF);
            big(value.longValue(), 8);
        } else {
            extended(value);
        }
    }

    private void extended(BigInteger value) {
        int length = value.abs().bitLength() / 8 + 1;
        if (length > Wire.MAX_INTEGER_BYTES) {
            throw new Refused("an integer has more than " + Wire.MAX_INTEGER_BYTES * 8 + " bits", true);
        }
        int start = openExtension(Wire.INTEGER);
        byte[] data = Arrays.copyOf(Reader.reversed(value.toByteArray()), length);
        if (value.signum() < 0) {
            Arrays.fill(data, Math.min(length, value.toByteArray().length), length, (byte) -1);
        }
        put(data);
        close(start, 1);
    }

    void real(double value) {
        put(0xCB);
        big(Double.doubleToRawLongBits(value), 8);
    }

    void text(String value) {
        ByteBuffer data;
        try {
            data = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException error) {
            throw new Refused("a returned string has half of a surrogate pair", false);
        }
        int length = data.remaining();
        head(length, 0xA0, 32, 0xDB);
        room(length);
        data.get(out, size, length);
        size += length;
    }

    void bytes(byte[] value) {
        int start = open(0xC6);
        put(value);
        close(start, 0);
    }

    // --- anything ----------------------------------------------------------------------------------------------------

    void value(Object value) {
        value(value, 0, false);
    }

    /** Writes a value; lists among the keys of a mapping are written as tuples, which can be compared. */
    private void value(Object value, int depth, boolean key) {
        if (depth > Wire.MAX_DEPTH) {
            throw new Refused("the value is nested deeper than " + Wire.MAX_DEPTH + " levels", true);
        }
        if (value == null) {
            none();
        } else if (value instanceof Boolean flag) {
            bool(flag);
        } else if (value instanceof BigInteger number) {
            integer(number);
        } else if (isWhole(value)) {
            integer(((Number) value).longValue());
        } else if (isReal(value)) {
            real(((Number) value).doubleValue());
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof byte[] data) {
            bytes(data);
        } else if (value instanceof Tuple tuple) {
            tuple(tuple.parts(), depth, key);
        } else if (value instanceof Map<?, ?> map) {
            mapping(map, depth);
        } else if (value instanceof Array<?> array) {
            array(array, depth);
        } else if (value instanceof Optional<?> optional) {
            value(optional.orElse(null), depth + 1, key);
        } else {
            sequence(value, depth, key);
        }
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static boolean isReal(Object value) {
        return value instanceof Double || value instanceof Float;
    }

    private void mapping(Map<?, ?> map, int depth) {
        Object[] pairs = map.entrySet().toArray();
        map(pairs.length);
        for (Object pair : pairs) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) pair;
            value(entry.getKey(), depth + 1, true);
            value(entry.getValue(), depth + 1, false);
        }
    }

    /** Writes a tuple of these parts. */
    void tuple(Object[] parts) {
        tuple(parts, 0, false);
    }

    private void tuple(Object parts, int depth, boolean key) {
        int start = openExtension(Wire.TUPLE);
        items(parts, depth + 1, key);
        close(start, 1);
    }

    private void items(Object items, int depth, boolean key) {
        int count = getLength(items);
        list(count);
        for (int at = 0; at < count; ++at) {
            value(get(items, at), depth + 1, key);
        }
    }

    private void sequence(Object value, int depth, boolean key) {
        Object items = itemsOf(value);
        if (items == null) {
            throw new Refused("a value of type " + value.getClass().getTypeName() + " cannot be returned", false);
        }
        if (key) {
            tuple(items, depth, true);
        } else if (!packed(items) && !rows(items)) {
            items(items, depth, false);
        }
    }

    /** The items of an array, a list or a queue, as an array; null for anything else. */
    private static Object itemsOf(Object value) {
        if (value instanceof Collection<?> items && !(value instanceof Set<?>)) {
            return items.toArray();
        }
        return value.getClass().isArray() && !(value instanceof char[]) ? value : null;
    }

    // --- packed numbers ----------------------------------------------------------------------------------------------

    /** Writes numbers at once; false, and nothing is written, when they are too few or of several kinds. */
    private boolean packed(Object items) {
        if (getLength(items) < Wire.PACK_FROM) {
            return false;
        }
        int before = size;
        int start = openExtension(Wire.PACKED);
        put(0);
        code = 0;
        if (!numbers(items)) {
            size = before;
            return false;
        }
        out[start + 1] = (byte) code;
        close(start, 1);
        return true;
    }

    /** Writes equally long rows of numbers at once; false, and nothing is written, when they are not. */
    private boolean rows(Object value) {
        if (!(value instanceof Object[] items) || items.length < 2) {
            return false;
        }
        boolean tuples = items[0] instanceof Tuple;
        Object first = rowOf(items[0], tuples);
        int width = first == null ? 0 : getLength(first);
        if (width == 0 || (long) width * items.length < Wire.PACK_FROM) {
            return false;
        }
        int before = size;
        int start = openExtension(Wire.ROWS);
        put(0);
        put(tuples ? 't' : 'l');
        big(Integer.reverseBytes(width), 4);
        code = 0;
        for (Object item : items) {
            Object row = rowOf(item, tuples);
            if (row == null || getLength(row) != width || !numbers(row)) {
                size = before;
                return false;
            }
        }
        out[start + 1] = (byte) code;
        close(start, 1);
        return true;
    }

    private static Object rowOf(Object item, boolean tuple) {
        if (item instanceof Tuple row) {
            return tuple ? row.parts() : null;
        }
        return tuple || item == null || item instanceof byte[] ? null : itemsOf(item);
    }

    /** Writes the bits of numbers of one kind; false, having written some, when there is another thing among them. */
    private boolean numbers(Object items) {
        if (items instanceof long[] numbers) {
            return kind('q') && wholes(numbers);
        }
        if (items instanceof double[] numbers) {
            return kind('d') && reals(numbers);
        }
        for (int at = 0, count = getLength(items); at < count; ++at) {
            Object item = get(items, at);
            if (!(item instanceof Number number) || !kind(isReal(item) ? 'd' : 'q')) {
                return false;
            }
            if (code == 'q' && !isWhole(item) && !isNarrow(item)) {
                return false;
            }
            little(code == 'd' ? Double.doubleToRawLongBits(number.doubleValue()) : number.longValue());
        }
        return true;
    }

    private boolean kind(int kind) {
        boolean same = code == 0 || code == kind;
        code = kind;
        return same;
    }

    private boolean wholes(long[] numbers) {
        for (long number : numbers) {
            little(number);
        }
        return true;
    }

    private boolean reals(double[] numbers) {
        for (double number : numbers) {
            little(Double.doubleToRawLongBits(number));
        }
        return true;
    }

    private static boolean isNarrow(Object item) {
        return item instanceof BigInteger number && number.bitLength() < 64;
    }

    // --- arrays ------------------------------------------------------------------------------------------------------

    private void array(Array<?> array, int depth) {
        ByteBuffer data = elements(array.data());
        long count = 1;
        for (int extent : array.shape()) {
            count *= extent;
        }
        String dtype = dtypeOf(array.data());
        int width = dtype.equals("<c16") ? 16 : dtype.charAt(2) - '0';
        if (count * width != data.capacity()) {
            throw new Refused("a returned array has other elements than its shape says", false);
        }
        int start = openExtension(Wire.ARRAY);
        list(3);
        text(dtype);
        value(array.shape(), depth + 3, false);
        bytes(data.array());
        close(start, 1);
    }

    private static String dtypeOf(Object data) {
        if (data instanceof boolean[]) {
            return "|b1";
        }
        if (data instanceof int[]) {
            return "<i4";
        }
        if (data instanceof long[]) {
            return "<i8";
        }
        if (data instanceof float[]) {
            return "<f4";
        }
        if (data instanceof double[]) {
            return "<f8";
        }
        if (data instanceof Complex[]) {
            return "<c16";
        }
        String found = data == null ? "null" : data.getClass().getTypeName();
        throw new Refused("a returned array has elements in " + found + ", which is none of its types", false);
    }

    private static ByteBuffer elements(Object data) {
        if (data instanceof int[] numbers) {
            ByteBuffer room = buffer(numbers.length, 4);
            room.asIntBuffer().put(numbers);
            return room;
        }
        if (data instanceof long[] numbers) {
            ByteBuffer room = buffer(numbers.length, 8);
            room.asLongBuffer().put(numbers);
            return room;
        }
        if (data instanceof float[] numbers) {
            ByteBuffer room = buffer(numbers.length, 4);
            room.asFloatBuffer().put(numbers);
            return room;
        }
        if (data instanceof double[] numbers) {
            ByteBuffer room = buffer(numbers.length, 8);
            room.asDoubleBuffer().put(numbers);
            return room;
        }
        return one(data);
    }

    private static ByteBuffer one(Object data) {
        if (data instanceof boolean[] flags) {
            ByteBuffer room = buffer(flags.length, 1);
            for (boolean flag : flags) {
                room.put((byte) (flag ? 1 : 0));
            }
            return room;
        }
        Complex[] numbers = data instanceof Complex[] given ? given : new Complex[0];
        ByteBuffer room = buffer(numbers.length, 16);
        for (Complex number : numbers) {
            room.putDouble(number.re()).putDouble(number.im());
        }
        return room;
    }

    private static ByteBuffer buffer(int count, int width) {
        return ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
