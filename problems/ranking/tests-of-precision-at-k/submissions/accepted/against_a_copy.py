import random
from math import isclose


def plain(ranked, relevant, k):
    return len([item for item in ranked[:k] if item in relevant]) / k


def test_random():
    rng = random.Random(1)
    for _ in range(300):
        ranked = rng.sample(range(12), rng.randint(0, 8))
        relevant = [rng.randrange(12) for _ in range(rng.randint(0, 6))]
        k = rng.randint(1, 9)
        assert isclose(precision_at_k(ranked, relevant, k), plain(ranked, relevant, k), abs_tol=1e-9)


def test_k_must_be_positive():
    raised = False
    try:
        precision_at_k([1, 2], [1], 0)
    except Exception:
        raised = True
    assert raised
