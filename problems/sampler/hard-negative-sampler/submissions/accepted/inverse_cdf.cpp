// The softmax of each row, shifted by its largest logit, and the inverse of its distribution function.
#include <bits/stdc++.h>
using namespace std;

vector<long long> sample_hard_negatives(
    const vector<vector<double>>& queries, const vector<vector<double>>& candidates, double tau, long long seed) {
    seed_seq seeds{seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF};
    mt19937_64 random(seeds);
    vector<long long> picks;
    for (size_t row = 0; row < queries.size(); ++row) {
        vector<double> weights;
        for (const auto& candidate : candidates)
            weights.push_back(tau * inner_product(candidate.begin(), candidate.end(), queries[row].begin(), 0.0));
        weights[row] = -numeric_limits<double>::infinity();
        const double top = *max_element(weights.begin(), weights.end());
        for (double& weight : weights) weight = exp(weight - top);
        picks.push_back(discrete_distribution<>(weights.begin(), weights.end())(random));
    }
    return picks;
}
