class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity

    def put(self, key, value):
        pass
