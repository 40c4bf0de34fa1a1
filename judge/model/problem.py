"""A problem as its package states it, before it is compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from judge.model.plan import CheckerSpec, Environment, Examiner, TestGroup
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.signature import Signature
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.model.verdict import Reason, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenCase:
    """A test that is written out in ``data/``: input and, unless the reference gives it, the answer."""

    name: str  # "sample/01-two-ids"
    sample: bool
    arguments: dict[str, Any]
    answer: Any  # meaningless when has_answer is false
    has_answer: bool
    file: str  # relative to the package, for messages
    input_arguments: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of input validators, by name; of others
    # under the empty name


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratedCases:
    """Tests made by ``generate(rng, **params)``: ``count`` of them, with seeds ``seed``, ``seed + 1``, ..."""

    name: str  # "random-small"; the cases are "secret/random-small-01", ...
    seed: int
    count: int
    params: dict[str, Any]
    line: int  # in judge.yaml, for messages


@dataclass(frozen=True, kw_only=True, slots=True)
class ScaledFamily:
    """Inputs of a complexity gate: ``generate(rng, **params)`` with some parameters in proportion to the size."""

    name: str
    seed: int  # of the smallest size; the next one has the next seed
    params: dict[str, Any]  # the same at every size
    scale: dict[str, Fraction]  # parameter to factor: it is round(factor * size)
    line: int  # in judge.yaml, for messages


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclaredGate:
    """The section ``complexity`` of judge.yaml."""

    sizes: tuple[int, ...]  # ascending
    slope: float
    repeats: int
    budget_ns: int
    families: tuple[ScaledFamily, ...]
    line: int  # in judge.yaml, for messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What a plain package demands of the tests of a submission; verdicts are the format's: AC, WA, TLE, RTE."""

    tests: str  # a pattern for groups and tests below ``data``; empty: all of them
    permitted: tuple[str, ...]  # every test must have one of these
    required: tuple[str, ...]  # at least one test must have one of these
    score: tuple[float, float] | None = None  # the least and the most points
    message: str = ""  # part of what the validator says to the judges of at least one test
    bound: str = ""  # of the time limit that its times give: lower, upper; or empty


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleSubmission:
    """A solution shipped with the package, and what the judge must say of it."""

    path: str  # relative to the package: "submissions/wrong_answer/largest-l.py"
    program: Program
    verdict: Verdict | None  # None: one of ``verdicts``
    reason: Reason | None  # None: any reason
    verdicts: tuple[Verdict, ...] = ()  # of a plain package: those that it may get; none: any
    full_score: bool | None = None  # whether it gets all points: of a plain package with scores, when it says so
    expectations: tuple[Expectation, ...] = ()  # of a plain package, on its tests one by one


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """A finding of ``judge problem verify`` that the author keeps, and why."""

    rule: str  # its name
    reason: str
    file: str = ""  # pattern of the finding's file; empty: any
    about: str = ""  # pattern of what the finding is about; empty: anything
    line: int  # in judge.yaml, for messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """How small and how large a part of the arguments can be, as the statement says."""

    path: str  # "ids.length", "ids[]"
    low: int | float | None  # None: the statement says nothing
    high: int | float | None
    line: int  # in judge.yaml, for messages


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeRule:
    """How a time limit follows from the accepted submissions: the format's rule for packages that state none."""

    multiplier: float  # of the slowest accepted submission's time
    resolution_ns: int  # the limit is a multiple of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A problem package, loaded and validated; nothing of it has been run."""

    slug: str
    family: str
    name: str
    statement: str  # Markdown
    kind: str
    entry_point: str
    signature: Signature
    isolation: Isolation
    limits: Limits
    load_limits: Limits
    code_bytes: int
    languages: tuple[str, ...]
    starters: dict[str, str]  # language to starter code
    checker: CheckerSpec
    environment: Environment | None = None  # when the function takes oracles
    reference: AuthorFunction | None
    generator: AuthorFunction | None
    written: tuple[WrittenCase, ...]
    generated: tuple[GeneratedCases, ...]
    examples: tuple[ExampleSubmission, ...]
    license: str
    source_digest: str  # of every file that compiling reads; names the compiled plan in a cache
    runtime: str = DEFAULT_RUNTIME  # what submissions and the author's code can import
    runtime_line: int | None = None  # in judge.yaml, for messages; None when it is not stated
    complexity: DeclaredGate | None = None
    lock: dict[str, str] | None = None  # case name to digest, as pinned; None when there is no lock file
    alternatives: dict[str, AuthorFunction] = field(default_factory=dict)  # declared wrong answers, by name
    certificate: dict[str, Any] | None = None  # of the complexity gate, as the lock file has it
    companion_bytes: int = 0  # the memory limits of the author's code that runs beside a submission, together
    time_rule: TimeRule | None = None  # when the package states no time limit
    slow_factor: float = (
        1.5  # how many times the limit a submission that is too slow must need, to be so on any machine
    )
    groups: tuple[TestGroup, ...] = ()  # of tests with scores
    examiner: Examiner | None = None  # when a test program makes the calls
    rehearsal: Program | None = None  # that test program with the author's own solution in the candidate's place
    included: dict[str, tuple[SourceFile, ...]] = field(default_factory=dict)  # files that go to every submission, by
    # language
    passes: int = 1  # runs of the program that its validator may ask for on one test
    validator_arguments: tuple[str, ...] = ()  # of the validator, beside outputs that the reference writes
    bounds: tuple[Bound, ...] = ()  # of the arguments; tests and fuzzers keep to them
    waivers: tuple[Waiver, ...] = ()  # of findings
    left_out: dict[str, str] = field(default_factory=dict)  # examples that are not graded here, by path: why
    root: str = field(default="", compare=False)  # the package's directory, for messages


SLOT_OVERHEAD_BYTES = 128 << 20  # of a slot's warm interpreters, which the limits do not count


def memory_needed(problem: Problem) -> int:
    """Returns the most memory that a slot and its companions use for a submission, in bytes."""
    own = max(problem.limits.memory_bytes, problem.load_limits.memory_bytes) + SLOT_OVERHEAD_BYTES
    return own + problem.companion_bytes
