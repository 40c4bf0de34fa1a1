package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of three values; equal to another when its parts are. */
public record Tuple3<A, B, C>(A first, B second, C third) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first, second, third};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple3<?, ?, ?> that
                && Objects.equals(first, that.first)
                && Objects.equals(second, that.second)
                && Objects.equals(third, that.third);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Objects.hashCode(first) + Objects.hashCode(second)) + Objects.hashCode(third);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
