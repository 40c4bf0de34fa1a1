"""What ``judge.yaml`` says of a function and its answers: signature, checker, and the types of tests that follow."""

from __future__ import annotations

import keyword

from judge.checkers import build
from judge.checkers.plugins import provider
from judge.model.digest import digest_of
from judge.model.plan import CheckerSpec, Environment
from judge.model.signature import Parameter, Signature, TypeExpr, parse_type
from judge.spec.cases import CaseTypes
from judge.spec.compiled import check_compiled
from judge.spec.locations import Document, Step
from judge.spec.schema import JudgeKeys


def check_identifier(document: Document, name: str, what: str, *path: Step) -> None:
    """Raises SpecError unless ``name``, which stands at ``path``, can name a function or a parameter."""
    if not name.isascii() or not name.isidentifier() or keyword.iskeyword(name):
        raise document.error(f"{what}: expected an identifier, found {name!r}", *path)


def read_signature(document: Document, keys: JudgeKeys) -> Signature:
    """Returns the signature. Raises SpecError at the parameter or type that is wrong."""
    parameters = []
    for name, text in keys.signature.parameters.items():
        at = ("signature", "parameters", name)
        check_identifier(document, name, "signature.parameters", *at)
        parameters.append(Parameter(name=name, type=read_type(document, text, *at, oracles=True)))
    signature = Signature(
        parameters=tuple(parameters),
        returns=read_type(document, keys.signature.returns, "signature", "returns"),
        integer_bits=keys.integer_bits,
    )
    check_compiled(document, keys, signature)
    return signature


def read_type(document: Document, text: str, *path: Step, oracles: bool = False) -> TypeExpr:
    """Returns the type that stands at ``path``; with ``oracles`` it may be that of an oracle. Raises SpecError."""
    try:
        kind = parse_type(text, oracles=oracles)
        _check_keys(kind)
    except (ValueError, RecursionError, MemoryError) as error:
        raise document.error(f"{'.'.join(map(str, path))}: {error}", *path) from None
    return kind


def _check_keys(kind: TypeExpr, key: bool = False) -> None:
    if key and kind.name in ("list", "dict", "array"):
        raise ValueError(f"expected a type that can be a key, found '{kind}'")
    for at, argument in enumerate(kind.arguments):
        _check_keys(argument, key or (kind.name == "dict" and at == 0))


def read_checker(document: Document, keys: JudgeKeys) -> CheckerSpec:
    """Returns the checker's name and parameters, which it has accepted. Raises SpecError."""
    given = {"name": keys.checker} if isinstance(keys.checker, str) else keys.checker
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


def read_types(
    document: Document, signature: Signature, checker: CheckerSpec, environment: Environment | None
) -> CaseTypes:
    """Returns what the tests must conform to. Raises SpecError when the checker cannot judge such a signature."""
    try:
        return CaseTypes.of(signature, build(checker.name, checker.parameters), environment)
    except ValueError as error:
        message = str(error) if str(error).startswith("checker ") else f"checker {checker.name!r}: {error}"
        raise document.error(message, "checker") from None
