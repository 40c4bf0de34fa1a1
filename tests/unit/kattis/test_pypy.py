"""PyPy in plain packages: a submission is in it where its language says so, and nowhere else."""

from __future__ import annotations

import pytest

from judge.config import Settings
from judge.errors import EnvironmentFault
from judge.languages import pypy3
from judge.model.program import SourceFile
from judge.model.verdict import Verdict
from judge.spec.kattis.languages import program_of
from tests.unit.kattis.games import BISECTION, INTERACTOR, NUMBERS

SOURCE = "import sys\nassert sys.implementation.name == {name!r}\nprint(sum(map(int, input().split())))\n"


def need_pypy() -> None:
    """Skips the test where there is no PyPy."""
    try:
        pypy3.load(Settings().state_dir)
    except EnvironmentFault as error:
        pytest.skip(str(error))


def test_a_file_of_python_is_not_in_pypy_unless_it_is_said():
    files = [SourceFile(path="a.py", content=b""), SourceFile(path="main.py", content=b"")]
    assert program_of(files).language == "python3"
    named = program_of(files, "pypy3")
    assert (named.language, named.main.path) == ("pypy3", "main.py")


def test_a_package_names_it_for_its_own_submissions(current):
    current.write("submissions/submissions.yaml", "accepted/sum.py: {language: pypy3}\n")
    languages = {example.path: example.program.language for example in current.load().examples}
    assert languages == {
        "submissions/accepted/sum.py": "pypy3",
        "submissions/wrong_answer/absolute.py": "python3",
    }


@pytest.mark.parametrize(
    ("stated", "languages"),
    [("python3", ("python3",)), ("[python3, pypy3]", ("python3", "pypy3")), ("pypy3", ("pypy3",))],
)
def test_it_is_admitted_where_languages_names_it(current, stated, languages):
    text = (current.root / "problem.yaml").read_text()
    assert current.write("problem.yaml", f"{text}languages: {stated}\n").load().languages == languages


def test_included_files_of_python_are_its_own_unless_it_has_some(package):
    package.write("include/python3/helper.py", "x = 1\n")
    assert package.load().included["pypy3"] == package.load().included["python3"]
    package.write("include/pypy3/helper.py", "x = 2\n")
    assert package.load().included["pypy3"][0].content == b"x = 2\n"


@pytest.mark.sandbox
@pytest.mark.parametrize(("language", "name"), [("pypy3", "pypy"), ("python3", "cpython")])
def test_a_submission_is_graded_by_the_interpreter_that_it_names(package, grade_warm, language, name):
    if language == "pypy3":
        need_pypy()
    report = grade_warm(package, SOURCE.format(name=name), language=language)
    assert report.verdict is Verdict.ACCEPTED, report
    assert ("PyPy" in report.toolchain) == (language == "pypy3")


@pytest.mark.sandbox
def test_it_speaks_with_an_interactor(new_package, versions, grade_warm):
    need_pypy()
    files = versions["2025-09"] | {"output_validator/engine.py": INTERACTOR}
    files["problem.yaml"] += "type: interactive\n"
    report = grade_warm(new_package(files, NUMBERS), BISECTION, language="pypy3")
    assert (report.verdict, report.cases[0].evidence["transcript"]) == (Verdict.ACCEPTED, "> 50\n< right")
