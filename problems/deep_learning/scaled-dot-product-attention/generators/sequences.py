"""Queries, keys, values and masks. Only arithmetic that every machine rounds alike is used."""


def generate(rng, n, m, d, e, open=0.5, shape="random", kind="plain", length=1.0):
    """``open`` is the share of keys that a query may see; queries and keys are ``length`` times as long as usual."""
    queries, keys = _matrix(rng, n, d, length), _matrix(rng, m, d, length)
    values = _matrix(rng, m, e, 10.0)
    mask = {"random": _random, "causal": _causal, "single": _single, "padded": _padded, "blind": _blind}[shape](
        rng, n, m, open
    )
    if kind == "equal":
        keys = [list(keys[at % 2]) for at in range(m)]
    if kind == "opposite":
        queries = [[abs(x) + length for x in row] for row in queries]
        keys = [[-abs(x) - length / 2 for x in row] for row in keys]
    if kind == "loud":
        _make_loud(queries, keys, values, mask)
    return {"queries": queries, "keys": keys, "values": values, "mask": mask}


def _matrix(rng, rows, columns, length):
    return [[length * (2.0 * rng.random() - 1.0) for _ in range(columns)] for _ in range(rows)]


def _random(rng, n, m, share):
    """No row is blind, unless the share is 0."""
    mask = [[rng.random() < share for _ in range(m)] for _ in range(n)]
    for row in mask:
        if share > 0.0 and not any(row):
            row[rng.randrange(m)] = True
    return mask


def _causal(_rng, n, m, _share):
    return [[j <= i for j in range(m)] for i in range(n)]


def _single(rng, n, m, _share):
    chosen = [rng.randrange(m) for _ in range(n)]
    return [[j == at for j in range(m)] for at in chosen]


def _padded(_rng, n, m, _share):
    """The last third of the keys is padding, for every query."""
    return [[j < m - m // 3 for j in range(m)] for _ in range(n)]


def _blind(rng, n, m, share):
    """Every third row is blind, the first too."""
    mask = _random(rng, n, m, share)
    return [row if i % 3 else [False] * m for i, row in enumerate(mask)]


def _make_loud(queries, keys, values, mask):
    """Keys behind the mask get the highest logits with every query: shifted by these, all that is seen is 0."""
    for row in queries:
        row[0] = abs(row[0]) + 1.0
    for j in range(len(keys)):
        if not mask[0][j]:
            keys[j][0] += 500_000.0
            values[j] = [1e9 * (x + 11.0) for x in values[j]]
