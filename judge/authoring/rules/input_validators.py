"""``input-validators``: a plain package's validators accept every test and reject junk and spoiled tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judge.authoring.input_checks import ACCEPTS, Input, changed, endings, inputs_of, junk, validators
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.model.program import Program

SPOILED = 3  # tests that are spoiled, the first ones


def check(package: Package) -> Iterator[Finding]:
    """Runs every validator."""
    if not package.is_plain:
        return
    found = list(validators(package))
    if not found:
        yield RULE.warning("expected an input validator, found none", "input_validators")
    programs = {path: program for path, program in found if program is not None}
    for path, program in found:
        if program is None:
            yield RULE.info("it is not in Python, so it is not run", path)
    yield from _accepting(package, programs)
    if programs:
        yield from _rejecting(package, programs)


def _accepting(package: Package, programs: dict[str, Program]) -> Iterator[Finding]:
    for path, program in programs.items():
        inputs = inputs_of(package, path)
        for name, status in zip(inputs, endings(package, program, tuple(inputs.values())), strict=True):
            if status != ACCEPTS:
                message = f"expected that {path} accepts it (exit status {ACCEPTS}), found {_ending(status)}"
                yield RULE.error(message, package.place_of(name)[0], about=name)


def _rejecting(package: Package, programs: dict[str, Program]) -> Iterator[Finding]:
    """Junk must be rejected by some validator; so must a spoiled test, but by how it is written only perhaps."""
    bad = junk()
    told = [*bad, *(f"{test} with {name}" for test, name, _ in _spoiled(package, next(iter(programs))))]
    accepted = [True] * len(told)
    for path, program in programs.items():
        first = next(iter(inputs_of(package, path).values()))
        contents = [replace(first, content=text) for text in bad.values()]
        contents += [spoiled for _, _, spoiled in _spoiled(package, path)]
        statuses = endings(package, program, tuple(contents))
        accepted = [known and status == ACCEPTS for known, status in zip(accepted, statuses, strict=True)]
    names = ", ".join(programs)
    for name, taken in zip(told, accepted, strict=True):
        if taken:
            report = RULE.error if name in bad else RULE.warning
            yield report(f"expected that {names} rejects {name}, found that it accepts it", next(iter(programs)))


def _spoiled(package: Package, validator: str) -> Iterator[tuple[str, str, Input]]:
    """Yields a test's name, what is wrong with the input now, and the input."""
    for test, given in list(inputs_of(package, validator).items())[:SPOILED]:
        for name, text in changed(given.content).items():
            yield test, name, replace(given, content=text)


def _ending(status: int | None) -> str:
    return "no exit status" if status is None else f"exit status {status}"


RULE = Rule(
    name="input-validators",
    level=Level.QUICK,
    summary="input validators accept the tests and reject junk",
    check=check,
)
