"""What ``deploy/build_runtime.py`` makes of a folder of ``deploy/runtimes``: nothing is built here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from judge.languages import SPECS, python3

SCRIPT = Path(__file__).parents[3] / "deploy" / "build_runtime.py"


@pytest.fixture(scope="module")
def builder():
    found = importlib.util.spec_from_file_location("build_runtime", SCRIPT)
    module = sys.modules[found.name] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    yield module
    del sys.modules[found.name]


@pytest.fixture
def read(builder, tmp_path):
    """Reads a runtime.toml."""

    def load(text):
        (tmp_path / "requirements.txt").write_text("")
        (tmp_path / "runtime.toml").write_text(text)
        return builder.load_spec("some-name", tmp_path)

    return load


def test_every_shipped_spec_is_read_and_locked_by_hash(builder):
    specs = [builder.load_spec(path.name, path) for path in SPECS.iterdir()]
    assert {spec.name for spec in specs} >= {"python3", "python3-science"}
    for spec in specs:
        lock = spec.requirements.read_text()
        assert "://" not in lock
        names = [line.split()[0] for line in spec.requirements.with_suffix(".in").read_text().splitlines()[1:]]
        assert "numpy" in names, "arguments and answers are arrays"
        assert all(f"\n{name}==" in f"\n{lock}" for name in names)
        assert lock.count("==") <= lock.count("--hash=sha256:")


def test_a_group_is_a_module_or_names_and_modules(read):
    spec = read('preload = ["numpy", {names = ["scipy"], modules = ["numpy", "scipy.stats"]}]')
    assert spec.preload == ("numpy", {"names": ["scipy"], "modules": ["numpy", "scipy.stats"]})
    assert read("").preload == ()


def test_the_variables_that_the_service_sets_are_those_that_a_spec_cannot(builder):
    assert set(builder.RESERVED) == set(python3._ENVIRONMENT)
    assert builder.THREADS.items() <= python3._ENVIRONMENT.items()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("preloads = []", "unknown keys ['preloads']; known: description, preload, environment"),
        ("preload = [1]", "preload: expected a module, or names and modules, found 1"),
        ('preload = ["numpy scipy"]', "found 'numpy scipy'"),
        ('preload = [{names = ["a"]}]', "expected a module, or names and modules"),
        ('preload = [{names = ["a.b"], modules = ["a.b"]}]', "preload.names: expected a list of words of import"),
        ('preload = [{names = ["a"], modules = ["a; b"]}]', "preload.modules: expected a list of names of modules"),
        ('preload = [{names = [], modules = ["a"]}]', "preload.names"),
        ("environment = 1", "environment: expected a table, found 1"),
        ('environment = {PATH = "/"}', "expected a variable of a library, found 'PATH'"),
        ('environment = {LD_PRELOAD = "x.so"}', "found 'LD_PRELOAD'"),
        ('environment = {PYTHONPATH = "x"}', "found 'PYTHONPATH'"),
        ('environment = {OMP_NUM_THREADS = "4"}', "found 'OMP_NUM_THREADS'"),
        ("environment = {JOBS = 1}", "environment.JOBS: expected a text, found 1"),
        ("preload = [", "runtime.toml: "),
    ],
)
def test_a_wrong_spec_is_refused_with_what_was_expected(builder, read, text, expected):
    with pytest.raises(builder.BuildError) as caught:
        read(text)
    assert expected in str(caught.value)
    assert "runtime.toml" in str(caught.value)


def test_a_name_and_a_folder_that_are_none(builder, tmp_path):
    with pytest.raises(builder.BuildError, match="runtime name 'Science'"):
        builder.load_spec("Science", tmp_path)
    with pytest.raises(builder.BuildError, match=r"runtime 'nope': expected the file .*runtime\.toml, found none"):
        builder.load_spec("nope", tmp_path)
