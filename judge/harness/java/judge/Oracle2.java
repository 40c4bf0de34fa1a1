package judge;

/** An oracle: the judge answers what is asked with two values. */
@FunctionalInterface
public interface Oracle2<A, B, R> {
    /** Asks. Throws IllegalArgumentException for a question that has no answer. */
    R ask(A first, B second);
}
