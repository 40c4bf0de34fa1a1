// One pass: a window that holds every id is shortened from the left as long as it holds every id.
#include <bits/stdc++.h>
using namespace std;

pair<__int128, __int128> shortest_cover_all_distinct(const vector<__int128>& ids) {
    if (ids.empty()) return {-1, -1};
    vector<__int128> sorted(ids);
    sort(sorted.begin(), sorted.end());
    sorted.erase(unique(sorted.begin(), sorted.end()), sorted.end());
    vector<int> rank(ids.size()), count(sorted.size());
    for (size_t at = 0; at < ids.size(); ++at)
        rank[at] = lower_bound(sorted.begin(), sorted.end(), ids[at]) - sorted.begin();
    size_t missing = sorted.size(), left = 0, best_left = 0, best_right = ids.size() - 1;
    for (size_t right = 0; right < ids.size(); ++right) {
        if (count[rank[right]]++ == 0) --missing;
        while (missing == 0) {
            if (right - left < best_right - best_left) best_left = left, best_right = right;
            if (--count[rank[left++]] == 0) ++missing;
        }
    }
    return {best_left, best_right};
}
