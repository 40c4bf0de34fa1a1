import json


def serialise(tree):
    return json.dumps(tree)


def deserialise(encoded):
    return [(depth, name) for depth, name in json.loads(encoded)]
