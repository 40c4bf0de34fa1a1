HALF = precision_at_k([1, 2], [2], 2)


def test_half():
    assert HALF == 0.5
