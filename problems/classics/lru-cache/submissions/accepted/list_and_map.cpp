// A list in the order of use, and a map to the places in it.
#include <list>
#include <unordered_map>
#include <utility>

class LRUCache {
   public:
    explicit LRUCache(long long capacity) : capacity(capacity) {}

    long long get(long long key) {
        const auto found = places.find(key);
        if (found == places.end()) return -1;
        entries.splice(entries.begin(), entries, found->second);
        return found->second->second;
    }

    void put(long long key, long long value) {
        const auto found = places.find(key);
        if (found != places.end()) {
            found->second->second = value;
            entries.splice(entries.begin(), entries, found->second);
            return;
        }
        if (static_cast<long long>(entries.size()) == capacity) {
            places.erase(entries.back().first);
            entries.pop_back();
        }
        entries.emplace_front(key, value);
        places[key] = entries.begin();
    }

   private:
    long long capacity;
    std::list<std::pair<long long, long long>> entries;
    std::unordered_map<long long, std::list<std::pair<long long, long long>>::iterator> places;
};
