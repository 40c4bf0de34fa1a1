"""Where things stand in a YAML file, so that an error can name the line.

ruamel.yaml's round-trip loader keeps the position of every key and item. ``parse_yaml`` turns its tree into plain
values (mappings with text keys, lists, text, numbers, dates), which the schema checks, and keeps the tree beside
them: ``Document.error`` finds the line of a path such as ``"limits", "memory"`` in it, or of the nearest value around
it that exists.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from judge.errors import SpecError
from judge.model.conform import brief

MAX_CHARACTERS = 64 * 1024  # reading takes up to a second for each 64 KiB
MAX_BRACKETS = 128  # open at one time; the parser's time grows with their square
MAX_NODES = 100_000  # of a document with its aliases expanded
MAX_DEPTH = 32
MAX_DIGITS = 1024  # of an integer

Step = str | int


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A YAML file: plain values, and where they stand."""

    file: str  # for messages
    value: Any  # plain values
    tree: Any  # ruamel.yaml's own

    def line(self, *path: Step) -> int:
        """The line (from 1) of the value at ``path``, or of the last value on the way to it."""
        node, found = self.tree, 1
        for step in path:
            position = _position(node, step)
            if position is None:
                break
            found, node = position + 1, node[step]
        return found

    def error(self, message: str, *path: Step) -> SpecError:
        """The error that ``message`` is at ``path``."""
        return SpecError(message, file=self.file, line=self.line(*path))


def parse_yaml(text: str, file: str) -> Document:
    """Returns the only document in ``text``. Raises SpecError with the line of what is wrong."""
    _check_size(text, file)
    try:
        tree = _reader().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(filter(None, (error.context, error.problem)))
        raise SpecError(f"not valid YAML: {message}", file=file, line=mark.line + 1 if mark else None) from None
    except ReaderError as error:
        line = text.count("\n", 0, text.find(chr(error.character))) + 1
        raise SpecError(f"not valid YAML: {_first_line(error)}", file=file, line=line) from None
    except (YAMLError, ValueError, RecursionError, OverflowError, AttributeError, TypeError) as error:
        raise SpecError(f"not valid YAML: {_first_line(error)}", file=file) from None
    return Document(file=file, value=_Plain(file).of(tree), tree=tree)


class _Constructor(RoundTripConstructor):
    """Makes values, and says where a text is that does not make one: ruamel.yaml lets Python's own errors through."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError):
            tag = str(node.tag or "").rpartition(":")[2]
            message = f"expected {_SCALARS.get(tag, 'another value')}, found {brief(node.value, 40)}"
            raise ConstructorError(None, None, message, node.start_mark) from None


_SCALARS = {"int": f"an integer of at most {MAX_DIGITS} digits", "float": "a number", "timestamp": "a date"}


def _reader() -> YAML:
    reader = YAML(typ="rt")
    reader.Constructor = _Constructor
    return reader


def _check_size(text: str, file: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise SpecError(f"expected at most {MAX_CHARACTERS} characters of YAML, found {len(text)}", file=file)
    depths = accumulate((character in "[{") - (character in "]}") for character in text)
    if max(depths, default=0) > MAX_BRACKETS:
        raise SpecError(f"expected at most {MAX_BRACKETS} open brackets, found more", file=file)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _position(node: Any, step: Step) -> int | None:
    """Returns the line (from 0) of one member of a mapping or list, if it has one."""
    try:
        if isinstance(node, CommentedMap) and step in node:
            return int(node.lc.key(step)[0])
        if isinstance(node, CommentedSeq) and isinstance(step, int):
            return int(node.lc.item(step)[0])
    except (KeyError, IndexError, AttributeError, TypeError):  # merged in by "<<": it has no place of its own
        return None
    return None


class _Plain:
    """The walk from ruamel.yaml's values to plain ones, with limits: an alias can name a value a billion times."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.nodes = MAX_NODES
        self.line: int | None = None

    def of(self, node: Any, depth: int = 0) -> Any:
        self.nodes -= 1
        if self.nodes < 0 or depth > MAX_DEPTH:
            raise self._error(f"the document has more than {MAX_NODES} values or {MAX_DEPTH} levels")
        if isinstance(node, (CommentedMap, CommentedSeq)):
            return self._collection(node, depth)
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, int) and abs(node) >= 10**MAX_DIGITS:
            raise self._error(f"expected an integer of at most {MAX_DIGITS} digits, found {brief(int(node))}")
        for kind in (str, int, float):
            if isinstance(node, kind):
                return kind(node)
        if isinstance(node, (datetime.date, datetime.datetime)):
            return node
        raise self._error(f"expected plain YAML, found a value with the tag {_tag(node) or type(node).__name__!r}")

    def _collection(self, node: Any, depth: int) -> Any:
        if _tag(node):
            raise self._error(f"expected plain YAML, found a value with the tag {_tag(node)!r}")
        if isinstance(node, CommentedMap):
            return {self._key(key): self.of(node[key], depth + 1) for key in self._walk(node, node)}
        return [self.of(node[index], depth + 1) for index in self._walk(node, range(len(node)))]

    def _walk(self, node: Any, steps: Any) -> Iterator[Any]:
        for step in steps:
            position = _position(node, step)
            self.line = self.line if position is None else position + 1
            yield step

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return str(key)
        raise self._error(f"expected a key that is text, found {key!r}: quote it")

    def _error(self, message: str) -> SpecError:
        return SpecError(message, file=self.file, line=self.line)


def _tag(node: Any) -> str:
    tag = getattr(node, "tag", None)
    value = str(getattr(tag, "value", None) or "")
    return "" if value in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq") else value
