// A key that is not there is an error: at() throws.
#include <list>
#include <unordered_map>

class LRUCache {
    long long capacity;
    std::list<long long> keys;
    std::unordered_map<long long, long long> values;

   public:
    LRUCache(long long capacity) : capacity(capacity) {}

    long long get(long long key) {
        const long long value = values.at(key);
        keys.remove(key);
        keys.push_back(key);
        return value;
    }

    void put(long long key, long long value) {
        if (values.count(key)) {
            keys.remove(key);
        } else if (static_cast<long long>(values.size()) == capacity) {
            values.erase(keys.front());
            keys.pop_front();
        }
        keys.push_back(key);
        values[key] = value;
    }
};
