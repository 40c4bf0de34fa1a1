"""What packages demand of their submissions: directories, submissions.yaml, marks; and whether a report keeps to it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from judge.authoring.expectations import broken_expectations
from judge.cli.examples import is_declared
from judge.model.report import skipped_case
from judge.model.verdict import Verdict
from judge.spec.submissions import CODES

AC, WA, TLE, RTE = (
    Verdict.ACCEPTED,
    Verdict.WRONG_ANSWER,
    Verdict.TIME_LIMIT_EXCEEDED,
    Verdict.RUNTIME_ERROR,
)
SUM = "print(sum(map(int, input().split())))\n"


def example_of(package, path: str):
    found = {example.path: example for example in package.load().examples}
    return found[f"submissions/{path}"]


def with_rules(package, text: str, path: str = "mine/a.py", source: str = "print(1)\n"):
    package.write("submissions/submissions.yaml", text).write(f"submissions/{path}", source)
    return example_of(package, path)


@pytest.mark.parametrize(
    ("directory", "verdict"),
    [
        ("accepted", AC),
        ("wrong_answer", WA),
        ("time_limit_exceeded", TLE),
        ("run_time_error", RTE),
        ("partially_accepted", AC),
        ("compiler_error", Verdict.COMPILE_ERROR),
        ("no_output", WA),
        ("output_limit", Verdict.OUTPUT_LIMIT_EXCEEDED),
        ("runtime_error", RTE),
        ("memory_limit", RTE),
        ("rejected", None),
        ("slow_accepted", None),
        ("mixed", None),
        ("different", None),
    ],
)
def test_the_directories_of_the_legacy_version(legacy, directory, verdict):
    legacy.write(f"submissions/{directory}/x.cpp", "int main() {}\n")
    assert example_of(legacy, f"{directory}/x.cpp").verdict is verdict


@pytest.mark.parametrize(
    ("directory", "codes"),
    [
        ("rejected", {"WA", "TLE", "RTE"}),
        ("brute_force", {"TLE", "RTE"}),
        ("mixed", set()),
        ("different", set()),
        ("run_time_error", {"RTE"}),
        ("wrong_answer", {"WA"}),
        ("anything", set()),
    ],
)
def test_the_directories_of_2025_09(current, directory, codes):
    current.write(f"submissions/{directory}/x.py", "")
    example = example_of(current, f"{directory}/x.py")
    assert {CODES[verdict] for verdict in example.verdicts} == codes
    assert (example.verdict is None) == (len(codes) != 1)


def test_a_rejected_submission_of_the_legacy_version_may_fail_in_any_way_but_must_fail(legacy):
    legacy.write("submissions/rejected/x.py", SUM)
    example = example_of(legacy, "rejected/x.py")
    assert {CODES[verdict] for verdict in example.verdicts} == {"WA", "TLE", "RTE"}
    assert "found ACCEPTED" in broken_expectations(example, legacy.grade(SUM), legacy.compile())[0]


@pytest.mark.parametrize("mark", ["TIMELIMIT, CORRECT", "timelimit,correct", "ACCEPTED, TIME_LIMIT_EXCEEDED"])
@pytest.mark.parametrize("tag", ["RESULTS", "SCORE"])
def test_a_mark_in_the_source_wins(package, mark, tag):
    package.write("submissions/mixed/x.cpp", f"// @EXPECTED_{tag}@: {mark}\nint main() {{}}\n")
    assert set(example_of(package, "mixed/x.cpp").verdicts) == {AC, TLE}


@pytest.mark.parametrize(
    ("directory", "counts"),
    [
        ("accepted", False),
        ("wrong_answer", False),
        ("time_limit_exceeded", False),
        ("run_time_error", False),
        ("rejected", True),
    ],
)
def test_a_mark_is_ignored_in_the_four_official_directories(package, directory, counts):
    package.write(f"submissions/{directory}/x.cpp", "int main() {}\n")
    unmarked = example_of(package, f"{directory}/x.cpp").verdicts
    package.write(f"submissions/{directory}/x.cpp", "// @EXPECTED_RESULTS@: COMPILER-ERROR\nint main() {}\n")
    expected = (Verdict.COMPILE_ERROR,) if counts else unmarked
    assert example_of(package, f"{directory}/x.cpp").verdicts == expected


@pytest.mark.parametrize(("points", "broken"), [(50, []), (40, ["expected 40 points, found 50"])])
def test_a_mark_for_points_is_compared(current, points, broken):
    source = f"# @EXPECTED_SCORE@: {points}\nprint(30)\n"
    current.write("problem.yaml", (current.root / "problem.yaml").read_text() + "type: scoring\n")
    current.write("submissions/mixed/x.py", source)
    example = example_of(current, "mixed/x.py")
    assert broken_expectations(example, current.grade(source), current.compile()) == broken


@pytest.mark.parametrize(("source", "right"), [(SUM, False), ("print(30)\n", True)])
def test_a_partially_accepted_submission_has_not_all_points(current, source, right):
    text = (current.root / "problem.yaml").read_text() + "type: scoring\n"
    current.write("problem.yaml", text).write("submissions/partially_accepted/x.py", source)
    example = example_of(current, "partially_accepted/x.py")
    broken = broken_expectations(example, current.grade(source), current.compile())
    assert broken == ([] if right else ["expected fewer than all points, found 100 of 100 points"])


def test_submissions_yaml_names_language_and_entry_point(current):
    text = "mine/two: {language: python3, entrypoint: b.py}\n"
    current.write("submissions/mine/two/a.py", "").write("submissions/mine/two/b.py", "1\n")
    current.write("submissions/mine/two/c.cpp", "").write("submissions/mine/two/d.cpp", "")
    current.write("submissions/mine/two/e.cpp", "")
    assert example_of(current, "mine/two").program.language == "cpp20"
    current.write("submissions/submissions.yaml", text)
    program = example_of(current, "mine/two").program
    assert (program.language, program.main.path) == ("python3", "b.py")


def test_a_directory_s_own_rules_replace_the_default_key_by_key(current):
    text = "accepted: {permitted: [WA]}\n"
    assert with_rules(current, text, "accepted/a.py").verdict is WA
    text = "time_limit_exceeded: {permitted: [AC, WA, TLE]}\n"
    example = with_rules(current, text, "time_limit_exceeded/a.py")
    assert (example.expectations[0].required, example.expectations[0].bound) == (("TLE",), "upper")


@pytest.mark.parametrize(
    ("rule", "bound"),
    [
        ("{permitted: [AC, WA]}", "lower"),
        ("{permitted: [AC, TLE]}", ""),
        ("{required: [TLE]}", "upper"),
        ("{required: [TLE, RTE]}", ""),
        ("{permitted: [AC], use_for_time_limit: false}", ""),
        ("{use_for_time_limit: lower}", "lower"),
    ],
)
def test_which_submissions_bound_the_time_limit(current, rule, bound):
    assert with_rules(current, f"mine/*: {rule}\n").expectations[0].bound == bound


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mine: {permitted: [OK]}\n", "unknown mine 'OK'"),
        ("mine: {permited: [AC]}\n", "unknown key"),
        ("mine: {secret: {permitted: [MLE]}}\n", "unknown mine 'MLE'"),
    ],
)
def test_rules_that_are_none_are_named(current, text, message):
    current.write("submissions/submissions.yaml", text)
    assert message in current.error().message


@pytest.mark.parametrize(
    ("directory", "rule", "found"),
    [
        ("accepted", "", True),
        ("rejected", "", True),
        ("mixed", "", False),
        ("mixed", "mixed: {authors: Me}\n", False),
        ("mixed", "mixed: {permitted: [AC, WA]}\n", True),
        ("mixed", "mixed: {secret: {required: [TLE, WA]}}\n", True),
        ("mixed", "mixed: {message: too long}\n", True),
    ],
)
def test_whether_anything_is_declared(current, directory, rule, found):
    assert is_declared(with_rules(current, rule, f"{directory}/a.py")) is found


# --- reports ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def judged(current):
    """Says what is broken of a rule by a report with these verdicts on sample/1, secret/01 and secret/02."""
    current.write("submissions/mine/a.py", SUM)
    honest = current.grade(SUM)

    def check(rule: str, *verdicts: Verdict, evidence: str = "") -> list[str]:
        current.write("submissions/submissions.yaml", f"mine/a.py: {rule}\n")
        cases = tuple(
            replace(case, verdict=verdict, evidence={"judgemessage": evidence})
            for case, verdict in zip(honest.cases, verdicts, strict=True)
        )
        whole = next((verdict for verdict in verdicts if verdict is not AC), AC)
        report = replace(honest, cases=cases, verdict=whole, score=Fraction(int(whole is AC)))
        return broken_expectations(example_of(current, "mine/a.py"), report, current.compile())

    return check


def test_every_test_must_be_permitted_and_one_required(judged):
    rule = "{permitted: [AC, WA], required: [WA]}"
    assert judged(rule, AC, WA, AC) == []
    assert "secret/02: expected AC or WA, found TLE" in judged(rule, AC, WA, TLE)
    assert judged(rule, AC, AC, AC)[-1] == "expected a test with WA, found AC"


def test_rules_of_groups_are_about_their_tests(judged):
    rule = "{sample: {permitted: [AC]}, 'secret/*2': {permitted: [TLE], required: [TLE]}}"
    assert judged(rule, AC, WA, TLE) == []
    assert judged(rule, AC, WA, AC) == [
        "secret/02: expected TLE, found AC",
        "expected a test of secret/*2 with TLE, found AC",
    ]
    assert judged(rule, WA, WA, TLE) == ["sample/1: expected AC, found WA"]


def test_a_message_must_be_told_to_the_judges(judged):
    rule = "{required: [WA], message: too long}"
    assert judged(rule, AC, WA, AC, evidence="it is too long") == []
    assert judged(rule, AC, WA, AC)[0].startswith("expected a test with 'too long' in judgemessage.txt")


def test_memory_and_output_count_as_crashes_and_skipped_tests_say_nothing(judged, current):
    assert judged("{permitted: [AC, RTE], required: [RTE]}", AC, Verdict.MEMORY_LIMIT_EXCEEDED, Verdict.SKIPPED) == []
    report = replace(current.grade(SUM), cases=(skipped_case("sample/1", True),))
    assert broken_expectations(example_of(current, "mine/a.py"), report, current.compile()) != []


def test_the_score_of_a_group_is_compared(current):
    text = (current.root / "problem.yaml").read_text().replace("limits:", "type: scoring\nlimits:")
    current.write("problem.yaml", text)
    source = "print(30)\n"
    current.write("submissions/submissions.yaml", "mine/a.py: {score: 50, secret: {score: [40, 60]}}\n")
    current.write("submissions/mine/a.py", source)
    report = current.grade(source)
    assert broken_expectations(example_of(current, "mine/a.py"), report, current.compile()) == []
    current.write("submissions/submissions.yaml", "mine/a.py: {score: 100, secret: {score: [60, 100]}}\n")
    assert broken_expectations(example_of(current, "mine/a.py"), report, current.compile()) == [
        "expected 100 points, found 50",
        "expected 60 to 100 points of secret, found 50",
    ]
