"""The reference of ``judge.yaml``, made from the schema: types and defaults from its structures, words from its
docstrings and comments.

``judge problem keys`` prints it; docs/judge-yaml.md is what it prints.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from judge.spec.schema import (
    AuthorKeys,
    ExtraLimits,
    FamilyKeys,
    GeneratedKeys,
    GridKeys,
    ImplementationKeys,
    InteractiveKeys,
    JudgeKeys,
    SolutionKeys,
    StdioKeys,
)

_HEAD = """\
# Keys of `judge.yaml`

Made from the schema by `judge problem keys`. What the keys are for, with examples: [packages.md](packages.md) and
[kinds.md](kinds.md). Unknown keys are errors with file and line.
"""
_TITLES: dict[Any, str] = {
    JudgeKeys: "The file",
    InteractiveKeys: "The file of an interactive problem",
    StdioKeys: "The file of a problem of programs",
    SolutionKeys: "Program of the author",
    AuthorKeys: "Function of the author",
    ExtraLimits: "Limits",
    FamilyKeys: "Family of inputs",
    GeneratedKeys: "Group of tests",
    GridKeys: "Sizes",
    ImplementationKeys: "Implementations",
}
_PAGE = re.compile(r"docs/([a-z-]+\.md)")
_FIELD = re.compile(r"^    (\w+): [^#]*?(?:  # (.+))?$", re.MULTILINE)
_WORDS: dict[Any, str] = {str: "text", int: "integer", float: "number", bool: "`true` or `false`", Any: "anything"}

Struct = type[msgspec.Struct]


def key_reference() -> str:
    """The page, in Markdown."""
    return f"{_HEAD}\n" + "\n".join(_section(one) for one in _reached(JudgeKeys, StdioKeys, InteractiveKeys))


def _reached(*first: Struct) -> list[Struct]:
    """The mappings and all mappings in it, in the order in which they are named."""
    found = list(first)
    for one in found:
        for kind in get_type_hints(one).values():
            found += [inner for inner in _structs(kind) if inner not in found]
    return found


def _structs(kind: Any) -> Iterator[Struct]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for inner in get_args(kind):
        yield from _structs(inner)


def _section(struct: Struct) -> str:
    comments = dict(_FIELD.findall(inspect.getsource(struct)))
    hints = get_type_hints(struct)
    words = (inspect.getdoc(struct) or "").replace("``", "`")
    lines = [f"## {_title(struct)}\n", f"{words}\n", "| Key | Type | Default | Meaning |", "|---|---|---|---|"]
    for field in msgspec.structs.fields(struct):
        meaning = _PAGE.sub(r"[\1](\1)", comments[field.name])
        lines.append(f"| `{field.encode_name}` | {_type(hints[field.name])} | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _title(struct: Struct) -> str:
    return _TITLES.get(struct, struct.__name__.removesuffix("Keys"))


def _type(kind: Any) -> str:
    """A type in words; mappings are links to their sections."""
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        title = _title(kind)
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    if origin in (Union, types.UnionType):
        return " or ".join(_type(one) for one in inner if one is not type(None))
    if origin is dict:
        return f"map to {_type(inner[1])}"
    if origin is list or (origin is tuple and inner[1:] == (...,)):
        return f"list of {_type(inner[0])}"
    return _WORDS[kind]


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    value = None if field.default is msgspec.NODEFAULT else field.default
    if value in (None, "") or isinstance(value, msgspec.Struct):
        return "none"
    return f"`[{', '.join(value)}]`" if isinstance(value, tuple) else f"`{value}`"
