package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of five values; equal to another when its parts are. */
public record Tuple5<A, B, C, D, E>(A first, B second, C third, D fourth, E fifth) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first, second, third, fourth, fifth};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple5<?, ?, ?, ?, ?> that
                && Objects.equals(first, that.first)
                && Objects.equals(second, that.second)
                && Objects.equals(third, that.third)
                && Objects.equals(fourth, that.fourth)
                && Objects.equals(fifth, that.fifth);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * (31 * Objects.hashCode(first) + Objects.hashCode(second)) + Objects.hashCode(third)) + Objects.hashCode(fourth)) + Objects.hashCode(fifth);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
