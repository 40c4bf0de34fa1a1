"""What ``judge.yaml`` says of a function and its answers: signature, checker, and the types of tests that follow."""

from __future__ import annotations

from typing import Any

from judge.checkers import build
from judge.checkers.plugins import provider
from judge.model.digest import digest_of
from judge.model.plan import CheckerSpec, Environment
from judge.model.signature import Signature
from judge.spec.cases import CaseTypes
from judge.spec.classes import read_class
from judge.spec.compiled import check_compiled
from judge.spec.locations import Document
from judge.spec.queries import read_query
from judge.spec.schema import JudgeKeys
from judge.spec.suites import CHECKER as SUITE
from judge.spec.suites import read_suite_signature
from judge.spec.types import read_parameters, read_type


def read_signature(document: Document, keys: JudgeKeys) -> Signature:
    """Returns the signature of the function or class. Raises SpecError at the parameter or type that is wrong."""
    if keys.kind == "class":
        return read_class(document, keys)
    if keys.kind == "tests":
        return read_suite_signature(document, keys)
    if keys.kind == "sql":
        return read_query(document, keys)
    if keys.methods:
        raise document.error(f"methods: a problem of kind {keys.kind!r} has none", "methods")
    if keys.signature is None:
        raise document.error("missing key 'signature'")
    given = keys.signature
    signature = Signature(
        parameters=read_parameters(document, given.parameters, "signature", "parameters", oracles=True),
        returns=read_type(document, given.returns, "signature", "returns"),
        integer_bits=keys.integer_bits,
    )
    check_compiled(document, keys, signature)
    return signature


def read_checker(document: Document, keys: JudgeKeys) -> CheckerSpec:
    """Returns the checker's name and parameters, which it has accepted. Raises SpecError."""
    if keys.kind == "tests":
        return SUITE
    if keys.checker is None:
        raise document.error("missing key 'checker'")
    found = read_named_checker(document, keys.checker)
    if keys.kind == "class" and found.name != "calls":
        return _for_calls(document, found.name, found.parameters)
    return found


def read_named_checker(document: Document, checker: str | dict[str, Any]) -> CheckerSpec:
    """Returns what ``checker`` names, a name or a map with ``name`` and parameters. Raises SpecError."""
    given = {"name": checker} if isinstance(checker, str) else checker
    name, parameters = given.get("name"), {key: value for key, value in given.items() if key != "name"}
    if not isinstance(name, str):
        raise document.error("missing key 'checker.name': a name in text", "checker")
    try:
        build(name, parameters)
        digest_of(parameters)
    except (ValueError, OverflowError) as error:
        told = str(error)
        culprit = next((key for key in parameters if repr(key) in told or f": {key}:" in told), "name")
        raise document.error(told, "checker", culprit) from None
    return CheckerSpec(name=name, parameters=parameters, provider=provider(name))


def _for_calls(document: Document, name: str, parameters: dict[str, Any]) -> CheckerSpec:
    """Returns the checker of a class, which judges each result by the one that is named."""
    given = {"checker": name, "parameters": parameters}
    try:
        build("calls", given)
    except ValueError as error:
        raise document.error(str(error), "checker") from None
    return CheckerSpec(name="calls", parameters=given)


def read_types(
    document: Document, signature: Signature, checker: CheckerSpec, environment: Environment | None
) -> CaseTypes:
    """Returns what the tests must conform to. Raises SpecError when the checker cannot judge such a signature."""
    try:
        return CaseTypes.of(signature, build(checker.name, checker.parameters), environment)
    except ValueError as error:
        message = str(error) if str(error).startswith("checker ") else f"checker {checker.name!r}: {error}"
        raise document.error(message, "checker") from None
