import json
import unicodedata


def serialise(tree):
    return json.dumps([(depth, unicodedata.normalize("NFC", name)) for depth, name in tree])


def deserialise(encoded):
    return [(depth, name) for depth, name in json.loads(encoded)]
