"""The twin of the sandbox: what it keeps of the contract."""

from __future__ import annotations

import random
import sys
import threading

import numpy as np
import pytest

from judge.errors import SubmissionError
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, Stage
from judge.ports import BoxSpec, Call, Sandbox
from judge.testing import InProcessSandbox

LIMITS = Limits(cpu_ns=10**9, wall_ns=10**10, memory_bytes=1 << 28, output_bytes=1000, answer_bytes=1000)


def spec(*sources, isolation=Isolation.SUBMISSION, limits=LIMITS):
    names = ["main.py", "other.py"]
    files = tuple(SourceFile(path=name, content=text.encode()) for name, text in zip(names, sources, strict=False))
    program = Program(language="python3", files=files)
    return BoxSpec(program=program, entry_point="f", isolation=isolation, load_limits=limits)


def load(*sources):
    with InProcessSandbox().open(spec(*sources)) as box:
        return box.load()


def call(source, *arguments, limits=LIMITS, audit_seed=None):
    """The outcome of one call."""
    with InProcessSandbox().open(spec(source)) as box:
        assert box.load().loaded
        named = {f"p{at}": value for at, value in enumerate(arguments)}
        return box.call(Call(arguments=wire.encode(named), limits=limits, audit_seed=audit_seed))


def answer(source, *arguments):
    outcome = call(source, *arguments)
    assert outcome.answer is not None
    return wire.decode(outcome.answer)


def test_it_is_a_sandbox():
    sandbox: Sandbox = InProcessSandbox()
    assert sandbox.path == "in-process"
    assert "numpy" in sandbox.describe_toolchain("python3")
    with pytest.raises(SubmissionError, match="expected python3"):
        sandbox.describe_toolchain("cobol")


def test_answers():
    assert answer("def f(a, b):\n    return [a, (b, None)]\n", 1, "x") == [1, ("x", None)]
    assert answer("def f():\n    return 2 ** 100\n") == 2**100


def test_arrays_are_numpys_and_can_be_changed():
    source = "def f(a):\n    a[0] = 7\n    return a.sum()\n"
    assert answer(source, np.array([1.0, 2.0])) == 9.0
    assert answer("def f(a):\n    return type(a[0]).__name__\n", [np.array([1.0])]) == "ndarray"


def test_files_of_a_program_import_each_other_and_are_forgotten():
    other = "import sys\nVALUE = 5\n"
    with InProcessSandbox().open(spec("from other import VALUE\ndef f():\n    return VALUE\n", other)) as box:
        assert box.load().loaded
        assert "other" in sys.modules
    assert "other" not in sys.modules
    assert "main" not in sys.modules
    assert load("from other import VALUE\ndef f(): ...\n", "VALUE = 6\n").loaded


def test_what_a_module_shadows_comes_back():
    import colorsys

    with InProcessSandbox().open(spec("import other\ndef f(): ...\n", "import colorsys\n")) as box:
        assert box.load().loaded
    assert sys.modules["colorsys"] is colorsys


@pytest.mark.parametrize(
    ("source", "stage", "type_name", "line"),
    [
        ("def f()\n    pass\n", Stage.COMPILE, "SyntaxError", 1),
        ("x = 1\nraise KeyError('k')\n", Stage.LOAD, "KeyError", 2),
        ("def g():\n    1 / 0\n\n\ng()\n", Stage.LOAD, "ZeroDivisionError", 2),
    ],
)
def test_loading_that_raises(source, stage, type_name, line):
    outcome = load(source)
    assert not outcome.loaded
    assert (outcome.stage, outcome.raised.type_name, outcome.raised.frames[-1].line) == (stage, type_name, line)
    assert outcome.raised.frames[-1].file == "main.py"


@pytest.mark.parametrize("source", ["def g(): ...\n", "f = 3\n"])
def test_a_missing_entry_point(source):
    outcome = load(source)
    assert "main.py must define a function 'f'" in outcome.entry_point_missing
    assert not outcome.loaded


def test_a_call_that_raises():
    outcome = call("def g(x):\n    return [][x]\n\n\ndef f(x):\n    return g(x)\n", 3)
    assert (outcome.raised.type_name, outcome.raised.message) == ("IndexError", "list index out of range")
    assert [(frame.line, frame.function, frame.source) for frame in outcome.raised.frames] == [
        (6, "f", "return g(x)"),
        (2, "g", "return [][x]"),
    ]


@pytest.mark.parametrize(("code", "status"), [("3", 3), ("", 0), ("None", 0), ("'bye'", 1)])
def test_a_call_that_exits(code, status):
    outcome = call(f"import sys\n\n\ndef f():\n    sys.exit({code})\n")
    assert (outcome.answer, outcome.exit_code) == (None, status)


def test_values_without_an_encoding_and_too_large_ones():
    assert "'object'" in call("def f():\n    return object()\n").unencodable
    assert "bytes" in call("def f():\n    return 'x' * 2000\n").too_large
    assert "nested" in call("def f():\n    v = []\n    for _ in range(99):\n        v = [v]\n    return v\n").too_large


def test_the_cpu_limit():
    limits = Limits(cpu_ns=20_000_000, wall_ns=10**10, memory_bytes=0, output_bytes=0)
    outcome = call("def f():\n    while True:\n        pass\n", limits=limits)
    assert (outcome.killer, outcome.answer) == (Killer.CPU, None)
    assert outcome.cpu_ns > 0


def test_a_cpu_limit_that_is_reached_in_a_finalizer_ends_the_run_after_it():
    """Raised in a finalizer, or in a callback of the garbage collector, the stop was told nobody and lost."""
    source = """
import time


class Slow:
    def __del__(self):
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass


def f():
    thing = Slow()
    del thing
    while True:
        pass
"""
    limits = Limits(cpu_ns=20_000_000, wall_ns=10**10, memory_bytes=0, output_bytes=0)
    outcome = call(source, limits=limits)
    assert (outcome.killer, outcome.answer) == (Killer.CPU, None)


def test_a_box_is_dead_after_a_kill():
    limits = Limits(cpu_ns=20_000_000, wall_ns=10**10, memory_bytes=0, output_bytes=0)
    with InProcessSandbox().open(spec("def f():\n    while True:\n        pass\n")) as box:
        box.load()
        assert box.alive
        box.call(Call(arguments=wire.encode({}), limits=limits))
        assert not box.alive
        with pytest.raises(RuntimeError, match="dead"):
            box.call(Call(arguments=wire.encode({}), limits=limits))


def test_in_another_thread_there_is_no_timer():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(call("def f():\n    return 1\n")))
    thread.start()
    thread.join()
    assert wire.decode(outcomes[0].answer) == 1


def test_output_is_captured_counted_and_limited():
    outcome = call("import sys\n\n\ndef f():\n    print('é')\n    sys.stderr.write('!')\n")
    assert (outcome.stdout.data, outcome.stdout.total_bytes, outcome.stderr.data) == ("é\n".encode(), 3, b"!")
    assert call("def f():\n    print('x' * 2000)\n").killer is Killer.OUTPUT


def test_isolation():
    counting = "calls = []\n\n\ndef f():\n    calls.append(0)\n    return len(calls)\n"
    for isolation, expected in ((Isolation.SUBMISSION, [1, 2, 3]), (Isolation.TEST, [1, 1, 1])):
        with InProcessSandbox().open(spec(counting, isolation=isolation)) as box:
            box.load()
            outcomes = [box.call(Call(arguments=wire.encode({}), limits=LIMITS)) for _ in range(3)]
        assert [wire.decode(outcome.answer) for outcome in outcomes] == expected


@pytest.mark.parametrize(
    ("body", "mutated", "changed"),
    [
        ("return sorted(a)", False, False),
        ("return a.sort()", True, False),
        ("return random.Random(1).random()", False, False),
        ("return random.random()", False, True),
        ("return np.random.rand()", False, True),
        ("np.random.seed(3)", False, True),
        ("a.append(object())", True, False),
    ],
)
def test_the_audit(body, mutated, changed):
    source = f"import random\nimport numpy as np\n\n\ndef f(a):\n    {body}\n"
    audit = call(source, [2, 1], audit_seed=5).audit
    assert (audit.input_mutated, audit.global_random_changed) == (mutated, changed)
    assert call(source, [2, 1]).audit is None


def test_the_callers_generators_are_left_alone():
    source = "import random\nimport numpy as np\n\n\ndef f():\n    return random.random() + np.random.rand()\n"
    before = random.getstate(), np.random.get_state()[1].tobytes()
    first, second = (call(source, audit_seed=seed).answer for seed in (1, 1))
    assert first == second
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before
