"""The process that loads a submission and answers calls of its entry point.

From the moment the submission's module is executed this process is the candidate's: it is trusted with nothing but the
question that it is asked. It keeps private references to what it needs, so that an honest program that replaces
``os.write`` or ``json`` by accident does not break it; a dishonest one gains only the power to send other data.

With isolation "test" every call runs in a fresh fork, which answers by itself; this process waits for it, kills what
it left behind, and says how it ended.
"""

from __future__ import annotations

import os
import sys

from . import audits, bursts, forms, oracles, protocol, script, wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any, NoReturn

BOX = "/box"
PACKAGES = "/runtime/packages"

_fork, _exit, _waitpid, _kill = os.fork, os._exit, os.waitpid, os.kill
_getpid, _getppid = os.getpid, os.getppid
_answer_all = bursts.answer_all
_send, _receive, _encode, _decode = protocol.send, protocol.receive_only, wire.encode, wire.decode


class _Loading(Exception):
    """Loading failed, in a way that is told in a FAILED frame."""

    def __init__(self, **fields: object) -> None:
        self.fields = fields


def main(channel: int) -> NoReturn:
    """Serves one submission; never returns."""
    _send(channel, {"kind": protocol.READY})
    request = _receive(channel)
    if request is None:
        _exit(0)
    try:
        function = _load(channel, request)
    except _Loading as failure:
        _flush()
        _send(channel, {"kind": protocol.FAILED, **failure.fields})
        _exit(0)
    _flush()
    _send(channel, {"kind": protocol.LOADED})
    sources = dict(request["files"])
    if request["isolation"] == "process":
        _run(channel, function, request["main"])
    serve = _serve_forked if request["isolation"] == "test" else _serve
    serve(channel, function, sources)
    _exit(0)


def _run(channel: int, code: Any, main_file: str) -> NoReturn:
    """Runs the program when the judge says so, without a channel: how it ended is told by its parent."""
    request = _receive(channel)
    if request is None:
        _exit(0)
    os.close(channel)
    arguments: Any = _decode(request["arguments"])
    script.run(code, f"{BOX}/{main_file}", arguments)


# --- loading ------------------------------------------------------------------------------------------------------


def _load(channel: int, request: Any) -> Any:
    """Returns the entry point, a callable; with isolation "process" the program's code, of which nothing has run."""
    files, main_file, entry = request["files"], request["main"], request["entry"]
    if "tables" in (request.get("form") or ()):
        return _load_query(channel, request)
    _prepare(files)
    code = _compile(files, main_file)
    _send(channel, {"kind": protocol.COMPILED})
    if request["isolation"] == "process":
        return code
    form = request.get("form")
    module = type(sys)(main_file.rpartition("/")[2].removesuffix(".py"))
    module.__file__ = f"{BOX}/{main_file}"
    sys.modules[module.__name__] = module
    try:
        forms.prepare(form, module, entry)
        exec(code, module.__dict__)
    except BaseException as error:
        raise _Loading(stage="load", **_describe(error, files)) from None
    try:
        return forms.adapt(form, module, entry, main_file)
    except forms.Missing as missing:
        raise _Loading(stage="load", entry=_text(str(missing))) from None


def _load_query(channel: int, request: Any) -> Any:
    """Returns the query, which SQLite has read."""
    main_file = request["main"]
    try:
        query = forms.Query(request["form"], request["files"][main_file], main_file)
        query.explain()
    except BaseException as error:
        told = {"type": type(error).__name__, "message": _text(str(error)), "frames": []}
        raise _Loading(stage="compile", **told) from None
    _send(channel, {"kind": protocol.COMPILED})
    return query


def _prepare(files: Any) -> None:
    sys.path[:] = [path for path in sys.path if path not in ("/judge", PACKAGES)] + [BOX, PACKAGES]
    sys.argv[:] = ["solution.py"]
    sys.dont_write_bytecode = True
    for name, content in files.items():
        path = f"{BOX}/{name}"
        if "/" in name:
            os.makedirs(path.rpartition("/")[0], exist_ok=True)
        with open(path, "wb", buffering=0) as file:
            protocol.write_all(file.fileno(), content)


def _compile(files: Any, main_file: str) -> Any:
    try:
        return compile(files[main_file], main_file, "exec", dont_inherit=True)
    except BaseException as error:
        frames = []
        if isinstance(error, SyntaxError) and type(error.lineno) is int and error.lineno > 0:
            frames = [[main_file, error.lineno, "<module>", _line(files, main_file, error.lineno)]]
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        fields = {"type": type(error).__name__, "message": _text(message), "frames": frames}
        raise _Loading(stage="compile", **fields) from None


# --- calling ------------------------------------------------------------------------------------------------------


def _serve(channel: int, function: Any, sources: Any) -> None:
    def make(call: Any) -> dict[str, object]:
        return answer(function, call, sources, channel)

    while (request := _receive(channel)) is not None:
        _send(channel, _answer_all(make, request) if request["kind"] == protocol.CALLS else make(request))


def _serve_forked(channel: int, function: Any, sources: Any) -> None:
    while (request := _receive(channel)) is not None:
        child = _fork()
        if child == 0:
            _answer_and_exit(channel, function, request, sources)
        status = _waitpid(child, 0)[1]
        _sweep()
        ended = {"exit": None, "signal": status & 0x7F} if status & 0x7F else {"exit": status >> 8, "signal": None}
        _send(channel, {"kind": protocol.ENDED, "id": request["id"], **ended})


def _answer_and_exit(channel: int, function: Any, request: Any, sources: Any) -> NoReturn:
    """Answers and exits; a process that the submission forked and that comes back here does not answer as well."""
    own = _getpid()
    try:
        while request is not None:
            frame = answer(function, request, sources, channel)
            if _getpid() == own:
                _send(channel, frame)
            request = _receive(channel) if request.get("more") else None
    finally:
        _exit(0)


def _sweep() -> None:
    """Kills and reaps what the call left behind; this process and PID 1 are spared by ``kill(-1)``.

    Outside of a box, where the parent is another, it would kill everything: nothing is done.
    """
    if _getppid() != 1:
        return
    try:
        _kill(-1, 9)
        while True:
            _waitpid(-1, 0)
    except OSError:
        return


def answer(function: Any, request: Any, sources: Any, channel: int) -> dict[str, object]:
    """Returns the frame that answers ``request``; oracles are asked over ``channel`` meanwhile."""
    identity = request["id"]
    try:
        mapping: Any = _decode(request["arguments"], make_array=make_array)
        arguments = [*mapping.values()]
        audit = (
            None
            if request["audit"] is None
            else audits.Audit(request["audit"], mapping, request["arguments"], make_array)
        )
        asks = oracles.Oracles(channel, request, make_array) if request.get("oracles") else None
        if request.get("keywords"):
            names = request["keywords"]
            result = function(*arguments[: -len(names)], **dict(zip(names, arguments[-len(names) :], strict=True)))
        else:
            result = function(*arguments) if asks is None else asks.call(function, arguments)
        facts = None if audit is None else audit.close()
    except BaseException as error:
        _flush()
        told = _describe(error, sources)
        if isinstance(function, forms.CallsOfClass):
            told["message"] = _text(f"{told['message']} ({function.at})")
        return {"kind": protocol.RAISED, "id": identity, **told}
    try:
        frame = {"kind": protocol.ANSWER, "id": identity, "value": _encode(result), "audit": facts}
    except BaseException as error:
        limit = isinstance(error, (wire.LimitError, MemoryError, RecursionError))
        frame = {
            "kind": protocol.REFUSED,
            "id": identity,
            "message": _text(str(error) or "the returned value cannot be taken apart"),
            "limit": limit,
        }
    _flush()
    return frame


def make_array(dtype: str, shape: tuple[int, ...], data: bytes) -> Any:
    """Returns an array of NumPy's that may be written to."""
    import numpy

    return numpy.frombuffer(bytearray(data), dtype=dtype).reshape(shape)


# --- telling what went wrong --------------------------------------------------------------------------------------


def _describe(error: BaseException, sources: Any) -> dict[str, object]:
    """Returns an exception as its type's name, its message, and the frames of the candidate's own files."""
    try:
        message = _text(str(error))
    except BaseException:
        message = "(its message could not be made)"
    frames, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        name = code.co_filename.removeprefix(f"{BOX}/")
        if name in sources:
            frames.append([name, step.tb_lineno or 0, code.co_name, _line(sources, name, step.tb_lineno or 0)])
            if len(frames) > protocol.MAX_FRAMES:
                del frames[protocol.MAX_FRAMES // 2]
        step = step.tb_next
    bases = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"][:16]
    return {"type": type(error).__name__[:200], "message": message, "frames": frames, "bases": bases}


def _line(sources: Any, name: str, number: int) -> str:
    lines = sources[name].split(b"\n")
    return lines[number - 1].strip()[:200].decode("utf-8", "replace") if 0 < number <= len(lines) else ""


def _text(text: str) -> str:
    return text[: protocol.MAX_MESSAGE].encode("utf-8", "replace").decode()


def _flush() -> None:
    for stream in (sys.stdout, sys.__stdout__, sys.stderr):
        try:
            stream.flush()  # type: ignore[union-attr]
        except BaseException:
            continue
