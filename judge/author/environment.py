"""The author's environment: the functions that answer oracles, in a box, with the state of one call of the candidate's.

The module defines ``start(arguments, seed)``, a function for each oracle, and perhaps ``finish()``. A session is one
call of the candidate's: ``start``, the questions and ``finish`` share one fork of the loaded module, made for them and
gone afterwards, so that no two calls share state. An exception whose class the module itself calls ``Refused`` is for
the asker; any other is a fault of the author's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from judge.author.box import AuthorBox, AuthorFault, Interrupted
from judge.author.shim import program_of
from judge.model.plan import Environment
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import Interrupt, Sandbox

_SERVE = """
refused = author.__dict__.get("Refused", ())
if refused != () and not (isinstance(refused, type) and issubclass(refused, Exception)):
    raise TypeError(f"expected Refused to be a class of exceptions, found {refused!r}")


def judge_takes(name, count):
    import inspect

    try:
        signature = inspect.signature(author.__dict__[name])
    except (KeyError, TypeError, ValueError):
        return None
    try:
        signature.bind(*[None] * count)
    except TypeError:
        return str(signature)
    return None


def judge_environment(step, name, values):
    if step == "takes":
        return judge_takes(name, *values)
    if step == "ask":
        try:
            return "answer", author.__dict__[name](*values)
        except refused as error:
            return "refused", str(error)
    if step == "start":
        author.start(*values)
    elif step == "finish" and "finish" in author.__dict__:
        return author.finish()
    return None
"""


class RefusedError(Exception):
    """The author's function does not answer such a question; the message is for the asker."""


class AuthorEnvironment:
    """The environment of one grading; a context, which closes the box."""

    def __init__(
        self,
        environment: Environment,
        sandbox: Callable[[], Sandbox],
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
    ) -> None:
        author = environment.author
        needed = ["start", *(budget.oracle for budget in environment.budgets)]
        program = program_of(author, needed, _SERVE, "judge_environment")
        self._box = AuthorBox(sandbox, author, program, environment.limits, interrupt, runtime)

    def __enter__(self) -> Self:
        """Opens nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the box."""
        self._box.__exit__(kind, error, traceback)

    def takes(self, name: str, count: int) -> str | None:
        """Returns the parameters of the function ``name`` when it cannot be called with ``count`` arguments; else None.

        Raises AuthorFault, Interrupted or InfrastructureError.
        """
        found: str | None = self._box.ask(function=name, step="takes", name=name, values=(count,))
        return found

    def begin(self, arguments: Mapping[str, Any], seed: int) -> Session:
        """Starts the environment for one call. Raises AuthorFault, Interrupted or InfrastructureError."""
        session = Session(self._box)
        session.step("start", "start", (dict(arguments), seed))
        return session


class Session:
    """The environment during one call of the candidate's."""

    def __init__(self, box: AuthorBox) -> None:
        self._box = box
        self._open = True

    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Returns the answer, as ``wire.decode`` gives it. Raises RefusedError, AuthorFault or Interrupted."""
        kind, value = self.step("ask", name, arguments)
        if kind == "refused":
            raise RefusedError(value)
        return value

    def finish(self) -> Any:
        """Ends the session and returns what the environment says of it; None when it says nothing."""
        return self.step("finish", "finish", (), more=False)

    def abandon(self) -> None:
        """Ends the session when nothing more is to be asked; its fork goes as well."""
        if self._open and self._box.alive:
            with suppress(AuthorFault, Interrupted):
                self.step("end", "finish", (), more=False)

    def fault(self, name: str, failure: str, words: object) -> AuthorFault:
        """The fault that an answer is not what it must be; ``words`` are for the author."""
        return self._box.fault(name, failure, words)

    def step(self, step: str, name: str, values: tuple[Any, ...], *, more: bool = True) -> Any:
        """Makes one call of the session; after one that fails it is over."""
        self._open = more
        try:
            return self._box.ask(function=name, more=more, step=step, name=name, values=values)
        except AuthorFault:
            self._open = self._open and self._box.alive
            raise
