class LRUCache(dict):
    """A dict, with puts that return the cache, so that they can be chained."""

    def __init__(self, capacity):
        super().__init__()
        self.capacity = capacity

    def get(self, key):
        if key in self:
            self[key] = self.pop(key)
            return self[key]
        return -1

    def put(self, key, value):
        if key in self:
            del self[key]
        elif len(self) >= self.capacity:
            del self[next(iter(self))]
        self[key] = value
        return self
