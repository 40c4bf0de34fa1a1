package judge;

/** An oracle: the judge answers what is asked with nothing. */
@FunctionalInterface
public interface Oracle0<R> {
    /** Asks. Throws IllegalArgumentException for a question that has no answer. */
    R ask();
}
