"""The laws of known mistakes: what the checker bets on, and says how surely it rejects.

Like the law itself they are the same on every machine: exponentials come from there, and everything else is sums,
products and quotients.
"""

from itertools import accumulate

from softmax import law


def uniform(queries, candidates, tau):
    """Any other index, however similar."""
    return law(queries, candidates, 0.0)


def ignores_tau(queries, candidates, tau):
    return law(queries, candidates, 1.0)


def twice_tau(queries, candidates, tau):
    """As if from squared distances: 2 - 2 q.c."""
    return law(queries, candidates, 2.0 * tau)


def half_tau(queries, candidates, tau):
    return law(queries, candidates, 0.5 * tau)


def other_tower(queries, candidates, tau):
    """Inner products of candidates[i] with the queries."""
    return law(candidates, queries, tau)


def keeps_the_top(queries, candidates, tau):
    """The most probable indices that together hold 95 %; the tail is never drawn."""
    return [normalised(top(row, 0.95)) for row in law(queries, candidates, tau)]


def some_easy_ones(queries, candidates, tau):
    """One in twenty is drawn evenly."""
    return mixed(law(queries, candidates, tau), 0.05)


def never_normalises(queries, candidates, tau):
    """Inverts the sums of weights whose largest is 1, as if they ended at 1."""
    return [cut(row) for row in law(queries, candidates, tau)]


def top(row, kept):
    order = sorted(range(len(row)), key=lambda j: -row[j])
    sums = accumulate(row[j] for j in order)
    within = 1 + sum(reached <= kept for reached in sums)
    chosen = set(order[:within])
    return [p if j in chosen else 0.0 for j, p in enumerate(row)]


def mixed(rows, share):
    others = len(rows) - 1
    return [
        [0.0 if j == i else (1.0 - share) * p + share / others for j, p in enumerate(row)] for i, row in enumerate(rows)
    ]


def cut(row):
    peak = max(row)
    ends = [0.0, *(min(1.0, reached) for reached in accumulate(p / peak for p in row))]
    return [end - begin for begin, end in zip(ends, ends[1:], strict=False)]


def normalised(row):
    total = sum(row)
    return [p / total for p in row]
