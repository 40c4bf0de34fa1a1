from collections import OrderedDict


class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.values = OrderedDict()

    def get(self, key):
        value = self.values.setdefault(key, -1)  # a miss takes a place
        self.values.move_to_end(key)
        self._shrink()
        return value

    def put(self, key, value):
        self.values[key] = value
        self.values.move_to_end(key)
        self._shrink()

    def _shrink(self):
        while len(self.values) > self.capacity:
            self.values.popitem(last=False)
