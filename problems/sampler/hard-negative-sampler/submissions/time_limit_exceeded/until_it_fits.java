// A candidate is proposed evenly and taken with its share of the largest weight there could be: with a large tau that
// share is nearly nothing, and no candidate is ever taken.
import java.util.List;
import java.util.SplittableRandom;

class Solution {
    public int[] sample_hard_negatives(List<double[]> queries, List<double[]> candidates, double tau, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] picks = new int[queries.size()];
        for (int row = 0; row < picks.length; ++row) {
            double likeness;
            do {
                picks[row] = (row + 1 + random.nextInt(picks.length - 1)) % picks.length;
                likeness = 0;
                for (int axis = 0; axis < queries.get(row).length; ++axis) {
                    likeness += queries.get(row)[axis] * candidates.get(picks[row])[axis];
                }
            } while (Math.log(random.nextDouble()) >= tau * (likeness - 1));
        }
        return picks;
    }
}
