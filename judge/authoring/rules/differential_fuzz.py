"""``differential-fuzz``: on made-up inputs, accepted submissions give what the reference gives.

Each run of this rule takes other inputs; what it found before is tried first.
"""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.answers import judges_answers
from judge.authoring.fuzzing import FuzzJob, FuzzResult, Witness, fuzz
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding

ROUNDS = 8
_SHOWN = 300  # characters of an input


def check(package: Package) -> Iterator[Finding]:
    """Fuzzes, in as many workers as there are."""
    if package.is_plain or package.problem.reference is None or not judges_answers(package):
        return
    key = package.facts.key("witnesses", package.plan.slug, package.plan.family)
    kept = package.facts.get(key, tuple[bytes, ...]) or ()
    turn_key = package.facts.key("fuzz turn", package.plan.digest)
    turn = package.facts.get(turn_key, int) or 0
    jobs = [
        FuzzJob(
            problem=package.problem,
            seed=turn + number,
            inputs=-(-package.inputs // ROUNDS),
            first=kept if number == 0 else (),
        )
        for number in range(ROUNDS)
    ]
    results: list[FuzzResult] = []
    for _, result in package.workers.run(fuzz, jobs):
        results.append(result)
        package.tell(f"fuzzing: round {len(results)} of {ROUNDS}")
    package.facts.put(turn_key, turn + ROUNDS)
    witnesses: dict[str, Witness] = {}
    for result in results:
        for witness in result.witnesses:
            known = witnesses.get(witness.path)
            if known is None or len(witness.arguments) < len(known.arguments):
                witnesses[witness.path] = witness
    package.facts.put(key, tuple(dict.fromkeys([*(one.arguments for one in witnesses.values()), *kept]))[:50])
    yield from map(_finding, witnesses.values())
    tried, admitted = sum(one.tried for one in results), sum(one.admitted for one in results)
    yield RULE.info(f"{admitted} of {tried} made-up inputs were answered by the reference", "submissions/accepted")


def _finding(witness: Witness) -> Finding:
    shown = witness.shown if len(witness.shown) <= _SHOWN else f"{witness.shown[:_SHOWN]}..."
    message = f"it is wrong for {shown} (seed {witness.seed}): {witness.message}"
    remedy = "add the input to data/secret and correct what is wrong; if the statement forbids it, waive this"
    return RULE.error(message, witness.path, remedy=remedy)


RULE = Rule(
    name="differential-fuzz",
    level=Level.EXHAUSTIVE,
    summary="on made-up inputs, accepted submissions give what the reference gives",
    check=check,
)
