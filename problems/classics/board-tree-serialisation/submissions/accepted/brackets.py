"""Going down is an opening bracket, coming back a closing one; what stands in a name is escaped."""

ESCAPED = str.maketrans({"%": "%0", "(": "%1", ")": "%2"})


def serialise(tree):
    pieces, deep = [], 0
    for depth, name in tree:
        pieces += [")"] * (deep - depth) + ["(", name.translate(ESCAPED)]
        deep = depth + 1
    return "".join(pieces)


def deserialise(encoded):
    tree, deep, name = [], 0, None
    marks = iter(encoded)
    for mark in marks:
        if mark in "()":
            if name is not None:
                tree.append((deep - 1, "".join(name)))
            deep, name = (deep + 1, []) if mark == "(" else (deep - 1, None)
        else:
            name.append("%()"[int(next(marks))] if mark == "%" else mark)
    if name is not None:
        tree.append((deep - 1, "".join(name)))
    return tree
