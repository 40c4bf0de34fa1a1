// Every path without a repeated user or board, and the shortest of them: exponential.
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import judge.Tuple2;

class Solution {
    private final Map<BigInteger, Set<BigInteger>> boardsOf = new HashMap<>();
    private final Map<BigInteger, Set<BigInteger>> membersOf = new HashMap<>();
    private final Set<BigInteger> users = new HashSet<>();
    private final Set<BigInteger> boards = new HashSet<>();
    private final List<BigInteger> chain = new ArrayList<>();
    private List<BigInteger> best = List.of();

    public List<BigInteger> hops_through_boards(
            List<Tuple2<BigInteger, BigInteger>> memberships, BigInteger source, BigInteger target) {
        for (Tuple2<BigInteger, BigInteger> pair : memberships) {
            boardsOf.computeIfAbsent(pair.first(), user -> new TreeSet<>()).add(pair.second());
            membersOf.computeIfAbsent(pair.second(), board -> new TreeSet<>()).add(pair.first());
        }
        users.add(source);
        chain.add(source);
        extend(source, target);
        return best;
    }

    private void extend(BigInteger user, BigInteger target) {
        if (user.equals(target)) {
            if (best.isEmpty() || chain.size() < best.size()) {
                best = List.copyOf(chain);
            }
            return;
        }
        for (BigInteger board : boardsOf.getOrDefault(user, Set.of())) {
            if (!boards.add(board)) {
                continue;
            }
            for (BigInteger other : membersOf.get(board)) {
                if (!users.add(other)) {
                    continue;
                }
                chain.addAll(List.of(board, other));
                extend(other, target);
                chain.subList(chain.size() - 2, chain.size()).clear();
                users.remove(other);
            }
            boards.remove(board);
        }
    }
}
