// A candidate is proposed evenly and taken with its share of the largest weight there could be: with a large tau that
// share is nearly nothing, and no candidate is ever taken.
#include <bits/stdc++.h>
using namespace std;

vector<int> sample_hard_negatives(
    const vector<vector<double>>& queries, const vector<vector<double>>& candidates, double tau, long long seed) {
    seed_seq seeds{seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF};
    mt19937_64 random(seeds);
    const int count = queries.size();
    vector<int> picks;
    for (int row = 0; row < count; ++row)
        for (;;) {
            const int pick = (row + 1 + uniform_int_distribution<>(0, count - 2)(random)) % count;
            const auto& candidate = candidates[pick];
            const double likeness = inner_product(candidate.begin(), candidate.end(), queries[row].begin(), 0.0);
            if (log(uniform_real_distribution<>(0, 1)(random)) >= tau * (likeness - 1)) continue;
            picks.push_back(pick);
            break;
        }
    return picks;
}
