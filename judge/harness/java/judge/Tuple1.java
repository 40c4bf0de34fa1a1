package judge;

import java.util.Arrays;
import java.util.Objects;

/** A tuple of one value; equal to another when its parts are. */
public record Tuple1<A>(A first) implements Tuple {
    @Override
    public Object[] parts() {
        return new Object[] {first};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple1<?> that
                && Objects.equals(first, that.first);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(first);
    }

    @Override
    public String toString() {
        return Arrays.toString(parts());
    }
}
