"""Named laws that the judge draws data from: each turns uniforms into draws by its inverse distribution function.

A law is a name with its parameters; ``LAWS`` lists both. Uniforms come from a Stream, so data are a pure function of a
secret. Uniforms are multiples of 2^-53; those of continuous laws are moved by half a step, so that none is 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.model.conform import brief
from judge.stats.arrays import Floats
from judge.stats.streams import Stream


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """A family of laws."""

    parameters: tuple[str, ...]  # their names, in order
    inverse: Callable[..., Floats]  # (uniforms, *parameters) to draws
    positive: tuple[str, ...] = ()  # parameters that must be above 0
    shares: tuple[str, ...] = ()  # parameters that must be above 0 and below 1


def _special(name: str, *arguments: Any) -> Floats:
    """Calls a function of SciPy's, which takes a while to import."""
    from scipy import special

    return np.asarray(getattr(special, name)(*arguments), dtype=np.float64)


def _poisson(uniforms: Floats, mean: float) -> Floats:
    from scipy import stats

    return np.asarray(stats.poisson.ppf(uniforms, mean), dtype=np.float64)


LAWS: dict[str, Population] = {
    "uniform": Population(
        parameters=("low", "width"), inverse=lambda u, low, width: low + width * u, positive=("width",)
    ),
    "normal": Population(
        parameters=("mean", "sd"), inverse=lambda u, mean, sd: mean + sd * _special("ndtri", u), positive=("sd",)
    ),
    "lognormal": Population(
        parameters=("mu", "sigma"), inverse=lambda u, mu, s: np.exp(mu + s * _special("ndtri", u)), positive=("sigma",)
    ),
    "exponential": Population(parameters=("mean",), inverse=lambda u, mean: -mean * np.log1p(-u), positive=("mean",)),
    "laplace": Population(
        parameters=("mean", "scale"),
        inverse=lambda u, mean, b: mean + b * np.where(u < 0.5, np.log(2 * u), -np.log(2 - 2 * u)),
        positive=("scale",),
    ),
    "gamma": Population(
        parameters=("shape", "scale"),
        inverse=lambda u, shape, scale: scale * _special("gammaincinv", shape, u),
        positive=("shape", "scale"),
    ),
    "beta": Population(
        parameters=("a", "b"), inverse=lambda u, a, b: _special("betaincinv", a, b, u), positive=("a", "b")
    ),
    "student_t": Population(
        parameters=("df", "mean", "scale"),
        inverse=lambda u, df, mean, scale: mean + scale * _special("stdtrit", df, u),
        positive=("df", "scale"),
    ),
    "bernoulli": Population(parameters=("p",), inverse=lambda u, p: (u < p).astype(np.float64), shares=("p",)),
    "poisson": Population(parameters=("mean",), inverse=lambda u, mean: _poisson(u, mean), positive=("mean",)),
}


def check_law(name: str, parameters: Sequence[float]) -> None:
    """Raises ValueError unless ``name`` is a law and ``parameters`` are its own."""
    law = LAWS.get(name)
    if law is None:
        raise ValueError(f"expected a law of {', '.join(LAWS)}, found {brief(name)}")
    if len(parameters) != len(law.parameters):
        raise ValueError(f"{name}: expected the parameters {', '.join(law.parameters)}, found {brief(parameters)}")
    for parameter, value in zip(law.parameters, parameters, strict=True):
        if not math.isfinite(value):
            raise ValueError(f"{name}: {parameter}: expected a finite number, found {value}")
        if parameter in law.positive and not value > 0:
            raise ValueError(f"{name}: {parameter}: expected a number above 0, found {value}")
        if parameter in law.shares and not 0 < value < 1:
            raise ValueError(f"{name}: {parameter}: expected a number above 0 and below 1, found {value}")


def draw(name: str, parameters: Sequence[float], size: int, stream: Stream) -> Floats:
    """Returns ``size`` independent draws from a law that ``check_law`` has passed."""
    uniforms = stream.uniforms(size)
    return LAWS[name].inverse(uniforms if name == "bernoulli" else uniforms + 2.0**-54, *parameters)
