"""Custom checkers in real boxes: apart from candidates, stopped at their limits, gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from judge.model.run import Limits
from judge.model.verdict import Reason, Verdict
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import MAX_SLOTS
from tests.integration.author.conftest import LIMITS, SETTINGS, Courtroom
from tests.integration.belongings import Belongings
from tests.unit.author.conftest import custom
from tests.unit.grading.scripted import case, parse_type, plan, signature

pytestmark = pytest.mark.sandbox

HONEST = "def double(n):\n    return 2 * n\n"
FAIR = "def check(arguments, expected, answer):\n    return answer == expected\n"


def problem(check: str, limits: Limits = LIMITS, **parameters: str):
    """Doubling numbers, judged by ``check``."""
    return plan(limits=limits, load_limits=limits, checker=custom(check, **parameters))


def test_a_custom_checker_judges(courtroom: Courtroom) -> None:
    assert courtroom.grade(problem(FAIR), HONEST).verdict is Verdict.ACCEPTED
    report = courtroom.grade(problem(FAIR), "def double(n):\n    return n\n")
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)


def test_the_companion_has_a_slot_of_its_own(courtroom: Courtroom) -> None:
    courtroom.grade(problem(FAIR), HONEST)
    companion = courtroom.companions.sandbox("checker")
    assert companion.slot != courtroom.sandbox.slot
    assert companion.slot > MAX_SLOTS // 2, "the lowest numbers decide which core is whose"
    assert companion is courtroom.companions.sandbox("checker")
    assert companion.path == courtroom.sandbox.path


def test_a_candidate_and_the_checker_do_not_see_each_other(courtroom: Courtroom) -> None:
    look = """
        import os
        found = []
        for number in range(1, 64):
            try:
                os.kill(number, 0)
                found.append(number)
            except OSError:
                pass
        files = sorted(os.listdir("/box")) + sorted(os.listdir("/tmp"))
    """
    source = "import textwrap\nexec(textwrap.dedent('''" + look + "'''))\ndef double(n):\n    open('/tmp/left', 'w')\n"
    source += "    return 2 * n if files == ['solution.py'] else -1\n"
    check = "import textwrap\nexec(textwrap.dedent('''" + look + "'''))\ndef check(arguments, expected, answer):\n"
    check += "    assert files == ['check.py', 'judge_author.py'], files\n    return answer == expected\n"
    report = courtroom.grade(problem(check), source)
    assert report.verdict is Verdict.ACCEPTED, report.message


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("def check(*_):\n    while True:\n        pass\n", "exceeded the CPU limit of 200 ms"),
        ("import time\ndef check(*_):\n    time.sleep(100)\n", "exceeded the wall-time limit of 1.6 s"),
        ("def check(*_):\n    return len(bytearray(b'x') * (1 << 30)) > 0\n", "exceeded the memory limit of 64 MiB"),
        ("import os\ndef check(*_):\n    os.kill(os.getpid(), 9)\n", "was ended by the signal 9"),
        ("import os\ndef check(*_):\n    os._exit(0)\n", "ended with the exit status 0"),
        ("import os\ndef check(*_):\n    os.write(3, bytes(99))\n", "broke the protocol"),
        ("def check(*_):\n    raise KeyError(1)\n", "raised an exception at checkers/check.py:2, in check"),
        ("while True:\n    pass\n", "exceeded the CPU limit of 200 ms"),
    ],
)
def test_a_checker_that_fails_is_a_fault_of_the_packages(courtroom: Courtroom, check: str, message: str) -> None:
    report = courtroom.grade(problem(check, cpu_time="200ms", memory="64MiB"), HONEST)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert message in report.message
    assert "checkers/check.py" in report.message
    assert courtroom.grade(problem(FAIR), HONEST).verdict is Verdict.ACCEPTED


def test_nothing_of_one_check_is_left_for_the_next(courtroom: Courtroom) -> None:
    check = """
        import os
        seen = []

        def check(arguments, expected, answer):
            seen.append(answer)
            if os.path.exists("/tmp/seen") and arguments["n"] < 0:
                return False
            return len(seen) == 1
    """
    assert courtroom.grade(problem(check), HONEST).verdict is Verdict.ACCEPTED


def test_the_checkers_time_is_not_the_candidates(courtroom: Courtroom) -> None:
    check = "def check(*_):\n    for _ in range(10**7):\n        pass\n    return True\n"
    limits = Limits(cpu_ns=100_000_000, wall_ns=8 * 10**9, memory_bytes=64 << 20, output_bytes=1 << 16)
    found = problem(check, limits)
    report = courtroom.grade(plan(limits=limits, load_limits=LIMITS, checker=found.checker), HONEST)
    assert report.verdict is Verdict.ACCEPTED, report.message


def test_no_process_is_left_between_gradings(courtroom: Courtroom) -> None:
    leave = "import os, time\ndef check(*_):\n    if os.fork() == 0:\n        time.sleep(100)\n    return True\n"
    courtroom.grade(problem(FAIR), HONEST)
    before = courtroom.processes("checker")
    assert courtroom.grade(problem(leave), HONEST).verdict is Verdict.ACCEPTED
    assert courtroom.processes("checker") == before


class After:
    """An interrupt whose deadline comes soon."""

    def __init__(self, after_ns: int) -> None:
        self.deadline_ns: int | None = time.monotonic_ns() + after_ns

    def fileno(self) -> int:
        return -1

    def cancelled(self) -> bool:
        return False


def test_the_deadline_holds_while_the_author_computes(courtroom: Courtroom) -> None:
    courtroom.grade(problem(FAIR), HONEST)
    endless = problem("def check(*_):\n    while True:\n        pass\n", cpu_time="60s")
    begin = time.monotonic_ns()
    report = courtroom.grade(endless, HONEST, After(500_000_000))
    assert (report.verdict, report.reason) == (Verdict.CANCELLED, Reason.DEADLINE)
    assert time.monotonic_ns() - begin < 60 * 10**9


def test_a_rich_answer_reaches_the_checker_as_it_was(courtroom: Courtroom) -> None:
    check = """
        import numpy as np

        def check(arguments, expected, answer):
            name, rows = answer
            assert type(rows) is np.ndarray and rows.dtype == np.float32 and rows.shape == (2, 3)
            return name == "rows" and bool((rows == expected[1]).all())
    """
    returns = "tuple[str, array[float32, (n, 3)]]"
    found = plan(
        limits=LIMITS,
        load_limits=LIMITS,
        checker=custom(check),
        signature=signature(n="int", returns=returns),
        expected_type=parse_type(returns),
        cases=(case("secret/a", ("rows", [[0.0, 1, 2], [3, 4, 5]]), n=2),),
    )
    source = "import numpy as np\ndef double(n):\n    return 'rows', np.arange(3 * n, dtype='f4').reshape(n, 3)\n"
    report = courtroom.grade(found, source)
    assert report.verdict is Verdict.ACCEPTED, report.message


SUPERVISOR = """
import sys, time
from judge.app.slots import open_companions, open_sandbox
from judge.config import Settings
from judge.twins import RecordingObserver
settings, observer = Settings(uid_base=67_000), RecordingObserver()
with open_sandbox(settings, observer, sys.argv[1]) as sandbox:
    with open_companions(settings, observer, sandbox) as companions:
        print(sandbox.slot, companions.sandbox("checker").slot, flush=True)
        time.sleep(100)
"""


def test_a_killed_service_leaves_nothing_of_its_companions(courtroom: Courtroom) -> None:
    command = [sys.executable, "-c", SUPERVISOR, courtroom.sandbox.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    tree = find_tree(SETTINGS.cgroup_root)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        slots = [int(word) for word in process.stdout.readline().split()]
        belongings = [Belongings.of(tree, [number]) for number in slots]
        assert all(each.processes and each.cgroups for each in belongings)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [each.left_by_sweeps(tree, SETTINGS.run_dir) for each in belongings] == [[], []]
