import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import judge.Oracle2;

/** All neighbours of the best items are looked at in a round, until a round brings nothing better. */
class Solution {
    public List<long[]> search(List<long[]> neighbours, long entry, long queries, long k, Oracle2<Long, Long, Double> distance) {
        List<long[]> found = new ArrayList<>();
        for (long query = 0; query < queries; ++query) {
            Map<Long, Double> known = new HashMap<>();
            known.put(entry, distance.ask(query, entry));
            Set<Long> expanded = new HashSet<>();
            List<Long> best;
            while (true) {
                best = known.keySet().stream().sorted(Comparator.comparingDouble(known::get)).limit(24).toList();
                List<Long> ahead = best.stream().filter(item -> !expanded.contains(item)).limit(4).toList();
                if (ahead.isEmpty()) {
                    break;
                }
                expanded.addAll(ahead);
                Set<Long> others = new LinkedHashSet<>();
                for (long item : ahead) {
                    for (long other : neighbours.get((int) item)) {
                        others.add(other);
                    }
                }
                for (long other : others) {
                    if (!known.containsKey(other)) {
                        known.put(other, distance.ask(query, other));
                    }
                }
            }
            found.add(best.stream().limit(k).mapToLong(Long::longValue).toArray());
        }
        return found;
    }
}
