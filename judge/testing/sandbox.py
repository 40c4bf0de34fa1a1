"""Boxes in this process: programs loaded and called."""

from __future__ import annotations

import contextlib
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from judge.errors import EnvironmentFault, SubmissionError
from judge.harness import forms, wire
from judge.model.program import ANSWER
from judge.model.run import Audit, BurstOutcome, Captured, Isolation, RunOutcome, Stage
from judge.model.signature import form_of
from judge.model.toolchain import ANSWERS, DEFAULT_RUNTIME
from judge.ports import BoxSpec, Burst, Call
from judge.testing.answers import burst_of, encoded, revive
from judge.testing.audits import Auditor
from judge.testing.modules import forget_modules
from judge.testing.running import Run, stop_waiting
from judge.testing.streams import CAPTURED_BYTES, as_script
from judge.testing.talk import Voice, converse, wall_timer


class InProcessSandbox:
    """Opens boxes in this process; see the module for what it does not do."""

    path = "in-process"
    slot = 0
    runtimes: tuple[str, ...] = (DEFAULT_RUNTIME,)  # that this interpreter's packages stand for

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """This interpreter and its NumPy. Raises SubmissionError for another language, EnvironmentFault."""
        if language == ANSWER:
            return ANSWERS
        if language not in ("python3", "sqlite"):
            raise SubmissionError("program.language", f"expected python3 or sqlite, found {language!r}")
        if runtime not in self.runtimes:
            raise EnvironmentFault(f"expected one of the runtimes {', '.join(self.runtimes)}, found {runtime!r}")
        return f"CPython {platform.python_version()}, numpy {np.__version__}, in process"

    @contextlib.contextmanager
    def open(self, spec: BoxSpec) -> Iterator[InProcessBox]:
        """A box whose modules are forgotten when the context is left."""
        self.describe_toolchain(spec.program.language, spec.runtime)
        known, digits = dict(sys.modules), sys.get_int_max_str_digits()
        with tempfile.TemporaryDirectory(prefix="judge-box-") as directory:
            for file in spec.program.files:
                (Path(directory) / file.path).write_bytes(file.content)
                sys.modules.pop(file.path.removesuffix(".py"), None)
            sys.path.insert(0, directory)
            try:
                yield InProcessBox(spec, Path(directory))
            finally:
                sys.path.remove(directory)
                sys.set_int_max_str_digits(digits)
                forget_modules(Path(directory), known)


class InProcessBox:
    """One loaded program."""

    def __init__(self, spec: BoxSpec, directory: Path) -> None:
        self._spec = spec
        self._directory = directory
        self._code: CodeType | None = None
        self._function: Callable[..., object] | None = None
        self._session: Callable[..., object] | None = None  # made for a call with more, and kept for the next one
        self._voice: Voice | None = None  # in a conversation
        self.alive = True

    def load(self) -> RunOutcome:
        """Compiles and loads the program."""
        if self._spec.program.language == "sqlite":
            return self._load_query()
        main = self._spec.program.main
        run = Run(self._directory, self._spec.load_limits)
        self._code = run.of(lambda: compile(main.content, str(self._directory / main.path), "exec", dont_inherit=True))
        if self._code is None:
            return self._end(run, Stage.COMPILE)
        if self._spec.isolation is Isolation.PROCESS:
            return RunOutcome(stage=Stage.LOAD, loaded=True, cpu_ns=run.cpu_ns, wall_ns=run.wall_ns)
        missing = None
        try:
            self._function = run.of(self._execute)
        except forms.Missing as found:
            missing = str(found)
        return self._end(run, Stage.LOAD, entry_point_missing=missing, loaded=self._function is not None)

    def call(self, call: Call) -> RunOutcome:
        """Makes one call, with arguments decoded for it alone; or runs the program, once."""
        partner = call.partner
        if partner is not None:
            other: Any = partner.box
            return converse(
                lambda voice: self._spoken(call, voice), lambda voice: other._spoken(partner.call, voice), partner
            )
        if self._spec.isolation is Isolation.PROCESS:
            return self._run_script(call)
        run = Run(self._directory, call.limits)
        function = self._function
        if self._spec.isolation is Isolation.TEST:
            function = self._session or run.of(self._execute_anew)
            self._session = function if call.more else None
        if function is None or not self.alive:
            raise RuntimeError("a call of a box that has not loaded or is dead")
        arguments = list(revive(wire.decode(call.arguments)).values())
        audit = None if call.audit_seed is None else Auditor(call.audit_seed, arguments)
        given = [*arguments]
        if call.oracles is not None:
            for name, position in call.oracles.positions.items():
                given.insert(position, run.oracle(call.oracles, name))
        plain = len(given) - len(call.keywords)
        named = dict(zip(call.keywords, given[plain:], strict=True))
        result = run.of(lambda: (function(*given[:plain], **named),))
        run.over = True
        facts = None if audit is None else audit.close()
        if result is None:
            return self._end(run, Stage.CALL)
        return self._end(run, Stage.CALL, audit=facts, **encoded(result[0], call.limits))

    def burst(self, burst: Burst) -> BurstOutcome:
        """Makes these calls, as far as each has an answer and its audit notices nothing."""
        made: list[RunOutcome] = []
        for number, arguments in enumerate(burst.arguments):
            only = Burst(
                arguments=[arguments],
                limits=burst.limits,
                audit_seeds=burst.audit_seeds[number : number + 1],
                keywords=burst.keywords[number : number + 1],
            )
            made.append(self.call(only.first))
            if made[-1].answer is None or made[-1].audit not in (None, Audit()):
                break
        return burst_of(made, whole=burst.whole)

    def _load_query(self) -> RunOutcome:
        """Has SQLite read the query."""
        run, main = Run(self._directory, self._spec.load_limits), self._spec.program.main
        query = forms.Query(form_of(self._spec.signature), main.content, main.path)
        run.of(query.explain)
        if run.facts:
            return self._end(run, Stage.COMPILE)
        self._function = query
        return self._end(run, Stage.LOAD, loaded=True)

    def _spoken(self, call: Call, voice: Voice) -> RunOutcome:
        """Makes one call in a conversation."""
        self._voice = voice
        with wall_timer(call.limits.wall_ns, stop_waiting):
            return self.call(replace(call, partner=None))

    def _execute_anew(self) -> Callable[..., object] | None:
        """As ``_execute``, with the program's other files imported again as well; a query has nothing to execute."""
        if self._spec.program.language == "sqlite":
            return self._function
        forget_modules(self._directory, {})
        return self._execute()

    def _run_script(self, call: Call) -> RunOutcome:
        """Runs the program as ``__main__``; an exception is told on standard error, with status 1."""
        assert self._code is not None
        for name, content in self._spec.files.items():
            (self._directory / name).write_bytes(content)
        run = Run(self._directory, call.limits, kept_bytes=call.limits.output_bytes, voice=self._voice)
        module = ModuleType("__main__")
        module.__file__ = self._code.co_filename
        arguments: Any = wire.decode(call.arguments)
        with as_script(module, arguments, self._spec.stdin, self._voice):
            done = run.of(lambda: self._executed(module))
            run.stdout.flush()
        facts = dict(run.facts)
        raised = facts.pop("raised", None)
        if raised is not None:
            run.stderr.write(f"{raised.type_name}: {raised.message}\n")
        facts.setdefault("exit_code", 0 if done else None if "killer" in facts else 1)
        self.alive, written = False, run.stdout.captured()
        return RunOutcome(
            stage=Stage.CALL,
            cpu_ns=run.cpu_ns,
            wall_ns=run.wall_ns,
            stdout=Captured(data=written.data[:CAPTURED_BYTES], total_bytes=written.total_bytes),
            stderr=run.stderr.captured(),
            answer=wire.encode(written.data) if facts["exit_code"] == 0 else None,
            **facts,
        )

    def _executed(self, module: ModuleType) -> bool:
        assert self._code is not None
        exec(self._code, module.__dict__)
        return True

    def _execute(self) -> Callable[..., object] | None:
        """Runs the module's own statements; returns the entry point if it is callable."""
        assert self._code is not None
        main, entry, form = self._spec.program.main.path, self._spec.entry_point, form_of(self._spec.signature)
        module = ModuleType(main.removesuffix(".py"))
        module.__file__ = self._code.co_filename
        sys.modules[module.__name__] = module
        forms.prepare(form, module, entry)
        exec(self._code, module.__dict__)
        function: Callable[..., object] = forms.adapt(form, module, entry, main)
        return function

    def _end(self, run: Run, stage: Stage, **told: Any) -> RunOutcome:
        if run.facts.get("killer") is not None or self._function is None:
            self.alive = False
        return RunOutcome(
            stage=stage,
            cpu_ns=run.cpu_ns,
            wall_ns=run.wall_ns,
            stdout=run.stdout.captured(),
            stderr=run.stderr.captured(),
            **run.facts,
            **told,
        )


class InProcessCompanions:
    """The port ``Companions``: each role has a sandbox in this process."""

    def sandbox(self, role: str) -> InProcessSandbox:
        """A sandbox, whatever the role."""
        return InProcessSandbox()
