"""Loading a package: what a right one becomes, and where each wrong one is said to be wrong."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.errors import SpecError
from judge.model.run import Isolation
from judge.model.verdict import Reason, Verdict
from judge.spec.loader import load_problem
from judge.spec.locations import parse_yaml
from judge.spec.submissions import matches

MIB = 1024**2


def test_a_right_package(package):
    problem = package.load()

    assert (problem.slug, problem.family, problem.name) == ("sum-and-order", "sums", "Sum and order")
    assert problem.statement == "Add the values, times the scale.\n"
    assert [(p.name, str(p.type)) for p in problem.signature.parameters] == [
        ("values", "list[int]"),
        ("scale", "float"),
    ]
    assert str(problem.signature.returns) == "float"
    assert problem.isolation is Isolation.TEST
    assert problem.runtime == "python3"
    assert problem.checker.parameters == {"rtol": 1e-9}
    assert [case.name for case in problem.written] == ["sample/01", "secret/empty"]
    assert [case.has_answer for case in problem.written] == [True, False]
    assert problem.written[1].arguments == {"values": [], "scale": 1.0}
    assert [(group.name, group.seed, group.count, group.line) for group in problem.generated] == [
        ("small", 5, 3, 15),
        ("larger", 50, 1, 16),
    ]
    assert [file.path for file in problem.reference.program.files] == ["solution.py", "helper.py", "numbers_of.py"]
    assert problem.license == "cc by"
    assert problem.lock is None


def test_example_submissions_carry_what_must_be_said_of_them(package):
    examples = {example.path: example for example in package.load().examples}

    assert examples["submissions/accepted/loop.py"].verdict is Verdict.ACCEPTED
    assert examples["submissions/accepted/loop.py"].reason is None
    wrong = examples["submissions/wrong_answer/unscaled.py"]
    assert (wrong.verdict, wrong.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    assert wrong.program.main.path == "unscaled.py"


def test_limits_of_the_format_and_their_defaults(package):
    problem = package.load()

    assert problem.limits.cpu_ns == 1_500_000_000
    assert problem.limits.wall_ns == 5_500_000_000
    assert problem.limits.memory_bytes == 64 * MIB
    assert problem.limits.output_bytes == 8 * MIB
    assert problem.code_bytes == 128 * 1024
    assert problem.load_limits.cpu_ns == 10_000_000_000
    assert problem.load_limits.memory_bytes == 64 * MIB


def test_limits_with_units(package):
    package.replace(
        "judge.yaml",
        "tests:",
        "limits: {wall_time: 1.6s, processes: 7, answer: 2MiB, load_time: 250ms, load_memory: 128MiB}\ntests:",
    )
    problem = package.load()

    assert problem.limits.wall_ns == 1_600_000_000
    assert problem.limits.processes == 7
    assert problem.limits.answer_bytes == 2 * MIB
    assert problem.load_limits.cpu_ns == 250_000_000
    assert problem.load_limits.memory_bytes == 128 * MIB


def test_a_family_that_is_no_name(new_package):
    assert new_package("My Documents/sum-and-order").load().family == "unfiled"


def test_the_digest_covers_what_compiling_reads_and_nothing_else(package):
    before = package.load().source_digest
    package.write("statement/problem.en.md", "Other words.\n")
    package.write("submissions/accepted/loop.py", "def total(values, scale):\n    return sum(values) * scale\n")
    package.write(".notes", "ignored")
    assert package.load().source_digest == before

    digests = {before}
    for name, old, new in [
        ("author/helper.py", "value * scale", "scale * value"),
        ("data/sample/01.in", "0.5", "0.50"),
        ("data/sample/01.ans", "1.5", "1.50"),
        ("judge.yaml", "seed: 50", "seed: 51"),
        ("problem.yaml", "memory: 64", "memory: 65"),
    ]:
        digests.add(package.replace(name, old, new).load().source_digest)
    digests.add(package.write("judge.lock", '{"format": 1, "cases": {}}').load().source_digest)
    assert len(digests) == 7


# --- errors: file, line, what was expected and found ---------------------------------------------------------------

WRONG = {
    # YAML
    "syntax": ("judge.yaml", "  rtol: 1.0e-9", "  rtol: [1.0e-9", 12, "not valid YAML"),
    "duplicate key": ("judge.yaml", "kind: function", "kind: function\nkind: function", 3, "duplicate key"),
    "tag": ("judge.yaml", "  rtol: 1.0e-9", "  rtol: !number 1.0e-9", 11, "'!number'"),
    "empty section": ("judge.yaml", "tests:", "complexity:\ntests:", 14, "complexity: expected a value or no such key"),
    "empty key of a submission": (
        "judge.yaml",
        ", reason: wrong_value}",
        ", reason: null}",
        21,
        "submissions.wrong_answer/unscaled.py.reason: expected a value or no such key, found nothing",
    ),
    "relative tolerance of 1": (
        "judge.yaml",
        "rtol: 1.0e-9",
        "rtol: 1",
        11,
        "rtol: expected a number of at least 0 and",
    ),
    "key that is no text": ("judge.yaml", "{size: 4}", "{4: 4}", 15, "expected a key that is text, found 4"),
    "top level": ("judge.yaml", None, "- 1\n", 1, "expected a mapping, found [1]"),
    "empty": ("judge.yaml", None, "", 1, "expected a mapping, found nothing"),
    # keys and types
    "unknown key": ("judge.yaml", "entry_point:", "entrypoint:", 3, "'entrypoint': did you mean 'entry_point'?"),
    "unknown key in a list": ("judge.yaml", "    seed: 50", "    sed: 50", 17, "'tests.1.sed': did you mean 'seed'?"),
    "unknown limit": ("problem.yaml", "  memory: 64", "  memory_limit: 64", 8, "'limits.memory_limit'"),
    "unknown credit": ("problem.yaml", "An Author", "{author: A}", 4, "'credits.author': did you mean 'authors'?"),
    "missing key": ("judge.yaml", "  returns: float\n", "", 4, "missing key 'signature.returns'"),
    "missing uuid": ("problem.yaml", "uuid: 5b2b0f6e-0000-4000-8000-000000000001\n", "", 1, "missing key 'uuid'"),
    "type of a limit": ("problem.yaml", "memory: 64", "memory: 64MiB", 8, "limits.memory: expected int, found '64MiB'"),
    "type of a seed": ("judge.yaml", "seed: 50", "seed: soon", 17, "tests.1.seed: expected int, found 'soon'"),
    "bool is no int": ("judge.yaml", "seed: 50", "seed: true", 17, "expected int, found True"),
    # problem.yaml
    "version": ("problem.yaml", "2025-09", "legacy", 1, "'legacy' is not supported yet: expected '2025-09'"),
    "unheard-of version": ("problem.yaml", "2025-09", "2031-01", 1, "expected '2025-09', found '2031-01'"),
    "kind of problem": ("problem.yaml", "credits:", "type: scoring\ncredits:", 4, "type scoring is not supported yet"),
    "license": ("problem.yaml", "cc by", "cc-by", 5, "unknown license 'cc-by': did you mean 'cc by'?"),
    "owner": ("problem.yaml", "credits: An Author\n", "", 4, "license 'cc by' needs an owner"),
    "uuid": ("problem.yaml", "5b2b0f6e-", "5b2b0f6x-", 3, "expected 32 hexadecimal digits"),
    "languages": ("problem.yaml", "license:", "languages: [cobol]\nlicense:", 5, "expected 'all' or one of python3"),
    "statement": ("problem.yaml", "name: Sum", "name: {en: Sum, sv: Summa} #", 2, "the language 'sv' has no statement"),
    "english": ("problem.yaml", "name: Sum", "name: {sv: Summa} #", 2, "expected one in English"),
    "constants": ("problem.yaml", "license:", "constants: {n: 3}\nlicense:", 5, "constants are not supported yet"),
    "embargo": ("problem.yaml", "license:", "embargo_until: soon\nlicense:", 5, "expected a date"),
    # limits
    "no time limit": ("problem.yaml", "  time_limit: 1.5\n", "", 6, "missing key 'limits.time_limit'"),
    "time limit 0": ("problem.yaml", "1.5", "0", 7, "expected seconds from 0.001 to 60, found 0"),
    "time limit NaN": ("problem.yaml", "1.5", ".nan", 7, "from 0.001 to 60, found nan"),
    "time limit 61": ("problem.yaml", "1.5", "61", 7, "from 0.001 to 60, found 61"),
    "time limit below a millisecond": ("problem.yaml", "1.5", "1.0e-12", 7, "from 0.001 to 60, found 1e-12"),
    "load time below a millisecond": (
        "judge.yaml",
        "tests:",
        "limits: {load_time: 9us}\ntests:",
        14,
        "load_time: expected 1 ms to 60 s, found",
    ),
    "little memory": ("problem.yaml", "memory: 64", "memory: 1", 8, "expected 16 MiB to 8 GiB, found 1 MiB"),
    "unit": (
        "judge.yaml",
        "tests:",
        "limits: {wall_time: 3 hours}\ntests:",
        14,
        "limits.wall_time: expected a duration such as '1.5s'",
    ),
    "wall below CPU": (
        "judge.yaml",
        "tests:",
        "limits: {wall_time: 1s}\ntests:",
        14,
        "expected 1.5 s to 600 s, found 1 s",
    ),
    # judge.yaml
    "schema version": ("judge.yaml", "judge: 1", "judge: 2", 1, "expected the version 1, found 2"),
    "unknown kind": ("judge.yaml", "kind: function", "kind: functional", 2, "did you mean 'function'?"),
    "entry point": (
        "judge.yaml",
        "entry_point: total",
        "entry_point: 2total",
        3,
        "expected an identifier, found '2total'",
    ),
    "keyword": ("judge.yaml", "entry_point: total", "entry_point: class", 3, "expected an identifier, found 'class'"),
    "parameter name": (
        "judge.yaml",
        "    scale: float",
        "    sc-ale: float",
        7,
        "expected an identifier, found 'sc-ale'",
    ),
    "type expression": ("judge.yaml", "list[int]", "list[integer]", 6, "found 'integer' in 'list[integer]'"),
    "type of keys": ("judge.yaml", "list[int]", "'dict[list[int], int]'", 6, "expected a type that can be a key"),
    "isolation": ("judge.yaml", "tests:", "isolation: tests\ntests:", 14, "'tests': did you mean 'test'?"),
    "runtime": ("judge.yaml", "tests:", "runtime: ../x\ntests:", 14, "runtime: expected a name of a-z"),
    "language": ("judge.yaml", "tests:", "languages: [python]\ntests:", 14, "'python': did you mean 'python3'?"),
    "no language": ("judge.yaml", "tests:", "languages: []\ntests:", 14, "expected one or more, each once"),
    "checker": ("judge.yaml", "  name: float", "  name: approximate", 10, "unknown checker 'approximate'"),
    "checker parameter": ("judge.yaml", "  rtol: 1.0e-9", "  abs_tol: 1", 11, "has no parameter 'abs_tol'"),
    "checker value": ("judge.yaml", "  rtol: 1.0e-9", "  rtol: -1", 11, "checker 'float': rtol"),
    "checker and type": (
        "judge.yaml",
        "  returns: float",
        "  returns: str",
        9,
        "checker 'float': expected a return type",
    ),
    "checker without name": ("judge.yaml", "  name: float\n", "", 9, "missing key 'checker.name'"),
    "test name": ("judge.yaml", "{name: small", "{name: Small One", 15, "expected lower-case words"),
    "test name twice": ("judge.yaml", "name: larger", "name: small", 16, "the name 'small' stands twice"),
    "negative seed": ("judge.yaml", "seed: 50", "seed: -50", 17, "expected 0 to 9223372036854775807, found -50"),
    "count": ("judge.yaml", "count: 3", "count: 0", 15, "tests.0.count: expected 1 to 1000, found 0"),
    "too many": ("judge.yaml", "count: 3", "count: 1000", 14, "expected at most 1000 tests, found 1003"),
    "date as parameter": ("judge.yaml", "      size: 30", "      size: 2024-01-31", 19, "tests.1.params.size"),
    "reference file": ("judge.yaml", "solution.py", "solve.py", 12, "there is no file 'author/solve.py'"),
    "reference that is no Python": ("judge.yaml", "solution.py", "solution.cpp", 12, "expected a Python file"),
    "reference outside": (
        "judge.yaml",
        "author/solution.py",
        "../solution.py",
        None,
        "expected a path inside the package",
    ),
    "reference function": ("judge.yaml", "solution.py}", "solution.py, function: a b}", 12, "found 'a b'"),
    "no generator": ("judge.yaml", "generator: {file: author/numbers_of.py}\n", "", 13, "missing key 'generator'"),
    "no reference": ("judge.yaml", "reference: {file: author/solution.py}\n", "", 13, "missing key 'reference'"),
    # submissions
    "verdict": (
        "judge.yaml",
        "{verdict: WRONG_ANSWER,",
        "{verdict: WRONG_ANSWERS,",
        21,
        "did you mean 'WRONG_ANSWER'?",
    ),
    "verdict of another directory": (
        "judge.yaml",
        "{verdict: WRONG_ANSWER, reason: wrong_value}",
        "{verdict: ACCEPTED}",
        21,
        "permits WRONG_ANSWER",
    ),
    "reason": ("judge.yaml", "reason: wrong_value", "reason: wrong_vale", 21, "did you mean 'wrong_value'?"),
    "submission": (
        "judge.yaml",
        "wrong_answer/unscaled.py",
        "wrong_answer/unscale.py",
        21,
        "did you mean 'wrong_answer/unscaled.py'?",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_names_file_and_line(package, case):
    name, old, new, line, message = WRONG[case]
    error = package.write(name, new).error() if old is None else package.replace(name, old, new).error()

    assert message in error.message
    assert error.line == line
    assert line is None or error.file == str(package.root / name)


def test_an_accepted_submission_has_no_reason(package):
    added = "submissions:\n  accepted/loop.py: {verdict: ACCEPTED, reason: wrong_value}"
    error = package.replace("judge.yaml", "submissions:", added).error()
    assert (error.line, "has no reason" in error.message) == (21, True)


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("problem.yaml", b"name: \xff\n", 1, "expected UTF-8, found the byte 0xff"),
        ("judge.yaml", b"\xef\xbb\xbfjudge: 1\n", 1, "byte-order mark"),
        ("statement/problem.en.md", b"one\ntwo\xc3\n", 2, "expected UTF-8"),
        ("data/sample/01.in", b'{"values": [], \n "scale": "\x80"}', 2, "expected UTF-8"),
    ],
)
def test_files_that_are_not_utf_8(package, name, content, line, message):
    error = package.write(name, content).error()
    assert (error.file, error.line) == (str(package.root / name), line)
    assert message in error.message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("problem.yaml", "there is no problem.yaml in it"),
        ("judge.yaml", "empty.ans, found none"),
        ("statement/problem.en.md", "the language 'en' has no statement"),
    ],
)
def test_missing_files(package, name, message):
    assert message in package.remove(name).error().message


def test_a_directory_that_is_not_there(tmp_path):
    with pytest.raises(SpecError, match="found none"):
        load_problem(tmp_path / "nothing")


def test_a_slug_that_is_no_name(new_package):
    assert "found 'Sum_Order'" in new_package("sums/Sum_Order").error().message


# --- paths that lead out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["author/solution.py", "data/sample/01.in", "problem.yaml", "statement/problem.en.md"])
def test_a_link_out_of_the_package(package, tmp_path, name):
    outside = tmp_path / "outside"
    outside.write_bytes((package.root / name).read_bytes())
    package.remove(name)
    (package.root / name).symlink_to(outside)
    assert "leads out of the package" in package.error().message


def test_a_directory_that_is_a_link_out_of_the_package(package, tmp_path):
    os.rename(package.root / "submissions", tmp_path / "elsewhere")
    (package.root / "submissions").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the package" in package.error().message


def test_a_link_inside_the_package(package):
    (package.root / "author" / "solution.py").rename(package.root / "author" / "kept.txt")
    (package.root / "author" / "solution.py").symlink_to("kept.txt")
    assert b"def total" in package.load().reference.program.main.content


def test_a_file_that_is_a_pipe_is_not_opened(package):
    package.remove("judge.yaml")
    os.mkfifo(package.root / "judge.yaml")
    assert "not a regular file" in package.error().message


def test_a_link_to_itself(package):
    package.remove("judge.yaml")
    (package.root / "judge.yaml").symlink_to("judge.yaml")
    assert isinstance(package.error(), SpecError)


# --- the author's modules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["random.py", "judge_author.py", "numpy.py", "two-words.py"])
def test_a_module_that_could_not_be_imported(package, module):
    error = package.write(f"author/{module}", "").error()
    assert repr(module) in error.message
    assert error.line == 12


def test_files_in_directories_below_are_not_part_of_a_program(package):
    package.write("author/old/solution.py", "").write("author/notes.md", "")
    assert len(package.load().reference.program.files) == 3


# --- submissions ---------------------------------------------------------------------------------------------------


def test_an_unknown_directory_of_submissions(package):
    error = package.write("submissions/time_limit_exeeded/slow.py", "").error()
    assert "did you mean 'time_limit_exceeded'?" in error.message


@pytest.mark.parametrize("directory", ["rejected", "brute_force"])
def test_a_directory_that_leaves_the_verdict_open(package, directory):
    assert "permits several verdicts" in package.write(f"submissions/{directory}/x.py", "").error().message


def test_a_verdict_for_a_directory_that_leaves_it_open(package):
    package.write("submissions/brute_force/slow.py", "")
    added = "submissions:\n  brute_force/slow.py: {verdict: TIME_LIMIT_EXCEEDED}"
    examples = package.replace("judge.yaml", "submissions:", added).load().examples
    assert [example.verdict for example in examples][1] is Verdict.TIME_LIMIT_EXCEEDED


def test_a_submission_of_several_files(package):
    package.write("submissions/accepted/two/main.py", "from other import total\n")
    package.write("submissions/accepted/two/other.py", "def total(values, scale):\n    return sum(values) * scale\n")
    example = next(example for example in package.load().examples if example.path.endswith("two"))
    assert [file.path for file in example.program.files] == ["main.py", "other.py"]

    package.write("submissions/submissions.yaml", "accepted/two: {entrypoint: other.py}\n")
    example = next(example for example in package.load().examples if example.path.endswith("two"))
    assert [file.path for file in example.program.files] == ["other.py", "main.py"]


def test_a_submission_in_no_known_language(package):
    assert "expected a python3 main file (.py)" in package.write("submissions/accepted/x.cobol", "").error().message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("accepted/none.py: {}\n", 1, "matches no submission"),
        ("accepted:\n  permited: [AC]\n", 2, "did you mean 'permitted'?"),
        ("accepted:\n  permitted: [OK]\n", 2, "unknown accepted.permitted 'OK'"),
        ("accepted:\n  permitted: [AC, WA]\n  required: [WA]\n", 3, "contradicts ACCEPTED"),
        ("'*/{loop,unscaled}.py':\n  permitted: [AC]\n", 2, "contradicts WRONG_ANSWER"),
        ("accepted:\n  secret/small-*:\n    require: [AC]\n", 3, "did you mean 'required'?"),
        ("accepted:\n  language: cobol\n", None, "found cobol"),
    ],
)
def test_submissions_yaml_is_checked(package, text, line, message):
    error = package.write("submissions/submissions.yaml", text).error()
    assert message in error.message
    assert (error.file, error.line) == (str(package.root / "submissions/submissions.yaml"), line)


def test_submissions_yaml_that_agrees(package):
    package.write(
        "submissions/submissions.yaml",
        "accepted/loop.py: {model_solution: true, authors: A. B.}\n"
        "wrong_answer/*:\n  permitted: [AC, WA]\n  sample: {permitted: [AC, WA]}\n",
    )
    assert len(package.load().examples) == 2


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("accepted", "accepted/a.py", True),
        ("accepted/*", "accepted/a.py", True),
        ("*/a.py", "accepted/a.py", True),
        ("*", "accepted/a.py", True),
        ("accepted/{a,b}.py", "accepted/b.py", True),
        ("accepted/[ab].py", "accepted/a.py", False),
        ("accepted/a.py/deeper", "accepted/a.py", False),
        ("accept*", "accepted/a.py", True),
        ("a.py", "accepted/a.py", False),
    ],
)
def test_patterns_of_submissions(pattern, path, expected):
    assert matches(pattern, path) is expected


# --- whatever the files hold ---------------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from("ab:-[]{}!&*|>'\"#%@`,? \n\t01.~<é\x00\x07"), max_size=60))
def test_any_text_is_a_document_or_an_error(text):
    with contextlib.suppress(SpecError):
        document = parse_yaml(text, "file.yaml")
        assert document.line("a", 0, "b") >= 1


def test_aliases_cannot_multiply_without_end(package):
    doubling = "a: &a [1, 2]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghijklmnopq", "bcdefghijklmnopqr", strict=True)
    )
    assert "more than" in package.write("judge.yaml", doubling).error().message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 3000, "expected at most 128 open brackets"),
        ("- " * 3000, "not valid YAML"),
        ("a: 1\n" * 20_000, "expected at most 65536 characters of YAML, found 100000"),
    ],
)
def test_documents_that_would_take_long(package, text, message):
    assert message in package.write("judge.yaml", text).error().message


def test_a_path_is_reported_as_it_was_given(package, monkeypatch):
    monkeypatch.chdir(package.root.parent)
    package.replace("judge.yaml", "judge: 1", "judge: 2")
    with pytest.raises(SpecError) as caught:
        load_problem(Path("sum-and-order"))
    assert str(caught.value) == "sum-and-order/judge.yaml:1: judge: expected the version 1, found 2"


# --- what a hostile author found -----------------------------------------------------------------------------------

UNREADABLE = {
    "a NUL byte": ("a: 1\nb: x\0y\n", 2, "unacceptable character #x0000"),
    "a control character after another line's text": ("# \u00e9\n\n\nb: \x07\n", 4, "unacceptable character #x0007"),
    "an integer of 5000 digits": (f"a: 1\nb: {'9' * 5000}\n", 2, "expected an integer of at most 1024 digits"),
    "an integer of 1025 digits": (f"a: 1\nb: 1{'0' * 1024}\n", 2, "expected an integer of at most 1024 digits"),
    "a hexadecimal integer": (f"a:\n  - 1\n  - 0x{'f' * 9000}\n", 3, "found an integer of 36000 bits"),
    "a month 13": ("a: 1\nb: {c: 2021-13-45}\n", 2, "expected a date, found '2021-13-45'"),
    "text with the tag of an integer": (
        "a: 1\nb: !!int x\n",
        2,
        "expected an integer of at most 1024 digits, found 'x'",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_yaml_that_cannot_be_read_has_a_line_and_no_words_of_the_interpreter(case):
    text, line, message = UNREADABLE[case]
    with pytest.raises(SpecError) as caught:
        parse_yaml(text, "file.yaml")
    assert message in caught.value.message
    assert caught.value.line == line
    assert "sys." not in caught.value.message
    assert "int()" not in caught.value.message


def test_an_integer_of_1024_digits_in_yaml():
    assert parse_yaml(f"a: {'9' * 1024}\n", "file.yaml").value == {"a": 10**1024 - 1}
