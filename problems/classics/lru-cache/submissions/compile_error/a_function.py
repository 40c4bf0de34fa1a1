def LRUCache(capacity):
    return {}
