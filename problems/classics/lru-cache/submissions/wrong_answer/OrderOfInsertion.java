import java.util.LinkedHashMap;
import java.util.Map;

/** The library's map in the order of insertion. */
class LRUCache {
    private final Map<Long, Long> values = new LinkedHashMap<>();
    private final long capacity;

    public LRUCache(long capacity) {
        this.capacity = capacity;
    }

    public long get(long key) {
        return values.getOrDefault(key, -1L);
    }

    public void put(long key, long value) {
        if (!values.containsKey(key) && values.size() == capacity) {
            values.remove(values.keySet().iterator().next());
        }
        values.put(key, value);
    }
}
