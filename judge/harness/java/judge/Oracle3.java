package judge;

/** An oracle: the judge answers what is asked with three values. */
@FunctionalInterface
public interface Oracle3<A, B, C, R> {
    /** Asks. Throws IllegalArgumentException for a question that has no answer. */
    R ask(A first, B second, C third);
}
