import json


def serialise(tree):  # a board has one section of depth 0, they say
    end = next((at for at, (depth, _) in enumerate(tree) if at and depth == 0), len(tree))
    return json.dumps(tree[:end])


def deserialise(encoded):
    return [(depth, name) for depth, name in json.loads(encoded)]
