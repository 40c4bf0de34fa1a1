package judge;

/** An oracle: the judge answers what is asked with four values. */
@FunctionalInterface
public interface Oracle4<A, B, C, D, R> {
    /** Asks. Throws IllegalArgumentException for a question that has no answer. */
    R ask(A first, B second, C third, D fourth);
}
