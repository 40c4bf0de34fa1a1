package judge.inside;

/** A value has no encoding, or exceeds a limit of the encoding. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final boolean limit;

    Refused(String message, boolean limit) {
        super(message);
        this.limit = limit;
    }
}
