from math import isclose


def near(found, expected):
    assert isinstance(found, float), found
    assert isclose(found, expected, abs_tol=1e-9), (found, expected)


def test_bad_k():
    for k in (0, -1):
        try:
            precision_at_k([1], [1], k)
        except ValueError as error:
            if "k must be at least 1" in str(error):
                continue
        raise AssertionError(k)


def test_all_and_none():
    near(precision_at_k([1, 2], [2, 1], 2), 1.0)
    near(precision_at_k([1, 2], [3], 2), 0.0)
    near(precision_at_k([5, 6], [], 2), 0.0)


def test_hits_after_a_miss():
    near(precision_at_k([7, 8, 9], [8, 9, 10, 11], 3), 2 / 3)


def test_only_the_first_k():
    near(precision_at_k([4, 5, 6, 7], [6, 7], 2), 0.0)
    near(precision_at_k([4, 5, 6, 7], [5], 2), 0.5)


def test_short_rankings():
    near(precision_at_k([4], [4], 4), 0.25)
    near(precision_at_k([], [4], 3), 0.0)


def test_listed_twice():
    near(precision_at_k([3, 1], [3, 3], 2), 0.5)
