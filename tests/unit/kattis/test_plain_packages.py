"""Plain packages of all versions: loaded, compiled, graded; what is not supported is refused by name."""

from __future__ import annotations

import pytest

from judge.model.run import Isolation
from judge.model.verdict import Verdict
from judge.units import NANOSECONDS

SUM = "print(sum(map(int, input().split())))\n"
ABSOLUTE = "print(sum(abs(int(word)) for word in input().split()))\n"


def test_every_version_is_graded(package):
    report = package.grade(SUM)
    assert (report.verdict, report.score) == (Verdict.ACCEPTED, 1)
    assert [case.name for case in report.cases] == ["sample/1", "secret/01", "secret/02"]


def test_the_first_test_that_fails_decides_and_ends_the_grading(package):
    package.write("data/secret/03.in", "1 1\n").write("data/secret/03.ans", "2\n")
    report = package.grade(ABSOLUTE)
    assert (report.verdict, report.score) == (Verdict.WRONG_ANSWER, 0)
    assert report.message.startswith("secret/02: ")
    verdicts = [case.verdict for case in report.cases]
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.SKIPPED]


def test_a_program_that_fails_after_the_right_output_is_not_accepted(package):
    report = package.grade(SUM + "raise SystemExit(1)\n")
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, "exit_status")


def test_the_problem_says_what_it_is(package):
    problem = package.load()
    assert (problem.kind, problem.isolation, problem.languages) == (
        "stdio",
        Isolation.PROCESS,
        ("cpp20", "c", "java17", "python3", "pypy3"),
    )
    assert (problem.name, problem.statement.strip().endswith("Add.")) == ("Sum", True)
    assert problem.limits.cpu_ns == 2 * NANOSECONDS


def test_groups_are_tested_in_the_order_of_their_names(package):
    for name in ("data/secret/01", "data/secret/02"):
        package.remove(f"{name}.in").remove(f"{name}.ans")
    for name in ("b/1", "a/2", "a/10"):
        package.write(f"data/secret/{name}.in", "1 2\n").write(f"data/secret/{name}.ans", "3\n")
    assert [case.name for case in package.compile().cases] == ["sample/1", "secret/a/10", "secret/a/2", "secret/b/1"]


def test_each_test_is_a_run_of_its_own(package):
    source = "import sys\nassert 'seen' not in sys.modules\nsys.modules['seen'] = sys\n"
    source += "try:\n    pass\nfinally:\n    del sys.modules['seen']\n"
    assert package.grade(source + SUM).verdict is Verdict.ACCEPTED


def test_constants_stand_in_examples_and_included_files(current):
    text = (current.root / "problem.yaml").read_text() + "constants: {less: 7, other: x}\n"
    current.write("problem.yaml", text).write("include/python3/helper.py", "x = {{less}} {{unknown}}\n")
    current.write("submissions/wrong_answer/less.py", "print(sum(map(int, input().split())) - {{less}})\n")
    problem = current.load()
    assert problem.included["python3"][0].content == b"x = 7 {{unknown}}\n"
    assert b"- 7" in next(e for e in problem.examples if e.path.endswith("less.py")).program.main.content


def test_included_files_lie_beside_every_submission(package):
    package.write("include/python3/helper.py", "def total(words):\n    return sum(map(int, words))\n")
    package.write("include/default/table.txt", "x").write("include/kotlin/a.kt", "")
    source = "import helper\nwith open(__file__.replace('solution.py', 'table.txt')) as table:\n    table.read()\n"
    source += "print(helper.total(input().split()))\n"
    assert package.grade(source).verdict is Verdict.ACCEPTED
    assert sorted(package.load().included) == ["c", "cpp20", "java17", "pypy3", "python3"]


def test_an_included_main_file_is_what_runs(package):
    package.write("include/python3/main.py", "import solution\nprint(solution.total(input().split()))\n")
    assert package.grade("def total(words):\n    return sum(map(int, words))\n").verdict is Verdict.ACCEPTED
    assert package.grade("def total(words):\n    return 0\n").verdict is Verdict.WRONG_ANSWER


def test_what_is_only_for_people_is_left(package):
    for name in ("1.png", "1.hint", "1.desc", "1.interaction", "1.in.statement", "1.ans.download", "1.out", "notes"):
        package.write(f"data/sample/{name}", "x")
    package.write("data/generator.sh", "exit 1\n").write("data/secret/gen.py", "1 / 0\n")
    package.write("data/invalid_input/1.in", "x").write("attachments/a.txt", "x")
    assert package.grade(SUM).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data/secret/03.in", "1\n", "expected an answer file beside it, secret/03.ans, found none"),
        ("data/secret/03.ans", "1\n", "there is no test '03': expected 03.in beside it"),
        ("data/secrets/1.in", "1\n", "unknown name under data: did you mean 'secret'?"),
        ("data/secret/01/1.in", "1\n", "a group and a test have the name '01'"),
        ("include/helper.py", "x = 1\n", "expected a directory such as include/cpp, found a file"),
        ("static_validator/check.py", "x = 1\n", "static validators are not supported"),
    ],
)
def test_what_is_wrong_or_not_supported_is_named(package, name, content, message):
    error = package.write(name, content).error()
    assert message in error.message
    assert (error.file is not None and "data" in error.file) or name.partition("/")[0] in str(error.file)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("name: Sum", "nam: Sum", 1, "unknown key 'nam'"),
        ("name: Sum", "name: Sum\ntype: interactive", 2, "unknown type 'interactive'"),
        ("name: Sum", "name: Sum\nvalidation: interactive", 2, "found 'interactive'"),
        ("name: Sum", "name: Sum\nlimits: {validation_passes: 2}", 2, "in a problem that is not multi-pass"),
        ("name: Sum", "name: Sum\nvalidation: custom score", 2, "found 'custom score'"),
        ("name: Sum", "name: Sum\nvalidator_flags: float_tol 1e-6", None, "unknown argument 'float_tol'"),
        ("name: Sum", "name: Sum\nvalidator_flags: '\"'", 2, "validator_flags: No closing quotation"),
        ("name: Sum", "name: Sum\nlimits: {time: 3}", 2, "unknown key 'limits.time'"),
        ("name: Sum", "name: Sum\ngrading: {objective: least}", 2, "unknown grading.objective 'least'"),
        ("name: Sum", "name: Sum\nlanguages: ada apl", 2, "languages: expected 'all' or one of cpp, c, java, python3"),
        ("name: Sum", "name: Sum\nproblem_format_version: 2024-01", 2, "unknown problem_format_version '2024-01'"),
        ("name: Sum", "name: Sum\nlibraries: gmp", 2, "unknown key 'libraries'"),
    ],
)
def test_legacy_keys_that_are_unknown_or_not_supported(legacy, old, new, line, message):
    text = (legacy.root / "problem.yaml").read_text()
    error = legacy.write("problem.yaml", text.replace(old, new)).error()
    assert message in error.message
    assert error.line == line


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("type: [pass-fail, scoring]\n", "'pass-fail' and 'scoring' exclude each other"),
        ("type: [interactive, submit-answer]\n", "'submit-answer' and 'interactive' exclude each other"),
        ("type: [interactive, interactive]\n", "each once"),
        ("constants: {1n: 3}\n", "constants: expected a name of letters, digits and _, found '1n'"),
        ("validation: custom\n", "unknown key 'validation'"),
        ("languages: [cobol]\n", "languages: expected 'all' or one of cpp, c, java, python3"),
    ],
)
def test_keys_of_2025_09_that_are_not_supported(current, extra, message):
    text = (current.root / "problem.yaml").read_text()
    assert message in current.write("problem.yaml", text + extra).error().message


def test_legacy_flags_are_those_of_the_package_and_of_the_group(legacy):
    text = (legacy.root / "problem.yaml").read_text()
    legacy.write("problem.yaml", text + "validator_flags: float_tolerance 1e-3\n")
    legacy.write("data/secret/testdata.yaml", "output_validator_flags: space_change_sensitive\n")
    flags = {case.name: legacy.compile().expected_of(case)[1] for case in legacy.compile().cases}
    assert flags["sample/1"] == ["float_tolerance", "1e-3"]
    assert flags["secret/01"] == ["float_tolerance", "1e-3", "space_change_sensitive"]
    assert legacy.grade("print(sum(map(int, input().split())) + 1e-4)\n").verdict is Verdict.ACCEPTED


def test_the_nearest_file_above_holds_for_a_legacy_group(legacy):
    legacy.write("data/testdata.yaml", "output_validator_flags: case_sensitive\n")
    legacy.write("data/secret/g/1.in", "1\n").write("data/secret/g/1.ans", "1\n")
    plan = legacy.compile()
    assert {tuple(plan.expected_of(case)[1]) for case in plan.cases} == {("case_sensitive",)}


def test_arguments_and_files_of_a_test_reach_the_program(current):
    current.write("data/secret/01.yaml", "args: [a, b c]\noutput_validator_args: [case_sensitive]\n")
    current.write("data/secret/01.ans", "['a', 'b c'] Seven\n")
    current.write("data/secret/01.files/table.txt", "Seven")
    source = """
import os, sys
words = sys.argv[1:]
if words:
    with open(os.path.join(os.path.dirname(__file__), "table.txt")) as table:
        print(words, table.read())
else:
    print(sum(map(int, input().split())))
"""
    assert current.grade(source).verdict is Verdict.ACCEPTED
    assert current.grade(source.replace("table.read()", "table.read().lower()")).verdict is Verdict.WRONG_ANSWER


def test_words_of_an_args_file_are_arguments_in_every_version(package):
    package.write("data/secret/01.args", "a  'b\n\tc' \n").write("data/secret/01.ans", """['a', "'b", "c'"]\n""")
    source = "import sys\nprint(sys.argv[1:] or sum(map(int, input().split())))\n"
    assert package.grade(source).verdict is Verdict.ACCEPTED
    package.write("data/secret/02.args", "")
    assert package.grade(source).verdict is Verdict.ACCEPTED


def test_an_args_file_stands_for_those_of_the_group_and_excludes_those_of_the_test(current):
    current.write("data/secret/test_group.yaml", "args: [group]\n").write("data/secret/02.args", "own\n")
    found = {case.name: current.compile().arguments_of(case)["arguments"] for case in current.compile().cases}
    assert found == {"sample/1": [], "secret/01": ["group"], "secret/02": ["own"]}
    current.write("data/secret/02.yaml", "args: [other]\n")
    assert "expected none beside" in current.error().message
    current.write("data/secret/02.yaml", "output_validator_args: [case_sensitive]\n")
    found = {case.name: current.compile().arguments_of(case)["arguments"] for case in current.compile().cases}
    assert found["secret/02"] == ["own"]


def inputs_of(package):
    return {case.name: case.input_arguments for case in package.load().written}


def test_arguments_of_input_validators_are_those_of_the_test_or_its_group(current):
    current.write("data/test_group.yaml", "input_validator_args: [low]\n")
    current.write("data/secret/01.yaml", "input_validator_args: {check: [a, b c]}\nargs: [own]\n")
    found = inputs_of(current)
    assert found["secret/01"] == {"": ("own",), "check": ("a", "b c", "own")}
    assert found["secret/02"] == found["sample/1"] == {"": ("low",)}


def test_flags_of_input_validators_of_the_legacy_version(legacy):
    legacy.write("data/testdata.yaml", "input_validator_flags: low 'b c'\n").write("data/secret/01.args", "own\n")
    legacy.write("data/sample/testdata.yaml", "input_validator_flags: {name: check, flags: high}\n")
    assert inputs_of(legacy)["secret/01"] == {"": ("low", "b c")}
    assert inputs_of(legacy)["sample/1"] == {"": (), "check": ("high",)}
    error = legacy.write("data/testdata.yaml", 'input_validator_flags: "\'"\n').error()
    assert "input_validator_flags: No closing quotation" in error.message


def test_groups_inherit_arguments_key_by_key(current):
    for name in ("data/secret/01", "data/secret/02"):
        current.remove(f"{name}.in").remove(f"{name}.ans")
    for name in ("a", "b"):
        current.write(f"data/secret/{name}/1.in", "1\n").write(f"data/secret/{name}/1.ans", "1\n")
    current.write("data/test_group.yaml", "output_validator_args: [case_sensitive]\n")
    current.write("data/secret/a/test_group.yaml", "output_validator_args: []\n")
    found = {case.name: current.compile().expected_of(case)[1] for case in current.compile().cases}
    assert found == {"sample/1": ["case_sensitive"], "secret/a/1": [], "secret/b/1": ["case_sensitive"]}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data/secret/testdata.yaml", "on_reject: break\n", "has test_group.yaml"),
        ("data/secret/test_group.yaml", "max_score: 3\n", "only a problem of type 'scoring'"),
        ("data/secret/test_group.yaml", "static_validation_score: 3\n", "static validators"),
        ("data/secret/test_group.yaml", "arg: [a]\n", "unknown key 'arg'"),
        ("data/secret/01.yaml", "arg: [a]\n", "unknown key 'arg'"),
    ],
)
def test_configuration_of_2025_09_that_is_wrong(current, name, content, message):
    assert message in current.write(name, content).error().message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data/secret/test_group.yaml", "args: []\n", "has testdata.yaml"),
        ("data/secret/testdata.yaml", "grading: custom\n", "only 'default' is supported"),
        ("data/secret/testdata.yaml", "on_reject: stop\n", "expected 'break' or 'continue'"),
        ("data/secret/03.args", "1\n", "there is no test '03'"),
        ("data/secret/01.args", "a\0b\n", "expected arguments without the character NUL"),
        (".timelimit", "two\n", "expected a number of seconds, found 'two'"),
    ],
)
def test_configuration_of_legacy_that_is_wrong(legacy, name, content, message):
    assert message in legacy.write(name, content).error().message


def test_a_time_limit_follows_from_the_accepted_submissions(legacy):
    legacy.remove(".timelimit")
    plan = legacy.compile()
    assert plan.limits.cpu_ns == NANOSECONDS  # the smallest multiple of a second
    assert legacy.grade(SUM).verdict is Verdict.ACCEPTED


def test_a_time_limit_needs_an_accepted_submission_that_passes(legacy):
    legacy.remove(".timelimit").write("submissions/accepted/sum.py", "raise SystemExit(3)\n")
    error = legacy.error()
    assert "must be accepted, but on test sample/1 it ended with exit status 3" in error.message
    legacy.remove("submissions/accepted/sum.py").write("submissions/accepted/sum.kt", "fun main() {}\n")
    assert "no time limit: expected limits.time_limit, or an accepted submission" in legacy.error().message


def test_a_package_may_have_no_uuid(current):
    text = (current.root / "problem.yaml").read_text()
    without = "\n".join(line for line in text.split("\n") if not line.startswith("uuid"))
    assert current.write("problem.yaml", without).grade(SUM).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("name", "content"), [("domjudge-problem.ini", "short-name = A\ntimelimit='3'\n"), (".timelimit", " 3.0\n")]
)
def test_where_a_legacy_package_states_its_time_limit(legacy, name, content):
    legacy.remove(".timelimit").write(name, content)
    assert legacy.compile().limits.cpu_ns == 3 * NANOSECONDS


def test_examples_are_those_of_languages_that_there_are(package):
    package.write("submissions/accepted/other.cpp", "int main() {}\n").write("submissions/accepted/sum.kt", "")
    package.write("submissions/accepted/two/main.py", "import helper\n").write("submissions/accepted/two/helper.py", "")
    found = {example.path: example.verdict for example in package.load().examples}
    assert found == {
        "submissions/accepted/other.cpp": Verdict.ACCEPTED,
        "submissions/accepted/sum.py": Verdict.ACCEPTED,
        "submissions/accepted/two": Verdict.ACCEPTED,
        "submissions/wrong_answer/absolute.py": Verdict.WRONG_ANSWER,
    }
