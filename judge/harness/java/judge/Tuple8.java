package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of eight values; equal to another when its parts are. */
public record Tuple8<A, B, C, D, E, F, G, H>(A first, B second, C third, D fourth, E fifth, F sixth, G seventh, H eighth) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first, second, third, fourth, fifth, sixth, seventh, eighth};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple8<?, ?, ?, ?, ?, ?, ?, ?> that
                && Objects.equals(first, that.first)
                && Objects.equals(second, that.second)
                && Objects.equals(third, that.third)
                && Objects.equals(fourth, that.fourth)
                && Objects.equals(fifth, that.fifth)
                && Objects.equals(sixth, that.sixth)
                && Objects.equals(seventh, that.seventh)
                && Objects.equals(eighth, that.eighth);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * (31 * (31 * (31 * (31 * Objects.hashCode(first) + Objects.hashCode(second)) + Objects.hashCode(third)) + Objects.hashCode(fourth)) + Objects.hashCode(fifth)) + Objects.hashCode(sixth)) + Objects.hashCode(seventh)) + Objects.hashCode(eighth);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
