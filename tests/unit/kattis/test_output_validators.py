"""Custom output validators: exit status 42 and 43, the feedback directory, faults that are never a verdict."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from judge.app.graders import OneProblem, build_grader
from judge.app.slots import open_companions, open_sandbox
from judge.config import Settings
from judge.grading.interrupts import Uninterrupted
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.spec.catalogue import Catalogue
from judge.spec.loader import load_problem
from judge.spec.plans import PlanStore
from judge.twins import RecordingObserver

# Accepts any two numbers with the wanted sum; its limit of a number is an argument.
VALIDATOR = """\
import os
import sys

import helper

team = sys.stdin.read().split()
with open(sys.argv[1]) as file:
    given = file.read().split()
with open(sys.argv[2]) as file:
    wanted = int(file.read())
feedback, flags = sys.argv[3], sys.argv[4:]
if len(team) != 2:
    helper.say(feedback, "teammessage.txt", f"{len(team)} numbers, expected 2")
    sys.exit(43)
if flags and any(abs(int(word)) > int(flags[-1]) for word in team):
    helper.say(feedback, "judgemessage.txt", "too large")
    sys.exit(43)
assert len(given) == 2
exit(42 if sum(map(int, team)) == wanted else 43)
"""
HELPER = """\
import os


def say(directory, name, text):
    assert directory.endswith(os.sep)
    with open(directory + name, "a") as file:
        file.write(text)
"""


def with_validator(package, source: str = VALIDATOR):
    """The package with a validator, where its version has it."""
    text = (package.root / "problem.yaml").read_text()
    if "problem_format_version" in text:
        directory = "output_validator"
    else:
        directory = "output_validators/sums"
        package.write("problem.yaml", text + "validation: custom\n")
    return package.write(f"{directory}/main.py", source).write(f"{directory}/helper.py", HELPER)


@pytest.fixture(scope="module", params=["cold", "warm"])
def grade(request, tmp_path_factory):
    """Grades in real boxes."""
    tmp_path = tmp_path_factory.mktemp("problems")
    settings = Settings(salt="tests", uid_base=64_000, problems_dir=tmp_path)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    observer = RecordingObserver()
    with (
        open_sandbox(settings, observer, request.param) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):

        def run(package, source: str) -> Report:
            problem = load_problem(package.root)
            plans = OneProblem(PlanStore(Catalogue(tmp_path), sandbox), problem)
            grader = build_grader(settings, sandbox, plans, observer, companions=companions)
            program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
            request = GradingRequest(submission_id="1", problem=problem.slug, program=program)
            return grader.grade(request, lambda event: None, Uninterrupted())

        yield run


@pytest.mark.sandbox
def test_the_exit_status_decides(grade, package):
    with_validator(package)
    assert grade(package, "a, b = map(int, input().split())\nprint(a + b - 7, 7)\n").verdict is Verdict.ACCEPTED
    wrong = grade(package, "print(1, 7)\n")
    assert (wrong.verdict, wrong.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    told = grade(package, "print(7)\n")
    assert told.message == "sample/1: 1 numbers, expected 2"


@pytest.mark.sandbox
def test_the_arguments_of_the_test_reach_it(grade, current):
    with_validator(current).write("data/secret/test_group.yaml", "output_validator_args: [at_most, '1000']\n")
    source = "a, b = map(int, input().split())\nprint(a + b - {0}, {0})\n"
    assert grade(current, source.format(900)).verdict is Verdict.ACCEPTED
    report = grade(current, source.format(1001))
    assert (report.verdict, report.message[:10]) == (Verdict.WRONG_ANSWER, "secret/01:")
    assert "too large" not in report.message


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "source",
    [
        "",
        "raise SystemExit(0)\n",
        "raise SystemExit(1)\n",
        "1 / 0\n",
        "import os\nos.abort()\n",
        "import sys\nopen(sys.argv[3] + 'score.txt', 'w').write('3')\nsys.exit(42)\n",
        "import sys\nopen(sys.argv[3] + 'nextpass.in', 'w').write('3')\nsys.exit(42)\n",
    ],
)
def test_a_validator_that_does_not_judge_is_a_fault_of_the_package(grade, legacy, source):
    report = grade(with_validator(legacy, source), "print(1, 2)\n")
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)


@pytest.mark.sandbox
def test_a_program_that_fails_is_not_asked_about(grade, legacy):
    report = grade(with_validator(legacy, "import sys\nsys.exit(42)\n"), "print(1)\nraise SystemExit(42)\n")
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXIT_STATUS)


@pytest.mark.sandbox
def test_one_check_leaves_nothing_for_the_next(grade, legacy):
    source = "import os, sys\nok = not os.path.exists('/tmp/seen')\nopen('/tmp/seen', 'w')\n"
    source += "import helper\nok = ok and not hasattr(helper, 'seen')\nhelper.seen = 1\nos.remove('/tmp/seen')\n"
    source += "ok = ok and len(os.listdir('/tmp')) == 1\nsys.exit(42 if ok else 43)\n"
    assert grade(with_validator(legacy, source), "print(1)\n").verdict is Verdict.ACCEPTED


HEADER = """\
#include <fstream>
#include <iostream>
#include <string>
inline std::string feedback;
[[noreturn]] inline void wrong(const std::string& why) {
    std::ofstream(feedback + "judgemessage.txt") << why;
    std::exit(43);
}
"""
COMPILED = """\
#include "validate.h"
int main(int count, char** arguments) {
    std::ifstream input(arguments[1]), answer(arguments[2]);
    feedback = arguments[3];
    long long a, b, sum;
    if (!(std::cin >> a >> b)) wrong("fewer than two numbers");
    if (a == 70) return 1;
    if (a == 71) std::abort();
    answer >> sum;
    if (count > 4 && a > std::stoll(arguments[4])) wrong("too large");
    if (a + b != sum) wrong("sum " + std::to_string(a + b) + ", not " + std::to_string(sum));
    return 42;
}
"""
PAIR = "a, b = map(int, input().split())\nprint(a + b - {0}, {0})\n"


@pytest.mark.sandbox
def test_a_compiled_validator_judges_with_its_header_arguments_and_messages(grade, current):
    current.write("output_validator/validate.cc", COMPILED).write("output_validator/validate.h", HEADER)
    current.write("data/secret/test_group.yaml", "output_validator_args: ['900']\n")
    assert grade(current, PAIR.format(3)).verdict is Verdict.ACCEPTED
    wrong = grade(current, "print(1, 7)\n")
    assert (wrong.verdict, wrong.cases[0].evidence) == (Verdict.WRONG_ANSWER, {"judgemessage": "sum 8, not 3"})
    assert "not 3" not in wrong.message
    large = grade(current, "a, b = map(int, input().split())\nprint(901, a + b - 901)\n")
    assert (large.message[:10], large.cases[1].evidence) == ("secret/01:", {"judgemessage": "too large"})


@pytest.mark.sandbox
@pytest.mark.parametrize(("first", "found"), [(70, "found exit status 1"), (71, "found signal 6")])
def test_a_compiled_validator_that_does_not_judge_is_named(grade, legacy, first, found):
    legacy.write("output_validators/sums/validate.cc", COMPILED).write("output_validators/sums/validate.h", HEADER)
    legacy.write("problem.yaml", (legacy.root / "problem.yaml").read_text() + "validation: custom\n")
    report = grade(legacy, f"print({first}, 1)\n")
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "output_validators/sums/validate.cc: expected exit status 42 or 43, " + found in report.message


TESTLIB = "#include <fstream>\n#include <cstdlib>\n{adapted}\n"
CHECKER = """\
#include "testlib.h"
int main(int, char** arguments) {{
    std::ifstream input(arguments[1]), {first}(arguments[2]), {second}(arguments[3]);
    long long found = -1, wanted = -2;
    {team} >> found;
    answer >> wanted;
    return found == 7 ? {fault} : found == wanted ? {right} : {wrong};
}}
"""


@pytest.mark.sandbox
@pytest.mark.parametrize("adapted", [False, True])
def test_a_checker_on_testlib_ends_as_its_testlib_does(grade, legacy, adapted):
    names = {"first": "answer", "second": "nothing", "team": "std::cin"} if adapted else {}
    names = names or {"first": "team", "second": "answer", "team": "team"}
    statuses = {"right": 42, "wrong": 43, "fault": 3} if adapted else {"right": 0, "wrong": 1, "fault": 3}
    legacy.write("output_validators/check.cpp", CHECKER.format(**names, **statuses).replace("<iostream>", ""))
    header = TESTLIB.format(adapted="#define OK_EXIT_CODE 42" if adapted else "#define OK_EXIT_CODE 0")
    legacy.write("output_validators/testlib.h", header + "#include <iostream>\n")
    legacy.write("problem.yaml", (legacy.root / "problem.yaml").read_text() + "validation: custom\n")
    assert grade(legacy, "print(sum(map(int, input().split())))\n").verdict is Verdict.ACCEPTED
    assert grade(legacy, "print(8)\n").verdict is Verdict.WRONG_ANSWER
    assert grade(legacy, "print(7)\n").verdict is Verdict.JUDGE_ERROR


@pytest.mark.sandbox
def test_points_of_an_unchanged_testlib(grade, current):
    """``quitp`` writes "points" and the number to standard error, and ends with status 7."""
    source = '#include "testlib.h"\nint main(int, char** arguments) {\n    std::ifstream team(arguments[2]);\n'
    source += '    double found;\n    team >> found;\n    std::cerr << "points " << found << " some\\n";\n'
    source += "    return 7;\n}\n"
    current.write("output_validator/check.cpp", source)
    current.write("output_validator/testlib.h", "#include <fstream>\n#include <iostream>\n")
    report = grade(current, "print(3)\n")
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "exit status 7, testlib's points, is for tests with points of the validator's" in report.message
    current.write("problem.yaml", (current.root / "problem.yaml").read_text() + "type: scoring\n")
    report = grade(current, "print(12.5 if '-20' in input() else 50)\n")
    assert (report.verdict, report.score, report.message) == (Verdict.ACCEPTED, Fraction(5, 8), "125/2 of 100 points")
    assert grade(current, "print(51)\n").verdict is Verdict.JUDGE_ERROR


@pytest.mark.sandbox
def test_a_validator_gives_points(grade, current):
    current.write("problem.yaml", (current.root / "problem.yaml").read_text() + "type: scoring\n")
    source = "#include <cstdio>\n#include <string>\nint main(int, char** arguments) {\n    double part;\n"
    source += '    if (std::scanf("%lf", &part) != 1) return 43;\n'
    source += '    std::FILE* file = std::fopen((std::string(arguments[3]) + "score_multiplier.txt").c_str(), "w");\n'
    source += '    std::fprintf(file, "%.2f", part);\n    std::fclose(file);\n    return 42;\n}\n'
    current.write("output_validator/points.cpp", source)
    report = grade(current, "print(0.25 if '-20' in input() else 1)\n")
    assert (report.verdict, report.score, report.message) == (Verdict.ACCEPTED, Fraction(5, 8), "125/2 of 100 points")
    assert [case.evidence.get("points") for case in report.cases] == [None, "50", "25/2"]
    assert grade(current, "print(1.5)\n").verdict is Verdict.JUDGE_ERROR


JAVA = """\
import java.nio.file.*;
import java.util.*;

public class Check {
    public static void main(String[] given) throws Exception {
        int wanted = new Scanner(Path.of(given[1])).nextInt(), found = new Scanner(System.in).nextInt();
        if (found == 7) throw new IllegalStateException("seven");
        Files.writeString(Path.of(given[2] + "teammessage.txt"), "found " + found);
        System.exit(found == wanted ? 42 : 43);
    }
}
"""


@pytest.mark.sandbox
def test_a_validator_in_java(grade_warm, legacy):
    if not Path("/usr/bin/javac").exists():
        pytest.skip("there is no Java here")
    legacy.write("output_validators/Check.java", JAVA)
    legacy.write("problem.yaml", (legacy.root / "problem.yaml").read_text() + "validation: custom\n")
    assert grade_warm(legacy, "print(sum(map(int, input().split())))\n").verdict is Verdict.ACCEPTED
    wrong = grade_warm(legacy, "print(8)\n")
    assert (wrong.verdict, wrong.message) == (Verdict.WRONG_ANSWER, "sample/1: found 8")
    failed = grade_warm(legacy, "print(7)\n")
    assert (failed.verdict, failed.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)


def test_a_legacy_package_may_have_its_validator_where_newer_ones_have_it(legacy):
    legacy.write("output_validator/check.py", "import sys\nsys.exit(42)\n")
    assert legacy.load().checker.name == "output"
    legacy.write("problem.yaml", (legacy.root / "problem.yaml").read_text() + "validation: custom\n")
    assert legacy.load().checker.author.file == "output_validator/check.py"


@pytest.mark.parametrize(
    "command",
    [
        'python3 other.py "$@"',
        'exec /usr/bin/env python3 "$(dirname "$0")/other.py" "$@"',
        'python3 "${0%/*}/other.py" "$@"',
    ],
)
def test_a_script_that_only_starts_a_python_file_is_taken(legacy, command):
    with_validator(legacy).write("output_validators/sums/other.py", "import sys\nsys.exit(42)\n")
    legacy.write("output_validators/sums/run", f"#!/bin/bash\n{command}\n")
    assert legacy.load().checker.author.file == "output_validators/sums/other.py"
    legacy.write("output_validators/sums/run", f"#!/bin/bash\n{command} | cat\n")
    assert "validators with a script 'run' are not supported" in legacy.error().message


def test_a_checker_on_testlib_needs_one(legacy):
    legacy.write("output_validators/check.cpp", '#include "testlib.h"\n')
    legacy.write("problem.yaml", (legacy.root / "problem.yaml").read_text() + "validation: custom\n")
    assert "it includes testlib.h, which the package does not hold" in legacy.error().message


def test_a_script_that_only_compiles_is_taken(legacy):
    with_validator(legacy).remove("output_validators/sums/main.py").remove("output_validators/sums/helper.py")
    legacy.write("output_validators/sums/v.cpp", "int main() { return 42; }\n")
    legacy.write("output_validators/sums/build", "#!/bin/sh\nset -e\n# compile\ng++ -O2 v.cpp \\\n  -o run\n")
    assert legacy.load().checker.author.program.language == "cpp20"
    legacy.write("output_validators/sums/build", "#!/bin/sh\ng++ v.cpp -o run\n./run > table\n")
    assert "validators with a script 'build' are not supported" in legacy.error().message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("output_validators/more.py", "expected one output validator, found more.py, sums"),
        ("output_validators/sums/build", "validators with a script 'build' are not supported"),
        ("output_validators/sums/run", "validators with a script 'run' are not supported"),
        ("output_validators/sums/judge_validator.py", "the name 'judge_validator.py' is the judge's own"),
    ],
)
def test_validators_that_cannot_be_run_are_named(legacy, name, message):
    assert message in with_validator(legacy).write(name, "x = 1\n").error().message


def test_a_validator_in_another_language_is_refused(current):
    current.write("output_validator/validate.kt", "fun main() {}\n")
    assert "expected an output validator in Python, C++, C or Java" in current.error().message


def test_a_validator_that_is_not_declared_is_left(legacy):
    legacy.write("output_validators/check.py", "raise SystemExit(43)\n")
    assert legacy.load().checker.name == "output"


def test_the_validator_is_part_of_the_plan(current):
    digests = {with_validator(current, VALIDATOR + text).compile().digest for text in ("", "# other\n")}
    assert len(digests) == 2
