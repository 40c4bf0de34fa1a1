"""A verification in a process of its own: the same findings, turns for all that runs, and an end when nobody waits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.process import VerifierProcess
from judge.authoring.rules.rule import Level
from judge.authoring.verify import verify
from judge.errors import InfrastructureError, SpecError
from judge.model.finding import Finding, Step
from judge.model.problem import memory_needed
from judge.spec.loader import load_problem
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

ONE_KILLER = "def mean(values):\n    return sum(values) / len(values) + (len(values) == 2)\n"


class Turns:
    """Counts turns; ``hold`` makes the first one last until it is cancelled."""

    def __init__(self, *, hold: bool = False) -> None:
        self.taken = self.given = 0
        self.memory_bytes = 0  # of the last one
        self.running = asyncio.Event()
        self._hold = hold

    @asynccontextmanager
    async def __call__(self, memory_bytes: int = 0) -> AsyncIterator[None]:
        assert self.taken == self.given
        self.memory_bytes = memory_bytes
        self.taken += 1
        self.running.set()
        try:
            if self._hold:
                await asyncio.Event().wait()
            yield
        finally:
            self.given += 1


@pytest.fixture
def good(tmp_path: Path) -> Good:
    good = Good(tmp_path / "family" / "mean", "mean")
    return good.write("submissions/wrong_answer/median.py", ONE_KILLER)


def process(tmp_path: Path) -> VerifierProcess:
    arguments = (str(tmp_path / "family"), str(tmp_path / "facts"))
    return VerifierProcess((sys.executable, "-m", "tests.unit.authoring.apart_child", *arguments))


def run[T](work: Coroutine[None, None, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, 120))


async def told_by(verifier: VerifierProcess, turns: Turns, *, rules: tuple[str, ...] = ()) -> list[Finding | Step]:
    told: list[Finding | Step] = []
    await verifier.verify("mean", "quick", rules, turns, told.append)
    return told


def test_it_tells_what_a_verification_here_finds(good: Good, tmp_path: Path) -> None:
    async def both() -> tuple[list[Finding | Step], Turns]:
        turns = Turns()
        return await told_by(process(tmp_path), turns), turns

    told, turns = run(both())
    workshop = Workshop()
    expected = list(verify(good.root, Level.QUICK, workshop, FactStore(tmp_path / "other")))
    found = [one for one in told if isinstance(one, Finding)]
    assert [(one.rule, one.message, one.file) for one in found] == [
        (one.rule, one.message, one.file) for one in expected
    ]
    (killer,) = (one for one in found if one.rule == "single-killer")
    assert killer.replay == "judge grade . submissions/wrong_answer/median.py"
    assert Step(rule="single-killer") in told
    assert any(isinstance(one, Step) and one.what.startswith("submission 1 of ") for one in told)
    assert turns.taken == turns.given == workshop.jobs + 1  # and one for the plan


def test_only_the_rules_that_are_named(good: Good, tmp_path: Path) -> None:
    told = run(told_by(process(tmp_path), Turns(), rules=("unfinished",)))
    assert told == [Step(rule=name) for name in ("package-loads", "plan-compiles")] + [
        Step(rule="plan-compiles", what="compiling"),
        Step(rule="unfinished"),
    ]


def test_cancelled_while_it_waits_for_its_turn_it_ends_by_itself(good: Good, tmp_path: Path) -> None:
    async def cancelled() -> Turns:
        turns = Turns(hold=True)
        task = asyncio.create_task(told_by(process(tmp_path), turns))
        await turns.running.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return turns

    turns = run(cancelled())
    assert (turns.taken, turns.given) == (1, 1)
    assert (good.root.parent / "left").exists()  # its contexts were left, as at SIGTERM


def test_a_process_that_dies_is_a_fault_of_ours() -> None:
    broken = VerifierProcess((sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(InfrastructureError, match="the process that was at 'mean' ended in the middle of it"):
        run(told_by(broken, Turns()))


def test_errors_come_through(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="expected a package, found a task"):
        run(process(tmp_path).verify("task", "quick", (), Turns(), lambda told: None))


# --- compilations ---------------------------------------------------------------------------------------------------


def test_a_problem_of_the_catalogue_is_compiled_in_a_turn_of_its_own(good: Good, tmp_path: Path) -> None:
    turns = Turns()
    compilation = run(process(tmp_path).compile("mean", None, turns))
    plan = Workshop().plan_of(load_problem(good.root))
    assert (compilation.plan_digest, compilation.case_count) == (plan.digest, len(plan.cases))
    assert (turns.taken, turns.given) == (1, 1)
    assert turns.memory_bytes == memory_needed(load_problem(good.root))


def test_a_package_that_is_not_in_the_catalogue_is_compiled_where_it_is(good: Good, tmp_path: Path) -> None:
    elsewhere = good.root.rename(tmp_path / "family" / "other")
    compilation = run(process(tmp_path).compile("mean", elsewhere, Turns()))
    assert compilation.plan_digest == Workshop().plan_of(load_problem(elsewhere)).digest


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("judge.yaml", "entry_point:", "entry_pint:", "judge.yaml:"),  # it does not load
        ("author/mean.py", "def mean", "def men", "judge.yaml:"),  # it does not compile
    ],
)
def test_what_is_wrong_with_it_is_told_without_the_service_s_paths(
    good: Good, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    path = good.root / file
    assert old in path.read_text()
    good.write(file, path.read_text().replace(old, new))
    with pytest.raises(SpecError) as caught:
        run(process(tmp_path).compile("mean", good.root, Turns()))
    assert str(caught.value).startswith(message)
    assert str(tmp_path) not in str(caught.value)


def test_a_compilation_whose_process_dies_is_a_fault_of_ours() -> None:
    broken = VerifierProcess((sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(InfrastructureError, match="the process that was at 'mean' ended in the middle of it"):
        run(broken.compile("mean", None, Turns()))
