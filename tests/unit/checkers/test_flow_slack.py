"""An edge whose capacity stands for "without limit" forgives no imbalance at its ends."""

from __future__ import annotations

import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.flow import Flow
from judge.model.verdict import Reason

CHECKER = Flow(edges="e", source="s", target="t")


def case(middle: float) -> CaseFacts:
    edges = [(0, 1, 3.5), (1, 2, middle), (2, 3, 3.5)]
    return CaseFacts(name="c", arguments={"e": edges, "s": 0, "t": 3}, expected=3.5)


@pytest.mark.parametrize("middle", [10.0, 1e10, 1e12, 1e300])
@pytest.mark.parametrize("flow", [[3.5, 0.0, 0.0], [3.5, -500.0, 0.0], [3.5, 3.4, 3.4], [3.6, 3.6, 3.6]])
def test_a_flow_that_vanishes_on_an_unlimited_edge_is_not_valid(middle: float, flow: list[float]) -> None:
    assert CHECKER.check(case(middle), flow).reason is Reason.NOT_VALID


@pytest.mark.parametrize("middle", [3.5, 1e12])
def test_rounding_is_forgiven(middle: float) -> None:
    assert CHECKER.check(case(middle), [3.5, 3.5 + 1e-10, 3.5]).accepted
    assert CHECKER.check(case(middle), [3.5 - 1e-10, 3.5, 3.5 + 1e-10]).accepted
