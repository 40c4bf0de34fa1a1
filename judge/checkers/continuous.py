"""The checker ``continuous``: one call draws numbers from a stated continuous law, reproducibly from a seed.

A case's expected value is the law: a family with its parameters, ``{"normal": {"mean": 0.0, "sd": 1.0}}``, or a table
of its distribution function F. The exact layer is that of ``sampler``: shape, reproducibility, arguments, global
generators; a NaN, an infinity or a number that the law excludes rejects at once.

Under the law the numbers F(x), the PITs, are independent and uniform on [0, 1] for all draws and all seeds. Every bet
is a product of densities on the PIT, each normalised and depending on earlier draws only, so it is a martingale; half
of alpha is theirs (Ville's inequality). The other half is that of one test of all draws together after the last call,
by the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart, which holds for every number of draws
(``judge.stats.closing``): it finds *any* law whose F is far enough from the stated one, however it differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.continuous_draws import Numbers
from judge.checkers.evidence.continuous_law import ContinuousLaw
from judge.checkers.evidence.draws import Draws, Opener, check_count, count_of, wrong_laws
from judge.checkers.evidence.limits import check_takes
from judge.checkers.evidence.played import playing
from judge.checkers.evidence.series import SamplerSeries
from judge.checkers.evidence.simulation import power
from judge.checkers.sizing import Sizing
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.stats.closing import massart

NAMED = parse_type("dict[str, dict[str, float]]")
TABLE = parse_type("array[float64, (k, 2)]")
MOST_DRAWS = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Continuous(Draws):
    """Accepts unless the exact contract is broken, or the evidence against the case's law reaches 1/alpha."""

    name: ClassVar[str] = "continuous"

    draws: int | str = 1  # numbers in one answer, or the int parameter that says how many
    law: str = "named"  # how cases state it: "named", a family and its parameters, or "table", points (x, F(x))

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        Draws.__post_init__(self)
        check_count("draws", self.draws, 1, MOST_DRAWS)
        if self.law not in ("named", "table"):
            raise ValueError(f"law: expected 'named' or 'table', found {self.law!r}")

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The law's type; raises ValueError unless the function takes the seed and returns a float or floats."""
        returns = signature.returns
        several = str(returns) == "list[float]" or (returns.dtype == "float64" and len(returns.shape or ()) == 1)
        if not several and str(returns) != "float":
            expected = "float, list[float] or array[float64, (n,)]"
            raise ValueError(f"expected a return type of {expected}, found {returns}")
        if not several and self.draws != 1:
            raise ValueError(f"draws: expected 1 for a function that returns float, found {self.draws!r}")
        check_takes(signature, self.seed, "int")
        if isinstance(self.draws, str):
            check_takes(signature, self.draws, "int")
        return NAMED if self.law == "named" else TABLE

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value and the alternatives are laws that floats can hold."""
        self.subject(case)
        self.alternatives(case)

    def opener(self, case: CaseFacts) -> Opener:
        """As of Draws."""
        numbers, alternatives, calls = self.subject(case), self.alternatives(case), self.draws_per_series()

        def opened(secret: bytes) -> SamplerSeries:
            evidence = numbers.evidence(alternatives, alpha=self.alpha, calls=calls, run=self.consecutive)
            return self.series(case.name, secret, numbers, evidence)

        return opened

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized. The defect is proved, not simulated: it holds for every wrong law with independent draws.

        With N draws the closing test rejects at a distance of ε(α/2); the empirical distribution function is within
        ε(½) of its own law with probability at least ½; so any law at a distance of their sum is found that often."""
        numbers, opener = self.subject(case), self.opener(case)
        total = self.draws_per_series() * numbers.count
        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=min(1.0, massart(total, self.alpha / 2) + massart(total, 0.5)),
            defect="largest distance between the distribution functions, with independent draws",
            powers=tuple(
                power(name, playing(opener, numbers.drawing(law)), secret, simulations)
                for name, law in self.alternatives(case).items()
            ),
        )

    def subject(self, case: CaseFacts) -> Numbers:
        """Returns how answers to ``case`` are read and tested. Raises ValueError when its key is no law."""
        count = count_of("draws", self.draws, case.arguments, 1, MOST_DRAWS)
        return Numbers(law=self._law(case.expected), count=count)

    def _law(self, value: Any) -> ContinuousLaw:
        return ContinuousLaw.named(value) if self.law == "named" else ContinuousLaw.tabulated(value)

    def alternatives(self, case: CaseFacts) -> dict[str, ContinuousLaw]:
        """Returns the declared wrong laws of ``case``, by name. Raises ValueError for one that is no law."""
        return wrong_laws(case, self._law, self._law(case.expected).differs)
