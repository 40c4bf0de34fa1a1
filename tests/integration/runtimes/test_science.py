"""The runtime ``python3-science``: a problem that needs it is compiled and graded in it, on both paths."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge.app.graders import build_grader
from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import BoxSpec, Call, GradingRequest, Sandbox
from judge.sandbox.cgroup import find_tree
from judge.spec.catalogue import Catalogue
from judge.spec.plans import PlanStore
from judge.twins import RecordingObserver

RUNTIME = "python3-science"
SETTINGS = Settings(salt="tests", uid_base=68_000)
LIMITS = Limits(cpu_ns=10**10, wall_ns=6 * 10**10, memory_bytes=512 << 20, output_bytes=1 << 20, processes=16)

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real boxes need root"),
    pytest.mark.skipif(
        not (SETTINGS.runtime_root / RUNTIME / "runtime.json").exists(),
        reason=f"the runtime {RUNTIME} is not built in {SETTINGS.runtime_root} (make runtime RUNTIME={RUNTIME})",
    ),
]

PACKAGE = {
    "problem.yaml": """\
problem_format_version: 2025-09
name: Intercept
uuid: 5b2b0f6e-0000-4000-8000-000000000002
license: public domain
limits: {time_limit: 5, memory: 512}
""",
    "judge.yaml": """\
judge: 1
kind: function
entry_point: intercept
runtime: python3-science
signature:
  parameters: {xs: "list[float]", ys: "list[float]"}
  returns: float
checker: {name: float, rtol: 1.0e-6, atol: 1.0e-6}
reference: {file: author/line.py}
generator: {file: author/lines.py}
tests:
  - {name: lines, seed: 1, count: 2, params: {size: 6}}
""",
    "statement/problem.en.md": "Fit a line.\n",
    "author/line.py": """\
from scipy.stats import linregress


def intercept(xs, ys):
    return float(linregress(xs, ys).intercept)
""",
    "author/lines.py": """\
import pandas


def generate(rng, size):
    frame = pandas.DataFrame({"x": [rng.random() for _ in range(size)]})
    frame["y"] = frame.x * 2 + rng.random()
    return {"xs": frame.x.tolist(), "ys": frame.y.tolist()}
""",
}
RIGHT = """
import numpy
from sklearn.linear_model import LinearRegression

def intercept(xs, ys):
    return float(LinearRegression().fit(numpy.array(xs)[:, None], ys).intercept_)
"""
WRONG = RIGHT.replace("LinearRegression()", "LinearRegression(fit_intercept=False)")


@pytest.fixture(scope="module", params=["warm", "cold"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each path in turn."""
    with open_sandbox(SETTINGS, RecordingObserver(), request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def grader(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Grader:
    """A grader of the problem above."""
    root = tmp_path_factory.mktemp("problems")
    for name, text in PACKAGE.items():
        path = root / "regression" / "intercept" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return build_grader(SETTINGS, sandbox, PlanStore(Catalogue(root), sandbox), RecordingObserver())


def program(source: str) -> Program:
    return Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))


def spec_of(source: str, runtime: str = RUNTIME) -> BoxSpec:
    return BoxSpec(
        program=program(source), entry_point="f", isolation=Isolation.TEST, load_limits=LIMITS, runtime=runtime
    )


def run(sandbox: Sandbox, source: str, runtime: str = RUNTIME) -> RunOutcome:
    """The outcome of ``f()``, or of loading."""
    with sandbox.open(spec_of(source, runtime)) as box:
        loaded = box.load()
        return box.call(Call(arguments=wire.encode({}), limits=LIMITS)) if box.alive else loaded


@pytest.mark.parametrize(("source", "verdict"), [(RIGHT, "ACCEPTED"), (WRONG, "WRONG_ANSWER")], ids=["right", "wrong"])
def test_a_problem_is_graded_in_its_runtime(grader: Grader, source: str, verdict: str) -> None:
    request = GradingRequest(submission_id="one", problem="intercept", program=program(source))
    report = grader.grade(request, lambda event: None, Uninterrupted())
    assert report.verdict == verdict, report.message
    assert "scikit-learn" in report.toolchain
    assert report.toolchain == grader.sandbox.describe_toolchain("python3", RUNTIME)
    assert report.toolchain != grader.sandbox.describe_toolchain("python3")


USES = {
    "numpy": ("import numpy", "int(numpy.arange(5).sum())", 10),
    "scipy": ("import scipy.stats", "round(float(scipy.stats.norm.cdf(0)), 6)", 0.5),
    "pandas": ("import pandas", "int(pandas.DataFrame({'a': [1, 1], 'b': [2, 3]}).groupby('a').b.sum().iloc[0])", 5),
    "networkx": ("import networkx", "networkx.shortest_path_length(networkx.path_graph(5), 0, 4)", 4),
    "pagerank": ("import networkx", "round(networkx.pagerank(networkx.path_graph(5))[2], 3)", 0.239),
    "sklearn": ("import sklearn.tree", "sklearn.tree.DecisionTreeClassifier().fit([[0], [1]], [0, 1]).get_depth()", 1),
    "kmeans": ("import sklearn.cluster", "len(sklearn.cluster.KMeans(2, n_init=1).fit([[0], [1], [9]]).labels_)", 3),
    "jobs": (
        "import sklearn.ensemble",
        "len(sklearn.ensemble.RandomForestClassifier(4, n_jobs=2).fit([[0], [1]], [0, 1]).estimators_)",
        4,
    ),
}


@pytest.mark.parametrize("name", USES)
def test_each_package_works_and_is_silent(sandbox: Sandbox, name: str) -> None:
    imports, expression, value = USES[name]
    outcome = run(sandbox, f"{imports}\ndef f():\n    return {expression}\n")
    assert outcome.answer is not None, outcome
    assert wire.decode(outcome.answer) == value
    assert outcome.stderr.data == b""


def test_no_package_starts_a_thread(sandbox: Sandbox) -> None:
    """Counted from outside, in every process of the slot; the pools of the libraries say that they never will."""
    source = """
        import numpy, scipy.stats, pandas, networkx, sklearn.ensemble, threadpoolctl
        def f():
            return sorted({pool["num_threads"] for pool in threadpoolctl.threadpool_info()})
    """
    cgroup = find_tree(SETTINGS.cgroup_root).slot(sandbox.slot)
    with sandbox.open(spec_of(textwrap.dedent(source))) as box:
        assert box.load().loaded
        assert {len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in cgroup.pids()} == {1}
        assert wire.decode(box.call(Call(arguments=wire.encode({}), limits=LIMITS)).answer or b"") == [1]


def test_boxes_do_not_share_random_numbers(sandbox: Sandbox) -> None:
    source = (
        "import numpy, sklearn.utils\ndef f():\n    return sklearn.utils.check_random_state(None).random_sample()\n"
    )
    first, second = (wire.decode(run(sandbox, source).answer or b"") for _ in range(2))
    assert first != second


def test_the_default_runtime_has_none_of_it(sandbox: Sandbox) -> None:
    outcome = run(sandbox, "import pandas\ndef f():\n    return 1\n", runtime=DEFAULT_RUNTIME)
    assert outcome.raised is not None
    assert outcome.raised.type_name == "ModuleNotFoundError"


def test_shipped_problems_ask_for_runtimes_that_there_are() -> None:
    catalogue = Catalogue(Path(__file__).parents[3] / "problems")
    assert {catalogue.get(slug).runtime for slug in catalogue.slugs()} <= {DEFAULT_RUNTIME, RUNTIME}
