package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of two values; equal to another when its parts are. */
public record Tuple2<A, B>(A first, B second) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first, second};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple2<?, ?> that
                && Objects.equals(first, that.first)
                && Objects.equals(second, that.second);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(first) + Objects.hashCode(second);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
