"""The steps of one run: their times, what they print, and what ended them."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from judge.harness import forms, wire
from judge.model.run import Killer, Limits
from judge.ports import Oracles
from judge.testing.answers import revive
from judge.testing.modules import describe
from judge.testing.streams import CAPTURED_BYTES, Stream, redirected
from judge.testing.talk import Voice
from judge.testing.timers import Stop, cpu_timer, paused_timer


def stop_waiting() -> None:
    raise Stop(Killer.WALL)


class Run:
    """The steps of one run: their times, what they print, and what ended them."""

    def __init__(
        self, directory: Path, limits: Limits, kept_bytes: int = CAPTURED_BYTES, voice: Voice | None = None
    ) -> None:
        self.cpu_ns = 0
        self.wall_ns = 0
        self.facts: dict[str, Any] = {}
        self.over = False
        self._directory = directory
        self._limits = limits
        spent = [0]  # bytes on both streams
        self.stdout = Stream(spent, limits.output_bytes, kept_bytes, voice)
        self.stderr = Stream(spent, limits.output_bytes)

    def of[T](self, step: Callable[[], T]) -> T | None:
        """Returns what ``step`` returns; None when it does not, and then ``facts`` says why."""
        cpu, wall = time.process_time_ns(), time.monotonic_ns()
        try:
            with (
                redirected(self.stdout, self.stderr),
                cpu_timer(self._limits.cpu_ns - self.cpu_ns),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("ignore", DeprecationWarning)  # libraries have threads, and programs may fork
                return step()
        except Stop as stop:
            self.facts = {"killer": stop.killer, "oracle_stop": stop.oracle_stop}
        except forms.Missing:
            raise
        except SystemExit as leaving:
            self.facts = {"exit_code": leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)}
        except BaseException as error:
            self.facts = {"raised": describe(error, self._directory)}
        finally:
            self.cpu_ns += time.process_time_ns() - cpu
            self.wall_ns += time.monotonic_ns() - wall
        return None

    def oracle(self, oracles: Oracles, name: str) -> Callable[..., object]:
        """A function that asks the judge's side; the time that an answer takes is not the program's."""

        def ask(*arguments: object) -> object:
            if self.over:
                raise RuntimeError(f"the oracle {name!r} was asked after the call that it was given to")
            question = wire.encode(arguments)
            cpu, wall = time.process_time_ns(), time.monotonic_ns()
            with redirected(sys.__stdout__, sys.__stderr__), paused_timer():
                reply = oracles.ask(name, question)
            self.cpu_ns -= time.process_time_ns() - cpu
            self.wall_ns -= time.monotonic_ns() - wall
            if reply.stop is not None:
                raise Stop(reply.stop, reply.message)
            if reply.error is not None:
                raise (TypeError if reply.wrong_type else ValueError)(reply.error)
            return revive(wire.decode(reply.value or b""))

        return ask
