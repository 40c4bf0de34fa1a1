def serialise(tree: list[tuple[int, str]]) -> str:
    return "".join(f"{depth}:{len(name)}:{name}" for depth, name in tree)


def deserialise(encoded: str) -> list[tuple[int, str]]:
    tree, at = [], 0
    while at < len(encoded):
        colon = encoded.index(":", at)
        second = encoded.index(":", colon + 1)
        end = second + 1 + int(encoded[colon + 1 : second])
        tree.append((int(encoded[at:colon]), encoded[second + 1 : end]))
        at = end
    return tree
