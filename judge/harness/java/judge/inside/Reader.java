package judge.inside;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the heads, numbers and texts of the encoding of judge/harness/wire.py. */
final class Reader {
    private static final int BYTE = 0xFF;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);
    private final ByteBuffer from;
    private int extension; // the code of the extension whose head was read last

    Reader(byte[] data) {
        from = ByteBuffer.wrap(data);
    }

    int peek() {
        need(1);
        return from.get(from.position()) & BYTE;
    }

    int take() {
        need(1);
        return from.get() & BYTE;
    }

    byte[] take(int count) {
        need(count);
        byte[] piece = new byte[count];
        from.get(piece);
        return piece;
    }

    /** The next bytes as little-endian numbers. */
    ByteBuffer little(int count) {
        need(count);
        ByteBuffer piece = from.slice(from.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + count);
        return piece;
    }

    /** All bytes that are left, as little-endian numbers. */
    ByteBuffer rest() {
        return little(from.remaining());
    }

    private void need(int count) {
        if (count < 0 || count > from.remaining()) {
            throw new Malformed("the value is truncated");
        }
    }

    private int size(int bytes) {
        need(bytes);
        return switch (bytes) {
            case 1 -> take();
            case 2 -> from.getShort() & 0xFFFF;
            default -> from.getInt();
        };
    }

    /** The length behind a head that is first to last (which hold it), or one of three with 1, 2, 4 bytes of it. */
    private int length(int first, int last, int one, int two, int four) {
        int head = take();
        if (first <= head && head <= last) {
            return head - first;
        }
        if (head == one || head == two || head == four) {
            return size(head == one ? 1 : head == two ? 2 : 4);
        }
        throw new Malformed("a value of another type was expected");
    }

    int items() {
        return length(0x90, 0x9F, -1, 0xDC, 0xDD);
    }

    int pairs() {
        return length(0x80, 0x8F, -1, 0xDE, 0xDF);
    }

    String text() {
        int count = length(0xA0, 0xBF, 0xD9, 0xDA, 0xDB);
        need(count);
        String value = new String(from.array(), from.position(), count, StandardCharsets.UTF_8);
        from.position(from.position() + count);
        return value;
    }

    byte[] bytes() {
        return take(length(1, 0, 0xC4, 0xC5, 0xC6));
    }

    boolean atExtension() {
        int head = peek();
        return (0xC7 <= head && head <= 0xC9) || (0xD4 <= head && head <= 0xD8);
    }

    /** Reads the head of an extension; returns its length, and keeps its code. */
    int extension() {
        int head = take();
        int count = head <= 0xC9 ? size(1 << (head - 0xC7)) : 1 << (head - 0xD4);
        extension = take();
        return count;
    }

    int code() {
        return extension;
    }

    void expect(int code) {
        if (!atExtension()) {
            throw new Malformed("an extension was expected");
        }
        extension();
        if (extension != code) {
            throw new Malformed("another extension was expected");
        }
    }

    boolean takeNone() {
        if (peek() != 0xC0) {
            return false;
        }
        take();
        return true;
    }

    boolean bool() {
        int head = take();
        if (head != 0xC2 && head != 0xC3) {
            throw new Malformed("a bool was expected");
        }
        return head == 0xC3;
    }

    long integer() {
        if (atExtension() || peek() == 0xCF) {
            return big().longValueExact();
        }
        int head = take();
        if (head < 0x80) {
            return head;
        }
        if (head >= 0xE0) {
            return head - 256;
        }
        need(1 << (head & 3));
        return switch (head) {
            case 0xCC -> take();
            case 0xCD -> from.getShort() & 0xFFFFL;
            case 0xCE -> from.getInt() & 0xFFFFFFFFL;
            case 0xD0 -> from.get();
            case 0xD1 -> from.getShort();
            case 0xD2 -> from.getInt();
            case 0xD3 -> from.getLong();
            default -> throw new Malformed("an integer was expected");
        };
    }

    BigInteger big() {
        if (atExtension()) {
            int count = extension();
            byte[] data = take(count);
            if (extension != Wire.INTEGER || count == 0) {
                throw new Malformed("an integer was expected");
            }
            return new BigInteger(reversed(data));
        }
        if (peek() != 0xCF) {
            return BigInteger.valueOf(integer());
        }
        take();
        need(8);
        long value = from.getLong();
        return value < 0 ? BigInteger.valueOf(value).add(TWO_TO_64) : BigInteger.valueOf(value);
    }

    static byte[] reversed(byte[] data) {
        byte[] turned = Arrays.copyOf(data, data.length);
        for (int low = 0, high = data.length - 1; low < data.length; ++low, --high) {
            turned[low] = data[high];
        }
        return turned;
    }

    double real() {
        if (peek() != 0xCB) {
            return big().doubleValue();
        }
        take();
        need(8);
        return from.getDouble();
    }
}
