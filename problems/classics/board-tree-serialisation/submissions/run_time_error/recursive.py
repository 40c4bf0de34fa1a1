import json


def serialise(tree):  # nests as deep as the tree does
    def below(at, depth):
        found = []
        while at < len(tree) and tree[at][0] == depth:
            inner, end = below(at + 1, depth + 1)
            found.append([tree[at][1], inner])
            at = end
        return found, at

    return json.dumps(below(0, 0)[0])


def deserialise(encoded):
    def above(nested, depth):
        return [pair for name, inner in nested for pair in [(depth, name), *above(inner, depth + 1)]]

    return above(json.loads(encoded), 0)
