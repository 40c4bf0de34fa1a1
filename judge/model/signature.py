"""Signatures: what an entry point takes and gives."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from judge.model.type_expr import NOTHING, TypeExpr, parse_type


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of an entry point."""

    name: str
    type: TypeExpr

    @property
    def is_oracle(self) -> bool:
        """Whether the judge answers it: the function is given something to call, and cases give no argument."""
        return self.type.name == "callable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One method of a class that is an entry point."""

    name: str  # the constructor has the class's
    parameters: tuple[Parameter, ...]
    returns: TypeExpr  # NOTHING: whatever it returns is not looked at

    @property
    def type(self) -> TypeExpr:
        """Its types: of its parameters, then of its result."""
        kinds = (*(parameter.type for parameter in self.parameters), self.returns)
        return TypeExpr(name="method", label=self.name, arguments=kinds)


class Form(enum.StrEnum):
    """What an entry point is."""

    FUNCTION = "function"
    CLASS = "class"
    TESTS = "tests"  # all of a module's tests, of a function that they are given
    QUERY = "query"  # a SELECT on tables


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The typed signature of an entry point."""

    parameters: tuple[Parameter, ...]
    returns: TypeExpr
    integer_bits: int = 64  # of `int` in languages whose integers have a width: 64 or 128
    form: Form = Form.FUNCTION
    methods: tuple[Method, ...] = ()  # of a class, the constructor first; parameters and returns follow from them
    columns: tuple[tuple[str, ...], ...] = ()  # of a query: the names of each table's columns; of tests: see there

    @property
    def oracles(self) -> tuple[Parameter, ...]:
        """Those of the parameters that are oracles."""
        return tuple(parameter for parameter in self.parameters if parameter.is_oracle)


def signature_of_class(methods: tuple[Method, ...], integer_bits: int = 64) -> Signature:
    """The signature of a class, the constructor first.

    A test is one argument, the calls that are made on a new object: each a tuple of the method's name and its
    arguments, that of the constructor first. The answer is a list of pairs, the method's name and its result.
    """
    kinds = tuple(method.type for method in methods)
    calls = Parameter(name="calls", type=TypeExpr(name="calls", arguments=kinds))
    results = TypeExpr(name="results", arguments=kinds)
    return Signature(parameters=(calls,), returns=results, integer_bits=integer_bits, form=Form.CLASS, methods=methods)


def function_of_method(method: Method, signature: Signature) -> Signature:
    """A method of a class as a function; one whose result is not taken returns nothing."""
    return Signature(parameters=method.parameters, returns=method.returns, integer_bits=signature.integer_bits)


def signature_of_tests(tested: Parameter, names: tuple[str, ...]) -> Signature:
    """The signature of the tests of a function, which is an oracle. The answer: each test's name, and how it failed.

    The ``names`` of the function's parameters are the columns of the one argument.
    """
    outcomes = parse_type("list[tuple[str, Optional[str]]]")
    return Signature(parameters=(tested,), returns=outcomes, form=Form.TESTS, columns=(names,))


def form_of(signature: Signature | None) -> dict[str, Any] | None:
    """What a box is told of an entry point that is no function, as ``harness.forms`` reads it."""
    if signature is None or signature.form is Form.FUNCTION:
        return None
    if signature.form is Form.CLASS:
        return {"methods": {method.name: method.returns != NOTHING for method in signature.methods}}
    if signature.form is Form.TESTS:
        return {"tests": signature.parameters[0].name, "parameters": list(signature.columns[0])}
    names = [parameter.name for parameter in signature.parameters]
    tables = {name: list(columns) for name, columns in zip(names, signature.columns, strict=True)}
    return {"tables": tables, "columns": [_cell(kind) for kind in signature.returns.arguments[0].arguments]}


def _cell(kind: TypeExpr) -> str:
    """The type of a column, whether or not it may hold nothing."""
    return kind.arguments[0].name if kind.name == "Optional" else kind.name
