"""The contract of the port ``Sandbox`` for a language of a virtual machine: Java."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.errors import EnvironmentFault
from judge.grading.classify import classify
from judge.harness import wire
from judge.languages import java17
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome, Stage
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.ports import BoxSpec, Call, Sandbox
from judge.twins import RecordingObserver

pytestmark = pytest.mark.sandbox

SETTINGS = Settings(salt="tests", uid_base=64_000)
LIMITS = Limits(
    cpu_ns=1_000_000_000,
    wall_ns=30_000_000_000,
    memory_bytes=192 << 20,
    output_bytes=100_000,
    answer_bytes=100_000,
)
LOAD = replace(LIMITS, cpu_ns=10_000_000_000, memory_bytes=512 << 20, output_bytes=1 << 20)
SOURCES = Path(__file__).parent / "java"
WAYS = (SOURCES / "Ways.java").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The cold path, which the warm one has for every compiled language."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (SETTINGS.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)")
    try:
        java17.load(SETTINGS.state_dir)
    except EnvironmentFault as error:
        pytest.skip(str(error))
    with open_sandbox(SETTINGS, RecordingObserver(), path="cold") as opened:
        yield opened


def spec_of(
    source: str, returns: str = "int", isolation: Isolation = Isolation.TEST, bits: int = 64, **types: str
) -> BoxSpec:
    program = Program(language="java17", files=(SourceFile(path="two_words.java", content=source.encode()),))
    parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())
    return BoxSpec(
        program=program,
        entry_point="f",
        isolation=isolation,
        load_limits=LOAD,
        memory_bytes=LIMITS.memory_bytes,
        signature=Signature(parameters=parameters, returns=parse_type(returns), integer_bits=bits),
    )


def call(limits: Limits = LIMITS, audit_seed: int | None = None, **arguments: object) -> Call:
    return Call(arguments=wire.encode(arguments), limits=limits, audit_seed=audit_seed)


def reason_of(outcome: RunOutcome, limits: Limits = LIMITS) -> str | None:
    failure = classify(outcome, limits)
    return failure and f"{failure.verdict}/{failure.reason}"


@pytest.fixture(scope="module")
def ways(sandbox: Sandbox) -> BoxSpec:
    return spec_of(WAYS, way="str")


ENDS = {  # after which the box goes on
    "throw": "RUNTIME_ERROR/exception",
    "own": "RUNTIME_ERROR/exception",
    "too deep": "RUNTIME_ERROR/exception",
    "threads": "RUNTIME_ERROR/exception",
    "run": "RUNTIME_ERROR/exception",
    "crash": "RUNTIME_ERROR/signal",
    "exit": "RUNTIME_ERROR/no_answer",
    "halt": "RUNTIME_ERROR/no_answer",
    "status": "RUNTIME_ERROR/exit_status",
    "allocate": "MEMORY_LIMIT_EXCEEDED/allocation_refused",
    "hoard": "MEMORY_LIMIT_EXCEEDED/allocation_refused",
    "direct": "MEMORY_LIMIT_EXCEEDED/allocation_refused",
    "native": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "character": "WRONG_ANSWER/wrong_type",
    "set": "WRONG_ANSWER/wrong_type",
    "surrogate": "WRONG_ANSWER/wrong_type",
    "itself": "OUTPUT_LIMIT_EXCEEDED/answer_size",
}
STOPS = {
    "loop": "TIME_LIMIT_EXCEEDED/cpu_time",
    "sleep": "TIME_LIMIT_EXCEEDED/idle",
    "flood": "OUTPUT_LIMIT_EXCEEDED/output_size",
    "forge": "RUNTIME_ERROR/protocol",
    "half": "RUNTIME_ERROR/protocol",
}


def test_every_end_of_a_call_is_told_as_it_is_and_the_next_call_is_as_the_first(sandbox, ways):
    with sandbox.open(ways) as box:
        assert (box.load().stage, box.alive) == (Stage.LOAD, True)
        for way, expected in ENDS.items():
            outcome = box.call(call(way=way))
            assert (way, reason_of(outcome), outcome.answer) == (way, expected, None)
            after = box.call(call(way="count"))
            assert (way, reason_of(after), wire.decode(after.answer)) == (way, None, 1)


@pytest.mark.parametrize("way", STOPS)
def test_what_is_stopped_is_told_as_it_is(sandbox, ways, way):
    limits = replace(LIMITS, wall_ns=1_000_000_000) if way == "sleep" else LIMITS
    with sandbox.open(ways) as box:
        assert box.load().loaded
        outcome = box.call(call(limits, way=way))
        assert (reason_of(outcome, limits), box.alive) == (STOPS[way], False)


def test_calls_that_end_well(sandbox, ways):
    with sandbox.open(ways) as box:
        assert box.load().loaded
        told = {"none": None, "deep": 100_000, "read": -1, "left behind": 42, "hook": 42, "garbage": 3000 << 16}
        for way, expected in told.items():
            outcome = box.call(call(way=way))
            assert (way, reason_of(outcome)) == (way, None)
            assert (way, wire.decode(outcome.answer)) == (way, expected)
        printed = box.call(call(way="print"))
        assert (printed.stdout.data, printed.stderr.data) == ("outé".encode(), b"err")
        raised = box.call(call(way="throw")).raised
        assert (raised.type_name, raised.message) == ("java.io.IOException", "no way")
        frame = raised.frames[-1]
        assert (frame.file, frame.function, frame.source) == (
            "two_words.java",
            "f",
            'case "throw": throw new IOException("no way");',
        )


def test_no_file_of_a_call_is_there_in_the_next_one(sandbox, ways):
    with sandbox.open(ways) as box:
        assert box.load().loaded
        for way in ("litter", "litter more"):
            assert reason_of(box.call(call(way=way))) is None
            assert wire.decode(box.call(call(way="left")).answer) == ["program"]


def test_one_process_for_all_calls(sandbox, ways):
    with sandbox.open(replace(ways, isolation=Isolation.SUBMISSION)) as box:
        assert box.load().loaded
        assert [wire.decode(box.call(call(way="count")).answer) for _ in range(3)] == [1, 2, 3]
        assert reason_of(box.call(call(way="throw"))) == "RUNTIME_ERROR/exception"
        assert wire.decode(box.call(call(way="count")).answer) == 4
        assert (reason_of(box.call(call(way="status"))), box.alive) == ("RUNTIME_ERROR/exit_status", False)


def test_calls_that_belong_together_share_a_process(sandbox, ways):
    with sandbox.open(ways) as box:
        assert box.load().loaded
        answers = [box.call(replace(call(way="count"), more=more)).answer for more in (True, True, False, False)]
        assert [wire.decode(answer) for answer in answers] == [1, 2, 3, 1]


# --- values -----------------------------------------------------------------------------------------------------------

ECHO = (SOURCES / "Echo.java").read_text(encoding="utf-8")
TYPES = {
    "b": "bool",
    "i": "int",
    "d": "float",
    "s": "str",
    "y": "bytes",
    "l": "list[int]",
    "r": "list[float]",
    "m": "list[list[int]]",
    "p": "tuple[int, str]",
    "v": "list[int]",
    "k": "dict[str, float]",
    "o": "Optional[int]",
    "e": "list[tuple[int, int]]",
    "w": "list[bool]",
    "a": "array[float64, (n, 2)]",
    "c": "array[complex128, ...]",
    "z": "dict[tuple[int, ...], dict[tuple[bool], list[str]]]",
    "n": "list[Optional[int]]",
}
VALUES = [
    {
        "b": True,
        "i": -(2**63),
        "d": -0.0,
        "s": "é€😀\0" * 20,
        "y": b"\x00\xff" * 200,
        "l": list(range(-100, 100)),
        "r": [0.1 * part for part in range(20)],
        "m": [[1, 2, 3, 4], [5, 6, 7, 8]],
        "p": (2**63 - 1, "x"),
        "v": [1],
        "k": {"a": 1.5, "b": float("inf")},
        "o": None,
        "e": [(1, 2)] * 9,
        "w": [True, False] * 10,
        "a": np.arange(6.0).reshape(3, 2),
        "c": np.array([1 + 2j, -1j]),
        "z": {(1, 2, 3): {(True,): ["x"]}, (): {}},
        "n": [1, None, 3],
    },
    {
        "b": False,
        "i": 127,
        "d": 1e308,
        "s": "",
        "y": b"",
        "l": [],
        "r": [1.0],
        "m": [[1], [], [2, 3]],
        "p": (-32, "y" * 40),
        "v": [],
        "k": {},
        "o": 200,
        "e": [],
        "w": [],
        "a": np.zeros((0, 2)),
        "c": np.zeros((), dtype=complex),
        "z": {tuple(range(20)): {}},
        "n": [],
    },
]


def test_values_of_every_type_come_back_as_the_same_bytes(sandbox):
    with sandbox.open(spec_of(ECHO, isolation=Isolation.SUBMISSION, **TYPES)) as box:
        assert box.load().loaded
        for values in VALUES:
            outcome = box.call(call(audit_seed=7, **values))
            assert reason_of(outcome) is None, outcome.stderr
            assert outcome.answer == wire.encode([*values.values()])
            assert (outcome.audit.input_mutated, outcome.audit.global_random_changed) == (False, False)


def test_integers_of_any_size_and_answers_in_other_types(sandbox):
    source = (SOURCES / "Others.java").read_text(encoding="utf-8")
    spec = spec_of(source, isolation=Isolation.SUBMISSION, bits=128, i="int", l="list[int]", e="list[tuple[int, int]]")
    numbers = [0, 127, 128, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 2**127 - 1, -(2**127), -(2**71)]
    with sandbox.open(spec) as box:
        assert box.load().loaded
        for number in numbers:
            pairs = [(number, 1), (2, 3), (4, 5), (6, 7)]
            outcome = box.call(call(audit_seed=7, i=number, l=[number, number], e=pairs))
            assert reason_of(outcome) is None, outcome.stderr
            rows = [[1, 2, 3, 4], [5, 6, 7, 8]]
            others = [rows, [1, 2], [1.5], 3, None, {(1, 2): [False]}, list(range(1, 9))]
            whole = [number, -number, [1, number], pairs, *others, np.array([1, 2], dtype="f4"), 2**64]
            assert outcome.answer == wire.encode(whole), number
            assert outcome.audit.input_mutated == (number != 1)


# --- compiling --------------------------------------------------------------------------------------------------------

LONG = "class Solution { long f() { return 1; } }\n"
REFUSED = {
    "nonsense": ("class Solution {\n    long f() { return }\n}\n", "COMPILE_ERROR/syntax", b"two_words.java:2: error"),
    "no class": ("class Other { long f() { return 1; } }", "COMPILE_ERROR/entry_point", b"no method Solution.f"),
    "no method": ("class Solution { long g() { return 1; } }", "COMPILE_ERROR/entry_point", b"no method Solution.f"),
    "other parameters": ("class Solution { long f(int x) { return 1; } }", "COMPILE_ERROR/syntax", b"starter code"),
    "nothing": ("class Solution { void f() {} }", "COMPILE_ERROR/syntax", b"starter code"),
    "a constructor": (
        "class Solution { Solution(int x) {} long f() { return 1; } }",
        "COMPILE_ERROR/syntax",
        b"constructor",
    ),
    "too deep": (
        LONG + f"class D {{ int d = {'(' * 300000}1{')' * 300000}; }}",
        "COMPILE_ERROR/syntax",
        b"nested too deeply",
    ),
    "a bomb of text": (
        LONG
        + 'class B { static final String A0 = "0123456789abcdef";\n'
        + "".join(f"static final String A{n + 1} = A{n} + A{n};\n" for n in range(26))
        + "}",
        "COMPILE_ERROR/out_of_memory",
        b"",
    ),
    "a talkative one": (LONG + f"class {'x' * 60000} {{ {'y z;' * 4000} }}", "COMPILE_ERROR/output_size", b"error"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_does_not_compile_is_a_compile_error_and_shows_the_compilers_words(sandbox, kind):
    source, expected, words = REFUSED[kind]
    with sandbox.open(spec_of(source)) as box:
        outcome = box.load()
        assert not box.alive
    assert outcome.stage is Stage.COMPILE
    assert reason_of(outcome, LOAD) == expected
    assert words in outcome.stderr.data
    assert b"/box/" not in outcome.stderr.data


def test_a_compiler_that_computes_too_long_is_stopped(sandbox):
    """What stands in ``finally`` is written once for each way out: nested, twice as often at each level."""
    nested = "x++;"
    for _ in range(26):
        nested = f"try {{ f(); }} finally {{ {nested} }}"
    source = f"class Solution {{ int x; long f() {{ {nested} return 1; }} }}"
    short = replace(LOAD, cpu_ns=2_500_000_000, memory_bytes=4 << 30)
    with sandbox.open(replace(spec_of(source), load_limits=short)) as box:
        outcome = box.load()
    assert outcome.killer is Killer.CPU
    assert reason_of(outcome, short) == "COMPILE_ERROR/compile_time"


def test_nothing_of_a_submission_runs_in_the_compiler_and_none_of_it_takes_the_judges_place(sandbox):
    processor = """
import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class Spy extends AbstractProcessor {
    static { System.err.println("processed"); }
    public boolean process(Set<? extends TypeElement> a, RoundEnvironment r) { System.exit(0); return true; }
}
"""
    own = 'package judge.inside;\npublic final class Writer { static { System.out.println("taken"); } }\n'
    files = {
        "Solution.java": "public class Solution { @Deprecated public static long f() { return 42; } }\n",
        "Spy.java": processor,
        "META-INF/services/javax.annotation.processing.Processor": "Spy\n",
        "judge/inside/Writer.java": own,
        "@argfile.java": "class Argument {}\n",
    }
    program = Program(
        language="java17",
        files=tuple(SourceFile(path=path, content=text.encode()) for path, text in files.items()),
    )
    with sandbox.open(replace(spec_of(""), program=program)) as box:
        loaded = box.load()
        assert loaded.loaded
        outcome = box.call(call())
    assert wire.decode(outcome.answer) == 42
    assert b"processed" not in loaded.stderr.data
    assert b"taken" not in outcome.stdout.data


def test_a_program_that_ends_when_it_is_loaded_has_not_loaded(sandbox):
    for source, expected in {
        "class Solution { static { System.exit(0); } long f() { return 1; } }": "RUNTIME_ERROR/no_answer",
        "class Solution { static int x = 1 / 0; long f() { return 1; } }": "RUNTIME_ERROR/exception",
    }.items():
        with sandbox.open(spec_of(source)) as box:
            outcome = box.load()
            assert not box.alive
        assert (outcome.stage, reason_of(outcome)) == (Stage.LOAD, expected)


# --- whole programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "arguments", "expected"),
    [
        ("1 2 3\n10 -20\n", [], b"6\n-10\n"),
        ("", ["a b", "--version"], b"a b --version\n"),
        ("throw\n", [], "RUNTIME_ERROR/exit_status"),
        ("status\n", [], "RUNTIME_ERROR/exit_status"),
        ("loop\n", [], "TIME_LIMIT_EXCEEDED/cpu_time"),
    ],
)
def test_a_whole_program_has_its_streams_and_arguments(sandbox, given, arguments, expected):
    source = (SOURCES / "Sums.java").read_bytes()
    program = Program(language="java17", files=(SourceFile(path="Sums.java", content=source),))
    spec = replace(spec_of(""), program=program, isolation=Isolation.PROCESS, stdin=given.encode(), signature=None)
    with sandbox.open(spec) as box:
        assert box.load().loaded
        outcome = box.call(Call(arguments=wire.encode(arguments), limits=LIMITS))
    found = reason_of(outcome)
    assert (found or wire.decode(outcome.answer)) == expected, outcome.stderr
