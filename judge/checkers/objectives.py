"""The objectives of the checker ``objective``: what the judge computes from an answer, itself.

============== =========== ============================================ ================================================
objective      optimum     answer                                       value
============== =========== ============================================ ================================================
``kmeans``     least       a label from 0 to k - 1 for each point, or   the sum of squared distances of the points to
                           at most k centres                            the mean of their cluster, or the nearest centre
``tour``       least       every point (or row) once, in order          the length of the closed way
``makespan``   least       a machine from 0 to k - 1 for each job       the largest sum of durations on a machine
``cut``        greatest    a side, 0 or 1 or a bool, for each vertex    the sum of the weights between the sides
``knapsack``   greatest    positions of items, each once                the sum of their values; their weights must fit
                                                                        the capacity (floats: within 1e-9 of it)
============== =========== ============================================ ================================================

Each function raises DifferenceError when the answer is not valid. Everything but the answer comes from the case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers import linear
from judge.checkers.certificates import argument, as_list, require, require_length, total
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Vertices, check_distinct, check_finite
from judge.checkers.tolerances import Numbers
from judge.model.conform import brief

Names = dict[str, str]  # the names of parameters by role


@dataclass(frozen=True, kw_only=True, slots=True)
class Objective:
    """What is computed, from what."""

    value: Callable[[CaseFacts, Names, Any], Any]
    check: Callable[[CaseFacts, Names], None]  # raises ValueError for arguments or a value that cannot be
    roles: tuple[str, ...]  # of the parameters that it needs
    greatest: bool = False


def kmeans(case: CaseFacts, names: Names, answer: Any) -> float:
    """Returns the inertia of labels, or of centres."""
    points, k = linear.read(case, names["points"]), argument(case, names["k"])
    if isinstance(answer, np.ndarray) and answer.ndim == 2:
        return _inertia_of_centres(points, k, answer)
    return _inertia_of_labels(points, k, answer)


def _inertia_of_labels(points: Numbers, k: int, answer: Any) -> float:
    require_length(answer, len(points), "a label for each point")
    labels = np.array(Vertices(count=k).numbers(as_list(answer), "answer[{}]".format), np.intp)
    sums, counts = np.zeros((k, points.shape[1])), np.bincount(labels, minlength=k)
    np.add.at(sums, labels, points)
    means = sums / np.maximum(counts, 1)[:, None]
    with np.errstate(all="ignore"):
        return float(((points - means[labels]) ** 2).sum())


def _inertia_of_centres(points: Numbers, k: int, centres: Numbers) -> float:
    require(0 < len(centres) <= k, f"the answer has {len(centres)} centres: expected 1 to {k}")
    linear.require_shape(centres, (len(centres), points.shape[1]), "the answer")
    linear.require_finite(centres, "answer")
    nearest = np.full(len(points), np.inf)
    with np.errstate(over="ignore"):
        for centre in linear.wide(centres):
            nearest = np.minimum(nearest, ((points - centre) ** 2).sum(axis=1))
        return float(nearest.sum())


def _check_kmeans(case: CaseFacts, names: Names) -> None:
    points, k = linear.read(case, names["points"]), argument(case, names["k"])
    if not 0 < k <= max(len(points), 1):
        raise ValueError(f"{names['k']}: expected 1 to {len(points)} clusters, found {k}")


def tour(case: CaseFacts, names: Names, answer: Any) -> float:
    """Returns the length of a closed way through points of the plane or space, or by a matrix of distances."""
    places = linear.read(case, names["points" if "points" in names else "distances"])
    order = Vertices(count=len(places)).once_each(as_list(answer))
    following = order[1:] + order[:1]
    if "distances" in names:
        return float(total(places[order, following].tolist()))
    with np.errstate(all="ignore"):
        return float(total(np.linalg.norm(places[order] - places[following], axis=1).tolist()))


def _check_tour(case: CaseFacts, names: Names) -> None:
    places = linear.read(case, names["points" if "points" in names else "distances"])
    if "distances" in names and places.shape != (len(places), len(places)):
        raise ValueError(f"{names['distances']}: expected a square matrix, found the shape {places.shape}")


def makespan(case: CaseFacts, names: Names, answer: Any) -> Any:
    """Returns the load of the machine that has the most to do."""
    durations, k = as_list(argument(case, names["durations"])), argument(case, names["k"])
    require_length(answer, len(durations), "a machine for each job")
    loads: list[list[Any]] = [[] for _ in range(k)]
    machines = Vertices(count=k).numbers(as_list(answer), "answer[{}]".format)
    for duration, machine in zip(durations, machines, strict=True):
        loads[machine].append(duration)
    return max(map(total, loads))


def _check_makespan(case: CaseFacts, names: Names) -> None:
    check_finite(names["durations"], as_list(argument(case, names["durations"])), negative=False)
    if not 0 < argument(case, names["k"]) <= 1_000_000:
        raise ValueError(f"{names['k']}: expected 1 to 1000000 machines, found {argument(case, names['k'])}")
    least = max(as_list(argument(case, names["durations"])), default=0)
    if case.expected < least:
        raise ValueError(f"the expected value is {brief(case.expected)}: one job alone takes {brief(least)}")


def cut(case: CaseFacts, names: Names, answer: Any) -> Any:
    """Returns the weight of the edges between the two sides."""
    network = _graph(names).read(case)
    require_length(answer, network.vertices.count, "a side for each vertex")
    sides = Vertices(count=2).numbers(list(map(int, as_list(answer))), "answer[{}]".format)
    joined = zip(network.tails, network.heads, network.weights, strict=True)
    return total([weight for tail, head, weight in joined if sides[tail] != sides[head]])


def _check_cut(case: CaseFacts, names: Names) -> None:
    weights = _graph(names).read(case).weights
    check_finite(names["edges"], weights)
    _check_most(case, weights)


def _graph(names: Names) -> GraphNames:
    return GraphNames(edges=names["edges"], nodes=names["nodes"], weighted=True)


def knapsack(case: CaseFacts, names: Names, answer: Any) -> Any:
    """Returns the value of the items taken."""
    values, weights = (as_list(argument(case, names[role])) for role in ("values", "weights"))
    require(len(answer) <= len(values), f"the answer has {len(answer)} items: there are {len(values)}")
    taken = Vertices(count=len(values)).numbers(as_list(answer), "answer[{}]".format)
    check_distinct(taken, len(values), "answer[{}]".format, taken)
    weight, capacity = total(_at(weights, taken)), argument(case, names["capacity"])
    slack = abs(capacity) * 1e-9 if isinstance(weight, float) else 0
    require(weight <= capacity + slack, f"the items weigh {weight}, more than {names['capacity']} = {capacity}")
    return total(_at(values, taken))


def _at(numbers: Sequence[Any], positions: Sequence[int]) -> list[Any]:
    return [numbers[position] for position in positions]


def _check_knapsack(case: CaseFacts, names: Names) -> None:
    values, weights = (as_list(argument(case, names[role])) for role in ("values", "weights"))
    check_finite(names["values"], values)
    check_finite(names["weights"], weights, negative=False)
    if len(values) != len(weights):
        raise ValueError(f"{names['weights']}: expected {len(values)} weights, found {len(weights)}")
    _check_most(case, values)


def _check_most(case: CaseFacts, parts: Sequence[Any]) -> None:
    most = total([max(part, 0) for part in parts])
    if case.expected > most + abs(most) * 1e-9 * isinstance(most, float):
        raise ValueError(
            f"the expected value is {brief(case.expected)}: expected at most {brief(most)}, the sum of all"
        )


OBJECTIVES: dict[str, Objective] = {
    "kmeans": Objective(value=kmeans, check=_check_kmeans, roles=("points", "k")),
    "tour": Objective(value=tour, check=_check_tour, roles=("points",)),  # or distances
    "makespan": Objective(value=makespan, check=_check_makespan, roles=("durations", "k")),
    "cut": Objective(value=cut, check=_check_cut, roles=("edges", "nodes"), greatest=True),
    "knapsack": Objective(
        value=knapsack, check=_check_knapsack, roles=("values", "weights", "capacity"), greatest=True
    ),
}
