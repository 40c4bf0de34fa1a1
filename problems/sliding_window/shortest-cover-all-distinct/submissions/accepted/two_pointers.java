// One pass: a window that holds every id is shortened from the left as long as it holds every id.
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import judge.Tuple2;

class Solution {
    public Tuple2<Integer, Integer> shortest_cover_all_distinct(List<BigInteger> ids) {
        if (ids.isEmpty()) {
            return new Tuple2<>(-1, -1);
        }
        Map<BigInteger, Integer> ranks = new HashMap<>();
        int[] rank = new int[ids.size()];
        for (int at = 0; at < rank.length; ++at) {
            Integer known = ranks.putIfAbsent(ids.get(at), ranks.size());
            rank[at] = known == null ? ranks.size() - 1 : known;
        }
        int[] count = new int[ranks.size()];
        int missing = count.length;
        int left = 0;
        int bestLeft = 0;
        int bestRight = rank.length - 1;
        for (int right = 0; right < rank.length; ++right) {
            if (count[rank[right]]++ == 0) {
                --missing;
            }
            while (missing == 0) {
                if (right - left < bestRight - bestLeft) {
                    bestLeft = left;
                    bestRight = right;
                }
                if (--count[rank[left++]] == 0) {
                    ++missing;
                }
            }
        }
        return new Tuple2<>(bestLeft, bestRight);
    }
}
