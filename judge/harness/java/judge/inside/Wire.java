package judge.inside;

/** What reader and writer agree on: the constants of judge/harness/wire_format.py. */
final class Wire {
    static final int INTEGER = 1;
    static final int TUPLE = 2;
    static final int PACKED = 3;
    static final int ARRAY = 4;
    static final int ROWS = 5;
    static final int PACK_FROM = 8;
    static final int MAX_DEPTH = 64;
    static final int MAX_INTEGER_BYTES = 1 << 16;

    private Wire() {}
}
