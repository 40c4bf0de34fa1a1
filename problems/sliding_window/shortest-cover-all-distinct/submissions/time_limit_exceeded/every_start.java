// Every start, each with a scan of its own: O(n^2).
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class Solution {
    public int[] shortest_cover_all_distinct(List<BigInteger> ids) {
        int wanted = new HashSet<>(ids).size();
        int[] best = {-1, -1};
        for (int left = 0; left < ids.size(); ++left) {
            Set<BigInteger> seen = new HashSet<>();
            for (int right = left; right < ids.size() && seen.size() < wanted; ++right) {
                boolean last = seen.add(ids.get(right)) && seen.size() == wanted;
                if (last && (best[0] < 0 || right - left < best[1] - best[0])) {
                    best = new int[] {left, right};
                }
            }
        }
        return best;
    }
}
