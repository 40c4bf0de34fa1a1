"""What the property tests judge: for every checker of single answers some parameters, types, a right and wrong answers.

``SUBJECTS`` must name every CaseChecker: ``test_checker_properties`` compares it with ``CHECKERS``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from judge.checkers.any_of import AnyOf
from judge.checkers.arg_max import ArgMax
from judge.checkers.arrays import Arrays
from judge.checkers.contract import CaseFacts
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.checkers.lines import Lines
from judge.checkers.mapping import Mappings
from judge.checkers.paths import Graph
from judge.checkers.rows import Rows
from judge.checkers.sets import Set
from judge.checkers.tokens import Tokens
from judge.checkers.top_k import TopK
from judge.checkers.unordered import Unordered
from judge.harness import wire
from judge.model.conform import conform
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import TypeExpr, parse_type

KEYS = st.sampled_from(["int", "str", "bool", "bytes"]).map(parse_type)
LEAVES = st.sampled_from(["bool", "int", "float", "str", "bytes", "array[float64, ...]", "array[int64, ...]"])
WORDS = ["a", "B", "0", "1.5", "-2", "1e400", "nan", "x1", "0x1", "\u00a0", "1e-9"]
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.one_of(st.integers(-2, 2), st.integers(-(10**40), 10**40)),
    "float": st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 1.0])),
    "str": st.text(max_size=3),
    "bytes": st.binary(max_size=3),
}
TEXT = st.lists(st.sampled_from([*WORDS, " ", "\n", "\t"]), max_size=6).map(" ".join)


def _compound(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    return st.one_of(
        inner.map(lambda kind: TypeExpr(name="list", arguments=(kind,))),
        inner.map(lambda kind: TypeExpr(name="Optional", arguments=(kind,))),
        inner.map(lambda kind: TypeExpr(name="tuple", arguments=(kind,), variadic=True)),
        st.lists(inner, max_size=3).map(lambda kinds: TypeExpr(name="tuple", arguments=tuple(kinds))),
        st.tuples(KEYS, inner).map(lambda pair: TypeExpr(name="dict", arguments=pair)),
    )


TYPES = st.recursive(LEAVES.map(parse_type), _compound, max_leaves=5)


def values(kind: TypeExpr) -> st.SearchStrategy[Any]:
    """Values of a type as they come over the wire."""
    if kind.name in SCALARS:
        return SCALARS[kind.name]
    if kind.name == "array":
        return _shapes(kind).flatmap(lambda shape: _arrays(kind.dtype, shape))
    inner = [values(argument) for argument in kind.arguments]
    if kind.name == "list" or kind.variadic:
        return st.lists(inner[0], max_size=3)
    if kind.name == "Optional":
        return st.one_of(st.none(), inner[0])
    return st.tuples(*inner) if kind.name == "tuple" else st.dictionaries(inner[0], inner[1], max_size=3)


def _shapes(kind: TypeExpr) -> st.SearchStrategy[tuple[int, ...]]:
    if kind.shape is None:
        return st.lists(st.integers(0, 2), max_size=2).map(tuple)
    return st.tuples(*(st.integers(0, 3) for _ in kind.shape))


def _arrays(dtype: str, shape: tuple[int, ...]) -> st.SearchStrategy[wire.Array]:
    size = math.prod(shape)
    item = SCALARS["float"] if dtype.startswith(("float", "complex")) else st.integers(-3, 3)
    made = st.lists(item, min_size=size, max_size=size)
    wide = "float64" if dtype == "float32" else dtype  # rounded when it conforms
    arrays = made.map(lambda items: np.array(items, wide).reshape(shape))
    return arrays.map(lambda array: wire.Array(array.dtype.str, array.shape, array.tobytes()))


def over_the_wire(value: Any, kind: TypeExpr) -> Any:
    """Returns ``value`` as a checker is given it."""
    return conform(wire.decode(wire.encode(value)), kind)


def expected_itself(case: CaseFacts) -> Any:
    """The right answer where the expected value is one."""
    return case.expected


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A checker with parameters, and what to try on it."""

    checker: Any
    kinds: st.SearchStrategy[TypeExpr]  # return types; those that the checker refuses are skipped
    parameters: tuple[Parameter, ...] = ()  # of the function
    right: Callable[[CaseFacts], Any] = expected_itself  # an answer that is right, whenever the key can be judged by
    strict: bool = True  # a key that cannot be judged by is not accepted as an answer
    text: bool = False  # answers are texts of WORDS

    def __repr__(self) -> str:
        return repr(self.checker)

    def cases(self) -> st.SearchStrategy[tuple[TypeExpr, CaseFacts] | None]:
        """Draws a return type and a case, or None when the checker refuses the type."""
        return _drawn(self)

    def answers(self, kind: TypeExpr) -> st.SearchStrategy[Any]:
        """Answers of a type, right or wrong."""
        raw = TEXT if self.text and kind.name == "str" else values(kind)
        return raw.map(lambda value: over_the_wire(value, kind))


@st.composite
def _drawn(draw: Any, subject: Subject) -> Any:
    kind = draw(subject.kinds)
    try:
        wanted = subject.checker.expected_type(Signature(parameters=subject.parameters, returns=kind))
    except ValueError:
        return None
    made = {p.name: over_the_wire(draw(values(p.type)), p.type) for p in subject.parameters}
    expected = over_the_wire(draw(TEXT if subject.text and kind.name == "str" else values(wanted)), wanted)
    return kind, CaseFacts(name="case", arguments=made, expected=expected)


def damaged(answer: Any) -> list[Any]:
    """Returns what becomes of a right answer that is cut, extended or repeated; nothing for what has no parts."""
    if isinstance(answer, str):
        words = answer.split()
        return ["", " ".join(words[:-1]), f"{answer} a", f"{answer} {answer}"] if words else [f"{answer} a"]
    if isinstance(answer, np.ndarray):
        ends = [answer[:0], answer[:-1], np.concatenate([answer, answer[-1:]])] if answer.ndim and len(answer) else []
        return [*ends, answer[None]]
    if isinstance(answer, dict):
        return [{}, dict(list(answer.items())[1:])] if answer else []
    if isinstance(answer, (list, tuple)) and len(answer) > 0:
        return [answer[:0], answer[:-1], answer[1:], answer + answer[-1:], answer + answer]
    return []


def poisoned(answer: Any) -> Any:
    """Returns ``answer`` with a NaN for its first finite floating-point number; None when it has none."""
    if type(answer) is float:
        return math.nan if math.isfinite(answer) else None
    if isinstance(answer, np.ndarray):
        return _poisoned_array(answer)
    parts: Any = list(answer.items()) if isinstance(answer, dict) else enumerate(answer) if _many(answer) else ()
    for key, part in parts:
        other = poisoned(part)
        if other is not None:
            if isinstance(answer, tuple):
                return (*answer[:key], other, *answer[key + 1 :])
            copy = answer.copy()
            copy[key] = other
            return copy
    return None


def _many(answer: Any) -> bool:
    return isinstance(answer, (list, tuple))


def _poisoned_array(answer: Any) -> Any:
    if answer.dtype.kind not in "fc" or not np.isfinite(answer).any():
        return None
    copy = answer.copy()
    copy.flat[int(np.argmax(np.isfinite(copy)))] = math.nan
    return copy


def _best(case: CaseFacts, count: int, smallest: bool = False) -> list[Any]:
    """The right answer to a ranking."""

    def of_one(scores: Any) -> list[Any]:
        pairs = list(scores.items() if isinstance(scores, dict) else enumerate(np.asarray(scores).tolist()))
        pairs = [pair for pair in pairs if not math.isinf(pair[1])]
        return [item for item, _ in sorted(pairs, key=lambda pair: pair[1], reverse=not smallest)][:count]

    many = isinstance(case.expected, np.ndarray) and case.expected.ndim == 2
    return [of_one(row) for row in case.expected] if many else of_one(case.expected)


def _first(case: CaseFacts) -> Any:
    best = _best(case, 1)
    many = isinstance(case.expected, np.ndarray) and case.expected.ndim == 2
    return [row[0] for row in best] if many else best[0]


def _walk(case: CaseFacts) -> list[int]:
    """A shortest path, by trying walks in the order of their length."""
    edges, source, target = (case.arguments[name] for name in ("edges", "source", "target"))
    walks, seen = [[source]], {source}
    while walks:
        walk, *walks = walks
        if walk[-1] == target:
            return walk
        for tail, head in edges:
            if tail == walk[-1] and head not in seen:
                seen.add(head)
                walks.append([*walk, head])
    return []


def _of(*names: str) -> st.SearchStrategy[TypeExpr]:
    return st.sampled_from(names).map(parse_type)


def _parameters(**types: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())


MATCH: dict[str, Any] = {"nan": "match", "inf": "match"}
LISTS = TYPES.map(lambda kind: TypeExpr(name="list", arguments=(kind,)))
ROWS = _of("list[tuple[int, float]]", "list[list[float]]", "list[tuple[Optional[float], str, float]]")
COLLECTIONS = st.one_of(LISTS, _of("list[float]", "list[tuple[float, float]]", "array[float32, (n,)]"))
TEXTS = _of("str", "list[str]")
RANKED = _of("list[int]", "list[str]", "list[list[int]]", "array[int64, (k,)]")

SUBJECTS = [
    Subject(checker=Exact(), kinds=TYPES),
    Subject(checker=Floats(), kinds=TYPES),
    Subject(checker=Floats(**MATCH), kinds=TYPES),
    Subject(checker=Floats(ulp=3), kinds=TYPES),
    Subject(checker=Arrays(), kinds=st.one_of(TYPES, _of("array[complex128, (n, m)]", "array[float32, (n,)]"))),
    Subject(checker=Arrays(**MATCH, scale="rms", factor=8), kinds=TYPES),
    Subject(checker=Arrays(**MATCH, ulp=4), kinds=TYPES),
    Subject(checker=Tokens(), kinds=TEXTS, strict=False, text=True),
    Subject(checker=Tokens(space_change_sensitive=True), kinds=TEXTS, strict=False, text=True),
    Subject(checker=Tokens(float_tolerance=1e-6, **MATCH), kinds=TEXTS, strict=False, text=True),
    Subject(checker=Lines(float_tolerance=0.5), kinds=TEXTS, strict=False, text=True),
    Subject(checker=Lines(case_sensitive=True), kinds=TEXTS, strict=False, text=True),
    Subject(checker=Unordered(), kinds=COLLECTIONS),
    Subject(checker=Unordered(levels=2), kinds=_of("list[list[int]]", "list[list[float]]")),
    Subject(checker=Unordered(rtol=0.5, atol=0.5), kinds=COLLECTIONS),
    Subject(checker=Set(), kinds=COLLECTIONS),
    Subject(checker=Set(levels=2), kinds=_of("list[list[int]]")),
    Subject(checker=Mappings(), kinds=st.one_of(TYPES, _of("dict[str, float]", "dict[int, list[float]]"))),
    Subject(checker=Rows(), kinds=ROWS),
    Subject(checker=Rows(ordered=True, columns=[{"column": 1, "atol": 0.5}]), kinds=ROWS),
    Subject(checker=AnyOf(), kinds=TYPES, right=lambda case: case.expected[0]),
    Subject(checker=AnyOf(checker="float"), kinds=TYPES, right=lambda case: case.expected[-1]),
    Subject(checker=TopK(k=2), kinds=RANKED, right=lambda case: _best(case, 2)),
    Subject(checker=TopK(k=2, ordered=False), kinds=RANKED, right=lambda case: _best(case, 2)),
    Subject(checker=TopK(k=1, order="smallest"), kinds=RANKED, right=lambda case: _best(case, 1, smallest=True)),
    Subject(checker=ArgMax(), kinds=_of("int", "str", "list[int]", "array[int64, (q,)]"), right=_first),
    Subject(
        checker=Graph(structure="shortest_path", edges="edges", source="source", target="target", directed=True),
        kinds=_of("list[int]"),
        parameters=_parameters(edges="list[tuple[int, int]]", source="int", target="int"),
        right=_walk,
    ),
]
