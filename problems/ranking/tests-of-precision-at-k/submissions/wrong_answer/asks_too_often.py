def test_many_rankings():
    for number in range(5000):
        assert precision_at_k([number], [number], 1) == 1.0
