// Sums of the distances from the first score, and a set of (-times, item).
#include <bits/stdc++.h>

int main() {
    int lines, k;
    std::scanf("%d %d", &lines, &k);
    std::unordered_map<int, int> served;
    std::set<std::pair<int, int>> ranked;
    long long count = 0;
    double first = 0, sum = 0, squares = 0;
    char word[16];
    while (lines--) {
        std::scanf("%15s", word);
        if (word[0] == 'a') {
            int item;
            double score;
            std::scanf("%d %lf", &item, &score);
            if (!count++) first = score;
            sum += score - first;
            squares += (score - first) * (score - first);
            int &times = served[item];
            if (times) ranked.erase({-times, item});
            ranked.insert({-++times, item});
            continue;
        }
        if (!count) {
            std::puts("0");
            continue;
        }
        double shift = sum / count;
        std::printf("%lld %.12f %.12f", count, first + shift, std::sqrt(std::max(0.0, squares / count - shift * shift)));
        int named = 0;
        for (auto at = ranked.begin(); at != ranked.end() && named < k; ++at, ++named) std::printf(" %d", at->second);
        std::puts("");
    }
}
