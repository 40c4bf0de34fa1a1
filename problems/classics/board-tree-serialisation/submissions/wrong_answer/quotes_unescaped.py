import re


def serialise(tree):
    return ",".join(f'{depth}"{name}"' for depth, name in tree)


def deserialise(encoded):
    return [(int(depth), name) for depth, name in re.findall(r'(\d+)"(.*?)"(?:,|$)', encoded, re.DOTALL)]
