// Best-first search with a bounded list of what was found.
#include <functional>
#include <queue>
#include <utility>
#include <vector>

std::vector<long long> one(const std::vector<std::vector<long long>>& neighbours, long long entry, std::size_t width,
                           const std::function<double(long long)>& distance) {
    using Found = std::pair<double, long long>;
    std::vector<bool> seen(neighbours.size());
    std::priority_queue<Found, std::vector<Found>, std::greater<>> ahead;
    std::priority_queue<Found> best;
    const double first = distance(entry);
    seen[entry] = true;
    ahead.emplace(first, entry);
    best.emplace(first, entry);
    while (!ahead.empty()) {
        const auto [near, item] = ahead.top();
        ahead.pop();
        if (best.size() == width && near > best.top().first) break;
        for (const long long other : neighbours[item]) {
            if (seen[other]) continue;
            seen[other] = true;
            const double found = distance(other);
            if (best.size() == width && found >= best.top().first) continue;
            best.emplace(found, other);
            if (best.size() > width) best.pop();
            ahead.emplace(found, other);
        }
    }
    std::vector<long long> items(best.size());
    for (std::size_t at = items.size(); at > 0; best.pop()) items[--at] = best.top().second;
    return items;
}

std::vector<std::vector<long long>> search(const std::vector<std::vector<long long>>& neighbours, long long entry,
                                           long long queries, long long k,
                                           const std::function<double(long long, long long)>& distance) {
    std::vector<std::vector<long long>> found;
    for (long long query = 0; query < queries; ++query) {
        auto items = one(neighbours, entry, std::max<std::size_t>(k, 24), [&](long long item) { return distance(query, item); });
        items.resize(std::min<std::size_t>(items.size(), k));
        found.push_back(items);
    }
    return found;
}
