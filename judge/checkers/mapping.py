"""The checker ``mapping``: a mapping whose values are within a tolerance, one for all or one for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from judge.checkers.collection import refused
from judge.checkers.contract import CaseFacts
from judge.checkers.floats import EXACT_KEYS
from judge.checkers.numeric import NumberRule
from judge.checkers.structure import check_key_types
from judge.checkers.tolerances import Band, band_of, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

MAX_NAMED = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Mappings:
    """Accepts a mapping with the expected keys, its floating-point numbers within a tolerance, all else exactly."""

    name: ClassVar[str] = "mapping"

    rtol: float = 1e-6  # relative to the reference
    atol: float = 1e-9  # in the unit of the answer
    keys: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # key to its own rtol and atol
    nan: str = "refuse"  # or match
    inf: str = "refuse"  # or match

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        if not isinstance(self.keys, Mapping):
            raise ValueError(f"keys: expected a mapping from keys to tolerances, found {brief(self.keys)}")
        for key in self.keys:
            if not isinstance(key, str):
                raise ValueError(f"keys: expected keys of str, found {brief(key)}")
            self._band(key)
        self._rule(Band(rtol=self.rtol, atol=self.atol))

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError unless it is a mapping, with keys of str where ``keys`` is given."""
        returns = signature.returns
        if returns.name != "dict":
            raise ValueError(f"expected the return type dict[K, V], found {returns}")
        check_key_types(returns, EXACT_KEYS)
        if self.keys and returns.arguments[0].name != "str":
            raise ValueError(f"keys: expected a mapping whose keys are str, found {returns}")
        return returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when a key that ``keys`` names is missing, or a value is not finite, undeclared."""
        for key in self.keys:
            if key not in case.expected:
                raise ValueError(f"keys: expected keys of the expected value, found {key!r}")
        for band, part in self._parts(case.expected):
            facts = CaseFacts(name=case.name, arguments=case.arguments, expected=part)
            self._rule(band).check_key(facts)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        wanted: Mapping[Any, Any] = case.expected
        extra = [key for key in answer if key not in wanted]
        missing = [key for key in wanted if key not in answer]
        if extra or missing:
            return _of_keys(extra, missing)
        judgements = [
            self._rule(band).judge({key: answer[key] for key in part}, part) for band, part in self._parts(wanted)
        ]
        return _joined(judgements)

    def _parts(self, expected: Mapping[Any, Any]) -> list[tuple[Band, dict[Any, Any]]]:
        """The expected value in parts, each with its tolerance."""
        parts: dict[Band, dict[Any, Any]] = {}
        for key, value in expected.items():
            parts.setdefault(self._band(key), {})[key] = value
        return list(parts.items())

    def _band(self, key: Any) -> Band:
        own = self.keys.get(key) if isinstance(key, str) else None
        return Band(rtol=self.rtol, atol=self.atol) if own is None else band_of(f"keys: {brief(key, 40)}", own)

    def _rule(self, band: Band) -> NumberRule:
        return NumberRule(tolerance=band, nan=self.nan, inf=self.inf)


def _of_keys(extra: list[Any], missing: list[Any]) -> Judgement:
    """The refusal for wrong keys. Missing ones are named in the evidence, which candidates do not see."""
    said = []
    if extra:
        more = f" and {len(extra) - 1} more" if len(extra) > 1 else ""
        said.append(f"the key {brief(extra[0], 60)}{more} is not expected")
    if missing:
        said.append(f"{len(missing)} of the expected keys {'is' if len(missing) == 1 else 'are'} missing")
    names = {
        "extra": [brief(key, 60) for key in extra[:MAX_NAMED]],
        "missing": [brief(key, 60) for key in missing[:MAX_NAMED]],
    }
    reason = Reason.WRONG_VALUE if len(extra) == len(missing) else Reason.WRONG_SHAPE
    return refused(reason, f"answer: {', and '.join(said)}", **names)


def _joined(judgements: list[Judgement]) -> Judgement:
    """The judgement on all parts: the worst one, a difference in structure before one in numbers."""
    if not judgements:
        return Judgement(accepted=True, margin=0.0, evidence={"compared": 0})
    failed = [judgement for judgement in judgements if not judgement.accepted]
    structural = next((judgement for judgement in failed if judgement.margin is None), None)
    if structural is not None:
        return structural
    worst = max(failed or judgements, key=lambda judgement: judgement.margin or 0.0)
    counts = {name: sum(j.evidence.get(name, 0) for j in judgements) for name in ("compared", "outside")}
    totals = {name: counts[name] for name in counts if name in worst.evidence}
    return Judgement(
        accepted=worst.accepted,
        reason=worst.reason,
        message=worst.message,
        margin=worst.margin,
        evidence={**worst.evidence, **totals},
    )
