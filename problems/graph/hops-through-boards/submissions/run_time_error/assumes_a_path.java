// Follows the way back from the target without asking whether there is one: a NullPointerException when there is none.
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import judge.Tuple2;

class Solution {
    private record Step(BigInteger user, BigInteger board, Step previous) {}

    public List<BigInteger> hops_through_boards(
            List<Tuple2<BigInteger, BigInteger>> memberships, BigInteger source, BigInteger target) {
        Map<BigInteger, List<BigInteger>> boardsOf = new HashMap<>();
        Map<BigInteger, List<BigInteger>> membersOf = new HashMap<>();
        for (Tuple2<BigInteger, BigInteger> pair : memberships) {
            boardsOf.computeIfAbsent(pair.first(), user -> new ArrayList<>()).add(pair.second());
            membersOf.computeIfAbsent(pair.second(), board -> new ArrayList<>()).add(pair.first());
        }
        Map<BigInteger, Step> reached = new HashMap<>(Map.of(source, new Step(source, null, null)));
        Set<BigInteger> entered = new HashSet<>();
        Deque<BigInteger> queue = new ArrayDeque<>(List.of(source));
        while (!queue.isEmpty()) {
            BigInteger user = queue.poll();
            for (BigInteger board : boardsOf.getOrDefault(user, List.of())) {
                for (BigInteger other : entered.add(board) ? membersOf.get(board) : List.<BigInteger>of()) {
                    if (reached.putIfAbsent(other, new Step(other, board, reached.get(user))) == null) {
                        queue.add(other);
                    }
                }
            }
        }
        List<BigInteger> chain = new ArrayList<>();
        Step step = reached.get(target);
        for (; step.previous() != null; step = step.previous()) {
            chain.add(step.user());
            chain.add(step.board());
        }
        chain.add(step.user());
        Collections.reverse(chain);
        return chain;
    }
}
