package judge.inside;

/** The bytes are not a value of the type that is read: the judge's fault, never the candidate's. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
        super(message);
    }
}
