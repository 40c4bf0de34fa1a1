"""A YAML document as a typed structure: whatever does not fit is an error with its line, and the key that was meant.

msgspec checks the types and says where, as a path (``$.limits.memory``). The path gives the line in the document, and
the keys that are known at that place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from judge.errors import SpecError
from judge.model.conform import brief
from judge.spec.locations import Document, Step

_AT = re.compile(r" - at `\$(.*)`\Z")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_NAMES = {"object": "a mapping", "array": "a list", "null": "nothing", "str": "text"}


def convert[T](document: Document, schema: type[T]) -> T:
    """Returns the document as a ``schema``. Raises SpecError at the line of what does not fit."""
    try:
        return msgspec.convert(document.value, schema)
    except msgspec.ValidationError as error:
        raise _explain(document, schema, str(error)) from None


def refuse_empty(document: Document, schema: Any, value: Any, *path: Step) -> None:
    """Raises SpecError for a key with nothing after it: left out, it means the same and looks like it."""
    for kind in _options(schema):
        for step, member, found in _members(kind, value):
            if found is None:
                at = _dotted([*path, step])
                raise document.error(f"{at}: expected a value or no such key, found nothing", *path, step)
            refuse_empty(document, member, found, *path, step)


def _members(kind: Any, value: Any) -> Iterator[tuple[Step, Any, Any]]:
    """Yields step, type and value of what a ``value`` of type ``kind`` holds, as far as structures can be in it."""
    if _is_struct(kind) and isinstance(value, Mapping):
        hints = get_type_hints(kind)
        yield from ((name, hints[name], found) for name, found in value.items() if name in hints)
    elif get_origin(kind) is list and isinstance(value, list):
        yield from ((at, get_args(kind)[0], found) for at, found in enumerate(value))
    elif get_origin(kind) is dict and isinstance(value, Mapping) and _is_struct(get_args(kind)[1]):
        yield from ((name, get_args(kind)[1], found) for name, found in value.items())


def closest(name: str, known: Iterable[str]) -> str:
    """Returns ``": did you mean 'x'?"`` or ``": expected one of ..."`` for a name that is not among ``known``."""
    candidates = list(map(str, known))
    close = difflib.get_close_matches(name, candidates, n=1)
    return f": did you mean {close[0]!r}?" if close else f": expected one of {', '.join(candidates) or 'none'}"


def check_one_of(document: Document, value: str, known: Iterable[str], *path: Step) -> None:
    """Raises SpecError unless ``value``, which stands at ``path``, is one of ``known``."""
    candidates = list(known)
    if value not in candidates:
        raise document.error(f"unknown {_dotted(path)} {value!r}{closest(value, candidates)}", *path)


def _explain(document: Document, schema: type, message: str) -> SpecError:
    match = _AT.search(message)
    text, path = (message[: match.start()], _path(match[1])) if match else (message, [])
    quoted = re.findall(r"`([^`]*)`", text)
    if text.startswith("Object contains unknown field"):
        known = _fields(schema, path)
        return document.error(
            f"unknown key {_dotted([*path, quoted[0]])!r}{closest(quoted[0], known)}", *path, quoted[0]
        )
    if text.startswith("Object missing required field"):
        return document.error(f"missing key {_dotted([*path, quoted[0]])!r}", *path)
    where = f"{_dotted(path)}: " if path else ""
    return document.error(f"{where}expected {_expected(text, quoted)}, found {_found(document, path)}", *path)


def _path(text: str) -> list[Step]:
    return [int(index) if index.isdigit() else key or index for key, index in _STEP.findall(text)]


def _dotted(path: Iterable[Step]) -> str:
    return ".".join(map(str, path))


def _expected(text: str, quoted: list[str]) -> str:
    if not text.startswith("Expected") or not quoted:
        return text
    names = quoted[0].removesuffix(" | null").split(" | ")  # a key that may be left out is not written as null
    return " or ".join(_NAMES.get(name, name) for name in names)


def _found(document: Document, path: list[Step]) -> str:
    value: Any = document.value
    for step in path:
        if isinstance(value, Mapping) and step == "...":
            return "a value of another type in it"
        value = value[step]
    return "nothing" if value is None else brief(value)


def _fields(schema: Any, path: list[Step]) -> list[str]:
    """Returns the keys that the structure at ``path`` within ``schema`` has."""
    for step in path:
        schema = _member(schema, step)
    structs = [kind for kind in _options(schema) if _is_struct(kind)]
    return [name for struct in structs for name in struct.__struct_fields__]


def _member(schema: Any, step: Step) -> Any:
    for kind in _options(schema):
        if isinstance(step, int) and get_origin(kind) is list:
            return get_args(kind)[0]
        if step == "..." and get_origin(kind) is dict:
            return get_args(kind)[1]
        if _is_struct(kind):
            return get_type_hints(kind)[str(step)]
    return None


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _options(schema: Any) -> tuple[Any, ...]:
    return get_args(schema) if isinstance(schema, UnionType) else (schema,)
