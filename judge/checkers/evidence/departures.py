"""How a wrong continuous law looks on the PIT: fixed densities to bet on, as masses of equal cells.

Most are stated for the normal score z = Φ⁻¹(U), which is standard normal under the law, whatever the law is: another
distribution of z is a density on U. For a stated law that is normal they are exactly the defects that they are named
for; for any other they are defects of the same kind. The arrays are shared and read-only. SciPy is imported when it is
needed, since that takes longer than importing all of the judge.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np

from judge.stats.arrays import Floats

Cdf = Callable[[Floats], Floats]  # a distribution function, for arrays
SHIFTS = (-1.0, -0.25, -0.07, 0.0, 0.07, 0.25, 1.0)
SCALES = (0.5, 0.8, 0.93, 1.0, 1.07, 1.25, 2.0)
DEGREES = (1, 2, 3, 4, 5, 6)
SLOPES = (-0.25, -0.12, -0.05, 0.05, 0.12, 0.25)  # at most 1/√(2·6 + 1)


@functools.cache
def location_scale(cells: int) -> Floats:
    """Returns (laws, cells) masses: z is shifted by δ and scaled by s, with δ of SHIFTS and s of SCALES."""
    from scipy.special import ndtr

    pairs = [(shift, scale) for shift in SHIFTS for scale in SCALES if (shift, scale) != (0.0, 1.0)]
    return _shared([_masses(functools.partial(_moved, ndtr, shift, scale), cells) for shift, scale in pairs])


@functools.cache
def tails(cells: int) -> Floats:
    """Returns (laws, cells) masses: z has mean 0 and variance 1 and other tails, or a mixture or a cut changes them."""
    from scipy import stats

    third = math.sqrt(3.0)
    laws: list[Cdf] = [
        *(stats.t(df, 0.0, math.sqrt((df - 2.0) / df)).cdf for df in (3.0, 5.0, 10.0)),
        stats.logistic(0.0, third / math.pi).cdf,
        stats.laplace(0.0, math.sqrt(0.5)).cdf,
        stats.uniform(-third, 2.0 * third).cdf,
        functools.partial(_contaminated, stats.norm.cdf, 0.05, 3.0),
        functools.partial(_contaminated, stats.norm.cdf, 0.01, 10.0),
        *(stats.truncnorm(-cut, cut).cdf for cut in (1.5, 2.0, 2.5, 3.0)),
    ]
    return _shared([_masses(cdf, cells) for cdf in laws])


@functools.cache
def smooth(cells: int) -> Floats:
    """Returns (laws, cells) masses: the density 1 + λ √(2k+1) P_k(2u - 1) on U, with the Legendre polynomials P_k."""
    from scipy.special import eval_legendre

    edges = 2.0 * np.arange(cells + 1) / cells - 1.0
    rises = [np.diff(eval_legendre(degree + 1, edges) - eval_legendre(degree - 1, edges)) for degree in DEGREES]
    curves = [rise / (2.0 * math.sqrt(2 * degree + 1)) for degree, rise in zip(DEGREES, rises, strict=True)]
    return _shared([1.0 / cells + slope * curve for curve in curves for slope in SLOPES])


def _shared(masses: Sequence[Floats]) -> Floats:
    table = np.array(masses)
    table.flags.writeable = False
    return table


def _moved(cdf: Cdf, shift: float, scale: float, z: Floats) -> Floats:
    return cdf((z - shift) / scale)


def _contaminated(cdf: Cdf, share: float, scale: float, z: Floats) -> Floats:
    return (1.0 - share) * cdf(z) + share * cdf(z / scale)


def _masses(cdf: Cdf, cells: int) -> Floats:
    """Returns what ``cdf`` of z gives each of ``cells`` parts that are equally probable for a normal z."""
    from scipy.special import ndtri

    edges = ndtri(np.arange(1, cells) / cells)
    return np.diff(np.concatenate([[0.0], cdf(edges), [1.0]]))
