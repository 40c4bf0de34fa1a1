"""What a plain package has and is not graded: it is named, and nothing that a verdict depends on is left unread."""

from __future__ import annotations

import pytest

from judge.model.verdict import Verdict


def test_submissions_that_are_not_graded_are_named(package):
    package.write("submissions/accepted/sum.kt", "fun main() {}\n")
    package.write("submissions/accepted/old.py", "#!/usr/bin/env python2\nprint 3\n")
    package.write("submissions/accepted/notes.txt", "none\n")
    package.write("submissions/accepted/with space.py", "print(3)\n")
    package.write("submissions/loose.py", "print(3)\n")
    problem = package.load()
    assert [example.path for example in problem.examples] == [
        "submissions/accepted/sum.py",
        "submissions/wrong_answer/absolute.py",
    ]
    assert problem.left_out == {
        "submissions/loose.py": "it lies in no directory of submissions",
        "submissions/accepted/with space.py": "the format does not admit its name",
        "submissions/accepted/notes.txt": "its files are of no language that is known",
        "submissions/accepted/old.py": "its language is not here: python2",
        "submissions/accepted/sum.kt": "its language is not here: kotlin",
    }


def test_a_submission_in_a_language_that_the_problem_does_not_allow_is_left_out(package):
    package.write("problem.yaml", (package.root / "problem.yaml").read_text() + "languages: [python3]\n")
    package.write("submissions/accepted/sum.cpp", "int main() {}\n")
    left_out = {"submissions/accepted/sum.cpp": "problem.yaml does not allow its language, cpp20"}
    assert package.load().left_out == left_out


@pytest.mark.parametrize("name", ["two words.in", "(1).in", "-1.in", "1+1.in", "two words.ans"])
def test_a_test_whose_name_is_not_admitted_is_not_left_unread(package, name):
    error = package.write(f"data/secret/{name}", "1 2\n").error()
    assert f"found {name!r}" in error.message


def test_a_group_whose_name_is_not_admitted_is_not_left_unread(package):
    assert "found 'two words'" in package.write("data/secret/two words/1.in", "1 2\n").error().message


def test_what_only_tools_keep_beside_tests_is_left(package):
    for name in ("data/secret/.gitignore", "data/secret/read me.txt", "data/secret/01.hint", "data/secret/01.desc"):
        package.write(name, "x\n")
    assert len(package.compile().cases) == 3


def test_a_package_with_samples_alone_is_graded_by_them(package):
    for name in ("data/secret/01", "data/secret/02"):
        package.remove(f"{name}.in").remove(f"{name}.ans")
    assert [case.name for case in package.compile().cases] == ["sample/1"]
    assert package.grade("print(4)\n").verdict is Verdict.WRONG_ANSWER
    package.remove("data/sample/1.in").remove("data/sample/1.ans")
    assert "expected at least one test, found none" in package.error().message


def test_constants_are_put_where_the_format_has_them(current):
    text = (current.root / "problem.yaml").read_text()
    current.write("problem.yaml", text + "constants: {tolerance: 0.5, five: {value: 5, word: five}}\n")
    current.write("data/secret/test_group.yaml", "output_validator_args: [float_tolerance, '{{tolerance}}']\n")
    current.write("submissions/accepted/five.py", "print('{{five}}', '{{five.word}}')\n")
    problem = current.load()
    assert problem.written[1].answer[1] == ["float_tolerance", "0.5"]
    five = next(example for example in problem.examples if example.path.endswith("five.py"))
    assert five.program.main.content == b"print('5', '{{five.word}}')\n"


@pytest.mark.parametrize(
    ("keys", "flags"),
    [
        ("validator_flags: a b\nvalidator_args: a b\n", ["a", "b"]),
        ("validator_args: c\n", ["c"]),
        ("validator_flags: d\n", ["d"]),
    ],
)
def test_arguments_of_the_validator_by_either_name(legacy, keys, flags):
    legacy.write("output_validators/v.py", "import sys\nsys.exit(42)\n")
    text = (legacy.root / "problem.yaml").read_text() + "validation: custom\n"
    legacy.write("problem.yaml", text + keys)
    assert legacy.load().written[0].answer[1] == flags
    legacy.write("problem.yaml", text + "validator_flags: a\nvalidator_args: b\n")
    assert "expected the same as validator_flags" in legacy.error().message
