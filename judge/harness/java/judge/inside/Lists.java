package judge.inside;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Lists of equal things: one by one, packed numbers, or rows of numbers. */
abstract class Lists extends Type {
    /** Makes room for as many items. */
    abstract Object room(int count);

    abstract void put(Object list, int at, Reader from);

    abstract void put(Object list, int at, long bits, int code);

    @Override
    final Object read(Reader from) {
        if (!from.atExtension()) {
            return items(from);
        }
        int length = from.extension();
        return switch (from.code()) {
            case Wire.TUPLE -> items(from);
            case Wire.PACKED -> packed(from, length);
            case Wire.ROWS -> rows(from, length);
            default -> throw new Malformed("a list was expected");
        };
    }

    private Object items(Reader from) {
        int count = from.items();
        Object list = room(count);
        for (int at = 0; at < count; ++at) {
            put(list, at, from);
        }
        return list;
    }

    private Object packed(Reader from, int length) {
        int code = from.take();
        return row(from.little(length - 1), (length - 1) / 8, code);
    }

    @Override
    Object row(ByteBuffer numbers, int width, int code) {
        Object list = room(width);
        for (int at = 0; at < width; ++at) {
            put(list, at, numbers.getLong(), code);
        }
        return list;
    }

    Object rows(Reader from, int length) {
        throw new Malformed("a list of numbers was expected, rows were sent");
    }

    /** {@code boolean[]}. */
    static final class Booleans extends Lists {
        @Override
        Object room(int count) {
            return new boolean[count];
        }

        @Override
        void put(Object list, int at, Reader from) {
            ((boolean[]) list)[at] = from.bool();
        }

        @Override
        void put(Object list, int at, long bits, int code) {
            throw new Malformed("bools were expected, numbers were sent");
        }
    }

    /** {@code long[]}. */
    static final class Longs extends Lists {
        @Override
        Object room(int count) {
            return new long[count];
        }

        @Override
        void put(Object list, int at, Reader from) {
            ((long[]) list)[at] = from.integer();
        }

        @Override
        void put(Object list, int at, long bits, int code) {
            ((long[]) list)[at] = whole(bits, code);
        }
    }

    /** {@code double[]}. */
    static final class Doubles extends Lists {
        @Override
        Object room(int count) {
            return new double[count];
        }

        @Override
        void put(Object list, int at, Reader from) {
            ((double[]) list)[at] = from.real();
        }

        @Override
        void put(Object list, int at, long bits, int code) {
            ((double[]) list)[at] = real(bits, code);
        }
    }

    /** {@code List<T>}, which may be changed. */
    static final class Boxed extends Lists {
        private final Type item;

        Boxed(Type item) {
            this.item = item;
        }

        @Override
        Object room(int count) {
            return new ArrayList<Object>(count);
        }

        @Override
        @SuppressWarnings("unchecked")
        void put(Object list, int at, Reader from) {
            ((List<Object>) list).add(item.read(from));
        }

        @Override
        @SuppressWarnings("unchecked")
        void put(Object list, int at, long bits, int code) {
            ((List<Object>) list).add(item.number(bits, code));
        }

        @Override
        Object rows(Reader from, int length) {
            int code = from.take();
            from.take();
            int width = from.little(4).getInt();
            ByteBuffer numbers = from.little(length - 6);
            int count = width == 0 ? 0 : (length - 6) / 8 / width;
            List<Object> rows = new ArrayList<>(count);
            for (int at = 0; at < count; ++at) {
                rows.add(item.row(numbers, width, code));
            }
            return rows;
        }
    }
}
