"""Oracles in real boxes, and attacks on them: nobody gets more answers than the budget, whatever is sent."""

from __future__ import annotations

import os
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from judge.model.plan import TestPlan
from judge.model.run import Isolation, Limits
from judge.model.verdict import Reason, Verdict
from tests.integration.author.conftest import LIMITS, Courtroom
from tests.unit.author.conftest import custom
from tests.unit.author.oracle_problems import BANDIT, BY_SORTING, COMPARISONS, EXPLORES, bandit, comparisons

pytestmark = pytest.mark.sandbox

BUDGET = "WRONG_ANSWER/budget_exceeded"
PROTOCOL = "RUNTIME_ERROR/protocol"
ACCEPTED = "ACCEPTED/None"
SLACK = 200_000_000
FORGER = """
import os, sys, time
protocol, wire = sys.modules['harness.protocol'], sys.modules['harness.wire']
def question():
    frame = sys._getframe()
    while 'request' not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals['request']['id']
def send(**message):
    protocol.send(3, message)
def ask(*arguments, oracle='less', **changes):
    send(**({'kind': 'ask', 'id': question(), 'oracle': oracle, 'arguments': wire.encode(arguments)} | changes))
def told(reply):
    return wire.decode(reply['value'])
"""
TELL = """
def check(arguments, expected, answer, oracle):
    if oracle is None:
        return True
    asked, told = oracle["result"]["asked"], oracle["calls"]["less"]
    return {"accepted": answer == asked == told, "message": f"answer {answer}, asked {asked}, counted {told}"}
"""


def problem(budget: int = 5, isolation: Isolation = Isolation.TEST, limits: Limits = LIMITS, **changes) -> TestPlan:
    """One test of three hidden values; the checker accepts the number of questions that were answered."""
    whole = comparisons(
        budget=budget, limits=limits, answers=LIMITS, isolation=isolation, checker=custom(TELL), load_limits=LIMITS
    )
    return replace(whole, cases=whole.cases[:1], **changes)


def verdict(courtroom: Courtroom, source: str, found: TestPlan | None = None) -> str:
    report = courtroom.grade(found or problem(), textwrap.dedent(source))
    told = f"{report.verdict.value}/{report.reason and report.reason.value}"
    assert report.cases[0].evidence.get("oracle_calls", {"less": 0})["less"] <= 6, "nobody may ask on after the end"
    return told if told != "JUDGE_ERROR/checker" else report.message


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_both_problems_are_graded(courtroom: Courtroom, isolation: Isolation) -> None:
    found = comparisons(isolation=isolation, limits=LIMITS, answers=LIMITS)
    assert courtroom.grade(found, BY_SORTING).verdict is Verdict.ACCEPTED
    report = courtroom.grade(found, "def kth_smallest(n, k, less):\n    return 0 if less(0, 1) else 1\n")
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    report = courtroom.grade(bandit(limits=LIMITS, isolation=isolation), EXPLORES)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].evidence["oracle_calls"] == {"pull": 250}
    report = courtroom.grade(bandit(limits=LIMITS, isolation=isolation), EXPLORES.replace("pulls - 50", "pulls - 49"))
    assert report.reason is Reason.BUDGET_EXCEEDED


def test_a_verdict_is_repeated(courtroom: Courtroom) -> None:
    """The environment's seed is a function of plan and program: the same rewards every time."""
    source = EXPLORES.replace("    return top", "    raise RuntimeError([pull(0) for _ in range(0)] or means)")
    messages = {courtroom.grade(bandit(limits=LIMITS), source).message for _ in range(3)}
    assert len(messages) == 1
    assert "RuntimeError: [" in messages.pop()


ATTACKS = {
    "asks-for-ever": ("def kth_smallest(n, k, less):\n    while True:\n        less(0, 1)\n", BUDGET),
    "swallows-everything": (
        """
        def kth_smallest(n, k, less):
            while True:
                try:
                    less('x')
                except BaseException:
                    pass
        """,
        BUDGET,
    ),
    "asks-without-waiting": (
        FORGER + "def kth_smallest(n, k, less):\n    for _ in range(100000):\n        ask(0, 1)\n    return 5\n",
        BUDGET,
    ),
    "asks-as-often-as-it-may-without-waiting": (
        FORGER + "def kth_smallest(n, k, less):\n    for _ in range(5):\n        ask(0, 1)\n    return 5\n",
        ACCEPTED,
    ),
    "asks-with-another-id": (FORGER + "def kth_smallest(n, k, less):\n    ask(0, 1, id=17)\n    return 0\n", PROTOCOL),
    "asks-another-oracle": (
        FORGER + "def kth_smallest(n, k, less):\n    ask(0, 1, oracle='start')\n    return 0\n",
        PROTOCOL,
    ),
    "asks-for-the-end": (
        FORGER + "def kth_smallest(n, k, less):\n    ask(0, 1, oracle='finish')\n    return 0\n",
        PROTOCOL,
    ),
    "asks-with-a-name-that-is-none": (
        FORGER + "def kth_smallest(n, k, less):\n    ask(0, 1, oracle=['less'])\n    return 0\n",
        PROTOCOL,
    ),
    "asks-with-arguments-that-are-none": (
        FORGER + "def kth_smallest(n, k, less):\n    ask(arguments=[0, 1])\n    return 0\n",
        PROTOCOL,
    ),
    "sends-a-reply": (
        FORGER + "def kth_smallest(n, k, less):\n    send(kind='reply', id=question())\n    return 0\n",
        PROTOCOL,
    ),
    "sends-a-call": (
        FORGER + "def kth_smallest(n, k, less):\n    send(kind='call', id=question())\n    return 0\n",
        PROTOCOL,
    ),
    "asks-after-the-answer": (
        FORGER
        + """
def kth_smallest(n, k, less):
    send(kind='answer', id=question(), value=wire.encode(0), audit=None)
    ask(0, 1)
    time.sleep(100)
""",
        PROTOCOL,
    ),
    "asks-when-it-is-loaded": (
        FORGER + "send(kind='ask', id=0, oracle='less', arguments=b'')\ndef kth_smallest(n, k, less):\n    return 0\n",
        PROTOCOL,
    ),
    "asks-from-a-child": (
        """
        import os
        def kth_smallest(n, k, less):
            if os.fork() == 0:
                less(0, 1), less(0, 1)
                os._exit(0)
            os.wait()
            return [less(0, 1) for _ in range(3)] and 5
        """,
        ACCEPTED,
    ),
    "asks-more-often-from-a-child": (
        """
        import os
        def kth_smallest(n, k, less):
            if os.fork() == 0:
                for _ in range(3):
                    less(0, 1)
                os._exit(0)
            os.wait()
            return [less(0, 1) for _ in range(3)] and 6
        """,
        BUDGET,
    ),
    "many-children-ask-at-once": (
        """
        import os
        def kth_smallest(n, k, less):
            for _ in range(8):
                if os.fork() == 0:
                    less(0, 1)
                    os._exit(0)
            while True:
                os.wait()
        """,
        BUDGET,
    ),
    "threads-ask-at-once": (
        """
        import threading
        def kth_smallest(n, k, less):
            found = []
            threads = [threading.Thread(target=lambda: found.append(less(2, 0))) for _ in range(5)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            assert found == [True] * 5
            return 5
        """,
        ACCEPTED,
    ),
    "prints-while-it-asks": (
        """
        def kth_smallest(n, k, less):
            for _ in range(5):
                print('x' * 1000, flush=True)
                less(0, 1)
            return 5
        """,
        ACCEPTED,
    ),
    "floods-while-it-asks": (
        "import os\ndef kth_smallest(n, k, less):\n    less(0, 1)\n    while True:\n        os.write(1, bytes(4096))\n",
        "OUTPUT_LIMIT_EXCEEDED/output_size",
    ),
    "a-question-of-two-megabytes": (
        FORGER
        + """
def kth_smallest(n, k, less):
    ask(bytes(2_000_000), 1)
    reply = protocol.receive(3)
    assert not reply['type'] and 'at most 1048576' in reply['error'], reply
    return 0
""",
        "WRONG_ANSWER/wrong_value",
    ),
    "a-question-of-five-megabytes": (
        FORGER + "def kth_smallest(n, k, less):\n    ask(arguments=bytes(5_000_000))\n    return 0\n",
        "OUTPUT_LIMIT_EXCEEDED/answer_size",
    ),
    "a-question-that-is-deep": (
        FORGER
        + """
def kth_smallest(n, k, less):
    ask(arguments=b'\\x91' * 100_000 + b'\\xc0')
    assert 'deep' in protocol.receive(3)['error']
    return 0
""",
        "WRONG_ANSWER/wrong_value",
    ),
    "a-question-with-many-parts": (
        FORGER
        + """
def kth_smallest(n, k, less):
    ask(arguments=b'\\xdd\\x00\\x0f\\x00\\x00' + b'\\xc0' * 0xf0000)
    assert protocol.receive(3)['error']
    return 0
""",
        "WRONG_ANSWER/wrong_value",
    ),
    "a-question-that-is-no-value": (
        FORGER
        + """
def kth_smallest(n, k, less):
    ask(arguments=b'\\xc1')
    assert protocol.receive(3)['error']
    return 0
""",
        "WRONG_ANSWER/wrong_value",
    ),
    "a-question-with-a-huge-number": (
        """
        def kth_smallest(n, k, less):
            try:
                less(1 << 500_000, 1)
            except ValueError as error:
                return 1
        """,
        ACCEPTED,
    ),
    "changes-the-proxy": (
        """
        import gc, sys
        def kth_smallest(n, k, less):
            oracles = less.__closure__[1].cell_contents
            module = sys.modules['harness.oracles']
            oracles._open = True
            oracles._positions['less'] = 0
            module._receive = lambda channel: {'error': None, 'type': False, 'value': module._encode(True)}
            module._send = lambda *_: None
            return 5 if [less(0, 1) for _ in range(5)] == [True] * 5 else -1
        """,
        "WRONG_ANSWER/wrong_value",
    ),
    "asks-and-exits": (
        "import os\ndef kth_smallest(n, k, less):\n    less(0, 1)\n    os._exit(0)\n",
        "RUNTIME_ERROR/no_answer",
    ),
    "asks-and-crashes": (
        "import os\ndef kth_smallest(n, k, less):\n    less(0, 1)\n    os.kill(os.getpid(), 11)\n",
        "RUNTIME_ERROR/signal",
    ),
    "asks-and-computes": (
        "def kth_smallest(n, k, less):\n    less(0, 1)\n    while True:\n        pass\n",
        "TIME_LIMIT_EXCEEDED/cpu_time",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_an_attack(courtroom: Courtroom, isolation: Isolation, name: str) -> None:
    source, expected = ATTACKS[name]
    if name == "asks-after-the-answer" and isolation is Isolation.SUBMISSION:
        expected = ACCEPTED  # the call is over with its answer; what comes afterwards is never read, or not answered
    limits = replace(LIMITS, cpu_ns=400_000_000, answer_bytes=1 << 20)
    assert verdict(courtroom, source, problem(isolation=isolation, limits=limits)) == expected
    assert courtroom.grade(comparisons(limits=LIMITS, answers=LIMITS), BY_SORTING).verdict is Verdict.ACCEPTED


CHILDREN = """
import os
def kth_smallest(n, k, less):
    truth = {(0, 1): less(0, 1), (1, 0): less(1, 0)}
    children = []
    for number in range(3):
        pair = [(0, 1), (1, 0)][number % 2]
        child = os.fork()
        if child == 0:
            os._exit(any(less(*pair) != truth[pair] for _ in range(30)))
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise ValueError("the reply to another question")
    return 92
"""
INTERRUPTED = """
import signal
asking = False
def interrupt(*_):
    global asking
    if asking:
        asking = False
        raise InterruptedError
def kth_smallest(n, k, less):
    global asking
    truth = {(0, 1): less(0, 1), (1, 0): less(1, 0)}
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
    for number in range(60):
        pair = [(0, 1), (1, 0)][number % 2]
        try:
            asking = True
            answer = less(*pair)
            asking = False
            assert answer == truth[pair], "the reply to another question"
        except InterruptedError:
            continue
    signal.setitimer(signal.ITIMER_REAL, 0)
    return -1
"""


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_children_that_ask_at_once_get_their_own_replies(courtroom: Courtroom, isolation: Isolation) -> None:
    report = courtroom.grade(problem(budget=200, isolation=isolation), CHILDREN)
    assert report.verdict is Verdict.ACCEPTED, report.message


def test_a_question_that_a_signal_handler_leaves_does_not_shift_the_replies(courtroom: Courtroom) -> None:
    report = courtroom.grade(problem(budget=200), INTERRUPTED)
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE), report.message


def test_questions_in_a_row_that_nobody_waits_for_take_no_memory_of_the_judges(courtroom: Courtroom) -> None:
    """Replies of 1 MiB that are not read: the judge answers one, and then reads nothing more."""
    source = COMPARISONS.replace("return values[i] < values[j]", "return 'x' * (1 << 20)")
    whole = comparisons(
        source, budget=100_000, limits=replace(LIMITS, wall_ns=10**9), answers=LIMITS, load_limits=LIMITS
    )
    found = replace(whole, cases=whole.cases[:1], signature=replace(whole.signature, parameters=_with_text(whole)))
    before = rss_bytes()
    report = courtroom.grade(found, FORGER + "def kth_smallest(n, k, less):\n    while True:\n        ask(0, 1)\n")
    assert (report.verdict, report.reason) in (
        (Verdict.TIME_LIMIT_EXCEEDED, Reason.IDLE),
        (Verdict.TIME_LIMIT_EXCEEDED, Reason.WALL_TIME),
    )
    assert report.cases[0].evidence["oracle_calls"]["less"] < 10
    assert rss_bytes() < before + (64 << 20)


def _with_text(plan: TestPlan):
    from judge.model.signature import parse_type

    *others, less = plan.signature.parameters
    return (*others, replace(less, type=parse_type("callable[[int, int], str]", oracles=True)))


def rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_hidden_arguments_are_nowhere_in_the_candidates_memory(courtroom: Courtroom) -> None:
    secret = "canary-93b1"
    source = COMPARISONS.replace("return values[i] < values[j]", "return 'canary-93' + 'b1' in values[i]")
    look = """
        import gc
        def kth_smallest(n, k, less):
            wanted = "canary-" + "93b1"
            texts = [thing for thing in gc.get_objects() if isinstance(thing, (list, dict))]
            seen = [thing for thing in texts if wanted in repr(thing)[:100000].replace("canary-' + '", "")]
            maps = open("/proc/self/maps").read() if False else ""
            assert less(0, 0)
            return 1 if not seen and wanted not in str(vars()) .replace(wanted, "", 1) else -1
    """
    whole = comparisons(source, budget=5, limits=LIMITS, answers=LIMITS, checker=custom(TELL))
    from judge.model.signature import Parameter, parse_type
    from tests.unit.grading.scripted import case

    hidden = (Parameter(name="values", type=parse_type("list[str]")),)
    environment = replace(whole.environment, hidden=hidden)
    found = replace(whole, environment=environment, cases=(case("secret/a", 1, n=1, k=1, values=[secret]),))
    report = courtroom.grade(found, look)
    assert report.verdict is Verdict.ACCEPTED, report.message


def test_the_time_of_an_answer_is_not_the_candidates(courtroom: Courtroom) -> None:
    """Each answer takes longer than the candidate's own limits on CPU and wall time."""
    slow = COMPARISONS.replace("asked += 1", "asked += 1\n    import time\n    time.sleep(0.4)")
    limits = replace(LIMITS, cpu_ns=SLACK, wall_ns=600_000_000)
    whole = comparisons(slow, limits=limits, answers=LIMITS, load_limits=LIMITS, checker=custom(TELL))
    source = "def kth_smallest(n, k, less):\n    return [less(0, 1) for _ in range(4)] and 4\n"
    report = courtroom.grade(replace(whole, cases=whole.cases[:1]), source)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].wall_ns < 600_000_000


def test_a_candidate_that_sleeps_between_questions_is_idle(courtroom: Courtroom) -> None:
    limits = replace(LIMITS, cpu_ns=SLACK, wall_ns=600_000_000)
    whole = comparisons(limits=limits, answers=LIMITS, load_limits=LIMITS)
    source = (
        "import time\ndef kth_smallest(n, k, less):\n    while True:\n        less(0, 1)\n        time.sleep(0.1)\n"
    )
    report = courtroom.grade(whole, source)
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.IDLE)


FAILURES = [
    (
        "return values[i] < values[j]",
        "return values[i] < missing",
        "less of oracles/order.py raised an exception at oracles/order.py:16",
    ),
    ("return values[i] < values[j]", "while True: pass", "less of oracles/order.py exceeded the CPU limit of 200 ms"),
    ("return values[i] < values[j]", "import os; os._exit(3)", "less of oracles/order.py ended with the exit status 3"),
    (
        "return values[i] < values[j]",
        "import os; os.kill(os.getpid(), 11)",
        "less of oracles/order.py was ended by the signal 11",
    ),
    (
        "return values[i] < values[j]",
        "return len(bytearray(b'x') * (1 << 30)) > 0",
        "exceeded the memory limit of 64 MiB",
    ),
    ("return values[i] < values[j]", "return None", "gave an answer of another type"),
    ('return {"asked": asked}', "return 1 / 0", "finish of oracles/order.py raised an exception"),
    ("def start(arguments, seed):", "def start(arguments):", "start of oracles/order.py raised an exception"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAILURES)
def test_a_failure_of_the_environment_is_no_verdict(courtroom: Courtroom, old: str, new: str, message: str) -> None:
    assert COMPARISONS.count(old) == 1
    found = comparisons(COMPARISONS.replace(old, new), limits=LIMITS, answers=replace(LIMITS, cpu_ns=SLACK))
    report = courtroom.grade(found, BY_SORTING)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.ORACLE)
    assert message in report.message
    assert courtroom.grade(comparisons(limits=LIMITS, answers=LIMITS), BY_SORTING).verdict is Verdict.ACCEPTED


def test_no_two_tests_share_the_environments_state(courtroom: Courtroom) -> None:
    source = """
import os
count = 0

def start(arguments, seed):
    global count
    count += 1
    open("/tmp/started", "a").write("x")

def pull(arm):
    global count
    count += 1
    return 0.0

def finish():
    return [count, len(open("/tmp/started").read())]
"""
    check = "def check(arguments, expected, answer, oracle):\n    return oracle is None or oracle['result'][0] == 3\n"
    whole = bandit(source, check, limits=LIMITS)
    cases = tuple(replace(whole.cases[0], name=f"secret/{number}") for number in range(4))
    report = courtroom.grade(
        replace(whole, cases=cases), "def best(arms, pulls, pull):\n    pull(0), pull(1)\n    return 1\n"
    )
    assert report.verdict is Verdict.ACCEPTED, report.message


def test_nothing_is_left_in_the_companions_slot(courtroom: Courtroom) -> None:
    courtroom.grade(bandit(limits=LIMITS), EXPLORES)
    before = courtroom.processes("environment")
    leaving = BANDIT.replace(
        "def pull(arm):\n", "def pull(arm):\n    import os, time\n    os.fork() or time.sleep(9) or os._exit(0)\n"
    )
    assert leaving != BANDIT
    courtroom.grade(bandit(leaving, limits=LIMITS), "def best(arms, pulls, pull):\n    pull(0)\n    return 1\n")
    courtroom.grade(bandit(limits=LIMITS), EXPLORES)
    if courtroom.sandbox.path == "warm":
        assert len(courtroom.processes("environment")) == len(before)
    else:
        assert courtroom.processes("environment") == before


def test_a_sampler_of_rows_may_ask_in_every_call(courtroom: Courtroom) -> None:
    """A series: each call has a session of its own, and the same call has the same environment."""
    from judge.model.plan import CheckerSpec
    from judge.model.signature import parse_type
    from tests.unit.author.oracle_problems import signed
    from tests.unit.grading.scripted import case

    source = """
def start(arguments, seed):
    global law, asked
    law, asked = arguments["law"], 0

def weight(i, j):
    global asked
    asked += 1
    return law[i][j]
"""
    draws = """
        import random
        def draw(n, m, seed, weight):
            rng = random.Random(seed)
            return [rng.choices(range(m), [weight(i, j) for j in range(m)])[0] for i in range(n)]
    """
    law = [[0.05, 0.95], [0.5, 0.5]]
    found = bandit(
        source,
        limits=LIMITS,
        entry_point="draw",
        signature=signed("", "list[int]", n="int", m="int", seed="int", weight="callable[[int, int], float]"),
        expected_type=parse_type("array[float64, (n, m)]"),
        checker=CheckerSpec(name="sampler", parameters={"calls": 60}),
        cases=(case("secret/a", law, n=2, m=2, law=law),),
    )
    environment = replace(
        found.environment,
        budgets=(replace(found.environment.budgets[0], oracle="weight", limit=4),),
        hidden=(replace(found.environment.hidden[0], name="law", type=parse_type("list[list[float]]")),),
    )
    report = courtroom.grade(replace(found, environment=environment), draws)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].calls >= 60
    assert report.cases[0].evidence["oracle_calls"] == {"weight": 4}
    report = courtroom.grade(
        replace(found, environment=environment), draws.replace("range(m)])", "range(m)] and [1, 1])")
    )
    assert report.reason is Reason.WRONG_DISTRIBUTION
