"""Checks that start real boxes: the self-test of a slot, each language's own, and what a launch costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from judge.app.slots import open_sandbox
from judge.doctor.check import Finding, Host, Status, failed, passed, warned
from judge.harness import wire
from judge.languages import built_runtimes, load_toolchains, python3
from judge.metrics import PrometheusObserver
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.model.signature import Signature
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain
from judge.model.type_expr import parse_type
from judge.ports import BoxSpec, Call, Sandbox
from judge.sandbox.toolchains import find
from judge.units import format_ns

_LIMITS = Limits(cpu_ns=10**10, wall_ns=3 * 10**10, memory_bytes=1 << 28, output_bytes=1 << 20)
_SIGNATURE = Signature(parameters=(), returns=parse_type("int"))  # of every self-test
_LAUNCHES = 9
PATHS = ("cold", "warm")
_SLOW_NS = {"cold": 250_000_000, "warm": 50_000_000}


def slot(host: Host, path: str) -> Finding:
    """A slot is built and attacked from inside, as the service does before it takes work."""
    begin = time.monotonic_ns()
    with _sandbox(host, path) as sandbox:
        return passed(f"slot {sandbox.slot} stood every probe, built in {format_ns(time.monotonic_ns() - begin)}")


def language(host: Host, name: str, path: str) -> Finding:
    """The language's own test program is graded in a box, in the default runtime."""
    toolchains = load_toolchains(host.settings.runtime_root, host.settings.state_dir)
    if name in toolchains.missing:
        reason, _, remedy = toolchains.missing[name].rpartition("; ")
        return warned(reason, remedy)
    return _self_test(host, find(toolchains, name), path)


def runtime(host: Host, name: str) -> Finding:
    """The same in a runtime that only some problems ask for: it need not be there."""
    settings = host.settings
    remedy = f"make runtime RUNTIME={name}"
    if name not in built_runtimes(settings.runtime_root):
        return warned(f"not built in {settings.runtime_root}: problems that ask for it are not graded", remedy)
    toolchain = python3.load(settings.runtime_root, settings.state_dir, name)
    findings = [_self_test(host, toolchain, path) for path in PATHS]
    return next((finding for finding in findings if finding.status is not Status.PASS), findings[0])


def _self_test(host: Host, toolchain: Toolchain, path: str) -> Finding:
    whole = toolchain.compiler is not None and toolchain.compiler.driver is None
    with _sandbox(host, path) as sandbox:
        name = f"self_test{toolchain.suffix}"
        spec = _spec(toolchain.language, toolchain.self_test, "self_test", runtime=toolchain.runtime, name=name)
        outcome = _run(sandbox, replace(spec, isolation=Isolation.PROCESS) if whole else spec)
    if outcome.answer is None or wire.decode(outcome.answer) != (b"42\n" if whole else 42):
        found = f"the self-test of {toolchain.language} in {toolchain.runtime}, {path}, ended otherwise"
        remedy = "install the compiler again" if toolchain.compiler else f"make runtime RUNTIME={toolchain.runtime}"
        return failed(f"{found}: {_brief(outcome)}", remedy)
    return passed(f"{toolchain.versions}: its program was loaded and called")


def launch_latency(host: Host, path: str) -> Finding:
    """From opening a box until it waits for a program."""
    times = []
    with _sandbox(host, path) as sandbox:
        for _ in range(_LAUNCHES):
            begin = time.monotonic_ns()
            with sandbox.open(_spec("python3", "def f():\n    return 42\n", "f")):
                times.append(time.monotonic_ns() - begin)
    median = int(statistics.median(times))
    found = f"median {format_ns(median)}, longest {format_ns(max(times))}"
    if median > _SLOW_NS[path]:
        return warned(f"{found}, expected {format_ns(_SLOW_NS[path])}", "a faster machine, or fewer neighbours")
    return passed(found)


@contextmanager
def _sandbox(host: Host, path: str) -> Iterator[Sandbox]:
    with open_sandbox(host.settings, PrometheusObserver(), path) as sandbox:
        yield sandbox


def _spec(
    language: str, source: str, entry_point: str, runtime: str = DEFAULT_RUNTIME, name: str = "solution.py"
) -> BoxSpec:
    program = Program(language=language, files=(SourceFile(path=name, content=source.encode()),))
    return BoxSpec(
        program=program,
        entry_point=entry_point,
        isolation=Isolation.TEST,
        load_limits=_LIMITS,
        runtime=runtime,
        signature=_SIGNATURE,
    )


def _run(sandbox: Sandbox, spec: BoxSpec) -> RunOutcome:
    with sandbox.open(spec) as box:
        loaded = box.load()
        arguments: object = [] if spec.isolation is Isolation.PROCESS else {}
        return box.call(Call(arguments=wire.encode(arguments), limits=_LIMITS)) if box.alive else loaded


def _brief(outcome: RunOutcome) -> str:
    return str(outcome)[:500]
