def test_half():
    assert precision_at_k([1, 2], [2], 2) == 0.5
