"""The contract of the port ``Sandbox``: one suite over the in-memory twin, the cold path and the warm path."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.errors import SubmissionError
from judge.grading.classify import classify
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome, Stage
from judge.ports import Box, BoxSpec, Burst, Call, OracleReply, Sandbox
from judge.testing import InProcessSandbox
from judge.twins import RecordingObserver

LIMITS = Limits(
    cpu_ns=2_000_000_000,
    wall_ns=20_000_000_000,
    memory_bytes=256 << 20,
    output_bytes=100_000,
    answer_bytes=100_000,
)


@pytest.fixture(
    scope="module",
    params=["twin", pytest.param("cold", marks=pytest.mark.sandbox), pytest.param("warm", marks=pytest.mark.sandbox)],
)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each adapter in turn."""
    if request.param == "twin":
        yield InProcessSandbox()
        return
    settings = Settings(salt="tests", uid_base=64_000)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    with open_sandbox(settings, RecordingObserver(), path=request.param) as opened:
        yield opened


def spec_of(*sources: str, isolation: Isolation = Isolation.TEST, entry_point: str = "f") -> BoxSpec:
    """A box for a program whose main file is ``solution.py``; further sources are ``helper1.py`` and so on."""
    names = ["solution.py", *(f"helper{number}.py" for number in range(1, len(sources)))]
    files = tuple(SourceFile(path=name, content=source.encode()) for name, source in zip(names, sources, strict=True))
    program = Program(language="python3", files=files)
    return BoxSpec(program=program, entry_point=entry_point, isolation=isolation, load_limits=LIMITS)


def call(*arguments: object, limits: Limits = LIMITS, audit_seed: int | None = None) -> Call:
    """A call with the arguments ``a0``, ``a1``, ..."""
    named = {f"a{number}": value for number, value in enumerate(arguments)}
    return Call(arguments=wire.encode(named), limits=limits, audit_seed=audit_seed)


def load(sandbox: Sandbox, *sources: str, entry_point: str = "f") -> RunOutcome:
    """The outcome of loading."""
    with sandbox.open(spec_of(*sources, entry_point=entry_point)) as box:
        return box.load()


def run(sandbox: Sandbox, source: str, *arguments: object, **changes: object) -> RunOutcome:
    """The outcome of one call."""
    with sandbox.open(spec_of(source)) as box:
        assert box.load().loaded
        return box.call(call(*arguments, limits=replace(LIMITS, **changes)))


def reason_of(outcome: RunOutcome, limits: Limits = LIMITS) -> str | None:
    """The verdict and the reason; None when there is nothing to complain of."""
    failure = classify(outcome, limits)
    return failure and f"{failure.verdict}/{failure.reason}"


def test_it_says_what_it_is(sandbox):
    assert sandbox.path in ("in-process", "cold", "warm")
    assert sandbox.slot >= 0
    assert "numpy" in sandbox.describe_toolchain("python3")


def test_an_unknown_language_is_refused(sandbox):
    with pytest.raises(SubmissionError, match="'klingon'"):
        sandbox.describe_toolchain("klingon")


def test_loading_gives_a_box_that_can_be_called(sandbox):
    with sandbox.open(spec_of("def f(x):\n    return x + 1\n")) as box:
        outcome = box.load()
        assert (outcome.stage, outcome.loaded, box.alive) == (Stage.LOAD, True, True)
        assert reason_of(outcome) is None
        assert [wire.decode(box.call(call(x)).answer) for x in (1, 41)] == [2, 42]


def test_a_program_of_several_files(sandbox):
    sources = "import helper1\ndef f(x):\n    return helper1.double(x)\n", "def double(x):\n    return 2 * x\n"
    with sandbox.open(spec_of(*sources)) as box:
        assert box.load().loaded
        assert wire.decode(box.call(call(21)).answer) == 42


def test_a_syntax_error_ends_compiling(sandbox):
    outcome = load(sandbox, "x = 1\ndef f(:\n    pass\n")
    assert outcome.stage is Stage.COMPILE
    assert not outcome.loaded
    assert outcome.raised.type_name == "SyntaxError"
    assert [(frame.file, frame.line) for frame in outcome.raised.frames] == [("solution.py", 2)]
    assert reason_of(outcome) == "COMPILE_ERROR/syntax"


def test_a_missing_entry_point_is_named(sandbox):
    outcome = load(sandbox, "def g():\n    return 42\n")
    assert not outcome.loaded
    assert "'f'" in outcome.entry_point_missing
    assert reason_of(outcome) == "COMPILE_ERROR/entry_point"


def test_an_entry_point_that_cannot_be_called_is_missing(sandbox):
    assert reason_of(load(sandbox, "f = 42\n")) == "COMPILE_ERROR/entry_point"


def test_an_exception_at_loading_has_frames(sandbox):
    outcome = load(sandbox, "def g():\n    return 1 / 0\n\ng()\n")
    assert outcome.stage is Stage.LOAD
    assert outcome.raised.type_name == "ZeroDivisionError"
    assert [(frame.line, frame.function) for frame in outcome.raised.frames] == [(4, "<module>"), (2, "g")]
    assert reason_of(outcome) == "RUNTIME_ERROR/exception"


def test_an_exception_in_a_call_has_the_frames_of_the_program(sandbox):
    outcome = run(sandbox, "def f(x):\n    return g(x)\n\ndef g(x):\n    return [][x]\n", 3)
    assert (outcome.raised.type_name, outcome.raised.message) == ("IndexError", "list index out of range")
    frames = [(frame.file, frame.line, frame.function, frame.source) for frame in outcome.raised.frames]
    assert frames == [("solution.py", 2, "f", "return g(x)"), ("solution.py", 5, "g", "return [][x]")]
    assert outcome.answer is None
    assert reason_of(outcome) == "RUNTIME_ERROR/exception"


@pytest.mark.parametrize("status", ["0", "1", "'text'", "None"])
def test_leaving_without_an_answer_fails(sandbox, status):
    outcome = run(sandbox, f"import sys\ndef f():\n    sys.exit({status})\n")
    assert outcome.answer is None
    assert reason_of(outcome).startswith("RUNTIME_ERROR/")


def test_leaving_is_an_exception_as_any_other(sandbox):
    if sandbox.path == "in-process":
        pytest.skip("the twin tells SystemExit as an exit status, its only way to end without an answer")
    outcome = run(sandbox, "import sys\ndef f():\n    sys.exit(0)\n")
    assert outcome.raised is not None
    assert outcome.raised.type_name == "SystemExit"


def test_a_box_lives_on_after_an_exception(sandbox):
    with sandbox.open(spec_of("def f(x):\n    return 10 // x\n")) as box:
        box.load()
        assert box.call(call(0)).raised is not None
        assert box.alive
        assert wire.decode(box.call(call(2)).answer) == 5


@pytest.mark.parametrize(
    "value",
    [None, True, -(2**70), 0.1, "ä\0\ud800", b"\0\xff", [1, 2.5, "x"], (1, (2,)), {"a": [1], 2: None}, list(range(99))],
    ids=repr,
)
def test_answers_are_the_values_that_were_given(sandbox, value):
    outcome = run(sandbox, "def f(x):\n    return x\n", value)
    assert reason_of(outcome) is None
    assert wire.decode(outcome.answer) == value


def test_arrays_come_as_numpy_and_go_back(sandbox):
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    outcome = run(sandbox, "def f(x):\n    x *= 2\n    return x.T\n", given)
    answer = wire.decode(outcome.answer)
    assert (answer.dtype, answer.shape) == ("<f4", (3, 2))
    assert np.array_equal(np.frombuffer(answer.data, "<f4").reshape(3, 2), (given * 2).T)


def test_a_value_without_an_encoding_is_the_wrong_type(sandbox):
    outcome = run(sandbox, "def f():\n    return object()\n")
    assert outcome.answer is None
    assert "'object'" in outcome.unencodable
    assert reason_of(outcome) == "WRONG_ANSWER/wrong_type"


def test_an_answer_that_is_too_large(sandbox):
    outcome = run(sandbox, "def f():\n    return bytes(200_000)\n")
    assert outcome.answer is None
    assert reason_of(outcome) == "OUTPUT_LIMIT_EXCEEDED/answer_size"


def test_an_answer_that_is_too_deep(sandbox):
    outcome = run(sandbox, "def f():\n    x = []\n    for _ in range(500):\n        x = [x]\n    return x\n")
    assert reason_of(outcome) == "OUTPUT_LIMIT_EXCEEDED/answer_size"


def test_what_is_printed_is_captured_for_each_run(sandbox):
    source = "import sys\nprint('loading')\ndef f(x):\n    print('out', x)\n    print('err', x, file=sys.stderr)\n"
    with sandbox.open(spec_of(source)) as box:
        loading = box.load()
        outcomes = [box.call(call(x)) for x in (1, 2)]
    assert loading.stdout.data.splitlines()[-1] == b"loading"
    printed = [(run.stdout.data, run.stderr.data) for run in outcomes]
    if sandbox.path == "in-process":  # the twin loads the program again for every call
        printed = [(out.removeprefix(b"loading\n"), err) for out, err in printed]
    assert printed == [(b"out 1\n", b"err 1\n"), (b"out 2\n", b"err 2\n")]


def test_too_much_output_ends_the_run(sandbox):
    outcome = run(sandbox, "def f():\n    while True:\n        print('x' * 1000)\n")
    assert outcome.killer is Killer.OUTPUT
    assert outcome.stdout.truncated
    assert len(outcome.stdout.data) == 64 * 1024
    assert reason_of(outcome) == "OUTPUT_LIMIT_EXCEEDED/output_size"


def test_too_much_cpu_time_ends_the_run(sandbox):
    limits = replace(LIMITS, cpu_ns=100_000_000)
    with sandbox.open(spec_of("def f():\n    while True:\n        pass\n")) as box:
        box.load()
        outcome = box.call(call(limits=limits))
        assert not box.alive
    assert outcome.killer is Killer.CPU
    assert outcome.cpu_ns >= limits.cpu_ns or isinstance(sandbox, InProcessSandbox)  # the twin's timer ticks coarsely
    assert reason_of(outcome, limits) == "TIME_LIMIT_EXCEEDED/cpu_time"


def _counts(box: Box) -> list[object]:
    box.load()
    return [wire.decode(box.call(call()).answer) for _ in range(3)]


COUNTER = "calls = []\ndef f():\n    calls.append(0)\n    return len(calls)\n"


def test_isolation_test_gives_every_call_the_state_after_loading(sandbox):
    with sandbox.open(spec_of(COUNTER, isolation=Isolation.TEST)) as box:
        assert _counts(box) == [1, 1, 1]


def test_isolation_submission_keeps_state(sandbox):
    with sandbox.open(spec_of(COUNTER, isolation=Isolation.SUBMISSION)) as box:
        assert _counts(box) == [1, 2, 3]


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_every_call_gets_arguments_of_its_own(sandbox, isolation):
    with sandbox.open(spec_of("def f(x):\n    x.append(0)\n    return len(x)\n", isolation=isolation)) as box:
        box.load()
        assert [wire.decode(box.call(call([1])).answer) for _ in range(2)] == [2, 2]


def test_boxes_share_nothing(sandbox):
    with sandbox.open(spec_of("import json\njson.planted = True\ndef f():\n    return 42\n")) as box:
        box.load()
        box.call(call())
    if sandbox.path != "in-process":  # the twin shares its interpreter
        assert wire.decode(run(sandbox, "import json\ndef f():\n    return hasattr(json, 'planted')\n").answer) is False


def test_hashes_are_the_same_in_every_box_of_a_seed(sandbox):
    source = "def f():\n    return hash('judge')\n"
    assert len({wire.decode(run(sandbox, source).answer) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("body", "mutated", "changed"),
    [
        ("return sum(x)", False, False),
        ("x.sort()", True, False),
        ("random.random()", False, True),
        ("random.Random(1).random()", False, False),
        ("np.random.rand()", False, True),
        ("np.random.default_rng(1).random()", False, False),
    ],
)
def test_an_audited_call_tells_what_it_changed(sandbox, body, mutated, changed):
    source = f"import random\nimport numpy as np\ndef f(x):\n    {body}\n"
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        box.load()
        outcome = box.call(call([3, 1, 2], audit_seed=7))
    assert (outcome.audit.input_mutated, outcome.audit.global_random_changed) == (mutated, changed)


def test_an_audited_call_is_seeded(sandbox):
    source = "import random\nimport numpy as np\ndef f():\n    return [random.random(), float(np.random.rand())]\n"
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        box.load()
        answers = [wire.decode(box.call(call(audit_seed=seed)).answer) for seed in (7, 8, 7)]
    assert answers[0] == answers[2] != answers[1]


def test_without_a_seed_there_is_no_audit(sandbox):
    assert run(sandbox, "def f():\n    return 42\n").audit is None


def test_times_are_told(sandbox):
    source = """
import time
def f():
    begin = time.process_time_ns()
    while time.process_time_ns() - begin < 20_000_000:
        pass
"""
    outcome = run(sandbox, source)
    assert outcome.cpu_ns >= 20_000_000
    assert outcome.wall_ns > 0


class Table:
    """The port Oracles: squares, an error for a text, and the end of the call at the fourth question."""

    positions: ClassVar = {"square": 1}

    def __init__(self):
        self.asked = []

    def ask(self, name, question):
        self.asked.append((name, wire.decode(question)))
        (value,) = self.asked[-1][1]
        if len(self.asked) > 3:
            return OracleReply(stop=Killer.BUDGET, message="once too often")
        if isinstance(value, str):
            return OracleReply(error="expected int", wrong_type=value == "type")
        return OracleReply(value=wire.encode(value * value if isinstance(value, int) else np.array(value)))


def asked(sandbox, body, isolation=Isolation.TEST, table=None):
    """The outcome of a call whose second argument is an oracle; the others are 1 and 2."""
    source = "import numpy\nkept = []\ndef f(a, square, b):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    with sandbox.open(spec_of(source, isolation=isolation)) as box:
        assert box.load().loaded
        question = replace(call(1, 2), oracles=table or Table())
        return box.call(question), box.call(replace(question, oracles=Table())) if box.alive else None


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_a_function_may_ask_an_oracle(sandbox, isolation):
    table = Table()
    outcome, again = asked(sandbox, "return [a, square(7), b, square(10 ** 30)]", isolation, table)
    assert wire.decode(outcome.answer) == wire.decode(again.answer) == [1, 49, 2, 10**60]
    assert table.asked == [("square", (7,)), ("square", (10**30,))]


def test_an_answer_of_an_oracle_may_be_an_array(sandbox):
    outcome, _ = asked(sandbox, "found = square([1.0, 2.0])\nfound += 1\nreturn [type(found) is numpy.ndarray, found]")
    assert wire.decode(outcome.answer)[0] is True


@pytest.mark.parametrize(("question", "error"), [("'type'", "TypeError"), ("'value'", "ValueError")])
def test_an_oracle_may_raise(sandbox, question, error):
    body = f"try:\n    square({question})\nexcept Exception as error:\n    return [type(error).__name__, str(error)]"
    outcome, _ = asked(sandbox, body)
    assert wire.decode(outcome.answer) == [error, "expected int"]


def test_a_question_that_has_no_encoding_is_not_asked(sandbox):
    table = Table()
    outcome, _ = asked(sandbox, "square(object())", table=table)
    assert outcome.raised.type_name == "TypeError"
    assert table.asked == []


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_an_oracle_may_end_the_call(sandbox, isolation):
    body = "while True:\n    try:\n        square(1)\n    except Exception:\n        continue"
    table = Table()
    outcome, again = asked(sandbox, body, isolation, table)
    assert (outcome.killer, outcome.oracle_stop, again) == (Killer.BUDGET, "once too often", None)
    assert len(table.asked) == 4
    assert reason_of(outcome) == "WRONG_ANSWER/budget_exceeded"


def test_an_oracle_that_was_kept_cannot_be_asked_later(sandbox):
    body = "kept.append(square)\nreturn kept[0](3)"
    outcome, again = asked(sandbox, body, Isolation.SUBMISSION)
    assert wire.decode(outcome.answer) == 9
    assert (again.raised.type_name, again.answer) == ("RuntimeError", None)


def test_an_audited_call_may_ask(sandbox):
    with sandbox.open(spec_of("def f(a, square):\n    return square(a[0])\n", isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        outcome = box.call(replace(call([5], audit_seed=3), oracles=Table()))
    assert wire.decode(outcome.answer) == 25
    assert not outcome.audit.input_mutated


STEPS = "count = 0\ndef f(step):\n    global count\n    count += step\n    return count\n"


def test_calls_of_a_session_share_a_process_and_no_other_does(sandbox):
    with sandbox.open(spec_of(STEPS)) as box:
        assert box.load().loaded
        found = [wire.decode(box.call(replace(call(1), more=more)).answer) for more in (True, True, False, True, False)]
        assert found == [1, 2, 3, 1, 2]
        assert wire.decode(box.call(call(1)).answer) == 1


def test_a_session_goes_on_after_an_exception(sandbox):
    with sandbox.open(spec_of(STEPS)) as box:
        assert box.load().loaded
        assert wire.decode(box.call(replace(call(1), more=True)).answer) == 1
        assert box.call(replace(call("x"), more=True)).raised.type_name == "TypeError"
        assert wire.decode(box.call(call(1)).answer) == 2


def burst(box: Box, calls: Sequence[Call], *, whole: bool = False) -> list[RunOutcome]:
    """Makes these calls together; returns what each came to, nothing when that is not known."""
    made = box.burst(
        Burst(
            arguments=[call.arguments for call in calls],
            limits=calls[0].limits,
            audit_seeds=[call.audit_seed for call in calls],
            keywords=[call.keywords for call in calls],
            whole=whole,
        )
    )
    return [] if made is None else made.each()


def test_calls_of_a_burst_are_made_in_order_in_one_process(sandbox):
    with sandbox.open(spec_of(STEPS, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        found = []
        while len(found) < 40:
            outcomes = burst(box, [call(1) for _ in range(40 - len(found))])
            found += [wire.decode(outcome.answer) for outcome in outcomes]
        assert found == list(range(1, 41))
        assert box.alive


def test_an_exception_in_a_burst_is_that_of_its_last_call(sandbox):
    with sandbox.open(spec_of(STEPS, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        calls, outcomes = [call(1), call("x"), call(1)], []
        while not outcomes or outcomes[-1].raised is None:
            outcomes += burst(box, calls[len(outcomes) :])
        assert [outcome.answer and wire.decode(outcome.answer) for outcome in outcomes] == [1, None]
        assert outcomes[-1].raised.type_name == "TypeError"
        assert wire.decode(box.call(call(1)).answer) == 2


def test_every_call_of_a_burst_has_its_own_audit(sandbox):
    source = "import random\ndef f(x):\n    return random.random() if x else 0.5\n"
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        calls = [call(0), call(0, audit_seed=3), call(1, audit_seed=3), call(0)]
        outcomes = []
        while len(outcomes) < len(calls):
            outcomes += burst(box, calls[len(outcomes) :])
        assert [outcome.audit and outcome.audit.global_random_changed for outcome in outcomes] == [
            None,
            False,
            True,
            None,
        ]


def test_a_burst_of_a_forked_box_is_its_first_call(sandbox):
    with sandbox.open(spec_of(STEPS)) as box:
        assert box.load().loaded
        assert wire.decode(burst(box, [call(1), call(1)])[0].answer) == 1


def test_what_ends_a_box_in_a_burst_is_told_or_left_open(sandbox):
    source = "def f(x):\n    while x:\n        pass\n    return x\n"
    limits = replace(LIMITS, cpu_ns=10**8)
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        calls, made = [call(0, limits=limits), call(0, limits=limits), call(1, limits=limits)], 0
        while box.alive:  # a moment may be over before the last call
            outcomes = burst(box, calls[made:])
            made += len(outcomes)
        assert not outcomes or reason_of(outcomes[-1], limits) == "TIME_LIMIT_EXCEEDED/cpu_time"


COUNTS = "n = 0\ndef f(x):\n    global n\n    n += 1\n    return [n, 6 // x]\n"


@pytest.mark.parametrize("last", [3, 0])
def test_a_whole_burst_is_made_in_order_up_to_a_call_without_an_answer(sandbox, last):
    with sandbox.open(spec_of(COUNTS, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        outcomes = burst(box, [call(1), call(2), call(last), call(1)], whole=True)
        told = [outcome.answer and wire.decode(outcome.answer) for outcome in outcomes]
        assert told == ([[1, 6], [2, 3], [3, 2], [4, 6]] if last else [[1, 6], [2, 3], None])
        assert last or outcomes[-1].raised.type_name == "ZeroDivisionError"
        assert wire.decode(box.call(call(6)).answer) == [5 if last else 4, 1]


def test_a_whole_burst_goes_on_after_a_moment_and_its_last_call_has_what_all_took_and_printed(sandbox):
    source = "def f(x):\n    for _ in range(200_000):\n        pass\n    print(x)\n    return 'x' * 40_000\n"
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        *others, last = burst(box, [call(number) for number in range(6)], whole=True)
        assert [len(wire.decode(outcome.answer)) for outcome in [*others, last]] == [40_000] * 6
        assert [(outcome.cpu_ns, outcome.wall_ns, outcome.stdout.total_bytes) for outcome in others] == [(0, 0, 0)] * 5
        assert last.stdout.data == b"0\n1\n2\n3\n4\n5\n"
        assert last.cpu_ns > 0


def test_arguments_of_a_burst_are_given_by_their_names(sandbox):
    source = "def f(x, *, k=0):\n    return [x, k]\n"
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        named = Call(arguments=wire.encode({"0": 1, "=k": 2}), limits=LIMITS, keywords=("k",))
        outcomes = burst(box, [call(3), named], whole=True)
        assert [wire.decode(outcome.answer) for outcome in outcomes] == [[3, 0], [1, 2]]


def test_a_whole_burst_has_the_limits_of_one_call(sandbox):
    source = "import time\ndef f(x):\n    end = time.process_time() + 0.05\n    while time.process_time() < end: pass\n"
    limits = replace(LIMITS, cpu_ns=10**8)
    with sandbox.open(spec_of(source, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        outcomes = burst(box, [call(0, limits=limits)] * 5, whole=True)
        assert not outcomes or reason_of(outcomes[-1], limits) == "TIME_LIMIT_EXCEEDED/cpu_time"
