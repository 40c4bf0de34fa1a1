"""Plain packages, written for a test, and graded in the in-memory sandbox."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge.app.graders import OneProblem, build_grader
from judge.app.slots import open_companions, open_sandbox
from judge.config import Settings
from judge.errors import SpecError
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.ports import GradingRequest
from judge.scheduling.clock import SystemClock
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.spec.loader import load_problem
from judge.spec.plans import PlanStore
from judge.testing import InProcessCompanions, InProcessSandbox
from judge.twins import RecordingObserver

LEGACY = {
    "problem.yaml": "name: Sum\nauthor: Somebody\nlicense: cc by-sa\nrights_owner: Somebody\n",
    ".timelimit": "2\n",
    "problem_statement/problem.en.tex": "\\problemname{The sum}\nAdd.\n",
}
CURRENT = {
    "problem.yaml": (
        "problem_format_version: 2025-09\nname: Sum\nuuid: 5b2b0f6e-0000-4000-8000-000000000002\n"
        "limits: {time_limit: 2}\n"
    ),
    "statement/problem.en.md": "Add.\n",
}
DATA = {
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/01.in": "10 20\n",
    "data/secret/01.ans": "30\n",
    "data/secret/02.in": "10 -20\n",
    "data/secret/02.ans": "-10\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
    "submissions/wrong_answer/absolute.py": "print(sum(abs(int(word)) for word in input().split()))\n",
}


class _OnePlan:
    """A PlanSource of one plan."""

    def __init__(self, plan: TestPlan) -> None:
        self._plan = plan

    def plan(self, slug: str) -> TestPlan:
        return self._plan


@dataclass
class Package:
    """A package's directory."""

    root: Path

    def write(self, name: str, content: str | bytes) -> Package:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def remove(self, name: str) -> Package:
        (self.root / name).unlink()
        return self

    def load(self) -> Problem:
        return load_problem(self.root)

    def error(self) -> SpecError:
        with pytest.raises(SpecError) as caught:
            self.compile()
        return caught.value

    def compile(self) -> TestPlan:
        return compile_plan(self.load(), InProcessSandbox(), companions=InProcessCompanions())

    def grade(self, source: str) -> Report:
        sandbox = InProcessSandbox()
        plans, clock, companions = _OnePlan(self.compile()), SystemClock(), InProcessCompanions()
        grader = Grader(sandbox, plans, clock, RecordingObserver(), "salt", companions=companions)
        program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
        request = GradingRequest(submission_id="1", problem=self.root.name, program=program)
        return grader.grade(request, lambda event: None, Uninterrupted())


NewPackage = Callable[[dict[str, str]], Package]


@pytest.fixture
def new_package(tmp_path: Path) -> NewPackage:
    """Writes a package with these files and the tests of ``DATA``."""

    def write(files: dict[str, str], data: dict[str, str] = DATA) -> Package:
        package = Package(root=tmp_path / "sumup")
        for name, content in (data | files).items():
            package.write(name, content)
        return package

    return write


@pytest.fixture(params=["legacy", "2023-07", "2025-09"])
def package(request: pytest.FixtureRequest, new_package: NewPackage) -> Package:
    """The same problem in each version of the format."""
    if request.param == "legacy":
        return new_package(LEGACY)
    text = CURRENT["problem.yaml"].replace("2025-09", request.param)
    return new_package(CURRENT | {"problem.yaml": text})


@pytest.fixture
def legacy(new_package: NewPackage) -> Package:
    """A package of the legacy version."""
    return new_package(LEGACY)


@pytest.fixture
def current(new_package: NewPackage) -> Package:
    """A package of the version 2025-09."""
    return new_package(CURRENT)


@pytest.fixture
def versions() -> dict[str, dict[str, str]]:
    """The files of a package without data, by version."""
    middle = CURRENT | {"problem.yaml": CURRENT["problem.yaml"].replace("2025-09", "2023-07")}
    return {"legacy": LEGACY, "2023-07": middle, "2025-09": CURRENT}


Grade = Callable[..., Report]


@pytest.fixture(scope="module", params=["cold", "warm"])
def grade_for_real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grade]:
    """Grades in real boxes, of each path."""
    yield from _real_grader(request.param, tmp_path_factory.mktemp("problems"))


@pytest.fixture(scope="module")
def grade_warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grade]:
    """Grades in real boxes of the warm path."""
    yield from _real_grader("warm", tmp_path_factory.mktemp("problems"))


def _real_grader(path: str, tmp_path: Path) -> Iterator[Grade]:
    settings = Settings(salt="tests", uid_base=64_000, problems_dir=tmp_path)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    observer = RecordingObserver()
    with (
        open_sandbox(settings, observer, path) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):

        def run(package: Package, source: str, language: str = "python3") -> Report:
            problem = load_problem(package.root)
            plans = OneProblem(PlanStore(Catalogue(tmp_path), sandbox, companions=companions), problem)
            grader = build_grader(settings, sandbox, plans, observer, companions=companions)
            name = "solution.cpp" if language == "cpp20" else "solution.py"
            program = Program(language=language, files=(SourceFile(path=name, content=source.encode()),))
            request = GradingRequest(submission_id="1", problem=problem.slug, program=program)
            return grader.grade(request, lambda event: None, Uninterrupted())

        yield run
