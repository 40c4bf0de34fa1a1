// Breadth first over users; every board is entered once.
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
    public List<BigInteger> hops_through_boards(
            List<Tuple2<BigInteger, BigInteger>> memberships, BigInteger source, BigInteger target) {
        Map<BigInteger, List<BigInteger>> boardsOf = new HashMap<>();
        Map<BigInteger, List<BigInteger>> membersOf = new HashMap<>();
        for (Tuple2<BigInteger, BigInteger> pair : memberships) {
            boardsOf.computeIfAbsent(pair.first(), user -> new ArrayList<>()).add(pair.second());
            membersOf.computeIfAbsent(pair.second(), board -> new ArrayList<>()).add(pair.first());
        }
        Map<BigInteger, BigInteger[]> cameFrom = new HashMap<>(); // user to the board and the user before
        cameFrom.put(source, null);
        Set<BigInteger> entered = new HashSet<>();
        Deque<BigInteger> queue = new ArrayDeque<>(List.of(source));
        while (!queue.isEmpty()) {
            BigInteger user = queue.poll();
            for (BigInteger board : boardsOf.getOrDefault(user, List.of())) {
                if (!entered.add(board)) {
                    continue;
                }
                for (BigInteger other : membersOf.get(board)) {
                    if (!cameFrom.containsKey(other)) {
                        cameFrom.put(other, new BigInteger[] {board, user});
                        queue.add(other);
                    }
                }
            }
        }
        return cameFrom.containsKey(target) ? chain(cameFrom, target) : List.of();
    }

    private static List<BigInteger> chain(Map<BigInteger, BigInteger[]> cameFrom, BigInteger target) {
        List<BigInteger> chain = new ArrayList<>(List.of(target));
        for (BigInteger[] step = cameFrom.get(target); step != null; step = cameFrom.get(step[1])) {
            chain.addAll(List.of(step));
        }
        Collections.reverse(chain);
        return chain;
    }
}
