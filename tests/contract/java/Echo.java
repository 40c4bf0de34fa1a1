// Values of every type, given back.
import java.util.*;
import judge.*;

class Solution {
    Object[] f(boolean b, long i, double d, String s, byte[] y, long[] l, double[] r, List<long[]> m,
            Tuple2<Long, String> p, long[] v, Map<String, Double> k, Long o, List<Tuple2<Long, Long>> e, boolean[] w,
            Array<double[]> a, Array<Complex[]> c, Map<List<Long>, Map<Tuple1<Boolean>, List<String>>> z,
            List<Long> n) {
        return new Object[] {b, i, d, s, y, l, r, m, p, v, k, o, e, w, a, c, z, n};
    }
}
