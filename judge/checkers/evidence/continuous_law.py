"""Continuous laws of a single number: named families, cut off at will, or a table of (x, F(x)).

What the tests need of a law is its distribution function F, the inverse, and where it has no probability. F must be
known better than the tests can see, and a float must be able to hold what is drawn: a law with a visible share of its
probability between two neighbouring floats is refused (gamma with shape 0.001 is 0.0 in half of all draws).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.stats.arrays import Bools, Floats
from judge.stats.law import EQUAL

Numeric = Callable[[Floats], Floats]
CUTS = ("minimum", "maximum")
RESOLUTION = 2.0**-20  # largest probability between neighbouring floats
LARGEST = float(np.finfo(np.float64).max)
BEYOND = 1e-14  # largest probability that no float can hold
SLACK = 1e-9  # of bound and interquartile range: how far outside the support rounding may put a draw
MOST_POINTS = 100_000
_PROBES = np.concatenate([[1e-6, 1e-4, 1e-3], np.arange(1, 128) / 128, [0.999, 0.9999, 1 - 1e-6]])

Family = tuple[tuple[str, ...], tuple[str, ...], Callable[..., Any]]


@functools.cache
def _families() -> dict[str, Family]:
    """Returns for each name: the parameters, those of them that must be positive, what makes the law."""
    from scipy import stats  # half a second: only for grading by this law

    return {
        "uniform": (("low", "high"), (), lambda low, high: stats.uniform(low, high - low)),
        "normal": (("mean", "sd"), ("sd",), stats.norm),
        "exponential": (("rate",), ("rate",), lambda rate: stats.expon(0, 1 / rate)),
        "gamma": (("shape", "scale"), ("shape", "scale"), lambda shape, scale: stats.gamma(shape, 0, scale)),
        "beta": (("a", "b"), ("a", "b"), stats.beta),
        "laplace": (("mean", "scale"), ("scale",), stats.laplace),
        "logistic": (("mean", "scale"), ("scale",), stats.logistic),
        "gumbel": (("location", "scale"), ("scale",), stats.gumbel_r),
        "lognormal": (("mu", "sigma"), ("sigma",), lambda mu, sigma: stats.lognorm(sigma, 0, np.exp(mu))),
        "student_t": (("df", "location", "scale"), ("df", "scale"), stats.t),
        "cauchy": (("location", "scale"), ("scale",), stats.cauchy),
        "weibull": (("shape", "scale"), ("shape", "scale"), lambda shape, scale: stats.weibull_min(shape, 0, scale)),
        "pareto": (("shape", "scale"), ("shape", "scale"), lambda shape, scale: stats.pareto(shape, 0, scale)),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ContinuousLaw:
    """A validated law."""

    cdf: Numeric  # F, for numbers in [low, high]
    inverse: Numeric  # of F, for probabilities in [0, 1]
    low: float  # bounds of the support, perhaps infinite
    high: float
    slack: float  # a draw may lie so far outside them; it then counts as the bound
    gaps: Floats  # (g, 2) open intervals inside that have no probability

    def possible(self, draws: Floats) -> Bools:
        """Returns which of ``draws``, finite numbers, are in the support, give or take the slack."""
        inside = (draws >= self.low - self.slack) & (draws <= self.high + self.slack)
        within = (draws[:, None] > self.gaps[:, 0] + self.slack) & (draws[:, None] < self.gaps[:, 1] - self.slack)
        return np.asarray(inside & ~within.any(axis=1))

    def pits(self, draws: Floats) -> Floats:
        """Returns F of each draw: independent and uniform on [0, 1] under the law."""
        return np.clip(self.cdf(np.clip(draws, self.low, self.high)), 0.0, 1.0)

    def masses(self, other: ContinuousLaw, cells: int) -> Floats:
        """Returns the probability under ``other`` of each of ``cells`` parts that have equal probability here."""
        edges = self.inverse(np.arange(1, cells) / cells)
        below = np.concatenate([[0.0], other.pits(edges), [1.0]])
        return np.maximum(np.diff(below), 0.0)

    def differs(self, other: ContinuousLaw) -> bool:
        """Whether ``other`` gives another probability to one of 4096 parts that have equal probability here."""
        return bool((np.abs(self.masses(other, 4096) - 1 / 4096) > EQUAL).any())

    @classmethod
    def named(cls, value: Mapping[str, Mapping[str, float]]) -> ContinuousLaw:
        """Returns the law of ``{"normal": {"mean": 0.0, "sd": 1.0}}``. Raises ValueError with what was expected."""
        if len(value) != 1:
            raise ValueError(f"law: expected one family and its parameters, found {', '.join(value) or 'none'}")
        ((family, given),) = value.items()
        if family not in _families():
            raise ValueError(f"law: expected one of {', '.join(sorted(_families()))}, found {family!r}")
        names, positive, make = _families()[family]
        _check_parameters(family, names, positive, given)
        with np.errstate(all="ignore"):  # of parameters that make no law, which _checked refuses
            whole = make(*(given[name] for name in names))
            low, high = (float(bound) for bound in whole.support())
            if not any(cut in given for cut in CUTS):
                return _checked(whole.cdf, whole.ppf, low, high)
            return _cut(family, whole, max(low, given.get("minimum", low)), min(high, given.get("maximum", high)))

    @classmethod
    def tabulated(cls, table: Floats) -> ContinuousLaw:
        """Returns the law whose F runs straight between the (x, F(x)) of a (k, 2) array. Raises ValueError."""
        _check_table(table)
        x, f = table[:, 0].copy(), table[:, 1] / table[-1, 1]
        flat = np.flatnonzero(np.diff(f) == 0)
        gaps = np.stack([x[flat], x[flat + 1]], axis=1)
        law = _checked(lambda draws: np.interp(draws, x, f), lambda u: np.interp(u, f, x), x[0], x[-1])
        return ContinuousLaw(cdf=law.cdf, inverse=law.inverse, low=law.low, high=law.high, slack=law.slack, gaps=gaps)


def _cut(family: str, whole: Any, low: float, high: float) -> ContinuousLaw:
    """The law ``whole`` given that it is in [low, high]; by its upper tail where that is the smaller one."""
    if not low < high:
        raise ValueError(f"law: {family}: expected minimum < maximum within the support, found {low} and {high}")
    upper = bool(whole.sf(low) < 0.5)
    start, end = (whole.sf(high), whole.sf(low)) if upper else (whole.cdf(low), whole.cdf(high))
    share = float(end - start)
    if not share > 1e-200:
        raise ValueError(f"law: {family}: expected probability between {low} and {high}, found {share}")
    if upper:
        return _checked(
            lambda x: (end - whole.sf(x)) / share, lambda u: np.clip(whole.isf(end - u * share), low, high), low, high
        )
    return _checked(
        lambda x: (whole.cdf(x) - start) / share, lambda u: np.clip(whole.ppf(start + u * share), low, high), low, high
    )


def _checked(cdf: Numeric, inverse: Numeric, low: float, high: float) -> ContinuousLaw:
    """Returns the law; raises ValueError when floats cannot hold its draws."""
    with np.errstate(all="ignore"):
        at = np.asarray(inverse(_PROBES), dtype=np.float64)
        beyond = cdf(np.array([-LARGEST])) + 1.0 - cdf(np.array([LARGEST]))
        if not np.isfinite(at).all() or not beyond[0] <= BEYOND:
            raise ValueError("law: expected quantiles that a float can hold, found one that is not finite")
        above, below = (np.clip(np.nextafter(at, way), low, high) for way in (np.inf, -np.inf))
        steps = cdf(above) - cdf(below)
    worst = int(np.argmax(steps))
    if not steps[worst] <= RESOLUTION:
        found = f"{steps[worst]:.3g} near {float(at[worst])!r}"
        raise ValueError(
            f"law: expected at most {RESOLUTION:.3g} of probability between neighbouring floats, found {found}"
        )
    width = float(inverse(np.array([0.75]))[0] - inverse(np.array([0.25]))[0])
    bounds = [abs(bound) for bound in (low, high) if np.isfinite(bound)]
    return ContinuousLaw(
        cdf=cdf,
        inverse=inverse,
        low=float(low),
        high=float(high),
        slack=SLACK * (width + max(bounds, default=0.0)),
        gaps=np.empty((0, 2)),
    )


def _check_parameters(
    family: str, names: tuple[str, ...], positive: tuple[str, ...], given: Mapping[str, float]
) -> None:
    expected = f"expected {', '.join(names)} and perhaps {' or '.join(CUTS)}"
    for name, value in given.items():
        if name not in (*names, *CUTS):
            raise ValueError(f"law: {family}: {expected}, found {name!r}")
        if not np.isfinite(value):
            raise ValueError(f"law: {family}: {name}: expected a finite number, found {value}")
    for name in names:
        if name not in given:
            raise ValueError(f"law: {family}: {expected}, found no {name!r}")
        if name in positive and not given[name] > 0:
            raise ValueError(f"law: {family}: {name}: expected a positive number, found {given[name]}")
    if family == "uniform" and not given["low"] < given["high"]:
        raise ValueError(f"law: uniform: expected low < high, found {given['low']} and {given['high']}")


def _check_table(table: Floats) -> None:
    if table.ndim != 2 or table.shape[1] != 2 or not 2 <= len(table) <= MOST_POINTS:
        raise ValueError(f"law: expected 2 to {MOST_POINTS} points (x, F(x)), found shape {table.shape}")
    if not np.isfinite(table).all():
        raise ValueError("law: expected finite points (x, F(x)), found one that is not")
    x, f = table.T
    if (np.diff(x) <= 0).any():
        at = int(np.argmax(np.diff(x) <= 0))
        raise ValueError(f"law[{at + 1}]: expected an x above {x[at]}, found {x[at + 1]}")
    if (np.diff(f) < 0).any():
        at = int(np.argmax(np.diff(f) < 0))
        raise ValueError(f"law[{at + 1}]: expected an F of at least {f[at]}, found {f[at + 1]}")
    steepest = np.diff(f) * np.spacing(np.maximum(np.abs(x[1:]), np.abs(x[:-1]))) / np.diff(x)
    if (steepest > RESOLUTION).any():
        at = int(np.argmax(steepest))
        raise ValueError(f"law[{at + 1}]: expected an x that floats can tell apart from {x[at]}, found {x[at + 1]}")
    if f[0] != 0.0 or abs(f[-1] - 1.0) > 1e-9:
        raise ValueError(f"law: expected F to run from 0 to 1, found {f[0]} to {f[-1]}")
