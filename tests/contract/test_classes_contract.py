"""The contract of the port ``Sandbox`` for classes in C++ and Java: calls, results, ends, and what cannot be forged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.grading.classify import classify
from judge.harness import wire
from judge.languages.jdk import home_of_jdk
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.model.signature import Method, Parameter, Signature, signature_of_class
from judge.model.type_expr import NOTHING, parse_type
from judge.ports import BoxSpec, Call, Sandbox
from judge.twins import RecordingObserver

pytestmark = pytest.mark.sandbox

LIMITS = Limits(
    cpu_ns=2_000_000_000,
    wall_ns=30_000_000_000,
    memory_bytes=256 << 20,
    output_bytes=100_000,
    answer_bytes=100_000,
)
LOAD = replace(LIMITS, cpu_ns=20_000_000_000, wall_ns=90_000_000_000, memory_bytes=1 << 30, output_bytes=1 << 20)
CPP = """
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>
#include <sys/wait.h>
#include <unistd.h>
#define int long long
struct Log {
    std::vector<int> items;
    std::string way;
    static inline int made = 0;
    Log(const std::string& way) : way(way) { ++made; if (way == "refuse") throw std::invalid_argument("no such way"); }
    ~Log() { if (way == "die at the end") _exit(0); }
    void add(int item) {
        items.push_back(item);
        if (way == "throw") throw std::runtime_error("full");
        if (way == "exit") _exit(0);
        if (way == "forge") if (write(3, "\\0\\0\\0\\1\\xc0", 5) < 0) return;
        if (way == "fork" && fork() > 0) wait(nullptr);
        if (way == "loop") for (volatile int turn = 0;; turn = turn + 1) continue;
    }
    const std::vector<int>& all() const { return items; }
    std::optional<double> mean() {
        double sum = 0;
        for (int item : items) sum += item;
        if (items.empty()) return std::nullopt;
        return sum / items.size();
    }
    auto count(std::vector<std::pair<int, std::string>> named, std::map<std::string, int>& more) {
        std::pair<std::string, int> found("", made);
        for (auto& [number, name] : named) found.first += name;
        for (auto& [name, number] : more) found.second += number;
        return found;
    }
};
#undef assert
"""
JAVA = """
import java.util.*;
import judge.Tuple2;

class Log {
    private final List<Long> items = new ArrayList<>();
    private final String way;
    static long made = 0;
    Log(String way) {
        this.way = way;
        ++made;
        if (way.equals("refuse")) throw new IllegalArgumentException("no such way");
    }
    void add(long item) throws Exception {
        items.add(item);
        if (way.equals("throw")) throw new Exception("full");
        if (way.equals("exit")) System.exit(0);
        if (way.equals("loop")) while (true) { }
        if (way.equals("forge")) {
            new java.io.FileOutputStream(java.io.FileDescriptor.in).write(new byte[] {0, 0, 0, 1, -64});
        }
    }
    List<Long> all() { return items; }
    Double mean() { return items.isEmpty() ? null : items.stream().mapToDouble(item -> item).sum() / items.size(); }
    Tuple2<String, Long> count(List<Tuple2<Long, String>> named, Map<String, Long> more) {
        String names = "";
        for (Tuple2<Long, String> each : named) names += each.second();
        long sum = made;
        for (long number : more.values()) sum += number;
        return new Tuple2<>(names, sum);
    }
}
"""
SOURCES = {"cpp20": ("log.cpp", CPP), "java17": ("Log.java", JAVA)}
CALLS: list[tuple[Any, ...]] = [
    ("Log", "plain"),
    ("mean",),
    ("add", 3),
    ("all",),
    ("add", 2**40),
    ("all",),
    ("mean",),
    ("count", [(1, "a"), (2, "é")], {"x": 5, "y": -1}),
]
RESULTS = [
    ("Log", None),
    ("mean", None),
    ("add", None),
    ("all", [3]),
    ("add", None),
    ("all", [3, 2**40]),
    ("mean", (3 + 2**40) / 2),
    ("count", ("aé", 5)),
]


def method(name: str, returns: str | None = None, **types: str) -> Method:
    parameters = tuple(Parameter(name=each, type=parse_type(text)) for each, text in types.items())
    return Method(name=name, parameters=parameters, returns=NOTHING if returns is None else parse_type(returns))


SIGNATURE = signature_of_class(
    (
        method("Log", way="str"),
        method("add", item="int"),
        method("all", "list[int]"),
        method("mean", "Optional[float]"),
        method("count", "tuple[str, int]", named="list[tuple[int, str]]", more="dict[str, int]"),
    )
)
SMALL = signature_of_class((method("Log"), method("add", "int", item="int")))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The warm adapter, which runs them on the cold path."""
    settings = Settings(salt="tests", uid_base=64_000)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    if not Path("/usr/bin/g++").exists() or home_of_jdk() is None:
        pytest.skip("C++ and Java need their compilers (apt-get install g++ openjdk-17-jdk-headless)")
    with open_sandbox(settings, RecordingObserver()) as opened:
        yield opened


def spec_of(language: str, source: str | None = None, signature: Signature = SIGNATURE) -> BoxSpec:
    path, text = SOURCES[language]
    files = (SourceFile(path=path, content=(text if source is None else source).encode()),)
    program = Program(language=language, files=files)
    return BoxSpec(program=program, entry_point="Log", isolation=Isolation.TEST, load_limits=LOAD, signature=signature)


def run(sandbox: Sandbox, spec: BoxSpec, *asked: list[tuple[Any, ...]], audit: int | None = None) -> list[RunOutcome]:
    with sandbox.open(spec) as box:
        loading = box.load()
        assert loading.loaded, (loading.raised, loading.stderr.data)
        calls = [Call(arguments=wire.encode({"calls": each}), limits=LIMITS, audit_seed=audit) for each in asked]
        return [box.call(call) for call in calls]


@pytest.mark.parametrize("language", SOURCES)
def test_results_have_the_bytes_of_the_reference(sandbox: Sandbox, language: str) -> None:
    for outcome in run(sandbox, spec_of(language), CALLS, CALLS, [("Log", "alone")], audit=7):
        assert outcome.answer is not None, outcome
        expected = RESULTS if b"count" in outcome.answer else [("Log", None)]
        assert outcome.answer == wire.encode(expected)  # each on an object of its own, and a result is as it was then
        assert outcome.audit is not None
        assert not outcome.audit.input_mutated


ENDS = {
    "refuse": ("RUNTIME_ERROR/exception", "no such way (call 0, Log)"),
    "throw": ("RUNTIME_ERROR/exception", "full (call 1, add)"),
    "exit": ("RUNTIME_ERROR/no_answer", ""),
    "loop": ("TIME_LIMIT_EXCEEDED/cpu_time", ""),
    "forge": ("RUNTIME_ERROR/protocol", ""),
}


@pytest.mark.parametrize("language", SOURCES)
def test_every_end_is_told_as_it_is(sandbox: Sandbox, language: str) -> None:
    for way, (verdict, message) in ENDS.items():
        (outcome,) = run(sandbox, spec_of(language), [("Log", way), ("add", 1), ("all",)])
        failure = classify(outcome, LIMITS)
        assert failure is not None, way
        assert f"{failure.verdict}/{failure.reason}" == verdict, way
        assert message in failure.message, way


def test_an_object_ends_before_its_answer_is_sent(sandbox: Sandbox) -> None:
    (outcome,) = run(sandbox, spec_of("cpp20"), [("Log", "die at the end"), ("all",)])
    assert outcome.answer is None


def test_a_fork_in_a_method_does_not_answer_as_well(sandbox: Sandbox) -> None:
    (outcome,) = run(sandbox, spec_of("cpp20"), [("Log", "fork"), ("add", 1), ("all",)])
    assert outcome.answer == wire.encode([("Log", None), ("add", None), ("all", [1])])


_NO_ADD = "must have a method 'add', which is not defined"
WRONG = {
    "cpp20": {
        "struct Other {};": "must define a class 'Log', which is not defined",
        "long long Log(long long item) { return item; }": "must define a class 'Log', which is not defined",
        "struct Log { long long ad(long long item) { return item; } };": _NO_ADD,
        "struct Log { void add(long long item) {} };": "returns nothing",
        "struct Log { long long add(const char* item) { return 0; } };": "invalid conversion",
        "struct Log { Log(int size) {} long long add(long long item) { return 0; } };": "no matching function",
    },
    "java17": {
        "class Other {}": "must define a class 'Log', which is not defined",
        "class Log { long ad(long item) { return item; } }": _NO_ADD,
        "class Log { void add(long item) {} }": "see the starter code",
        "class Log { long add(String item) { return 0; } }": "see the starter code",
        "class Log { private Log() {} long add(long item) { return 0; } }": "see the starter code",
    },
}


@pytest.mark.parametrize("language", SOURCES)
def test_what_does_not_fit_the_problem_is_a_compile_error(sandbox: Sandbox, language: str) -> None:
    for source, message in WRONG[language].items():
        with sandbox.open(spec_of(language, source, SMALL)) as box:
            failure = classify(box.load(), LOAD)
        assert failure is not None, source
        assert failure.verdict == "COMPILE_ERROR", source
        assert message in failure.message, source
        assert (failure.reason == "entry_point") == ("not defined" in message), source
