"""The toolchains of a machine: found by their manifests, looked up by language and runtime."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from judge.errors import EnvironmentFault, SubmissionError
from judge.languages import known_runtimes, load_toolchains
from judge.model.program import Program, SourceFile
from judge.model.toolchain import Preload
from judge.sandbox.toolchains import describe, find
from judge.sandbox.zygote import kind_for

GROUPS = ["numpy", {"names": ["pandas"], "modules": ["numpy", "pandas", "pandas.io"]}]


class Machine:
    """Runtimes that are this interpreter, beside manifests."""

    def __init__(self, root: Path) -> None:
        self.root = root / "runtimes"
        self.state = root / "state"

    def build(self, name: str, **changes: object) -> None:
        tree = self.root / name
        (tree / "bin").mkdir(parents=True, exist_ok=True)
        interpreter = tree / "bin" / "python3"
        if not interpreter.exists():
            interpreter.symlink_to(sys.executable)
        manifest = {
            "python_version": "3.13.0",
            "interpreter": "bin/python3",
            "loader": "/lib64/ld.so",
            "loader_file": "lib/ld.so",
            "library_path": ["lib"],
            "packages": {"numpy": "2.5.5"},
            "preload": ["numpy"],
            "digest": f"digest of {name}",
            "environment": {},
        }
        (tree / "runtime.json").write_text(json.dumps(manifest | changes))

    def load(self):
        return load_toolchains(self.root, self.state, compiled=())  # which takes seconds to make


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    made.build("python3")
    return made


def program(source: str) -> Program:
    return Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))


def test_each_built_runtime_is_a_toolchain(machine):
    machine.build("more", packages={"numpy": "2.5.5", "scipy": "1.18.1"}, environment={"JOBS": "0"}, preload=GROUPS)
    toolchains = machine.load()
    assert [pair for pair in toolchains.usable if pair[0] == "python3"] == [("python3", "python3"), ("python3", "more")]
    more = find(toolchains, "python3", "more")
    assert (more.language, more.runtime, more.versions) == (
        "python3",
        "more",
        "CPython 3.13.0, numpy 2.5.5, scipy 1.18.1",
    )
    assert more.environment["JOBS"] == "0"
    assert more.preload[1:] == (
        Preload(names=("numpy",), modules=("numpy",)),
        Preload(names=("pandas",), modules=("numpy", "pandas", "pandas.io")),
    )
    assert "JOBS" not in find(toolchains, "python3").environment
    assert describe(toolchains, "python3") != describe(toolchains, "python3", "more")
    assert "scipy 1.18.1" in describe(toolchains, "python3", "more")


def test_a_self_test_imports_what_is_preloaded(machine):
    machine.build("more", preload=GROUPS)
    source = find(machine.load(), "python3", "more").self_test
    assert {"numpy", "pandas", "pandas.io", "heapq"} <= set(source.split("\n")[0].replace(",", "").split())


@pytest.mark.parametrize("change", [{"digest": "x"}, {"environment": {"JOBS": "1"}}, {"preload": GROUPS}])
def test_whatever_a_program_can_notice_is_in_the_digest(machine, change):
    before = machine.load().usable["python3", "python3"].digest
    machine.build("python3", **change)
    assert machine.load().usable["python3", "python3"].digest != before


def test_the_default_runtime_must_be_there(tmp_path):
    with pytest.raises(
        EnvironmentFault, match=r"no runtime 'python3' in .*: build it with `make runtime RUNTIME=python3`"
    ):
        Machine(tmp_path).load()


def test_a_runtime_that_is_not_built_is_refused_with_the_remedy(machine):
    machine.build("more")
    with pytest.raises(EnvironmentFault) as caught:
        find(machine.load(), "python3", "python3-science")
    text = str(caught.value)
    assert "expected one of the runtimes more, python3 that are built here, found 'python3-science'" in text
    assert "`make runtime RUNTIME=python3-science`" in text


def test_an_unknown_language_is_the_senders_fault(machine):
    with pytest.raises(SubmissionError, match="expected one of python3, sqlite, found 'klingon'"):
        find(machine.load(), "klingon", "python3-science")


def test_a_broken_runtime_stops_only_those_that_ask_for_it(machine):
    machine.build("broken")
    (machine.root / "broken" / "runtime.json").write_text('{"digest": 1}')
    toolchains = machine.load()
    assert find(toolchains, "python3").runtime == "python3"
    with pytest.raises(EnvironmentFault, match="build it again with `make runtime RUNTIME=broken`"):
        find(toolchains, "python3", "broken")


def test_an_interpreter_that_does_not_run_is_a_fault_of_its_runtime(machine):
    machine.build("dead", digest="never compiled")
    (machine.root / "dead" / "bin" / "python3").unlink()
    (machine.root / "dead" / "bin" / "python3").symlink_to("/bin/false")
    with pytest.raises(EnvironmentFault, match="does not run"):
        find(machine.load(), "python3", "dead")


def test_known_are_the_built_ones_and_those_that_could_be(machine, tmp_path):
    machine.build("own")
    (tmp_path / "specs" / "described").mkdir(parents=True)
    (tmp_path / "specs" / "described" / "runtime.toml").write_text("")
    (machine.root / ".trees").mkdir()
    assert known_runtimes(machine.root, tmp_path / "specs") == ["python3", "described", "own"]
    assert known_runtimes(machine.root) == ["python3", "own", "python3-science"]


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("def f():\n    return 'import pandas'\n", []),
        ("import pandas as pd\n", ["numpy", "pandas", "pandas.io"]),
        ("import numpy, pandas\n", ["numpy", "pandas", "pandas.io"]),
        ("def f():\n    from numpy.linalg import norm\n", ["numpy"]),
        ("from typing import Any\n", []),
    ],
)
def test_a_zygote_has_the_groups_that_a_program_names(machine, source, modules):
    machine.build("more", preload=GROUPS)
    toolchain = find(machine.load(), "python3", "more")
    kind = kind_for(program(source), toolchain, 0)
    common = toolchain.preload[0].modules
    named = "import" in source.replace("'import pandas'", "")
    assert kind.preload == ((*common, *modules) if named else ())
    assert kind.runtime == "more"
