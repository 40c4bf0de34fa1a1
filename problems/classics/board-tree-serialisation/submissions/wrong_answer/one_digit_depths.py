def serialise(tree):  # a depth is written in one character: too few for a chain
    return "".join(f"{chr(48 + min(depth, 60))}{len(name):02d}{name}" for depth, name in tree)


def deserialise(encoded):
    tree, at = [], 0
    while at < len(encoded):
        end = at + 3 + int(encoded[at + 1 : at + 3])
        tree.append((ord(encoded[at]) - 48, encoded[at + 3 : end]))
        at = end
    return tree
