"""Problem -> TestPlan: determinism, the author's mistakes, and how each is told."""

from __future__ import annotations

import pytest

from judge.errors import EnvironmentFault, InfrastructureError, SpecError
from judge.harness import wire
from judge.model.run import Killer, Raised, RunOutcome, Stage
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.spec.plans import PlanStore
from judge.testing import InProcessSandbox

SAMPLER = """\
judge: 1
kind: function
entry_point: draw
signature:
  parameters:
    seed: int
    weights: list[float]
  returns: list[int]
checker: {name: sampler, seed: seed}
reference: {file: author/law.py, function: law}
generator: {file: author/weights.py}
tests:
  - {name: three, seed: 1, params: {size: 3}}
"""
SAMPLER_LAW = "def law(weights):\n    return [[w / sum(weights) for w in weights]]\n"
SAMPLER_WEIGHTS = 'def generate(rng, size):\n    return {"weights": [rng.random() for _ in range(size)]}\n'


def compiled(package):
    return compile_plan(package.load(), InProcessSandbox())


@pytest.fixture
def sampler(package):
    """A package whose answers are judged by a series, and whose key is a law."""
    for name in (
        "data/sample/01.in",
        "data/sample/01.ans",
        "data/secret/empty.in",
        "submissions/wrong_answer/unscaled.py",
    ):
        package.remove(name)
    package.write("judge.yaml", SAMPLER).write("author/law.py", SAMPLER_LAW)
    return package.write("author/weights.py", SAMPLER_WEIGHTS)


def test_the_plan(package):
    problem = package.load()
    plan = compiled(package)

    names = ["sample/01", "secret/empty", "secret/small-01", "secret/small-02", "secret/small-03", "secret/larger-01"]
    assert [case.name for case in plan.cases] == names
    assert [case.sample for case in plan.cases] == [True, False, False, False, False, False]
    assert plan.arguments_of(plan.cases[0]) == {"values": [1, 2], "scale": 0.5}
    assert plan.expected_of(plan.cases[0]) == 1.5
    assert plan.expected_of(plan.cases[1]) == 0.0
    for case in plan.cases:
        arguments = plan.arguments_of(case)
        assert plan.expected_of(case) == sum(arguments["values"]) * arguments["scale"]
    assert [len(plan.arguments_of(case)["values"]) for case in plan.cases] == [2, 0, 4, 4, 4, 30]
    assert (plan.limits, plan.checker, plan.code_bytes) == (problem.limits, problem.checker, problem.code_bytes)


def test_compiling_twice_gives_the_same_plan(package):
    assert compiled(package).digest == compiled(package).digest


def test_every_seed_gives_another_test(package):
    assert len({case.digest for case in compiled(package).cases}) == 6


def test_params_and_seeds_decide_the_arguments(package):
    before = compiled(package)
    after = compiled(package.replace("judge.yaml", "seed: 50", "seed: 51"))
    assert [a == b for a, b in zip(before.cases, after.cases, strict=True)] == [True] * 5 + [False]


@pytest.mark.parametrize(
    "returned", ['(v, {"scale": 1, "values": v})[1]', '{"values": tuple(v), "scale": np.float64(1)}']
)
def test_the_plan_does_not_depend_on_how_the_generator_writes_a_value(package, returned):
    source = "import numpy as np\n\n\ndef generate(rng, size):\n    v = [rng.randint(-9, 9) for _ in range(size)]\n"
    plain = compiled(package.write("author/numbers_of.py", source + '    return {"values": v, "scale": 1.0}\n'))
    other = compiled(package.write("author/numbers_of.py", source + f"    return {returned}\n"))
    assert [case.arguments for case in plain.cases] == [case.arguments for case in other.cases]


# --- the author's mistakes ------------------------------------------------------------------------------------------

GENERATORS = {
    "raises": (
        "def generate(rng, size):\n    return {'values': [1][size]}\n",
        "test 'secret/small-01': generate of author/numbers_of.py raised IndexError: list index out of range "
        "at author/numbers_of.py:2, in generate: return {'values': [1][size]}",
    ),
    "raises in another file": (
        "from helper import scaled\n\n\ndef generate(rng, size):\n    return scaled(None, size)\n",
        "at author/helper.py:2, in scaled: return value * scale",
    ),
    "unknown parameter": ("def generate(rng, length):\n    return {}\n", "raised TypeError"),
    "exits": ("def generate(rng, size):\n    raise SystemExit(3)\n", "ended with the exit status 3 without an answer"),
    "no mapping": ("def generate(rng, size):\n    return [1]\n", "must return a mapping of arguments, found [1]"),
    "no argument": (
        "def generate(rng, size):\n    return {'values': []}\n",
        "missing an argument for the parameter 'scale'",
    ),
    "another argument": (
        "def generate(rng, size):\n    return {'values': [], 'scale': 1, 'sale': 2}\n",
        "unknown parameter 'sale': did you mean 'scale'?",
    ),
    "another type": (
        "def generate(rng, size):\n    return {'values': [1, 2.5], 'scale': 1}\n",
        "test 'secret/small-01': values[1]: expected int, found float 2.5",
    ),
    "no encoding": (
        "def generate(rng, size):\n    return {'values': object(), 'scale': 1}\n",
        "returned a value that has no encoding",
    ),
    "global generator": (
        "import random\n\n\ndef generate(rng, size):\n    return {'values': [random.randrange(9)], 'scale': 1}\n",
        "draws from a global random generator",
    ),
    "prints without end": (
        "def generate(rng, size):\n    while True:\n        print('x' * 100000)\n",
        "exceeded the output limit of 8 MiB",
    ),
}


@pytest.mark.parametrize("case", GENERATORS)
def test_a_generator_that_fails(package, case):
    source, message = GENERATORS[case]
    error = package.write("author/numbers_of.py", source).compile_error()
    assert message in error.message
    assert (error.file, error.line) == (str(package.root / "judge.yaml"), 15)


NOT_LOADING = {
    "a generator without its function": (
        "author/numbers_of.py",
        "def make(rng, size):\n    return {}\n",
        ("judge.yaml", 13),
        "generator: expected author/numbers_of.py to define a function 'generate', found 'make'",
    ),
    "a generator with a value in its place": (
        "author/numbers_of.py",
        "generate = 5\n",
        ("judge.yaml", 13),
        "generator: expected author/numbers_of.py to define a function 'generate', found none",
    ),
    "a reference without its function": (
        "author/solution.py",
        "total = 5\n",
        ("judge.yaml", 12),
        "reference: expected author/solution.py to define a function 'total', found none",
    ),
    "a syntax error in a generator": (
        "author/numbers_of.py",
        "\ndef generate(rng, size)\n    return {}\n",
        ("author/numbers_of.py", 2),
        "raised SyntaxError: expected ':'",
    ),
    "a syntax error in a reference": (
        "author/solution.py",
        "\n\ndef total(values, scale)\n    return 0\n",
        ("author/solution.py", 3),
        "raised SyntaxError: expected ':'",
    ),
    "a syntax error in a file that the reference imports": (
        "author/helper.py",
        "\n\n\nx = = 3\n",
        ("author/helper.py", 4),
        "raised SyntaxError: invalid syntax",
    ),
    "a module that is not there": (
        "author/numbers_of.py",
        "import nothing_like_it\n",
        ("author/numbers_of.py", 1),
        "No module named 'nothing_like_it'",
    ),
    "an exception in a reference": (
        "author/solution.py",
        "x = 0\n1 / x\n",
        ("author/solution.py", 2),
        "reference: author/solution.py raised ZeroDivisionError",
    ),
    "a generator that leaves": (
        "author/numbers_of.py",
        "import sys\n\nsys.exit(2)\n",
        ("judge.yaml", 13),
        "generator: author/numbers_of.py ended with the exit status 2 without an answer",
    ),
    "a reference that leaves": (
        "author/solution.py",
        "import sys\n\nsys.exit(0)\n",
        ("judge.yaml", 12),
        "reference: author/solution.py ended with the exit status 0 without an answer",
    ),
    "an author's exception of the name of ours": (
        "author/numbers_of.py",
        "class MissingFunction(Exception):\n    pass\n\n\nraise MissingFunction('x')\n",
        ("author/numbers_of.py", 5),
        "generator: author/numbers_of.py raised MissingFunction: x",
    ),
}


@pytest.mark.parametrize("case", NOT_LOADING)
def test_author_code_that_does_not_load_has_a_file_and_a_line(package, case):
    name, source, (file, line), message = NOT_LOADING[case]
    error = package.write(name, source).compile_error()
    assert message in error.message
    assert (error.file, error.line) == (str(package.root / file), line)
    assert "/tmp" not in error.message
    assert "judge_author" not in error.message


def test_a_reference_that_leaves_during_a_call_is_told_with_the_line_that_names_it(package):
    source = "import sys\n\n\ndef total(values, scale):\n    sys.exit(0)\n"
    error = package.write("author/solution.py", source).compile_error()
    assert (
        "test 'sample/01': total of author/solution.py ended with the exit status 0 without an answer" in error.message
    )
    assert (error.file, error.line) == (str(package.root / "judge.yaml"), 12)


@pytest.mark.parametrize("facts", [{"exit_code": 0}, {"raised": Raised(type_name="SystemExit", message="0")}])
def test_every_way_of_leaving_a_reference_has_that_line(package, facts):
    class Leaving(InProcessSandbox):
        def open(self, spec):
            ours = spec.entry_point == "total"
            return ScriptedBox(RunOutcome(stage=Stage.CALL, **facts)) if ours else super().open(spec)

    with pytest.raises(SpecError) as caught:
        compile_plan(package.load(), Leaving())
    assert (caught.value.file, caught.value.line) == (str(package.root / "judge.yaml"), 12)


def test_the_syntax_error_of_an_imported_file_as_the_jail_tells_it(package):
    told = Raised(type_name="SyntaxError", message="expected ':' (numbers_of.py, line 7)")

    class Telling(InProcessSandbox):
        def open(self, spec):
            box = ScriptedBox(RunOutcome(stage=Stage.CALL))
            box.load = lambda: RunOutcome(stage=Stage.LOAD, raised=told)
            return box

    with pytest.raises(SpecError) as caught:
        compile_plan(package.load(), Telling())
    assert (caught.value.file, caught.value.line) == (str(package.root / "author/numbers_of.py"), 7)


def test_arguments_that_the_encoding_cannot_hold(package):
    deep = "list[" * 63 + "int" + "]" * 63
    for name in ("data/sample/01.in", "data/sample/01.ans", "submissions/wrong_answer/unscaled.py"):
        package.remove(name)
    package.write(
        "judge.yaml",
        "judge: 1\nkind: function\nentry_point: f\nchecker: exact\n"
        f"signature: {{parameters: {{pair: 'tuple[tuple[{deep}], int]'}}, returns: int}}\n",
    )
    package.write("data/secret/empty.in", '{"pair": [' + "[" * 62 + "]" * 62 + ", 1]}").write(
        "data/secret/empty.ans", "1"
    )
    error = package.compile_error()
    assert (
        "test 'secret/empty': the arguments cannot be sent: the value is nested deeper than 64 levels" in error.message
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    return str(sum(values))\n", "the reference's answer: expected float, found a str of length 1"),
        ("    return 1.5 if values else float('nan')\n", "test 'secret/empty': answer key: expected is nan"),
        ("    return 1.5 if values else float('inf')\n", "test 'secret/empty': answer key: expected is inf"),
        ("    return 1.6\n", "test 'sample/01': the reference's answer 1.6 is not accepted"),
    ],
)
def test_a_reference_that_is_wrong(package, body, message):
    assert message in package.write("author/solution.py", f"def total(values, scale):\n{body}").compile_error().message


def test_the_file_of_a_written_test_is_named(package):
    error = package.write("data/sample/01.ans", "1.7\n").compile_error()
    assert error.file == str(package.root / "data/sample/01.ans")

    error = package.write(
        "author/solution.py", "def total(values, scale):\n    return 1 / len(values)\n"
    ).compile_error()
    assert (error.file, error.line) == (str(package.root / "data/sample/01.ans"), None)


def test_an_answer_key_that_cannot_be_judged_by_is_told_with_its_own_file(sampler):
    sampler.write("judge.yaml", SAMPLER.split("reference:")[0])
    sampler.write("data/secret/one.in", '{"weights": [1, 1]}').write("data/secret/one.ans", "[[0.5, 0.6]]")
    error = sampler.compile_error()
    assert "answer key: law[0]: expected a sum of 1" in error.message
    assert error.file == str(sampler.root / "data/secret/one.ans")


def test_an_unknown_runtime_is_told_with_file_and_line(package):
    package.replace("judge.yaml", "checker:", "runtime: pyhton3\nchecker:")
    problem = package.load()
    where = f"{package.root / 'judge.yaml'}:9: runtime: expected one of the runtimes python3, found 'pyhton3'"
    for compiling in (
        lambda: compile_plan(problem, InProcessSandbox()),
        lambda: PlanStore(Catalogue(package.root.parents[1]), InProcessSandbox()).plan_of(problem),
    ):
        with pytest.raises(EnvironmentFault) as caught:
            compiling()
        assert str(caught.value) == where


def test_two_tests_with_one_name(package):
    error = package.write("data/secret/small-02.in", '{"values": [], "scale": 1}').compile_error()
    assert error.message == "two tests have the name 'secret/small-02'"
    assert error.line == 15


def test_a_reference_within_the_tolerance_of_a_written_answer(package):
    plan = compiled(package.write("data/sample/01.ans", "1.500000001\n"))
    assert plan.expected_of(plan.cases[0]) == 1.500000001


def test_without_a_reference_the_written_answers_count(package):
    text = (package.root / "judge.yaml").read_text()
    kept = text[: text.index("reference:")] + text[text.index("submissions:") :]
    plan = compiled(package.write("judge.yaml", kept).write("data/secret/empty.ans", "0\n"))
    assert [plan.expected_of(case) for case in plan.cases] == [1.5, 0.0]


# --- checkers whose key is not an answer ----------------------------------------------------------------------------


def test_the_series_chooses_the_seed(sampler):
    plan = compiled(sampler)
    assert str(plan.expected_type) == "array[float64, (n, m)]"
    assert list(plan.arguments_of(plan.cases[0])) == ["weights"]
    assert plan.expected_of(plan.cases[0]).shape == (1, 3)


def test_a_seed_in_a_test_is_refused(sampler):
    error = sampler.write("data/secret/x.in", '{"seed": 3, "weights": [1, 2]}').error()
    assert "parameter 'seed' is chosen by the checker 'sampler'" in error.message

    (sampler.root / "data/secret/x.in").unlink()
    returned = SAMPLER_WEIGHTS.replace("{", '{"seed": 1, ')
    error = sampler.write("author/weights.py", returned).compile_error()
    assert "parameter 'seed' is chosen by the checker 'sampler'" in error.message


def test_a_seed_that_the_signature_lacks(sampler):
    error = sampler.replace("judge.yaml", "    seed: int\n", "").error()
    assert "expected a parameter 'seed'" in error.message
    assert error.line == 8


def test_a_law_that_is_none(sampler):
    error = sampler.write("author/law.py", "def law(weights):\n    return [weights]\n").compile_error()
    assert "test 'secret/three-01': answer key: law[0]: expected a sum of 1" in error.message


@pytest.mark.parametrize(("answer", "agrees"), [("[[0.25, 0.75]]", True), ("[[0.26, 0.74]]", False)])
def test_a_written_law_must_be_that_of_the_reference(sampler, answer, agrees):
    sampler.write("data/secret/x.in", '{"weights": [1, 3]}').write("data/secret/x.ans", answer)
    if agrees:
        assert len(compiled(sampler).cases) == 2
    else:
        error = sampler.compile_error()
        assert "expected [[0.26, 0.74]], found [[0.25, 0.75]] from the reference" in error.message
        assert error.file == str(sampler.root / "data/secret/x.ans")


# --- what a sandbox may say -----------------------------------------------------------------------------------------


class ScriptedSandbox(InProcessSandbox):
    """Answers every call of a generator with one outcome."""

    def __init__(self, outcome: RunOutcome) -> None:
        self._outcome = outcome

    def open(self, spec):
        return ScriptedBox(self._outcome)


class ScriptedBox:
    alive = True

    def __init__(self, outcome: RunOutcome) -> None:
        self._outcome = outcome

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def load(self):
        return RunOutcome(stage=Stage.LOAD, loaded=True)

    def call(self, _call):
        return self._outcome


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"killer": Killer.CPU}, "exceeded the CPU limit of 10 s"),
        ({"killer": Killer.WALL}, "exceeded the wall-time limit of 31 s"),
        ({"killer": Killer.MEMORY, "oom_kills": 1}, "exceeded the memory limit of 2 GiB"),
        ({"oom_kills": 1, "signal": 9}, "exceeded the memory limit of 2 GiB"),
        ({"killer": Killer.PROTOCOL}, "was stopped: protocol"),
        ({"signal": 11}, "was ended by the signal 11"),
        ({"exit_code": 0}, "ended with the exit status 0 without an answer"),
        ({"too_large": "5 levels"}, "returned a value that is too large: 5 levels"),
        ({"protocol_error": "two answers"}, "broke the protocol: two answers"),
        ({"answer": b"\xc1"}, "returned something that cannot be read"),
    ],
)
def test_every_way_of_failing_is_told(package, facts, message):
    with pytest.raises(SpecError, match="secret/small-01") as caught:
        compile_plan(package.load(), ScriptedSandbox(RunOutcome(stage=Stage.CALL, **facts)))
    assert message in str(caught.value)


def test_a_fault_of_the_sandbox_is_not_the_authors(package):
    class Broken(InProcessSandbox):
        def open(self, spec):
            raise InfrastructureError("no slot")

    with pytest.raises(InfrastructureError, match="no slot"):
        compile_plan(package.load(), Broken())


def test_what_the_generator_is_asked(package):
    asked = []

    class Watching(ScriptedSandbox):
        def open(self, spec):
            box = ScriptedBox(self._outcome)
            box.call = lambda call: asked.append(wire.decode(call.arguments)) or self._outcome
            return box

    answer = wire.encode({"values": [], "scale": 1})
    with pytest.raises(SpecError, match="the reference's answer"):
        compile_plan(package.load(), Watching(RunOutcome(stage=Stage.CALL, answer=answer)))
    assert asked[:4] == [
        {"seed": 5, "params": {"size": 4}},
        {"seed": 6, "params": {"size": 4}},
        {"seed": 7, "params": {"size": 4}},
        {"seed": 50, "params": {"size": 30}},
    ]


# --- runtimes -----------------------------------------------------------------------------------------------------


class Science(InProcessSandbox):
    """Has another runtime, and remembers in which one each box was opened."""

    runtimes = ("python3", "python3-science")

    def __init__(self):
        self.opened = []

    def open(self, spec):
        self.opened.append((spec.entry_point, spec.runtime))
        return super().open(spec)


def test_author_code_runs_in_the_problems_runtime(package):
    default = compile_plan(package.load(), Science())
    sandbox = Science()
    package.replace("judge.yaml", "tests:", "runtime: python3-science\ntests:")
    package.replace("judge.yaml", "reference:", "alternatives:\n  wrong: {file: author/wrong.py}\nreference:")
    package.write("author/wrong.py", "def wrong(values, scale):\n    return float(sum(values)) + 1\n")
    plan = compile_plan(package.load(), sandbox)
    assert sandbox.opened == [(name, "python3-science") for name in ("judge_generate", "total", "wrong")]
    assert plan.runtime == "python3-science"
    assert [case.expected for case in plan.cases] == [case.expected for case in default.cases]
    assert plan.digest != default.digest


def test_a_runtime_that_is_not_built_is_never_replaced_by_another(package):
    package.replace("judge.yaml", "tests:", "runtime: python3-science\ntests:")
    store = PlanStore(Catalogue(package.root.parents[1]), InProcessSandbox())
    with pytest.raises(EnvironmentFault, match="found 'python3-science'"):
        compile_plan(package.load(), InProcessSandbox())
    with pytest.raises(EnvironmentFault, match="found 'python3-science'"):
        store.plan(package.root.name)
