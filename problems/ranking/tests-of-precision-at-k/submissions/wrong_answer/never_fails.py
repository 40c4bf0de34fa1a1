def test_nothing():
    precision_at_k([1], [1], 1)
