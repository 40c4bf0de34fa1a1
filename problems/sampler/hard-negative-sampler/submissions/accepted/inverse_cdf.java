// The softmax of each row, shifted by its largest logit, and the inverse of its distribution function.
import java.util.List;
import java.util.SplittableRandom;

class Solution {
    public int[] sample_hard_negatives(List<double[]> queries, List<double[]> candidates, double tau, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] picks = new int[queries.size()];
        for (int row = 0; row < picks.length; ++row) {
            picks[row] = draw(weights(queries.get(row), candidates, tau, row), row, random.nextDouble());
        }
        return picks;
    }

    private static double[] weights(double[] query, List<double[]> candidates, double tau, int positive) {
        double[] weights = new double[candidates.size()];
        double top = Double.NEGATIVE_INFINITY;
        for (int at = 0; at < weights.length; ++at) {
            for (int axis = 0; axis < query.length; ++axis) {
                weights[at] += tau * query[axis] * candidates.get(at)[axis];
            }
            if (at != positive) {
                top = Math.max(top, weights[at]);
            }
        }
        for (int at = 0; at < weights.length; ++at) {
            weights[at] = at == positive ? 0 : Math.exp(weights[at] - top);
        }
        return weights;
    }

    private static int draw(double[] weights, int positive, double uniform) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double left = uniform * total;
        int last = -1;
        for (int at = 0; at < weights.length; ++at) {
            if (weights[at] > 0) {
                last = at;
                left -= weights[at];
                if (left < 0) {
                    return at;
                }
            }
        }
        return last;
    }
}
