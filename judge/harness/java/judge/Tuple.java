package judge;

/** A tuple of fixed length: {@code Tuple1} to {@code Tuple8}. */
public interface Tuple {
    /** Its parts, in their order. */
    Object[] parts();
}
