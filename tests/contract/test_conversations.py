"""The contract of a conversation: two programs in two boxes, each reading on standard input what the other writes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Dialogue, Isolation, Killer, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Partner, Sandbox
from judge.sandbox.cgroup import find_tree
from judge.testing import InProcessSandbox
from judge.twins import RecordingObserver

LIMITS = Limits(cpu_ns=2_000_000_000, wall_ns=20_000_000_000, memory_bytes=256 << 20, output_bytes=300_000)
SHORT = replace(LIMITS, wall_ns=200_000_000)
USER_BASE = 64_000

# Reads numbers until 0, answers each with its double; 42 when it was told 0, 43 when a number is negative.
DOUBLER = """
import sys
for line in sys.stdin:
    number = int(line)
    if number <= 0:
        sys.exit(43 if number else 42)
    print(2 * number, flush=True)
sys.exit(43)
"""


class Soon:
    """An interrupt with a deadline, which is set when both boxes are loaded."""

    deadline_ns: int | None = None

    def fileno(self) -> int:
        return -1

    def cancelled(self) -> bool:
        return False


@dataclass
class Stage:
    """Two sandboxes, as a grading has them."""

    sandbox: Sandbox
    companion: Sandbox

    def speak(
        self,
        program: str,
        partner: str,
        limits: Limits = LIMITS,
        partner_limits: Limits = LIMITS,
        decides: Callable[[RunOutcome], bool] = lambda outcome: outcome.exit_code != 42,
        interrupt: Soon | None = None,
    ) -> tuple[RunOutcome, Dialogue]:
        """The outcome of ``program``, which speaks with ``partner``."""
        with ExitStack() as stack:
            boxes = []
            for sandbox, source in ((self.sandbox, program), (self.companion, partner)):
                spec = BoxSpec(
                    program=Program(language="python3", files=(SourceFile(path="main.py", content=source.encode()),)),
                    entry_point="",
                    isolation=Isolation.PROCESS,
                    load_limits=LIMITS,
                    live_stdin=True,
                    interrupt=interrupt,
                )
                boxes.append(stack.enter_context(sandbox.open(spec)))
                assert boxes[-1].load().loaded
            nothing = wire.encode([])
            other = Partner(box=boxes[1], call=Call(arguments=nothing, limits=partner_limits), decides=decides)
            if interrupt is not None:
                interrupt.deadline_ns = time.monotonic_ns() + 50_000_000
            outcome = boxes[0].call(Call(arguments=nothing, limits=limits, partner=other))
        assert outcome.dialogue is not None
        return outcome, outcome.dialogue


REAL = [pytest.param("cold", marks=pytest.mark.sandbox), pytest.param("warm", marks=pytest.mark.sandbox)]


in_jails = pytest.mark.parametrize("stage", REAL, indirect=True, scope="module")  # what the twin does not keep


@pytest.fixture(scope="module", params=["twin", *REAL])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Each adapter in turn; the slots of the real ones are as they were after each conversation."""
    if request.param == "twin":
        yield Stage(InProcessSandbox(), InProcessSandbox())
        return
    settings = Settings(salt="tests", uid_base=USER_BASE)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    with (
        open_sandbox(settings, RecordingObserver(), path=request.param) as sandbox,
        open_sandbox(settings, RecordingObserver(), path=request.param, beside=sandbox) as companion,
    ):
        yield Stage(sandbox, companion)


def traces(stage: Stage) -> tuple[object, ...]:
    """What a conversation could leave behind."""
    if isinstance(stage.sandbox, InProcessSandbox):
        return (len(os.listdir("/proc/self/fd")),)
    tree = find_tree(Settings(salt="tests").cgroup_root)
    slots = (stage.sandbox.slot, stage.companion.slot)
    return (
        [tree.slot(slot).pids() for slot in slots],
        Path("/proc/self/mountinfo").read_text(),
        len(os.listdir("/proc/self/fd")),
    )


@pytest.fixture(scope="module")
def at_rest(stage: Stage) -> tuple[object, ...]:
    """What there is when there was a conversation before."""
    stage.speak("print(0)\n", DOUBLER)
    return traces(stage)


@pytest.fixture(autouse=True)
def _nothing_is_left(stage: Stage, at_rest: tuple[object, ...]) -> Iterator[None]:
    yield
    assert traces(stage) == at_rest


def test_each_reads_what_the_other_writes(stage):
    outcome, dialogue = stage.speak(
        "for n in (3, 5):\n    print(n, flush=True)\n    print(input(), file=__import__('sys').stderr)\nprint(0)\n",
        DOUBLER,
    )
    assert (outcome.exit_code, outcome.killer, outcome.stderr.data) == (0, None, b"6\n10\n")
    assert dialogue.partner.exit_code == 42
    assert dialogue.transcript == "> 3\n< 6\n> 5\n< 10\n> 0"


def test_the_partner_reads_the_end_when_the_program_has_ended(stage):
    outcome, dialogue = stage.speak("print(7)\n", DOUBLER)
    assert (outcome.exit_code, dialogue.partner.exit_code, dialogue.partner_first) == (0, 43, False)


def test_a_program_that_ends_at_once(stage):
    outcome, dialogue = stage.speak("", "import sys\nsys.exit(43 if sys.stdin.read() == '' else 1)\n")
    assert (outcome.exit_code, dialogue.partner.exit_code, dialogue.partner_first) == (0, 43, False)


@in_jails
def test_a_partner_that_decides_ends_the_run_at_once(stage):
    for source in ("print(-1, flush=True)\nwhile True:\n    pass\n", "print(-1, flush=True)\ninput()\n"):
        outcome, dialogue = stage.speak(source, DOUBLER)
        assert (outcome.killer, dialogue.partner_first) == (Killer.PARTNER, True)
        assert dialogue.partner.exit_code == 43


def test_the_run_reads_the_end_when_the_partner_has_ended(stage):
    source = "import sys\nprint(0, flush=True)\nsys.exit(3 if sys.stdin.read() == '' else 4)\n"
    outcome, dialogue = stage.speak(source, DOUBLER)
    assert (outcome.exit_code, dialogue.partner_first, dialogue.partner.exit_code) == (3, True, 42)


def test_a_program_may_write_after_its_partner_has_ended(stage):
    outcome, dialogue = stage.speak(
        "import sys\nprint(0, flush=True)\nsys.stdin.read()\nprint('x' * 200_000)\n", DOUBLER
    )
    assert (outcome.exit_code, outcome.stdout.total_bytes, dialogue.partner.exit_code) == (0, 200_003, 42)


def test_a_program_that_fails_first_stops_its_partner(stage):
    deaf = "import time\nprint(2 * int(input()), flush=True)\ntime.sleep(60)\n"  # to the end of its input as well
    outcome, dialogue = stage.speak("print(1, flush=True)\ninput()\nraise SystemExit(3)\n", deaf)
    assert (outcome.exit_code, dialogue.partner_first) == (3, False)
    assert dialogue.partner.killer is Killer.PARTNER


@in_jails
def test_a_flood_that_is_read_meets_the_limit_on_output(stage):
    outcome, dialogue = stage.speak("while True:\n    print('1' * 1000)\n", "import sys\nsys.stdin.read()\n")
    assert (outcome.killer, dialogue.partner_first) == (Killer.OUTPUT, False)


@in_jails
def test_a_flood_that_is_not_read_stands_still(stage):
    limits = replace(SHORT, output_bytes=1 << 30)
    partner = "import time\nprint('x' * 10_000_000, flush=True)\n"
    outcome, dialogue = stage.speak(
        "while True:\n    print('1' * 1000)\n", partner, limits, replace(LIMITS, output_bytes=1 << 30)
    )
    assert outcome.killer is Killer.WALL
    assert dialogue.unread_bytes > 0
    assert outcome.stdout.total_bytes < 4 << 20


def test_two_that_wait_for_each_other_meet_the_guard_of_the_run(stage):
    outcome, dialogue = stage.speak("input()\n", "input()\n", SHORT)
    assert (outcome.killer, dialogue.partner_first) == (Killer.WALL, False)
    assert (dialogue.unread_bytes, dialogue.partner_unread_bytes) == (0, 0)


@in_jails
def test_a_partner_that_does_not_read_is_seen(stage):
    outcome, dialogue = stage.speak("print(1, flush=True)\ninput()\n", "import time\ntime.sleep(60)\n", SHORT)
    assert (outcome.killer, dialogue.unread_bytes, dialogue.partner_unread_bytes) == (Killer.WALL, 0, 2)


@in_jails
def test_the_time_of_the_partner_is_not_that_of_the_run(stage):
    partner = (
        "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end:\n    pass\nprint(1)\nexit(42)\n"
    )
    outcome, dialogue = stage.speak("input()\n", partner, SHORT)
    assert (outcome.exit_code, outcome.killer, dialogue.partner.exit_code) == (0, None, 42)
    assert outcome.cpu_ns < 200_000_000 < dialogue.partner.cpu_ns


def test_a_partner_that_goes_on_after_the_run_meets_its_own_guard(stage):
    outcome, dialogue = stage.speak("", "import time\ntime.sleep(60)\n", LIMITS, SHORT)
    assert (outcome.exit_code, dialogue.partner.killer) == (0, Killer.WALL)


@in_jails
def test_a_partner_that_loops_meets_its_own_limit(stage):
    short = replace(LIMITS, cpu_ns=300_000_000)
    outcome, dialogue = stage.speak("input()\n", "while True:\n    pass\n", SHORT, short)
    assert (outcome.killer, dialogue.partner.killer) == (Killer.PARTNER, Killer.CPU)


@in_jails
def test_a_program_that_closes_its_output_and_waits_is_idle(stage):
    outcome, dialogue = stage.speak("import os\nos.close(1)\ninput()\n", "import sys\nsys.stdin.read()\n", SHORT)
    assert (outcome.killer, dialogue.partner_first) == (Killer.WALL, False)


@in_jails
def test_no_descriptor_is_shared_and_none_can_be_written(stage):
    source = """
import os
for number in range(64):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    print(number, flush=True)
try:
    os.write(0, b"x")
except OSError as error:
    print(error.errno, flush=True)
"""
    partner = "import sys\nsys.exit(42 if sys.stdin.read().split() == ['0', '1', '2', '9'] else 43)\n"
    assert stage.speak(source, partner)[1].partner.exit_code == 42


@in_jails
def test_large_messages_pass_in_both_directions(stage):
    echo = "import sys\nfor line in sys.stdin:\n    sys.stdout.write(line)\n    sys.stdout.flush()\nsys.exit(42)\n"
    source = "text = 'ab' * 500_000\nfor _ in range(3):\n    print(text, flush=True)\n    assert input() == text\n"
    wide = replace(LIMITS, output_bytes=1 << 30)
    outcome, dialogue = stage.speak(source, echo, wide, wide)
    assert (outcome.exit_code, dialogue.partner.exit_code) == (0, 42)
    assert len(dialogue.transcript) == 1026


@in_jails
def test_a_deadline_ends_both(stage):
    outcome, dialogue = stage.speak("input()\n", "input()\n", interrupt=Soon())
    assert {outcome.killer, dialogue.partner.killer} <= {Killer.DEADLINE, Killer.PARTNER}
    assert Killer.DEADLINE in (outcome.killer, dialogue.partner.killer)
