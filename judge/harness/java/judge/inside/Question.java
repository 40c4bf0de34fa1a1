package judge.inside;

/** A frame CALL. */
final class Question {
    long identity;
    boolean audited;
    boolean more;
    private byte[] arguments;

    Question(byte[] frame) {
        Reader from = new Reader(frame);
        for (int pairs = from.pairs(); pairs > 0; --pairs) {
            switch (from.text()) {
                case "id" -> identity = from.integer();
                case "arguments" -> arguments = from.bytes();
                case "audit" -> audited = audit(from);
                case "more" -> more = from.bool();
                case "oracles" -> skipOracles(from);
                default -> from.text();
            }
        }
    }

    private static boolean audit(Reader from) {
        if (from.takeNone()) {
            return false;
        }
        from.integer();
        return true;
    }

    /** Their names and places stand in the driver. */
    private static void skipOracles(Reader from) {
        for (int pairs = from.pairs(); pairs > 0; --pairs) {
            from.text();
            from.integer();
        }
    }

    /** The arguments that were sent, with the oracles, which ask on the channel, in their places. */
    Object[] arguments(Type[] types, Channel channel) {
        Reader from = new Reader(arguments);
        int left = from.pairs();
        Object[] values = new Object[types.length];
        for (int at = 0; at < types.length; ++at) {
            if (types[at] instanceof Type.Oracle oracle) {
                values[at] = oracle.of(channel, identity);
                continue;
            }
            if (--left < 0) {
                break;
            }
            from.text();
            values[at] = types[at].read(from);
        }
        if (left != 0) {
            throw new Malformed("another number of arguments was expected");
        }
        return values;
    }
}
