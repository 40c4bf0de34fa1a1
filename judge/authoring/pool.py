"""Workers in processes of their own: each opens its tools once, then does one job after the other.

The processes are started with the first job and given up at the end. What goes between them is pickled: both ends are
this program's, and nothing that a submission or an author wrote is unpickled but inside values of our own. A worker
ends when its connection closes, so none outlives the process that started it by more than the job it is at.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from judge.authoring.workers import Job, Tools
from judge.errors import InfrastructureError, JudgeError, SpecError
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.toolchain import DEFAULT_RUNTIME

OpenTools = Callable[[], AbstractContextManager[Tools]]
_GIVEN_UP_S = 5  # for ending by itself, and then for ending when it is told to


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fault:
    """An exception of a job's."""

    message: str
    file: str | None = None  # of a SpecError
    line: int | None = None
    spec: bool = False  # whether it was a SpecError
    trace: str = ""  # of what nobody raised on purpose

    def error(self) -> Exception:
        if self.spec:
            return SpecError(self.message, file=self.file, line=self.line)
        return RuntimeError(f"a job failed:\n{self.trace}") if self.trace else InfrastructureError(self.message)


class ProcessWorkers:
    """The port Workers: ``count`` processes. ``open_tools`` is pickled and called in each of them."""

    def __init__(
        self,
        open_tools: OpenTools,
        count: int,
        describe: Callable[[str, str], str],
        known_plan: Callable[[Problem], TestPlan | None],
    ) -> None:
        self._open_tools = open_tools
        self._count = count
        self._describe = describe
        self._known_plan = known_plan
        self._plans: dict[str, TestPlan] = {}
        self._processes: list[tuple[BaseProcess, Connection[Any, Any]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, connection in self._processes:
            connection.close()
        for process, _ in self._processes:
            for end in (process.terminate, process.kill):
                process.join(_GIVEN_UP_S)
                if process.is_alive():
                    end()
        self._processes.clear()

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """As of a Sandbox; asks no worker."""
        return self._describe(language, runtime)

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan; a worker compiles it when it is not known. Raises SpecError."""
        plan = self._plans.get(problem.source_digest) or self._known_plan(problem)
        if plan is None:
            ((_, plan),) = self.run(_compile, [problem])
        self._plans[problem.source_digest] = plan
        return plan

    def run[T, R](self, job: Job[T, R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yields the position of each item with what ``job`` gives for it, in the order in which they end."""
        waiting = list(enumerate(items))[::-1]
        self._start(min(self._count, len(items)))
        idle: list[Any] = [connection for _, connection in self._processes]
        busy: dict[Any, int] = {}
        try:
            while waiting or busy:
                while waiting and idle:
                    connection = idle.pop()
                    position, item = waiting.pop()
                    connection.send((job, item))
                    busy[connection] = position
                for ready in wait(list(busy)):
                    yield busy.pop(ready), self._receive(ready)
                    idle.append(ready)
        finally:
            self._drop(list(busy))

    def _drop(self, connections: list[Any]) -> None:
        """Ends the processes that are at a job which nobody waits for any more."""
        for process, connection in [pair for pair in self._processes if pair[1] in connections]:
            process.terminate()
            connection.close()
            self._processes.remove((process, connection))

    def _receive(self, connection: Any) -> Any:
        try:
            told = connection.recv()
        except (EOFError, OSError):
            raise InfrastructureError("a process that runs jobs ended in the middle of one") from None
        if isinstance(told, _Fault):
            raise told.error()
        return told

    def _start(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        while len(self._processes) < count:
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(self._open_tools, theirs), daemon=True)
            process.start()
            theirs.close()
            self._processes.append((process, ours))


def _compile(tools: Tools, problem: Problem) -> TestPlan:
    return tools.plan_of(problem)


def _work(open_tools: OpenTools, connection: Connection[Any, Any]) -> None:
    """A worker's life. Ctrl-C is left to the process that started it, which then closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    try:
        with open_tools() as tools:
            while True:
                job, item = connection.recv()
                connection.send(_done(job, tools, item))
    except EOFError:
        return
    except JudgeError as error:
        connection.recv()
        connection.send(_Fault(message=str(error)))


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(1)


def _done(job: Job[Any, Any], tools: Tools, item: Any) -> Any:
    try:
        return job(tools, item)
    except SpecError as error:
        return _Fault(message=error.message, file=error.file, line=error.line, spec=True)
    except JudgeError as error:
        return _Fault(message=str(error))
    except Exception as error:
        return _Fault(message=str(error), trace=traceback.format_exc())
