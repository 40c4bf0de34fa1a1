// A table indexed by ids, which are taken to be small: any other id ends the process by SIGABRT.
#include <bits/stdc++.h>
using namespace std;

pair<__int128, __int128> shortest_cover_all_distinct(const vector<__int128>& ids) {
    vector<int> count(1000000);
    int missing = 0;
    for (const __int128& id : ids) {
        assert(0 <= id && id < 1000000);
        missing += count[id]++ == 0;
    }
    fill(count.begin(), count.end(), 0);
    pair<int, int> best(-1, -1);
    for (int left = 0, right = 0; right < (int)ids.size(); ++right) {
        missing -= count[ids[right]]++ == 0;
        for (; missing == 0; missing += --count[ids[left++]] == 0)
            if (best.first < 0 || right - left < best.second - best.first) best = {left, right};
    }
    return best;
}
