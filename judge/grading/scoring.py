"""The score of a submission whose tests stand in groups: which tests are still to be run, and what they add up to.

Groups form a tree; a group's score is made of the scores of its own tests and of the groups in it. A test that was not
run has the score 0, or in a group of the legacy format none at all. All numbers are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from judge.model.plan import TestGroup, TestPlan, aggregate
from judge.model.verdict import Verdict

_CRASHES = (Verdict.RUNTIME_ERROR, Verdict.SECURITY_VIOLATION, Verdict.MEMORY_LIMIT_EXCEEDED)
# The worst first, as the default grader of the legacy format orders them; the others follow as they are declared.
_NAMED = (*_CRASHES, Verdict.TIME_LIMIT_EXCEEDED, Verdict.OUTPUT_LIMIT_EXCEEDED, Verdict.WRONG_ANSWER)
_RANKS = (*_NAMED, *(verdict for verdict in Verdict if verdict not in _NAMED))


class Scoreboard:
    """What is known of the tests of one grading."""

    def __init__(self, plan: TestPlan) -> None:
        self._groups = {group.name: group for group in plan.groups}
        self._root = plan.groups[0]
        self._inner = {name: [group for group in plan.groups if group.parent == name] for name in self._groups}
        self._home = {case: group for group in plan.groups for case in group.cases}
        self._order = {case.name: at for at, case in enumerate(plan.cases)}
        self._accepted: dict[str, bool] = {}
        self._given: dict[str, Fraction] = {}  # points that a validator gave

    def note(self, case: str, accepted: bool, points: str | None = None) -> None:
        """Notes the verdict on a test, and the points of an accepted one when its validator gave some."""
        self._accepted[case] = accepted
        if points is not None:
            self._given[case] = Fraction(points)

    def wanted(self, case: str) -> bool:
        """Whether the test is to be run: no group around it was broken off before, none waits for another in vain."""
        own: TestGroup | None = None  # the group on the way from the test, which is judged now
        for group in self._around(case):
            if group.stops and any(self._rejected(group, own)):
                return False
            if not all(self._passed(self._groups[name]) for name in group.requires):
                return False
            own = group
        return True

    def accepted(self) -> bool:
        """Whether the submission is accepted."""
        return self._verdict(self._root)

    def culprit(self, verdicts: Mapping[str, Verdict]) -> str | None:
        """Returns the test whose verdict is the submission's, when that is not accepted; ``verdicts`` are by test."""
        return self._blamed(self._root, verdicts)

    def score(self, name: str = "") -> Fraction | None:
        """The points, of the whole or of one group; None for a group that there is not."""
        group = self._groups.get(name) if name else self._root
        return None if group is None else self._points(group)

    def share(self) -> Fraction:
        """The points as a part of the way from none to all, from 0 to 1; without bounds, whether it is accepted."""
        zero, full = Fraction(self._root.zero_score), Fraction(self._root.full_score)
        if zero == full:
            return Fraction(int(self.accepted()))
        return min(max((self._points(self._root) - zero) / (full - zero), Fraction(0)), Fraction(1))

    def message(self) -> str:
        """The points, and all points, in words."""
        zero, full = Fraction(self._root.zero_score), Fraction(self._root.full_score)
        if zero:
            return f"{self._points(self._root)} points, where {full} is the best and {zero} the worst"
        return f"{self._points(self._root)} of {full} points" if full else f"{self._points(self._root)} points"

    def _around(self, case: str) -> Iterator[TestGroup]:
        group: TestGroup | None = self._home[case]
        while group is not None:
            yield group
            group = self._groups.get(group.parent)

    def _rejected(self, group: TestGroup, but: TestGroup | None) -> Iterator[bool]:
        """Yields, for each test and group in it that was judged, whether it was rejected."""
        yield from (not self._accepted[case] for case in group.cases if case in self._accepted)
        for inner in self._inner[group.name]:
            if inner is not but and self._judged(inner):
                yield not self._verdict(inner)

    def _judged(self, group: TestGroup) -> bool:
        return any(case in self._accepted for case in self._all(group))

    def _all(self, group: TestGroup) -> Iterator[str]:
        yield from group.cases
        for inner in self._inner[group.name]:
            yield from self._all(inner)

    def _passed(self, group: TestGroup) -> bool:
        return all(self._accepted.get(case, False) for case in self._all(group))

    def _verdict(self, group: TestGroup) -> bool:
        """Whether the group counts as accepted."""
        parts = [self._accepted.get(case, False) for case in group.cases]
        parts += [self._verdict(inner) for inner in self._inner[group.name] if inner.decides]
        return group.mode == "always" or (any(parts) if group.mode == "any" else all(parts))

    def _blamed(self, group: TestGroup, verdicts: Mapping[str, Verdict]) -> str | None:
        """Returns the test that decided against a group; None when none was run that could."""
        inner = [found for found in self._inner[group.name] if found.decides and not self._verdict(found)]
        found = [case for case in group.cases if not self._accepted.get(case, True)]
        found += [case for case in (self._blamed(part, verdicts) for part in inner) if case is not None]
        ranks = {case: _RANKS.index(verdicts[case]) if group.blames == "worst" else 0 for case in found}
        return min(found, key=lambda case: (ranks[case], self._order[case]), default=None)

    def _points(self, group: TestGroup) -> Fraction:
        if group.aggregation == "pass-fail":
            return Fraction(group.full_score) * self._passed(group)
        cases = [case for case in group.cases if case in self._accepted or not group.judged_only]
        points = [self._worth(group, case) for case in cases]
        inner = [found for found in self._inner[group.name] if found.counts]
        points += [self._points(part) for part in inner if self._judged(part) or not group.judged_only]
        return aggregate(group.aggregation, points)

    def _worth(self, group: TestGroup, case: str) -> Fraction:
        """The points of a test."""
        if case not in self._accepted:
            return Fraction(0)
        if not self._accepted[case]:
            return Fraction(group.reject_score)
        return self._given.get(case, Fraction(group.case_score))
