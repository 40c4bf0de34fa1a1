import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import judge.Oracle2;

/** Gives the items around the entry without a question. */
class Solution {
    public List<long[]> search(List<long[]> neighbours, long entry, long queries, long k, Oracle2<Long, Long, Double> distance) {
        Set<Long> around = new LinkedHashSet<>(List.of(entry));
        List<Long> order = new ArrayList<>(around);
        for (int at = 0; at < order.size() && order.size() < k; ++at) {
            for (long other : neighbours.get(order.get(at).intValue())) {
                if (order.size() < k && around.add(other)) {
                    order.add(other);
                }
            }
        }
        long[] items = order.stream().mapToLong(Long::longValue).toArray();
        List<long[]> found = new ArrayList<>();
        for (long query = 0; query < queries; ++query) {
            found.add(items);
        }
        return found;
    }
}
