package judge;

/**
 * An array: its extents, and its elements in C order. {@code T} is {@code boolean[]}, {@code int[]}, {@code long[]},
 * {@code float[]}, {@code double[]} or {@code Complex[]}.
 */
public record Array<T>(int[] shape, T data) {}
