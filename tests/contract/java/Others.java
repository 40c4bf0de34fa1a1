// Integers of any size, and values in other types than those that are asked for.
import java.math.BigInteger;
import java.util.*;
import judge.*;

class Solution {
    public Object f(BigInteger i, List<BigInteger> l, List<Tuple2<BigInteger, BigInteger>> e) {
        l.set(0, BigInteger.ONE);
        return Arrays.asList(i, i.negate(), l, e, new int[][] {{1, 2, 3, 4}, {5, 6, 7, 8}}, new short[] {1, 2},
            new ArrayDeque<>(List.of(1.5f)), Optional.of(3), Optional.empty(), Map.of(List.of(1, 2), new boolean[1]),
            new Integer[] {1, 2, 3, 4, 5, 6, 7, 8}, new Array<>(new int[] {2}, new float[] {1, 2}),
            BigInteger.TWO.pow(64));
    }
}
