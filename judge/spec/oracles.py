"""What ``judge.yaml`` says of oracles: budgets, the environment that answers, and arguments that only it sees.

A parameter of type ``callable[[T], R]`` is an oracle. Each has a budget under ``oracles``; ``environment`` names the
author's module that answers them all.
"""

from __future__ import annotations

from judge.model.plan import Budget, Environment
from judge.model.run import Limits
from judge.model.signature import Parameter, Signature
from judge.spec.conversion import check_one_of
from judge.spec.files import PackageFiles
from judge.spec.limits import MAX_MEMORY, MIB, MIN_MEMORY, SECOND, wall_guard_ns
from judge.spec.locations import Document
from judge.spec.programs import read_author
from judge.spec.schema import AuthorKeys, EnvironmentKeys, JudgeKeys
from judge.spec.types import check_identifier, read_type
from judge.units import parse_bytes, parse_duration_ns

MAX_BUDGET = 1_000_000
_RESERVED = ("start", "finish", "Refused")
_MAX_CPU_NS = 60 * SECOND


def read_environment(
    files: PackageFiles, document: Document, keys: JudgeKeys, signature: Signature
) -> Environment | None:
    """Returns the environment of a function that takes oracles, None for any other. Raises SpecError."""
    names = [parameter.name for parameter in signature.oracles]
    for name in keys.oracles:
        check_one_of(document, name, names, "oracles", name)
    given = keys.environment
    if not names:
        if given is not None:
            raise document.error(
                "environment: expected a parameter of a type callable[[...], ...], found none", "environment"
            )
        return None
    if given is None:
        raise document.error(f"the oracle {names[0]!r} needs an answer: missing key 'environment'", "signature")
    hidden = _hidden(document, given, signature)
    author = read_author(files, document, "environment", AuthorKeys(file=given.file), "start")
    return Environment(
        author=author,
        budgets=tuple(_budget(document, keys, name, signature, hidden) for name in names),
        hidden=hidden,
        limits=read_limits(document, given.cpu_time, given.memory, "environment"),
    )


def _hidden(document: Document, given: EnvironmentKeys, signature: Signature) -> tuple[Parameter, ...]:
    known = [parameter.name for parameter in signature.parameters]
    parameters = []
    for name, text in given.hidden.items():
        at = ("environment", "hidden", name)
        check_identifier(document, name, "environment.hidden", *at)
        if name in known:
            raise document.error(f"environment.hidden: {name!r} is a parameter of the signature already", *at)
        parameters.append(Parameter(name=name, type=read_type(document, text, *at)))
    return tuple(parameters)


def _budget(
    document: Document, keys: JudgeKeys, name: str, signature: Signature, hidden: tuple[Parameter, ...]
) -> Budget:
    if name in _RESERVED:
        raise document.error(f"an oracle cannot be called {name!r}: the environment has it already", "signature")
    if name not in keys.oracles:
        raise document.error(f"oracles: the oracle {name!r} needs a budget, found none", "oracles")
    limit = keys.oracles[name].budget
    at = ("oracles", name, "budget")
    if isinstance(limit, str):
        numbers = [p.name for p in (*signature.parameters, *hidden) if str(p.type) == "int"]
        check_one_of(document, limit, numbers, *at)
    elif not 0 <= limit <= MAX_BUDGET:
        raise document.error(f"oracles.{name}.budget: expected 0 to {MAX_BUDGET}, found {limit}", *at)
    return Budget(oracle=name, limit=limit)


def read_limits(document: Document, cpu_time: str, memory: str, key: str) -> Limits:
    """Returns the limits of loading author code and of each answer, as ``key`` states them. Raises SpecError."""
    try:
        cpu_ns, memory_bytes = parse_duration_ns(cpu_time), parse_bytes(memory)
    except ValueError as error:
        raise document.error(f"{key}: {error}", key) from None
    if not 10**6 <= cpu_ns <= _MAX_CPU_NS:
        raise document.error(f"{key}.cpu_time: expected 1ms to 60s, found {cpu_time!r}", key, "cpu_time")
    if not MIN_MEMORY <= memory_bytes <= MAX_MEMORY:
        raise document.error(f"{key}.memory: expected 16MiB to 8GiB, found {memory!r}", key, "memory")
    return Limits(
        cpu_ns=cpu_ns, wall_ns=wall_guard_ns(cpu_ns), memory_bytes=memory_bytes, output_bytes=MIB, answer_bytes=16 * MIB
    )
