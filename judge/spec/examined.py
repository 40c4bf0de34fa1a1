"""A task of assertion tests as a problem: a prompt, tests that define ``check(candidate)``, perhaps a solution.

The test program is one module: the prompt, whose helpers and imports the tests may use, then the tests, then a function
of ours that runs them. The prompt's own stub of the asked function gives its name to what calls the candidate's. After
each ``assert`` stands a call that counts it. The candidate's program is none of this.

A task's own solution is tried when the plan is compiled: it must pass, and says how many assertions the tests reach.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from judge.author.box import AuthorFault
from judge.author.examination import EXAMINE, REHEARSE, call_of, how_it_failed, run_program
from judge.errors import SpecError
from judge.harness import wire
from judge.model.digest import digest_of
from judge.model.plan import CheckerSpec, Examiner, TestCase, TestPlan
from judge.model.problem import SLOT_OVERHEAD_BYTES, Problem
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import TypeExpr
from judge.ports import Call, Sandbox
from judge.spec.limits import DEFAULT_CODE, MIB, SECOND, wall_guard_ns

KIND = "assertions"
_RECORD = 2  # of a rehearsal, as plans hold it
_ANY = TypeExpr(name="any")
_HEAD = "from harness.examiner import examine as judge_run, note as judge_note, rehearse as judge_try"
_FOOT = """
def {examine}(candidate, seed):
    return judge_run(candidate, seed, globals(), {entry!r})

def {rehearse}(seed):
    import judge_solution
    return judge_try(judge_solution.{entry}, seed, globals(), {entry!r})
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One task of a data set."""

    task_id: str  # "HumanEval/0"
    slug: str  # "humaneval/0"
    entry_point: str
    prompt: str  # what a completion continues; its helpers and imports are the tests' as well
    tests: str  # defines check(candidate)
    solution: str | None  # a whole program
    file: str  # where the task is written, for messages
    line: int
    statement: str = ""  # the task in words; empty: the prompt says it
    base_calls: int = 0  # of the function, in the first part of tests that have two
    cpu_ns: int = 3 * SECOND  # the limit of all calls together


def _limits(cpu_ns: int) -> Limits:
    wall_ns = wall_guard_ns(cpu_ns)
    return Limits(cpu_ns=cpu_ns, wall_ns=wall_ns, memory_bytes=1024 * MIB, output_bytes=8 * MIB)


def problem_of(task: Task) -> Problem:
    """Returns the problem of a task. Raises SpecError with file and line."""
    if not task.entry_point.isidentifier():
        message = f"task {task.task_id!r}: entry_point: expected a function's name, found {task.entry_point!r}"
        raise SpecError(message, file=task.file, line=task.line)
    prompt = _parsed(task, "prompt", task.prompt)
    calls, tests = _limits(task.cpu_ns), _limits(max(task.cpu_ns, 10 * SECOND))
    program = _program(task, prompt.body)
    author = AuthorFunction(program=program, function="check", file=task.task_id, key="tests", line=task.line)
    rehearsal = None if task.solution is None else _with_solution(program, task.solution)
    return Problem(
        slug=task.slug,
        family=task.slug.rpartition("/")[0] or KIND,
        name=task.task_id,
        statement=task.statement or task.prompt,
        kind=KIND,
        entry_point=task.entry_point,
        signature=Signature(parameters=_parameters(prompt, task.entry_point), returns=_ANY),
        isolation=Isolation.SUBMISSION,
        limits=calls,
        load_limits=calls,
        code_bytes=DEFAULT_CODE,
        languages=("python3",),
        starters={"python3": task.prompt},
        checker=CheckerSpec(name="exact", parameters={}),
        reference=None,
        generator=None,
        written=(),
        generated=(),
        examples=(),
        license="unknown",
        source_digest=digest_of(
            [_RECORD, task.task_id, task.entry_point, task.prompt, task.tests, task.solution, task.cpu_ns]
        ),
        companion_bytes=tests.memory_bytes + SLOT_OVERHEAD_BYTES,
        examiner=Examiner(
            author=author, limits=tests, seed=int(digest_of(task.tests)[:8], 16), rehearsed=rehearsal is not None
        ),
        rehearsal=rehearsal,
        root=task.file,
    )


def examined_plan(problem: Problem, sandbox: Sandbox) -> TestPlan:
    """Returns the plan of such a problem. Raises SpecError when its own solution does not pass."""
    return TestPlan(
        slug=problem.slug,
        family=problem.family,
        name=problem.name,
        kind=problem.kind,
        entry_point=problem.entry_point,
        signature=problem.signature,
        expected_type=_ANY,
        isolation=problem.isolation,
        limits=problem.limits,
        load_limits=problem.load_limits,
        code_bytes=problem.code_bytes,
        languages=problem.languages,
        runtime=problem.runtime,
        checker=problem.checker,
        cases=(
            TestCase(
                name="secret/check",
                sample=False,
                arguments=wire.encode({}),
                expected=wire.encode(_rehearsed(problem, sandbox)),
            ),
        ),
        examiner=problem.examiner,
    )


def _rehearsed(problem: Problem, sandbox: Sandbox) -> tuple[int, Any]:
    """How many assertions the tests reach with the task's solution, 0 when it has none; and the record of its calls.

    There is a record only when a second rehearsal has the same: then the tests are a function of the answers.
    """
    if problem.rehearsal is None:
        return 0, None
    told, again = (_rehearse(problem, sandbox) for _ in range(2))
    if told["reached"] != again["reached"]:
        found = f"{told['reached']} and then {again['reached']}"
        raise _error(problem, f"expected tests that reach the same number of assertions each time, found {found}")
    if told["record"] is None or told["record"] != again["record"]:
        return told["reached"], None
    return told["reached"], [(question, *call_of(question), answer) for question, answer in told["record"]]


def _rehearse(problem: Problem, sandbox: Sandbox) -> dict[str, Any]:
    examiner, program = problem.examiner, problem.rehearsal
    assert examiner is not None
    assert program is not None
    call = Call(arguments=wire.encode({"seed": examiner.seed}), limits=examiner.limits)
    try:
        outcome = run_program(sandbox, examiner.author, program, REHEARSE, call, runtime=problem.runtime)
    except AuthorFault as fault:
        raise _error(problem, fault.told) from None
    return _told(problem, examiner, outcome)


def _told(problem: Problem, examiner: Examiner, outcome: RunOutcome) -> dict[str, Any]:
    if outcome.answer is None or outcome.killer is not None:
        failed = how_it_failed(outcome, examiner.author, examiner.limits)
        raise _error(problem, f"the tests, with the task's own solution, {failed}")
    told: Any = wire.decode(outcome.answer)
    if told["how"] != "ended":
        found = f"{told['type']} after {told['reached']} assertions"
        raise _error(problem, f"expected the task's own solution to pass its tests, found {found}")
    if not told["reached"] or not told["calls"]:
        found = f"{told['calls']} calls and {told['reached']} assertions"
        raise _error(problem, f"expected tests that call the function and assert something, found {found}")
    return dict(told)


def _error(problem: Problem, message: str) -> SpecError:
    line = None if problem.examiner is None else problem.examiner.author.line
    return SpecError(f"task {problem.name!r}: {message}", file=problem.root, line=line)


# --- the test program ---------------------------------------------------------------------------------------------


def _parsed(task: Task, what: str, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        message = f"task {task.task_id!r}: expected Python in its {what}, found {error}"
        raise SpecError(message, file=task.file, line=task.line) from None


def _with_solution(program: Program, solution: str) -> Program:
    """The test program with a module beside it that holds the task's own solution."""
    file = SourceFile(path="judge_solution.py", content=solution.encode("utf-8", "surrogatepass"))
    return Program(language=program.language, files=(*program.files, file))


def _program(task: Task, around: list[ast.stmt]) -> Program:
    tests = _Counting().visit(_parsed(task, "tests", task.tests))
    if not any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tests.body):
        message = f"task {task.task_id!r}: expected tests that define a function 'check', found none"
        raise SpecError(message, file=task.file, line=task.line)
    foot = ast.parse(_FOOT.format(examine=EXAMINE, rehearse=REHEARSE, entry=task.entry_point)).body
    body = [*_future(around), *ast.parse(_HEAD).body, *_others(around), *tests.body, *foot]
    source = ast.unparse(ast.fix_missing_locations(ast.Module(body=body, type_ignores=[])))
    file = SourceFile(path="judge_tests.py", content=source.encode("utf-8", "surrogatepass"))
    return Program(language="python3", files=(file,))


def _future(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    return (node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _others(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    return (node for node in body if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"))


class _Counting(ast.NodeTransformer):
    """Puts a call that counts after each ``assert``."""

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        """The assertion, then the call."""
        return [node, *ast.parse("judge_note()").body]


def _parameters(prompt: ast.Module, entry_point: str) -> tuple[Parameter, ...]:
    """The parameters of the prompt's stub: names without types, and none when it has no stub."""
    for node in prompt.body:
        if isinstance(node, ast.FunctionDef) and node.name == entry_point:
            names = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            return tuple(Parameter(name=name.arg, type=_ANY) for name in names)
    return ()
