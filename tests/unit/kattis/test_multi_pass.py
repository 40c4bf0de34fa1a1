"""Multi-pass problems: runs of the program one after another, each on an input that the validator made."""

from __future__ import annotations

import pytest

from judge.model.verdict import Reason, Verdict
from tests.unit.kattis.games import BISECTION, CODEC, RELAY, WORDS

# Two conversations: the number of the second one is what the validator left, plus one.
TWO_GAMES = """\
import os
import sys

feedback = sys.argv[3]
secret = int(open(sys.argv[1]).read())
while (guess := int(sys.stdin.readline())) != secret:
    print("higher" if secret > guess else "lower", flush=True)
print("right", flush=True)
if not os.path.exists(feedback + "played"):
    open(feedback + "played", "w").close()
    open(feedback + "nextpass.in", "w").write(str(secret + 1))
sys.exit(42)
"""


@pytest.fixture(params=["legacy", "2025-09"])
def words(request, new_package, versions):
    """A number that is encoded in one pass and decoded in another."""
    files = dict(versions[request.param])
    legacy = request.param == "legacy"
    files["problem.yaml"] += "validation: custom multi-pass\n" if legacy else "type: multi-pass\n"
    directory = "output_validators" if legacy else "output_validator"
    return new_package(files | {f"{directory}/relay.py": RELAY}, WORDS)


@pytest.fixture
def small(new_package, versions):
    """The same with the validator ``write`` is given; it is called ``relay.py``."""
    files = dict(versions["2025-09"])
    files["problem.yaml"] = files["problem.yaml"].replace("time_limit: 2", "time_limit: 0.5") + "type: multi-pass\n"
    return new_package(files | {"output_validator/relay.py": RELAY}, WORDS)


def passes(package, number: int):
    """The package with as many passes at most."""
    text = (package.root / "problem.yaml").read_text().replace("limits: {", f"limits: {{validation_passes: {number}, ")
    return package.write("problem.yaml", text)


def test_passes_in_memory(words):
    assert words.grade(CODEC).verdict is Verdict.ACCEPTED
    report = words.grade(CODEC.replace('"".join(str', '"1" + "".join(str'))
    assert (report.verdict, report.message) == (Verdict.WRONG_ANSWER, "sample/1: another number came back")


@pytest.mark.sandbox
def test_both_passes_are_run_and_the_feedback_directory_is_kept(grade_for_real, words):
    report = grade_for_real(words, CODEC)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert [(case.calls, case.evidence["passes"]) for case in report.cases] == [(2, 2), (2, 2)]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "verdict", "reason", "message"),
    [
        (CODEC.replace('"".join(str', '"1" + "".join(str'), "WRONG_ANSWER", "wrong_value", "another number came back"),
        ("print(7)\n", "WRONG_ANSWER", "wrong_value", "does not accept"),
        (CODEC.replace("letters.index", "int"), "RUNTIME_ERROR", "exit_status", "status 1"),
        (CODEC + "while task == 'decode':\n    pass\n", "TIME_LIMIT_EXCEEDED", "cpu_time", "500 ms"),
    ],
)
def test_the_first_pass_that_fails_decides(grade_warm, small, source, verdict, reason, message):
    report = grade_warm(small, source)
    assert (report.verdict, report.reason) == (verdict, reason), report.message
    assert message in report.message


@pytest.mark.sandbox
def test_no_pass_sees_what_another_left(grade_warm, small):
    source = CODEC + "import os\nassert not os.path.exists('/tmp/seen')\nopen('/tmp/seen', 'w')\nopen('seen', 'x')\n"
    assert grade_warm(small, source).verdict is Verdict.ACCEPTED


ENDLESS = "import sys\nopen(sys.argv[3] + 'nextpass.in', 'w').write('encode 1\\n')\nsys.exit(42)\n"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("validator", "most", "message"),
    [
        (ENDLESS, 2, "asks for more than 2 passes"),
        (ENDLESS, 5, "asks for more than 5 passes"),
        (ENDLESS.replace("42", "43"), 2, "relay.py did not judge"),
        (ENDLESS.replace("42", "0"), 2, "relay.py did not judge"),
    ],
)
def test_more_passes_than_there_are_is_a_fault_of_the_package(grade_warm, small, validator, most, message):
    report = grade_warm(passes(small, most).write("output_validator/relay.py", validator), CODEC)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert message in report.message


@pytest.mark.sandbox
def test_passes_can_be_conversations(grade_warm, small):
    text = (small.root / "problem.yaml").read_text().replace("multi-pass", "[interactive, multi-pass]")
    small.write("problem.yaml", text).write("output_validator/relay.py", TWO_GAMES)
    small.write("data/sample/1.in", "50\n").write("data/secret/01.in", "75\n")
    report = grade_warm(small, BISECTION)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].evidence["passes"] == 2
    assert report.cases[0].evidence["transcript"].startswith("> 50\n< right\n---\n> 50\n< higher\n> 75\n")


@pytest.mark.parametrize(
    ("extra", "message"),
    [(1, "expected 2 to 100, found 1"), (101, "expected 2 to 100, found 101")],
)
def test_how_many_passes_there_can_be(small, extra, message):
    assert message in passes(small, extra).error().message


def test_a_multi_pass_problem_needs_a_validator(new_package, versions):
    files = dict(versions["2025-09"])
    files["problem.yaml"] += "type: multi-pass\n"
    assert "a multi-pass problem needs a validator" in new_package(files, WORDS).error().message


COMPILED_RELAY = """\
#include <fstream>
#include <iostream>
#include <string>
#include <sys/stat.h>
int main(int, char** arguments) {
    std::ifstream given(arguments[1]);
    const std::string feedback = arguments[3];
    std::string task, number, said, kept;
    given >> task >> number;
    std::cin >> said;
    if (task == "encode") {
        mkdir((feedback + "kept").c_str(), 0755);
        std::ofstream(feedback + "kept/number.txt") << number;
        std::ofstream(feedback + "nextpass.in") << "decode " << said << "\\n";
        return 42;
    }
    if (!std::ifstream(feedback + "nextpass.in").fail()) return 1;
    std::ifstream(feedback + "kept/number.txt") >> kept;
    return said == kept ? 42 : 43;
}
"""


@pytest.mark.sandbox
def test_a_compiled_validator_finds_its_feedback_directory_again(grade_warm, small):
    small.remove("output_validator/relay.py").write("output_validator/relay.cpp", COMPILED_RELAY)
    report = grade_warm(small, CODEC)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert [case.evidence["passes"] for case in report.cases] == [2, 2]
    assert grade_warm(small, CODEC.replace('"".join(str', '"1" + "".join(str')).verdict is Verdict.WRONG_ANSWER


@pytest.mark.sandbox
def test_a_feedback_file_that_cannot_be_handed_on_is_a_fault_of_the_package(grade_warm, small):
    many = "for (int n = 0; n < 600; ++n) std::ofstream(feedback + std::to_string(n)) << n;\n        return 42;"
    relay = COMPILED_RELAY.replace("return 42;", many, 1)
    small.remove("output_validator/relay.py").write("output_validator/relay.cpp", relay)
    report = grade_warm(small, CODEC)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER), report.message
