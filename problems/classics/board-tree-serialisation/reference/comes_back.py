"""What must come back is the tree itself."""


def serialise(tree):
    return tree
