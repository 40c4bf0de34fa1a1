"""``power``: some test rejects each declared wrong law nearly always, in simulated gradings."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.power import case_powers
from judge.authoring.rules.rule import Level, Rule
from judge.checkers.sizing import Sized
from judge.model.finding import Finding

POWER = 0.99
SIMULATIONS = 100


def check(package: Package) -> Iterator[Finding]:
    """Simulates, test by test, until every law is rejected often enough by one of them."""
    if not isinstance(package.checker, Sized) or not package.problem.alternatives:
        return
    best = package.once(dict[str, float], "power", [package.plan.digest, SIMULATIONS], lambda: _best(package))
    for name in package.problem.alternatives:
        power = best.get(name, 0.0)
        if power < POWER:
            message = f"the wrong law {name!r} is rejected in {power:.0%} of simulated gradings: expected {POWER:.0%}"
            remedy = "more calls, or a test on which it differs more; see judge problem power"
            line = package.line("alternatives", name)
            yield RULE.error(message, line=line, about=name, remedy=remedy)


def _best(package: Package) -> dict[str, float]:
    """The largest power that a test has against each law."""
    best: dict[str, float] = dict.fromkeys(package.problem.alternatives, 0.0)
    for case in case_powers(package.problem, package.plan, SIMULATIONS):
        package.tell(f"power: {case.name}")
        for power in case.sizing.powers:
            best[power.alternative] = max(best[power.alternative], power.rejected / power.simulations)
        if all(power >= POWER for power in best.values()):
            break
    return best


RULE = Rule(
    name="power",
    level=Level.FULL,
    summary=f"each declared wrong law is rejected by some test with a power of {POWER}",
    check=check,
)
