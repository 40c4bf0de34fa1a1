// Ids are taken to fit a long: any other one ends in an ArithmeticException.
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class Solution {
    public int[] shortest_cover_all_distinct(List<BigInteger> ids) {
        long[] plain = ids.stream().mapToLong(BigInteger::longValueExact).toArray();
        Map<Long, Integer> last = new HashMap<>();
        for (long id : plain) {
            last.put(id, 0);
        }
        int missing = last.size();
        int[] best = {-1, -1};
        for (int left = 0, right = 0; right < plain.length; ++right) {
            if (last.merge(plain[right], 1, Integer::sum) == 1) {
                --missing;
            }
            while (missing == 0) {
                if (best[0] < 0 || right - left < best[1] - best[0]) {
                    best = new int[] {left, right};
                }
                if (last.merge(plain[left++], -1, Integer::sum) == 0) {
                    ++missing;
                }
            }
        }
        return best;
    }
}
