/** Has no method put. */
class LRUCache {
    public LRUCache(long capacity) {}

    public long get(long key) {
        return -1;
    }
}
