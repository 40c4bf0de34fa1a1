"""The section ``complexity``: what it may say, the inputs that it makes, and how they are pinned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from judge.errors import SpecError
from judge.spec.certificates import certificate_of, certifies
from judge.spec.compiler import compile_plan
from judge.spec.loader import load_problem
from judge.spec.lock import write_lock
from judge.spec.pinning import pin_plan
from judge.stats.slope import Slope
from judge.testing import InProcessSandbox

SAMPLER = Path(__file__).parents[3] / "problems/sampler/hard-negative-sampler"
SECTION = """\
complexity:
  sizes: {from: 10, to: 320, points: 6}
  slope: 1.4
  families:
    - {name: plain, seed: 7, scale: {size: 1}}
    - name: half
      seed: 70
      scale: {size: 1/2}
submissions:
"""


@pytest.fixture
def gated(package):
    return package.replace("judge.yaml", "submissions:\n", SECTION)


def compiled(package):
    return compile_plan(package.load(), InProcessSandbox())


def test_sizes_are_a_geometric_grid_and_scaled_parameters_are_rounded(gated):
    plan = compiled(gated)
    gate = plan.complexity
    assert gate.sizes == (10, 20, 40, 80, 160, 320)
    assert (gate.slope, gate.repeats, gate.budget_ns) == (1.4, 3, 15 * 10**9)
    assert [family.name for family in gate.families] == ["plain", "half"]
    lengths = [[len(plan.arguments_of(case)["values"]) for case in family.cases] for family in gate.families]
    assert lengths == [[10, 20, 40, 80, 160, 320], [5, 10, 20, 40, 80, 160]]
    assert gate.families[1].cases[2].name == "complexity/half-40"


def test_answers_are_those_of_the_reference(gated):
    plan = compiled(gated)
    for case in plan.complexity.families[0].cases:
        arguments = plan.arguments_of(case)
        assert plan.expected_of(case) == sum(arguments["values"]) * arguments["scale"]


def test_the_tests_are_the_same_with_and_without_a_gate(package, gated):
    with_gate = compiled(gated)
    without = compiled(gated.replace("judge.yaml", SECTION, "submissions:\n"))
    assert with_gate.cases == without.cases
    assert without.complexity is None
    assert with_gate.digest != without.digest


def test_sizes_can_be_listed(gated):
    gated.replace("judge.yaml", "{from: 10, to: 320, points: 6}", "[1, 3, 5, 9, 11, 13]")
    assert compiled(gated).complexity.sizes == (1, 3, 5, 9, 11, 13)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("slope: 1.4", "slope: 0", 22, "complexity.slope: expected above 0 to 10.0, found 0"),
        ("slope: 1.4", "slope: .nan", 22, "complexity.slope: expected above 0 to 10.0, found nan"),
        ("slope: 1.4", "slope: 1.4\n  repeats: 1", 23, "complexity.repeats: expected 2 to 20, found 1"),
        ("slope: 1.4", "slope: 1.4\n  budget: 1s", 23, "complexity.budget: expected at least the CPU limit"),
        ("slope: 1.4", "slope: 1.4\n  budget: 20", 23, "complexity.budget: expected text, found 20"),
        ("slope: 1.4", "slop: 1.4", 22, "unknown key 'complexity.slop': did you mean 'slope'?"),
        ("from: 10", "from: 0", 21, "complexity.sizes.from: expected 1 to 1000000000, found 0"),
        ("points: 6", "points: 5", 21, "complexity.sizes.points: expected 6 to 32, found 5"),
        ("to: 320", "to: 79", 21, "expected the largest to be at least 8 times the smallest, found 10 to 79"),
        ("from: 10, to: 320", "from: 1, to: 3", 21, "complexity.sizes: expected sizes that ascend"),
        ("{from: 10, to: 320, points: 6}", "[1, 2, 3, 4, 9, 9]", 21, "complexity.sizes: expected sizes that ascend"),
        ("{from: 10, to: 320, points: 6}", "[1, 99]", 21, "complexity.sizes: expected 6 to 32 sizes, found 2"),
        ("name: half", "name: plain", 25, "complexity.families.1.name: the name 'plain' stands twice"),
        ("name: half", "name: Half", 25, "complexity.families.1.name: expected lower-case words joined by hyphens"),
        ("seed: 70", "seed: -1", 26, "complexity.families.1.seed: expected"),
        ("{size: 1/2}", "{size: 0}", 27, "complexity.families.1.scale.size: expected a positive number or a fraction"),
        ("{size: 1/2}", "{size: n/2}", 27, "found 'n/2'"),
        ("{size: 1/2}", "{size: 1/0}", 27, "found '1/0'"),
        ("{size: 1/2}", "{}", 27, "complexity.families.1.scale: expected a parameter that grows with the size"),
        ("seed: 70", "seed: 70\n      params: {size: 3}", 27, "families.1.params.size: the parameter 'size' is also"),
        ("generator: {file: author/numbers_of.py}\n", "", 19, "complexity needs a generator: missing key 'generator'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(gated, old, new, line, message):
    error = gated.replace("judge.yaml", old, new).error()
    assert message in error.message
    assert (error.file, error.line) == (str(gated.root / "judge.yaml"), line)


def test_a_checker_of_series_has_no_gate(tmp_path):
    shutil.copytree(SAMPLER, tmp_path / "copy")
    (tmp_path / "copy/judge.lock").unlink()
    file = tmp_path / "copy/judge.yaml"
    text = file.read_text().replace("\nsubmissions:\n", "\n" + SECTION)
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        load_problem(tmp_path / "copy")
    assert "expected a checker that judges one answer, found 'sampler'" in caught.value.message
    assert caught.value.line == text[: text.index("complexity:")].count("\n") + 1


def test_a_generator_that_fails_at_a_size_is_told_with_the_familys_line(gated):
    gated.replace("author/numbers_of.py", "    return {", "    assert size < 160\n    return {")
    error = gated.compile_error()
    assert "test 'complexity/plain-160'" in error.message
    assert error.line == 24


# --- the lock file ------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(gated):
    problem = gated.load()
    plan, _ = pin_plan(problem, InProcessSandbox())
    slopes = {("submissions/accepted/loop.py", "plain"): Slope(estimate=1.004, low=0.98, high=1.02, points=6)}
    write_lock(problem, plan, certificate_of(plan.complexity, slopes))
    return gated


def test_inputs_of_the_gate_are_pinned(certified):
    assert "complexity/half-320" in certified.load().lock
    error = certified.replace("judge.yaml", "seed: 70", "seed: 71").compile_error()
    assert "the test 'complexity/half-10' changed" in error.message


def test_a_certificate_stands_in_the_lock_file(certified):
    problem = certified.load()
    assert problem.certificate["slopes"] == {"submissions/accepted/loop.py": {"plain": [1.0, 0.98, 1.02]}}
    assert certifies(problem.certificate, compiled(certified).complexity)


def test_another_gate_is_not_certified(certified):
    error = certified.replace("judge.yaml", "slope: 1.4", "slope: 1.5").compile_error()
    assert error.message == "the complexity gate is not the one that is certified: run `judge problem certify`"
    assert error.file == str(certified.root / "judge.lock")


def test_pinning_keeps_a_certificate_of_the_same_gate_and_drops_one_of_another(certified):
    pin_plan(certified.load(), InProcessSandbox())
    assert certified.load().certificate is not None
    certified.replace("judge.yaml", "slope: 1.4", "slope: 1.5")
    pin_plan(certified.load(), InProcessSandbox())
    assert certified.load().certificate is None


def test_a_certificate_that_is_none(certified):
    lock = certified.root / "judge.lock"
    lock.write_text('{"cases": {}, "format": 1,\n"complexity": []}')
    with pytest.raises(SpecError, match="complexity: expected a certificate, found a list of length 0") as caught:
        certified.load()
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "generator",
    [
        'def generate(rng, size):\n    return {"values": [rng.randint(-9, 9) for _ in range(9)], "scale": 1}\n',
        'def generate(rng, size):\n    return {"values": [3] * min(size, 15), "scale": 0.5}\n',
    ],
)
def test_a_gate_whose_inputs_do_not_grow_does_not_compile(gated, generator):
    error = gated.write("author/numbers_of.py", generator).compile_error()
    assert (
        "complexity: family 'plain': expected an argument that grows from size 10 to 320, found none" in error.message
    )
    assert error.line == 24
    assert "'values' went from" in error.message


def test_a_number_that_grows_is_an_input_that_grows(gated):
    gated.write("author/numbers_of.py", 'def generate(rng, size):\n    return {"values": [1], "scale": float(size)}\n')
    assert compiled(gated).complexity
