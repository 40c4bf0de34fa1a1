package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of four values; equal to another when its parts are. */
public record Tuple4<A, B, C, D>(A first, B second, C third, D fourth) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first, second, third, fourth};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple4<?, ?, ?, ?> that
                && Objects.equals(first, that.first)
                && Objects.equals(second, that.second)
                && Objects.equals(third, that.third)
                && Objects.equals(fourth, that.fourth);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * Objects.hashCode(first) + Objects.hashCode(second)) + Objects.hashCode(third)) + Objects.hashCode(fourth);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
