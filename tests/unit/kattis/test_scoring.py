"""Scores: groups of 2025-09 and of the legacy version, exact, and what is run of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from judge.model.verdict import Reason, Verdict

# Answers a word with itself, but fails on the words of its command line; the inputs are words.
ECHO = "word = input()\nprint('wrong' if word in {0!r} else word)\n"
TESTS = ("secret/a/1", "secret/a/2", "secret/b/1", "secret/b/2", "secret/b/3", "secret/c/1")


def failing(*words: str) -> str:
    return ECHO.format(list(words))


@pytest.fixture
def scoring(versions, new_package):
    """Makes a package of a version, in which every test's input is its name, with these configurations."""

    def write(version: str, files: dict[str, str], tests=TESTS):
        base = dict(versions[version])
        base["problem.yaml"] += "type: scoring\n"
        for name in ("sample/1", *tests):
            base[f"data/{name}.in"] = base[f"data/{name}.ans"] = f"{name}\n"
        return new_package(base | files, {})

    return write


UNBOUNDED, SUM = "max_score: unbounded\n", "score_aggregation: sum\n"
GROUPS = {
    "data/secret/a/test_group.yaml": "max_score: 30\n",
    "data/secret/b/test_group.yaml": "max_score: 50\nscore_aggregation: sum\n",
    "data/secret/c/test_group.yaml": "max_score: 20\nrequire_pass: [sample, secret/a]\n",
}


@pytest.mark.parametrize(
    ("wrong", "points", "skipped"),
    [
        ([], 100, []),
        (["sample/1"], 80, ["secret/c/1"]),
        (["secret/a/1"], 50, ["secret/a/2", "secret/c/1"]),
        (["secret/a/2"], 50, ["secret/c/1"]),
        (["secret/b/2"], 50 + Fraction(100, 3), []),
        (["secret/b/1", "secret/b/2", "secret/b/3"], 50, []),
        (["secret/c/1"], 80, []),
        (["sample/1", *TESTS], 0, ["secret/a/2", "secret/c/1"]),
    ],
)
def test_groups_of_2025_09(scoring, wrong, points, skipped):
    report = scoring("2025-09", GROUPS).grade(failing(*wrong))
    assert report.score == Fraction(points) / 100
    assert [case.name for case in report.cases if case.verdict is Verdict.SKIPPED] == skipped
    assert report.verdict is (Verdict.WRONG_ANSWER if wrong else Verdict.ACCEPTED)
    assert f"{Fraction(points)} of 100 points" in report.message


@pytest.mark.parametrize(
    ("secret", "wrong", "share"),
    [
        ("max_score: 60\n", [], 1),
        ("max_score: 60\n", ["secret/b"], Fraction(2, 3)),
        ("score_aggregation: min\n", ["secret/b"], 0),
        ("score_aggregation: min\n", [], 1),
        ("score_aggregation: pass-fail\n", ["secret/c"], 0),
        ("score_aggregation: pass-fail\n", [], 1),
    ],
)
def test_secret_with_tests_of_its_own(scoring, secret, wrong, share):
    tests = ("secret/a", "secret/b", "secret/c")
    package = scoring("2025-09", {"data/secret/test_group.yaml": secret}, tests)
    assert package.grade(failing(*wrong)).score == share


def test_points_that_no_group_has_cannot_be_won(scoring):
    files = GROUPS | {"data/secret/a/test_group.yaml": "max_score: 10\n"}
    report = scoring("2025-09", files).grade(failing())
    assert (report.verdict, report.score) == (Verdict.ACCEPTED, Fraction(80, 100))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"data/secret/a/test_group.yaml": ""}, "missing key 'max_score'"),
        ({"data/secret/a/test_group.yaml": "max_score: 31\n"}, "the groups have 101 points, more than the 100"),
        ({"data/secret/a/test_group.yaml": "max_score: -1\n"}, "at least 0, or unbounded, found -1"),
        ({"data/secret/a/test_group.yaml": "max_score: unbounded\n"}, "found unbounded, but secret is bounded"),
        ({"data/secret/test_group.yaml": UNBOUNDED, "data/secret/b/test_group.yaml": ""}, "the aggregation pass-fail"),
        ({"data/secret/test_group.yaml": UNBOUNDED, "data/secret/b/test_group.yaml": SUM}, "need an output validator"),
        ({"data/sample/test_group.yaml": "max_score: 1\n"}, "samples have no score"),
        ({"data/secret/a/test_group.yaml": "max_score: 1\nscore_aggregation: avg\n"}, "'avg'"),
        ({"data/secret/a/test_group.yaml": "max_score: 1\nrequire_pass: secret/c\n"}, "an earlier group"),
        ({"data/secret/c/test_group.yaml": "max_score: 1\nrequire_pass: secret/b\n"}, "expected pass-fail"),
        ({"data/secret/test_group.yaml": "score_aggregation: pass-fail\n"}, "expected pass-fail, as in secret"),
        ({"data/secret/one.in": "1\n", "data/secret/one.ans": "1\n"}, "expected groups or tests in it, found both"),
    ],
)
def test_what_is_wrong_with_groups_of_2025_09(scoring, files, message):
    assert message in scoring("2025-09", GROUPS | files).error().message


POINTS = """import os, sys
output = sys.stdin.read().split()
with open(os.path.join(sys.argv[3], "score.txt"), "w") as file:
    file.write(str({given}))
sys.exit(42)
"""
INFINITE = {
    "data/secret/test_group.yaml": UNBOUNDED,
    "data/secret/a/test_group.yaml": "score_aggregation: min\n",
    "data/secret/b/test_group.yaml": SUM,
    "data/secret/c/test_group.yaml": "max_score: 20\nscore_aggregation: sum\n",
}


def test_points_without_a_bound_are_those_of_the_validator(scoring):
    given = "output[0].count('x') if 'x' in output[0] else '20'"
    package = scoring("2025-09", INFINITE | {"output_validator/check.py": POINTS.replace("{given}", given)})
    lengths = {"secret/a/1": 500, "secret/a/2": 300, "secret/b/1": 1, "secret/b/2": 10, "secret/b/3": 100}
    report = package.grade(f"lengths = {lengths}\nprint('x' * lengths.get(input(), 0) or 'none')\n")
    assert (report.verdict, report.score) == (Verdict.ACCEPTED, 1)
    assert report.message == "431 points"


def test_points_without_a_bound_must_be_given(scoring):
    checker = "import sys\nsys.exit(42)\n"
    report = scoring("2025-09", INFINITE | {"output_validator/check.py": checker}).grade(failing())
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)


def test_the_validator_of_a_legacy_package_may_take_points_away(scoring):
    files = {"output_validators/check.py": POINTS.replace("{given}", "'-2.5'")}
    package = scoring("legacy", files | {"data/testdata.yaml": "grader_flags: ignore_sample\nrange: -inf +inf\n"})
    text = (package.root / "problem.yaml").read_text()
    report = package.write("problem.yaml", text + "validation: custom score\n").grade(failing())
    assert (report.verdict, report.message) == (Verdict.ACCEPTED, "-15 points")


LEGACY_GROUPS = {
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample accept_if_any_accepted\n",
    "data/secret/testdata.yaml": (
        "on_reject: continue\ngrader_flags: accept_if_any_accepted first_error\nrange: 0 100\n"
    ),
    "data/secret/a/testdata.yaml": "accept_score: 30\ngrader_flags: min\non_reject: break\n",
    "data/secret/b/testdata.yaml": "accept_score: 0.5\non_reject: continue\n",
    "data/secret/c/testdata.yaml": "accept_score: 20\ngrader_flags: max\non_reject: break\n",
}
FULL = Fraction(103, 2)


@pytest.mark.parametrize(
    ("wrong", "points", "verdict", "skipped"),
    [
        ([], FULL, Verdict.ACCEPTED, []),
        (["sample/1"], FULL, Verdict.ACCEPTED, []),
        (["secret/a/1"], Fraction(43, 2), Verdict.ACCEPTED, ["secret/a/2"]),
        (["secret/b/2"], 51, Verdict.ACCEPTED, []),
        (TESTS, 0, Verdict.WRONG_ANSWER, ["secret/a/2"]),
    ],
)
def test_legacy_groups(scoring, wrong, points, verdict, skipped):
    report = scoring("legacy", LEGACY_GROUPS).grade(failing(*wrong))
    assert (report.verdict, report.score) == (verdict, points / FULL)
    assert [case.name for case in report.cases if case.verdict is Verdict.SKIPPED] == skipped


def test_the_legacy_default_is_to_break_and_to_add_up(scoring):
    report = scoring("legacy", {}).grade(failing("secret/a/2"))
    assert (report.verdict, report.score) == (Verdict.WRONG_ANSWER, Fraction(2, 7))
    assert [case.verdict for case in report.cases].count(Verdict.SKIPPED) == 4


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("grader_flags: mean\n", "grader_flags: expected some of"),
        ("reject_score: none\n", "reject_score: expected a number, found 'none'"),
        ("accept_score: many\n", "accept_score: expected a number, found 'many'"),
    ],
)
def test_what_is_wrong_with_legacy_groups(scoring, keys, message):
    assert message in scoring("legacy", {"data/secret/testdata.yaml": keys}).error().message


def test_no_points_at_all_are_refused(scoring):
    error = scoring("legacy", {"data/testdata.yaml": "accept_score: 0\n"}).error()
    assert "expected points for accepted tests, found 0 in all" in error.message


def test_a_fault_of_the_program_before_the_tests_gives_no_points(scoring):
    report = scoring("2025-09", GROUPS).grade("def f(:\n")
    assert (report.verdict, report.score) == (Verdict.COMPILE_ERROR, 0)


def test_groups_are_part_of_the_plan(scoring):
    plan = scoring("2025-09", GROUPS).compile()
    other = scoring("2025-09", GROUPS | {"data/secret/a/test_group.yaml": "max_score: 29\n"}).compile()
    assert plan.digest != other.digest


KINDS = """\
word = input()
if word == "secret/a/1":
    print("wrong")
elif word == "secret/b/1":
    1 / 0
else:
    print(word)
"""


@pytest.mark.parametrize(
    ("flags", "verdict", "named"),
    [
        ("", Verdict.RUNTIME_ERROR, "secret/b/1"),
        ("grader_flags: worst_error\n", Verdict.RUNTIME_ERROR, "secret/b/1"),
        ("grader_flags: no_errors\n", Verdict.RUNTIME_ERROR, "secret/b/1"),
        ("grader_flags: first_error\n", Verdict.WRONG_ANSWER, "secret/a/1"),
    ],
)
def test_the_legacy_grader_tells_the_worst_error_unless_it_is_to_tell_the_first(scoring, flags, verdict, named):
    report = scoring("legacy", {"data/testdata.yaml": "on_reject: continue\n" + flags}).grade(KINDS)
    assert report.verdict is verdict
    assert named in report.message


def test_a_rejection_that_does_not_count_is_not_what_is_told(scoring):
    files = {
        "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample first_error\n",
        "data/secret/a/testdata.yaml": "grader_flags: accept_if_any_accepted\n",
    }
    report = scoring("legacy", files).grade(failing("sample/1", "secret/a/1", "secret/b/1", "secret/c/1"))
    assert report.message.startswith("3 of 6 points; secret/b/1: ")


@pytest.mark.parametrize("version", ["legacy", "2023-07"])
def test_each_key_of_testdata_yaml_is_inherited_by_itself(scoring, version):
    files = {
        "data/testdata.yaml": "on_reject: continue\naccept_score: 3\noutput_validator_flags: case_sensitive\n",
        "data/secret/testdata.yaml": "grader_flags: min\n",
        "data/secret/a/testdata.yaml": "accept_score: 5\n",
    }
    package = scoring(version, files)
    groups = {group.name: group for group in package.compile().groups}
    found = [(groups[name].aggregation, groups[name].case_score, groups[name].stops) for name in ("data", "secret/a")]
    assert found == [("sum", "3", False), ("min", "5", False)]
    capitals = package.grade("print(input().upper())\n")
    assert (capitals.verdict, len({case.verdict for case in capitals.cases})) == (Verdict.WRONG_ANSWER, 1)


def test_grading_in_problem_yaml_holds_for_every_group(scoring):
    package = scoring("legacy", {"data/secret/testdata.yaml": "on_reject: break\naccept_score: 2\n"})
    text = (package.root / "problem.yaml").read_text()
    package.write("problem.yaml", text + "grading: {on_reject: grade, accept_score: 4}\n")
    assert {(group.case_score, group.stops) for group in package.compile().groups} == {("4", False)}
    package.write("problem.yaml", text + "grading:\n    show_test_data_groups: yes\n    range: 0 100\n")
    assert package.compile().groups
    package.write("problem.yaml", text + "grading: {on_reject: never}\n")
    assert "unknown grading.on_reject 'never'" in package.error().message
    package.write("problem.yaml", text + "grading: {objective: min}\n")
    assert package.compile().groups
    package.write("problem.yaml", text + "grading: {objective: least}\n")
    assert "unknown grading.objective 'least'" in package.error().message


@pytest.mark.parametrize(
    ("keys", "wrong", "points"),
    [
        ("grader_flags: avg\n", [], 1),
        ("grader_flags: avg\n", ["secret/b/1"], Fraction(8, 9)),  # the average of 1, 2/3 and 1
        ("grader_flags: sum\nreject_score: -1\naccept_score: 2\n", ["secret/b/1", "secret/b/2"], 6),
        ("grader_flags: min\nreject_score: 3\naccept_score: 5\n", ["secret/b/1"], 3),
        ("grader_flags: max\nreject_score: 7\n", ["secret/b/1"], 7),
    ],
)
def test_the_average_and_points_for_rejected_tests(scoring, keys, wrong, points):
    flags = "grader_flags: ignore_sample\non_reject: continue\n"
    report = scoring("legacy", {"data/testdata.yaml": flags, "data/secret/testdata.yaml": keys}).grade(failing(*wrong))
    assert report.message.startswith(f"{points} of ")


def test_tests_that_are_not_run_have_no_part_in_the_average(scoring):
    files = {
        "data/testdata.yaml": "grader_flags: ignore_sample\non_reject: continue\n",
        "data/secret/testdata.yaml": "grader_flags: avg\non_reject: continue\n",
        "data/secret/b/testdata.yaml": "grader_flags: avg\non_reject: break\n",
    }
    report = scoring("legacy", files).grade(failing("secret/b/2"))  # the third test of b is not run
    assert report.message.startswith(f"{Fraction(5, 6)} of 1 points")


@pytest.mark.parametrize(
    ("scores", "wrong", "share", "message"),
    [
        ("range: 0 12\n", [], Fraction(1, 2), "6 points, where 0 is the best and 12 the worst"),
        ("range: 0 12\nreject_score: 4\n", ["secret/a/1"], Fraction(1, 4), "9 points, where"),
        ("range: 3 5\n", [], 0, "6 points, where 3 is the best and 5 the worst"),
        ("range: 6 8\n", [], 1, "6 points, where"),
        ("range: 0 +inf\n", [], 1, "6 points"),
        ("", [], 1, "6 points"),
        ("", ["secret/a/1"], 0, "5 points"),
    ],
)
def test_fewer_points_are_better_where_the_objective_says_so(scoring, scores, wrong, share, message):
    package = scoring("legacy", {"data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\n" + scores})
    text = (package.root / "problem.yaml").read_text()
    report = package.write("problem.yaml", text + "grading: {objective: min}\n").grade(failing(*wrong))
    assert (report.score, report.verdict is Verdict.ACCEPTED) == (share, not wrong)
    assert report.message.startswith(message)


@pytest.mark.parametrize("text", ["0", "0 ten", "10 0", "a b c"])
def test_a_range_that_is_none_is_refused(scoring, text):
    error = scoring("legacy", {"data/testdata.yaml": f"range: '{text}'\n"}).error()
    assert "range: expected" in error.message


MIDDLE_GROUPS = {
    "data/secret/a/test_group.yaml": "scoring: {score: 30}\n",
    "data/secret/b/test_group.yaml": "scoring: {aggregation: sum}\n",
    "data/secret/c/test_group.yaml": "scoring: {require_pass: [sample, secret/a]}\n",
}


@pytest.mark.parametrize(
    ("wrong", "points"),
    [([], 100), (["secret/a/1"], 35), (["secret/b/2"], 65 + Fraction(70, 3)), (["secret/c/1"], 65), (["sample/1"], 65)],
)
def test_groups_of_2023_07_share_the_points_that_none_states(scoring, wrong, points):
    report = scoring("2023-07", MIDDLE_GROUPS).grade(failing(*wrong))
    assert report.score == Fraction(points) / 100


def test_scores_of_2023_07_by_the_legacy_grader(scoring):
    report = scoring("2023-07", LEGACY_GROUPS).grade(failing("secret/a/1"))
    assert (report.verdict, report.score) == (Verdict.ACCEPTED, Fraction(43, 2) / FULL)


@pytest.mark.parametrize(
    ("version", "files", "message"),
    [
        ("2025-09", {"data/secret/a/test_group.yaml": "scoring: {score: 1}\n"}, "scoring: only 2023-07 has it"),
        ("2023-07", {"data/secret/a/test_group.yaml": "static_validation: true\n"}, "static validators are not"),
        ("2023-07", {"data/secret/a/test_group.yaml": "scoring: {score: 101}\n"}, "more than the 100 of secret"),
    ],
)
def test_what_is_wrong_with_groups_of_2023_07(scoring, version, files, message):
    base = GROUPS if version == "2025-09" else {}
    assert message in scoring(version, base | files).error().message
