package judge;

/** An oracle: the judge answers what is asked with one value. */
@FunctionalInterface
public interface Oracle1<A, R> {
    /** Asks. Throws IllegalArgumentException for a question that has no answer. */
    R ask(A first);
}
