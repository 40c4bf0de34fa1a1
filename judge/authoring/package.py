"""A package under verification: what rules may ask of it. Everything is found out when it is first asked for, once.

What takes long (compiling, gradings, simulations) runs in the workers and is kept on disk by the digest of whatever it
depends on; the rules themselves are run again each time, over those facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from judge.authoring.facts import FactStore
from judge.authoring.trials import Matrix, Progress, run_trials
from judge.authoring.workers import Job, Workers
from judge.checkers import build
from judge.checkers.contract import CaseFacts, Checker
from judge.errors import SpecError
from judge.model.digest import digest_of
from judge.model.plan import TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.run import Isolation
from judge.spec.keys import JUDGE_FILE
from judge.spec.loader import load_problem
from judge.spec.locations import Document, parse_yaml

Tell = Callable[[str], None]


class Package:
    """One package."""

    def __init__(
        self,
        root: Path,
        workers: Workers,
        facts: FactStore,
        tell: Tell = lambda what: None,
        rules: Collection[str] = (),
        inputs: int = 1200,
    ) -> None:
        self.inputs = inputs  # that a fuzzer makes up
        self.rules = rules  # the names of those that can be waived
        self.root = root
        self.workers = workers
        self.facts = facts
        self.tell = tell  # hears what is going on

    @cached_property
    def problem(self) -> Problem:
        """The package, loaded. Raises SpecError."""
        return load_problem(self.root)

    @cached_property
    def plan(self) -> TestPlan:
        """The plan. Raises SpecError."""
        self.tell("compiling")
        return self.workers.plan_of(self.problem)

    @cached_property
    def checker(self) -> Checker:
        """The checker as the package declares it."""
        return build(self.plan.checker.name, self.plan.checker.parameters)

    @cached_property
    def matrix(self) -> Matrix:
        """Every submission on every test."""
        return run_trials(self.problem, self.plan, self.workers, self.facts, self._tell_trial)

    @cached_property
    def cases(self) -> tuple[CaseFacts, ...]:
        """The tests as the checker sees them."""
        return tuple(self.facts_of(case) for case in self.plan.cases)

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain package of the Kattis format."""
        return self.plan.isolation is Isolation.PROCESS

    @cached_property
    def config(self) -> Document:
        """``judge.yaml``, or an empty document."""
        return self.document(JUDGE_FILE)

    def document(self, name: str) -> Document:
        """A YAML file of the package; an empty document when there is none."""
        path = self.root / name
        if not path.is_file():
            return Document(file=name, value={}, tree={})
        return parse_yaml(path.read_text(encoding="utf-8"), name)

    def line(self, *path: str | int) -> int:
        """The line of a key of ``judge.yaml``."""
        return self.config.line(*path)

    def facts_of(self, case: TestCase) -> CaseFacts:
        """A test as the checker sees it."""
        return CaseFacts(
            name=case.name,
            arguments=self.plan.facts_of(case),
            expected=self.plan.expected_of(case),
            alternatives=self.plan.alternatives_of(case),
        )

    def place_of(self, test: str) -> tuple[str, int | None]:
        """The file, and the line of it, that a test comes from."""
        for written in self.problem.written:
            if written.name == test:
                return self.relative(written.file), None
        group = test.removeprefix("secret/").rpartition("-")[0]
        for generated in self.problem.generated:
            if generated.name == group:
                return JUDGE_FILE, generated.line
        return JUDGE_FILE, None

    def replay(self, submission: str) -> str:
        """The command that grades a submission of the package."""
        return f"judge grade {self.root} {self.root / submission}"

    def relative(self, file: str | None) -> str:
        """A file as a message names it, relative to the package."""
        if file is None:
            return "."
        path = Path(file)
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else file

    def once[T](self, kind: type[T], name: str, depends: Iterable[Any], make: Callable[[], T]) -> T:
        """A fact that depends on ``depends`` (plain values) alone: what is known, else what ``make`` gives."""
        key = self.facts.key(name, digest_of(list(depends)))
        known = self.facts.get(key, kind)
        if known is None:
            self.tell(name)
            known = make()
            self.facts.put(key, known)
        return known

    def ask[T, R](self, job: Job[T, R], item: T) -> R:
        """What a worker's job gives. Raises SpecError and InfrastructureError."""
        for _, result in self.workers.run(job, [item]):
            return result
        raise AssertionError("a job gives one result")

    def _tell_trial(self, progress: Progress) -> None:
        self.tell(f"submission {progress.done} of {progress.total}: {progress.what}")


def spec_place(package: Package, error: SpecError) -> dict[str, Any]:
    """Where a SpecError is, as fields of a finding."""
    return {"file": package.relative(error.file), "line": error.line}
