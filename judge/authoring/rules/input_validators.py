"""``input-validators``: a plain package's validators accept every test and reject junk and spoiled tests."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.input_checks import ACCEPTS, changed, endings, junk, validators
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


def _inputs(package: Package) -> dict[str, bytes]:
    return {case.name: bytes(package.plan.arguments_of(case)["stdin"]) for case in package.plan.cases}


def _accepting(package: Package, programs: dict[str, Program]) -> Iterator[Finding]:
    inputs = _inputs(package)
    for path, program in programs.items():
        for name, status in zip(inputs, endings(package, program, tuple(inputs.values())), strict=True):
            if status != ACCEPTS:
                message = f"expected that {path} accepts it (exit status {ACCEPTS}), found {_ending(status)}"
                yield RULE.error(message, package.place_of(name)[0], about=name)


def _rejecting(package: Package, programs: dict[str, Program]) -> Iterator[Finding]:
    """Junk must be rejected by some validator; so must a spoiled test, but by how it is written only perhaps."""
    bad = junk()
    real = list(_inputs(package).items())[:SPOILED]
    spoiled = {f"{test} with {name}": text for test, content in real for name, text in changed(content).items()}
    contents = (*bad.values(), *spoiled.values())
    accepted = [True] * len(contents)
    for program in programs.values():
        statuses = endings(package, program, contents)
        accepted = [known and status == ACCEPTS for known, status in zip(accepted, statuses, strict=True)]
    names = ", ".join(programs)
    for name, taken in zip([*bad, *spoiled], accepted, strict=True):
        if taken:
            report = RULE.error if name in bad else RULE.warning
            yield report(f"expected that {names} rejects {name}, found that it accepts it", next(iter(programs)))


def _ending(status: int | None) -> str:
    return "no exit status" if status is None else f"exit status {status}"


RULE = Rule(
    name="input-validators",
    level=Level.QUICK,
    summary="input validators accept the tests and reject junk",
    check=check,
)
