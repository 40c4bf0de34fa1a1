"""Queries and items. Only arithmetic that every machine rounds alike is used."""


def generate(rng, queries, items, dimension, k, kind="plain"):
    made = {
        "plain": _plain,
        "integers": _integers,
        "duplicates": _duplicates,
        "zero": _zero,
        "close": _close,
        "lengths": _lengths,
        "opposite": _opposite,
    }[kind]
    asked, corpus = made(rng, queries, items, dimension)
    return {"queries": asked, "corpus": corpus, "k": k}


def _matrix(rng, rows, columns):
    return [[2.0 * rng.random() - 1.0 for _ in range(columns)] for _ in range(rows)]


def _plain(rng, queries, items, dimension):
    return _matrix(rng, queries, dimension), _matrix(rng, items, dimension)


def _integers(rng, queries, items, dimension):
    """Scores from -8 to 8, in two dimensions."""
    return tuple(
        [[float(rng.randint(-2, 2)) for _ in range(dimension)] for _ in range(rows)] for rows in (queries, items)
    )


def _duplicates(rng, queries, items, dimension):
    """Every item three times, in mixed order."""
    asked, corpus = _plain(rng, queries, items, dimension)
    return asked, [corpus[(7 * at) % (items // 3)] for at in range(items)]


def _zero(rng, queries, items, dimension):
    asked, corpus = _plain(rng, queries, items, dimension)
    return [[0.0] * dimension, *asked[1:]], corpus


def _close(rng, queries, items, dimension):
    """Items that differ by multiples of 3e-8 in one coordinate, which counts once or twice."""
    places = rng.sample(range(items), items)
    corpus = [[0.75 + 3e-8 * place] + [0.5] * (dimension - 1) for place in places]
    return [[1.0 + at % 2] + [0.5] * (dimension - 1) for at in range(queries)], corpus


def _lengths(rng, queries, items, dimension):
    """The longest item is a hundred times as long as the shortest, or more."""
    asked, corpus = _plain(rng, queries, items, dimension)
    factors = [rng.choice((0.1, 1.0, 5.0)) * (0.5 + rng.random()) for _ in corpus]
    return asked, [[factor * x for x in row] for factor, row in zip(factors, corpus, strict=True)]


def _opposite(rng, queries, items, dimension):
    """All scores are negative."""
    asked, corpus = _plain(rng, queries, items, dimension)
    return [[abs(x) + 0.1 for x in row] for row in asked], [[-abs(x) - 0.1 for x in row] for row in corpus]
