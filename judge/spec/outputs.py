"""Inputs and outputs of whole programs: what a generator gives as an input, and what the reference writes for it.

The reference is a program like a submission, in any language of whole programs. It is run once for each test, each time
in a box of its own, and must end with status 0.
"""

from __future__ import annotations

from typing import Any

from judge.author.failures import describe_failure
from judge.errors import SpecError
from judge.harness import wire
from judge.model.program import AuthorFunction
from judge.model.run import Isolation
from judge.ports import BoxSpec, Call, Sandbox
from judge.spec.author import AUTHOR_LIMITS, load_error

_SHOWN = 500  # characters of what a program that failed wrote on standard error
_NOTHING: dict[str, Any] = {"stdin": b"", "arguments": [], "files": {}}


def input_of(value: Any) -> Any:
    """Returns what a generator gave as arguments of a run: a text or bytes are the standard input.

    A mapping may have ``stdin``, ``arguments`` and ``files``; texts in place of bytes are meant as UTF-8. What else it
    is, the run's signature refuses.
    """
    if isinstance(value, (str, bytes)):
        return _NOTHING | {"stdin": _bytes(value)}
    if not isinstance(value, dict):
        return value
    given = _NOTHING | value
    files = given["files"]
    named = {name: _bytes(content) for name, content in files.items()} if isinstance(files, dict) else files
    return given | {"stdin": _bytes(given["stdin"]), "files": named}


def _bytes(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def output_of(
    sandbox: Sandbox,
    author: AuthorFunction,
    given: dict[str, Any],
    *,
    runtime: str,
    hash_seed: int,
    file: str,
    what: str,
) -> bytes:
    """Returns what the author's program writes when it is run on these arguments of a run.

    ``file`` is the path of ``judge.yaml`` and ``what`` says on whose behalf it is run, for messages. Raises SpecError
    when the program does not compile or does not end well.
    """
    spec = BoxSpec(
        program=author.program,
        entry_point="",
        isolation=Isolation.PROCESS,
        load_limits=AUTHOR_LIMITS,
        memory_bytes=AUTHOR_LIMITS.memory_bytes,
        runtime=runtime,
        hash_seed=hash_seed,
        stdin=given["stdin"],
        files=given["files"],
    )
    with sandbox.open(spec) as box:
        loading = box.load()
        if not loading.loaded:
            raise load_error(loading, author, file)
        outcome = box.call(Call(arguments=wire.encode(given["arguments"]), limits=AUTHOR_LIMITS))
    if outcome.answer is None or outcome.killer is not None:
        said = outcome.stderr.data.decode("utf-8", "replace").strip()[-_SHOWN:]
        failure = describe_failure(outcome, author, AUTHOR_LIMITS) + (f": {said}" if said else "")
        raise SpecError(f"{what}: {author.file} {failure}", file=file, line=author.line)
    output: Any = wire.decode(outcome.answer)
    return bytes(output)
