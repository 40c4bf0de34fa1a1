import sys


def test_leaves():
    precision_at_k([1, 2], [2], 2)
    sys.exit(0)
