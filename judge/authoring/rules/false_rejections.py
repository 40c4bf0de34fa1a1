"""``false-rejections``: a statistical checker rejects a right submission with a small probability."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.checkers.sizing import Sized
from judge.model.finding import Finding

MOST = 1e-4


def check(package: Package) -> Iterator[Finding]:
    """Looks at alpha."""
    alpha = getattr(package.checker, "alpha", None)
    if isinstance(package.checker, Sized) and isinstance(alpha, float) and alpha > MOST:
        found = f"alpha is {alpha:g}: one right submission of {1 / alpha:.0f} may be rejected"
        message = f"{found}; expected at most {MOST:g}"
        remedy = "take 1.0e-6, and more calls if declared mistakes are found too seldom"
        yield RULE.warning(message, line=package.line("checker"), about="alpha", remedy=remedy)


RULE = Rule(
    name="false-rejections",
    level=Level.QUICK,
    summary=f"a statistical checker rejects at most one right submission of {1 / MOST:.0f}",
    check=check,
)
