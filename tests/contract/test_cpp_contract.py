"""The contract of the port ``Sandbox`` for a compiled language: C++ on the cold path, and behind the warm one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.grading.classify import classify
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome, Stage
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.ports import BoxSpec, Call, Sandbox
from judge.twins import RecordingObserver

pytestmark = pytest.mark.sandbox

LIMITS = Limits(
    cpu_ns=1_000_000_000,
    wall_ns=30_000_000_000,
    memory_bytes=256 << 20,
    output_bytes=100_000,
    answer_bytes=100_000,
)
LOAD = replace(LIMITS, cpu_ns=10_000_000_000, memory_bytes=512 << 20, output_bytes=1 << 20)
ALL = "#include <bits/stdc++.h>\nusing namespace std;\n"
WAYS = """
long long f(const string& way) {
    if (way == "print") { cout << "out"; printf("put"); cerr << "err"; return 42; }
    if (way == "throw") throw runtime_error("no way");
    if (way == "bytes") throw runtime_error("\\xff");
    if (way == "number") throw 3;
    if (way == "allocate") { volatile size_t n = size_t{1} << 60; return *new char[n]; }
    if (way == "hoard") for (;;) memset(new char[1 << 20], 1, 1 << 20);
    if (way == "loop") for (volatile int turn = 0;; turn = turn + 1) continue;
    if (way == "segfault") { int* volatile nothing = nullptr; return *nothing; }
    if (way == "abort") abort();
    if (way == "exit") exit(0);
    if (way == "status") exit(3);
    if (way == "fork") { fork(); return 42; }
    if (way == "ptrace") return syscall(101, 0, 0, 0, 0);
    if (way == "socket") return syscall(41, 2, 1, 0) < 0 ? errno : 0;
    if (way == "flood") for (;;) puts("again and again and again and again and again");
    if (way == "forge") return write(3, "\\0\\0\\0\\1\\xc0", 5);
    if (way == "everywhere") for (int to = 0; to < 64; ++to) (void)!write(to, "\\0\\0\\0\\1\\xc0", 5);
    if (way == "shutdown") shutdown(3, SHUT_RDWR);
    if (way == "last word") { atexit([] { (void)!write(3, "\\0\\0\\0\\1\\xc0", 5); }); exit(0); }
    if (way == "count") { static int calls = 0; return ++calls; }
    return 0;
}
"""
HEAD = ALL + "#include <sys/socket.h>\n#include <sys/syscall.h>\n#include <unistd.h>\n"


@pytest.fixture(scope="module", params=["cold", "warm"])
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Both adapters, with a cache of compiled programs that is their own."""
    settings = Settings(salt="tests", uid_base=64_000)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    if not Path("/usr/bin/g++").exists():
        pytest.skip("C++ needs a compiler (apt-get install g++)")
    with open_sandbox(settings, RecordingObserver(), path=request.param) as opened:
        yield opened


def spec_of(source: str, returns: str = "int", isolation: Isolation = Isolation.TEST, **types: str) -> BoxSpec:
    program = Program(language="cpp20", files=(SourceFile(path="solution.cpp", content=source.encode()),))
    parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())
    signature = Signature(parameters=parameters, returns=parse_type(returns))
    return BoxSpec(program=program, entry_point="f", isolation=isolation, load_limits=LOAD, signature=signature)


def call(limits: Limits = LIMITS, audit_seed: int | None = None, **arguments: object) -> Call:
    return Call(arguments=wire.encode(arguments), limits=limits, audit_seed=audit_seed)


def reason_of(outcome: RunOutcome, limits: Limits = LIMITS) -> str | None:
    failure = classify(outcome, limits)
    return failure and f"{failure.verdict}/{failure.reason}"


ENDS = {
    "throw": "RUNTIME_ERROR/exception",
    "bytes": "RUNTIME_ERROR/exception",
    "number": "RUNTIME_ERROR/exception",
    "allocate": "MEMORY_LIMIT_EXCEEDED/allocation_refused",
    "segfault": "RUNTIME_ERROR/signal",
    "abort": "RUNTIME_ERROR/signal",
    "exit": "RUNTIME_ERROR/no_answer",
    "status": "RUNTIME_ERROR/exit_status",
    "ptrace": "SECURITY_VIOLATION/forbidden_syscall",
    "hoard": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "loop": "TIME_LIMIT_EXCEEDED/cpu_time",
    "flood": "OUTPUT_LIMIT_EXCEEDED/output_size",
    "forge": "RUNTIME_ERROR/protocol",
    "everywhere": "RUNTIME_ERROR/protocol",
    "shutdown": "RUNTIME_ERROR/signal",
    "last word": "RUNTIME_ERROR/protocol",
}


@pytest.mark.parametrize("way", ENDS)
def test_every_end_of_a_call_is_told_as_it_is(sandbox, way):
    with sandbox.open(spec_of(HEAD + WAYS, way="str")) as box:
        assert box.load().loaded
        outcome = box.call(call(way=way))
    assert reason_of(outcome) == ENDS[way]
    assert outcome.answer is None


def test_calls_that_end_well_follow_those_that_do_not(sandbox):
    with sandbox.open(spec_of(HEAD + WAYS, way="str")) as box:
        assert (box.load().stage, box.alive) == (Stage.LOAD, True)
        answers = [wire.decode(box.call(call(way=way)).answer) for way in ("count", "count", "socket", "fork")]
        assert answers == [1, 1, 97, 42]  # each call has a process of its own
        assert box.call(call(way="segfault")).signal == 11
        raised = box.call(call(way="throw")).raised
        assert (raised.type_name, raised.message) == ("std::runtime_error", "no way")
        printed = box.call(call(way="print"))
        assert (printed.stdout.data, printed.stderr.data, wire.decode(printed.answer)) == (b"output", b"err", 42)


def test_one_process_for_all_calls(sandbox):
    with sandbox.open(spec_of(HEAD + WAYS, isolation=Isolation.SUBMISSION, way="str")) as box:
        assert box.load().loaded
        assert [wire.decode(box.call(call(way="count")).answer) for _ in range(3)] == [1, 2, 3]
        ended = box.call(call(way="segfault"))
        assert (reason_of(ended), box.alive) == ("RUNTIME_ERROR/signal", False)


ECHO = """
template <class... T> auto echo(T... part) { return tuple<T...>(part...); }
auto f(bool b, long long i, double d, const string& s, vector<uint8_t> y, vector<long long> l, vector<double> r,
       vector<vector<long long>> m, pair<long long, string> p, vector<long long> v, map<string, double> k,
       optional<long long> o, vector<pair<long long, long long>> e, vector<bool> w, judge::Array<double> a) {
    return echo(b, i, d, s, y, l, r, m, p, v, k, o, e, w, a);
}
"""
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
    "v": "tuple[int, ...]",
    "k": "dict[str, float]",
    "o": "Optional[int]",
    "e": "list[tuple[int, int]]",
    "w": "list[bool]",
    "a": "array[float64, (n, 2)]",
}
ROUNDS: list[tuple[object, ...]] = [
    (True, -(2**63), -0.0, "", b"", [], [], [], (0, ""), (), {}, None, [], []),
    (
        *(False, 2**63 - 1, 1e308, "é\0" * 40, bytes(range(256)), [*range(-40, 200)], [0.5] * 9),
        *([[1, 2, 3], [4, 5, 6], [7, 8, 9]], (-33, "x"), tuple(range(12)), {"a": 1.0, "b": float("inf")}, 128),
        *([(1, 2)] * 5, [True, False] * 20),
    ),
    (
        *(True, 127, 3.0, "x" * 31, b"\xff", [1, 2], [float("-inf")], [[1], [], [2, 3]], (1, "y"), (5,)),
        *({str(number).zfill(3): 0.25 for number in range(99)}, 0, [(3, 4)], [False]),
    ),
]


def test_values_of_every_type_go_both_ways_and_have_the_bytes_of_the_reference(sandbox):
    with sandbox.open(spec_of(ALL + ECHO, returns="int", **TYPES)) as box:
        loaded = box.load()
        assert loaded.loaded, loaded.stderr.data.decode()
        for given in ROUNDS:
            asked = dict(zip(TYPES, (*given, np.arange(6.0).reshape(3, 2)), strict=True))
            answer = box.call(call(limits=replace(LIMITS, answer_bytes=1 << 20), **asked)).answer
            assert answer == wire.encode(tuple((asked | {"v": list(asked["v"])}).values()))


def test_integers_of_128_bits(sandbox):
    numbers = [2**127 - 1, -(2**127), 2**64, 2**63, -(2**63) - 1, 5, -1, 2**63 - 1, 255, -256, 128]
    base = spec_of("#include <vector>\nstd::vector<__int128> f(std::vector<__int128> x) { return x; }", x="list[int]")
    with sandbox.open(replace(base, signature=replace(base.signature, integer_bits=128))) as box:
        assert box.load().loaded
        for asked in (numbers, numbers[3:], [7] * 20):
            assert box.call(call(x=asked)).answer == wire.encode(asked)


def test_an_audit_sees_what_a_call_changes(sandbox):
    source = ALL + "long long f(vector<long long>& x) { if (x[0]) x[0] = rand(); return x[0]; }\n"
    with sandbox.open(spec_of(source, x="list[int]")) as box:
        assert box.load().loaded
        seen = [box.call(call(audit_seed=7, x=[first])) for first in (0, 1, 1)]
    assert [(one.audit.input_mutated, one.audit.global_random_changed) for one in seen] == [(False, False)] + 2 * [
        (True, True)
    ]
    assert seen[1].answer == seen[2].answer  # rand was seeded


REFUSED = {
    "syntax": ("long long f( { return 1; }", "COMPILE_ERROR/syntax", b"solution.cpp:1"),
    "another name": ("long long g() { return 1; }", "COMPILE_ERROR/entry_point", b"::f"),
    "another type": ("#include <set>\nstd::set<int> f() { return {}; }", "COMPILE_ERROR/syntax", b"take apart"),
    "other parameters": ("long long f(int x) { return x; }", "COMPILE_ERROR/syntax", b"does not take"),
    "a host's file": ('#include "/etc/passwd"\nlong long f();', "COMPILE_ERROR/syntax", b"No such file"),
    "an endless file": ('#include "/dev/urandom"\nlong long f();', "COMPILE_ERROR/out_of_memory", b""),
    "itself": ('#include "solution.cpp"\nlong long f();', "COMPILE_ERROR/syntax", b"nested depth"),
    "a huge array": ("char a[2u << 30] = {1};\nlong long f() { return a[5]; }", "COMPILE_ERROR/answer_size", b""),
    "a talkative one": (f'#pragma message "{"x" * 1000}"\n' * 1500, "COMPILE_ERROR/output_size", b"xxx"),
    "a host's file, in the assembler": (
        'asm(".incbin \\"/etc/shadow\\"");\nint f() { return 1; }',
        "COMPILE_ERROR/syntax",
        b"not found",
    ),
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
    assert b"root:" not in outcome.stderr.data
    assert len(outcome.stderr.data) <= 65536


def test_a_compiler_that_computes_too_long_is_stopped(sandbox):
    source = "template <int N, int M> struct B { static constexpr int v = B<N-1, M*2>::v ^ B<N-1, M*2+1>::v; };\n"
    source += "template <int M> struct B<0, M> { static constexpr int v = M; };\n"
    source += "long long f() { return B<22, 1>::v; }\n"
    short = replace(LOAD, cpu_ns=1_500_000_000, memory_bytes=4 << 30)
    with sandbox.open(replace(spec_of(source), load_limits=short)) as box:
        outcome = box.load()
    assert outcome.killer is Killer.CPU
    assert reason_of(outcome, short) == "COMPILE_ERROR/compile_time"


def test_a_program_that_ends_before_main_has_not_loaded(sandbox):
    source = (
        "#include <unistd.h>\n__attribute__((constructor)) static void x() { _exit(0); }\nlong long f() { return 1; }"
    )
    with sandbox.open(spec_of(source)) as box:
        outcome = box.load()
        assert not box.alive
    assert (outcome.stage, reason_of(outcome)) == (Stage.LOAD, "RUNTIME_ERROR/no_answer")


def test_a_main_and_macros_of_its_own_do_no_harm(sandbox):
    source = "#include <iostream>\n#define int long long\nint f() { return 42; }\nint main() { std::cout << f(); }\n"
    with sandbox.open(spec_of(source)) as box:
        assert box.load().loaded
        assert wire.decode(box.call(call()).answer) == 42


def test_no_name_of_ours_is_taken_from_a_submission(sandbox):
    source = (
        ALL
        + """
#define start first
#define count second
#define entry begin
int wait[10], waitpid, arguments, inside;
bool judge(int x) { return x == 42; }
long long f() { pair<int, int> p(42, wait[0]); return judge(p.start) ? p.start + p.count : waitpid; }
"""
    )
    with sandbox.open(spec_of(source)) as box:
        assert box.load().loaded
        assert wire.decode(box.call(call()).answer) == 42


def test_an_overloaded_entry_point_is_found_by_the_parameters(sandbox):
    source = ALL + "int f(const string&) { return 1; }\nint f(vector<long long> x) { return x.size(); }\n"
    with sandbox.open(spec_of(source, x="list[int]")) as box:
        assert box.load().loaded
        assert wire.decode(box.call(call(x=[1, 2, 3])).answer) == 3


def test_the_same_source_is_compiled_once(sandbox):
    del sandbox  # whose fixture says whether there is a machine for it
    observer = RecordingObserver()
    source = f"// {os.urandom(8).hex()}\nlong long f() {{ return 42; }}\n"
    for _ in range(2):  # a new worker, as after a restart
        with open_sandbox(Settings(salt="tests", uid_base=64_000), observer, path="cold") as sandbox:
            for path in ("cold", "again"):
                with sandbox.open(spec_of(source)) as box:
                    assert box.load().loaded, path
                    assert wire.decode(box.call(call()).answer) == 42
    counted = [observer.counted("judge_compile_cache_total", result=result) for result in ("miss", "hit")]
    assert counted == [1, 3]
