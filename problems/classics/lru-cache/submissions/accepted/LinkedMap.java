import java.util.LinkedHashMap;
import java.util.Map;

/** The library's map in the order of access. */
class LRUCache {
    private final Map<Long, Long> values;

    public LRUCache(long capacity) {
        values = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                return size() > capacity;
            }
        };
    }

    public long get(long key) {
        return values.getOrDefault(key, -1L);
    }

    public void put(long key, long value) {
        values.put(key, value);
    }
}
