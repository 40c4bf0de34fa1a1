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

    Object[] arguments(Type[] types) {
        Reader from = new Reader(arguments);
        if (from.pairs() != types.length) {
            throw new Malformed("another number of arguments was expected");
        }
        Object[] values = new Object[types.length];
        for (int at = 0; at < types.length; ++at) {
            from.text();
            values[at] = types[at].read(from);
        }
        return values;
    }
}
