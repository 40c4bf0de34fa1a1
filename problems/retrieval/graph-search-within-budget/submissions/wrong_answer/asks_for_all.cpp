// Asks for the distance to every item.
#include <algorithm>
#include <functional>
#include <vector>

std::vector<std::vector<long long>> search(const std::vector<std::vector<long long>>& neighbours, long long entry,
                                           long long queries, long long k,
                                           const std::function<double(long long, long long)>& distance) {
    std::vector<std::vector<long long>> found;
    for (long long query = 0; query < queries; ++query) {
        std::vector<std::pair<double, long long>> all;
        for (std::size_t item = 0; item < neighbours.size(); ++item) all.emplace_back(distance(query, item), item);
        std::sort(all.begin(), all.end());
        found.emplace_back();
        for (long long at = 0; at < k; ++at) found.back().push_back(all[at].second);
    }
    return found;
}
