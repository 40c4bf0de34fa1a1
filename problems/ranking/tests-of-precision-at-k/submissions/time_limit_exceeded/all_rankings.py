from itertools import permutations


def test_all():
    best = 0
    for ranked in permutations(range(11)):
        best = max(best, sum(ranked[:3]))
    assert precision_at_k([best], [best], 1) == 1.0
