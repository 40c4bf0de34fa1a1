// Every start, each with a scan of its own: O(n^2).
#include <bits/stdc++.h>
using namespace std;

pair<__int128, __int128> shortest_cover_all_distinct(const vector<__int128>& ids) {
    map<__int128, int> ranks;
    for (const __int128& id : ids) ranks.emplace(id, ranks.size());
    vector<int> rank;
    for (const __int128& id : ids) rank.push_back(ranks[id]);
    pair<int, int> best(-1, -1);
    vector<int> seen_from(ranks.size(), -1);
    const int length = ids.size(), wanted = ranks.size();
    for (int left = 0; left < length; ++left) {
        int found = 0;
        for (int right = left; right < length && found < wanted; ++right) {
            if (seen_from[rank[right]] == left) continue;
            seen_from[rank[right]] = left;
            if (++found == wanted && (best.first < 0 || right - left < best.second - best.first)) best = {left, right};
        }
    }
    return best;
}
