def serialise(tree):  # a name may have a line end, or a space
    return "\n".join(f"{depth} {name}" for depth, name in tree)


def deserialise(encoded):
    pairs = [line.split(" ", 1) for line in encoded.split("\n") if " " in line]
    return [(len(depth), name) if not depth.isdigit() else (int(depth), name) for depth, name in pairs]
