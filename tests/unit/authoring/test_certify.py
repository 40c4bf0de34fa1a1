"""Certifying, over boxes whose CPU time follows the submission's own formula."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from judge.authoring.certify import Certification, certify
from judge.errors import SpecError
from judge.model.plan import ComplexityGate, GateFamily, TestPlan
from judge.model.problem import ExampleSubmission
from judge.model.run import Killer, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from judge.ports import BoxSpec
from tests.unit.grading.scripted import LIMITS, BoxScript, ScriptedBox, answered, case, failed, plan, program, returns

SIZES = (2000, 4000, 8000, 16000, 32000, 64000)
MS = 1_000_000
COSTS: dict[str, Any] = {
    "linear": lambda n: 1000 * n,
    "tiny": lambda n: 1,
    "steep": lambda n: 40 * n**1.3,
    "square": lambda n: 0.6 * n * n,
    "odd_square": lambda n: 0.6 * n * n if n % 2 else 1000 * n,
    "bent": lambda n: 1000 * n + 0.02 * n * n,
    "endless": lambda n: 10**9,
}


class CostSandbox:
    """The port Sandbox: a program's source is the name of what a call costs."""

    path = "scripted"
    slot = 0

    def describe_toolchain(self, language: str) -> str:
        return language

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[ScriptedBox]:
        name = spec.program.main.content.decode()
        load = {} if name != "broken" else {"load": RunOutcome(stage=Stage.LOAD)}

        def reply(n: int) -> RunOutcome:
            used = MS + (round(COSTS[name](n)) if n >= SIZES[0] else 0)
            return answered(2 * n, cpu_ns=used) if used < LIMITS.cpu_ns else failed(killer=Killer.CPU, cpu_ns=10**9)

        yield ScriptedBox(BoxScript(call=returns(reply), **load), [])


def gate() -> ComplexityGate:
    families = tuple(
        GateFamily(name=name, cases=tuple(case(f"complexity/{name}-{n}", 2 * (n + at), n=n + at) for n in SIZES))
        for at, name in enumerate(("even", "odd"))
    )
    return ComplexityGate(sizes=SIZES, slope=1.35, repeats=3, budget_ns=10**10, families=families)


def example(name: str, reason: Reason | None) -> ExampleSubmission:
    verdict = Verdict.ACCEPTED if reason is None else Verdict.TIME_LIMIT_EXCEEDED
    path = name if reason is None else f"slow/{name}"
    return ExampleSubmission(path=path, program=program(name.encode()), verdict=verdict, reason=reason)


def certification(accepted: str, slow: str, others: str = "", runs: int = 2) -> Certification:
    declared = ((accepted, None), (slow, Reason.COMPLEXITY_EXCEEDED), (others, Reason.CPU_TIME))
    examples = [example(name, reason) for names, reason in declared for name in names.split()]
    examples.append(ExampleSubmission(path="x", program=program(), verdict=Verdict.WRONG_ANSWER, reason=None))
    problem: Any = SimpleNamespace(examples=examples, root="p")
    gated: TestPlan = plan(complexity=gate())
    return certify(problem, gated, gate(), CostSandbox(), runs, lambda what: None)


def test_a_gate_between_linear_and_quadratic_is_certified() -> None:
    made = certification("linear tiny", "square odd_square", "endless")
    assert made.refusals == ()
    rows = {(row.path, row.family): row for row in made.rows}
    assert len(rows) == 10
    assert (rows["slow/square", "odd"].exceeded, rows["slow/square", "odd"].accepted) == (2, 0)
    assert (rows["slow/odd_square", "even"].exceeded, rows["slow/odd_square", "odd"].exceeded) == (0, 2)
    assert rows["tiny", "even"].words == "not measured"
    assert rows["linear", "odd"].words.startswith("n^0.8")
    assert {path for path, _ in made.slopes} == {"linear", "tiny", "slow/square", "slow/odd_square"}


@pytest.mark.parametrize(
    ("accepted", "slow", "message"),
    [
        ("linear square", "square", "square, family 'even': it must be accepted, and was rejected in 2 of 2 runs"),
        ("linear", "linear", "slow/linear, family 'even': it must exceed the gate, and did in 0 of 2 runs only"),
        ("linear bent", "square", "bent, family 'even': expected an interval below the gate's 1.35, found n^1.11 ["),
        ("tiny", "square", "family 'odd': no accepted submission costs enough to be measured: choose larger sizes"),
        ("linear", "endless", "slow/endless, family 'even': it must exceed the gate, and did in 0 of 2 runs only"),
        ("linear", "", "expected an accepted submission and one with the reason complexity_exceeded, found none"),
        ("", "square", "expected an accepted submission and one with the reason complexity_exceeded, found none"),
    ],
)
def test_what_does_not_certify_is_said(accepted: str, slow: str, message: str) -> None:
    refusals = certification(accepted, slow).refusals
    assert any(refusal.startswith(message) for refusal in refusals), refusals


def test_a_submission_that_does_not_load_is_an_error() -> None:
    with pytest.raises(SpecError, match="broken does not load"):
        certification("broken", "square")
