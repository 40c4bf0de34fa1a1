class Node:
    __slots__ = ("after", "before", "key", "value")

    def __init__(self, key=0, value=0):
        self.key, self.value = key, value
        self.before = self.after = self


class LRUCache:
    """A ring of nodes around a sentinel: the least recently used comes first."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.nodes = {}
        self.ring = Node()

    def get(self, key):
        node = self.nodes.get(key)
        if node is None:
            return -1
        self._take_out(node)
        self._append(node)
        return node.value

    def put(self, key, value):
        node = self.nodes.get(key)
        if node is not None:
            node.value = value
            self._take_out(node)
        else:
            if len(self.nodes) == self.capacity:
                oldest = self.ring.after
                self._take_out(oldest)
                del self.nodes[oldest.key]
            node = self.nodes[key] = Node(key, value)
        self._append(node)

    def _take_out(self, node):
        node.before.after, node.after.before = node.after, node.before

    def _append(self, node):
        last = self.ring.before
        last.after = self.ring.before = node
        node.before, node.after = last, self.ring
