import json


def serialise(tree):
    return json.dumps([(depth, name.strip()) for depth, name in tree])


def deserialise(encoded):
    return [(depth, name) for depth, name in json.loads(encoded)]
