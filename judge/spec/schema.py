"""The keys of ``problem.yaml`` and ``judge.yaml``.

``problem.yaml`` has the keys of the package format 2025-09; ``judge.yaml`` holds what that format lacks.
``judge.spec.conversion`` turns a YAML document into these structures.
"""

from __future__ import annotations

from typing import Any

import msgspec

from judge.model.program import ANSWER

FORMAT_VERSION = "2025-09"
OTHER_VERSIONS = ("legacy", "legacy-icpc", "2023-07", "2023-07-draft", "2025-09-draft", "draft")
TYPES = ("pass-fail", "scoring", "multi-pass", "interactive", "submit-answer")
LICENSES = ("unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission")
KINDS = ("function", "class", "stdio", "interactive", "sql", "tests", "answer")
LANGUAGES = {  # language to the extensions of its files
    "python3": (".py",),
    "c": (".c",),
    "cpp20": (".cpp", ".cc"),
    "java17": (".java",),
    "sqlite": (".sql",),
    "pypy3": (".py",),  # where it is named: a file of Python is python3's
}


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Keys of a mapping; others are refused."""


# --- problem.yaml -------------------------------------------------------------------------------------------------


class Person(_Keys, frozen=True):
    """A person in ``credits``, when more than a name is given."""

    name: str
    email: str | None = None
    orcid: str | None = None
    kattis: str | None = None


People = str | Person | list[str | Person]


class Credits(_Keys, frozen=True):
    """Who made the problem."""

    authors: People = []
    contributors: People = []
    testers: People = []
    translators: dict[str, People] = {}
    packagers: People = []
    acknowledgements: People = []


class Source(_Keys, frozen=True):
    """Where the problem comes from."""

    name: str
    url: str | None = None


class TimeMultipliers(_Keys, frozen=True):
    """Safety margins of the time limit."""

    ac_to_time_limit: float = 2.0
    time_limit_to_tle: float = 1.5


class FormatLimits(_Keys, frozen=True):
    """The limits of the package format, in its units."""

    time_multipliers: TimeMultipliers = TimeMultipliers()
    time_limit: float | None = None  # seconds of CPU time of one test
    time_resolution: float = 1.0  # seconds
    memory: int | None = None  # MiB
    output: int | None = None  # MiB
    code: int | None = None  # KiB
    compilation_time: int | None = None  # seconds
    compilation_memory: int | None = None  # MiB
    validation_time: int | None = None  # seconds; of validators, which function problems have none of
    validation_memory: int | None = None  # MiB
    validation_output: int | None = None  # MiB
    validation_passes: int | None = None


class Metadata(_Keys, frozen=True):
    """``problem.yaml``."""

    problem_format_version: str
    name: str | dict[str, str]
    uuid: str
    type: str | list[str] = "pass-fail"
    version: str | None = None
    credits: str | Credits | None = None
    source: str | Source | list[str | Source] | None = None
    license: str = "unknown"
    rights_owner: str | None = None
    embargo_until: Any = None  # a date, which YAML may have parsed
    limits: FormatLimits = FormatLimits()
    keywords: list[str] = []
    languages: str | list[str] = "all"
    allow_file_writing: bool = False
    constants: dict[str, int | float | str | dict[str, int | float | str]] = {}


# --- judge.yaml ---------------------------------------------------------------------------------------------------


class SignatureKeys(_Keys, frozen=True):
    """The signature: types as ``judge.model.type_expr`` reads them, parameters in their order."""

    parameters: dict[str, str]  # names to types, in the order of the call
    returns: str  # the type of an answer


class MethodKeys(_Keys, frozen=True):
    """A method of a class; without ``returns`` what it returns is not looked at."""

    parameters: dict[str, str] = {}  # names to types, in the order of the call
    returns: str | None = None  # the type of a result; without it the result is not looked at


class ImplementationKeys(_Keys, frozen=True):
    """What a candidate's tests are run on: names to the author's files, each with the function."""

    right: dict[str, str]  # no test may fail
    mutants: dict[str, str]  # some test must fail
    calls: int = 10_000  # that the tests may make of one implementation
    cpu_time: str = "10s"  # of loading, and of each call
    memory: str = "1GiB"  # of the process that holds it


class AuthorKeys(_Keys, frozen=True):
    """A Python function of the author's."""

    file: str  # relative to the package
    function: str | None = None  # in it; by default named after its use: the entry point, `generate`, the alternative


class GeneratedKeys(_Keys, frozen=True):
    """Generated tests."""

    name: str  # of the group: the tests are `secret/NAME-01` and so on
    seed: int  # of the first test; the next one has the next seed
    count: int = 1  # of tests
    params: dict[str, Any] = {}  # what the generator is called with, besides `rng`


class GridKeys(_Keys, frozen=True):
    """Sizes in geometric progression."""

    first: int = msgspec.field(name="from")  # the smallest size
    last: int = msgspec.field(name="to")  # the largest size
    points: int  # how many sizes


class FamilyKeys(_Keys, frozen=True):
    """Inputs of a complexity gate."""

    name: str  # of the family: it is reported as `complexity/NAME`
    seed: int  # of the smallest size; the next one has the next seed
    scale: dict[str, int | float | str]  # parameter to factor: 1, 0.5, "1/8"
    params: dict[str, Any] = {}  # of the generator, the same at every size


class ComplexityKeys(_Keys, frozen=True):
    """The complexity gate."""

    sizes: list[int] | GridKeys  # the sizes n, ascending
    slope: float  # the largest exponent s that is accepted, when the time grows like n^s
    families: list[FamilyKeys]  # the inputs; each must be passed
    repeats: int = 3  # rounds before a rejection, 2 to 20
    budget: str | None = None  # CPU time of one family's calls; 10 × the limit by default


class OracleKeys(_Keys, frozen=True):
    """A parameter that the judge answers."""

    budget: int | str  # how often one call may ask; the name of an int argument that holds it


class EnvironmentKeys(_Keys, frozen=True):
    """The author's module that answers oracles."""

    file: str  # relative to the package
    hidden: dict[str, str] = {}  # arguments that cases give and submissions do not get: names to types
    cpu_time: str = "10s"  # of loading, and of each answer
    memory: str = "1GiB"  # of the process that holds it


class InteractorKeys(_Keys, frozen=True):
    """The author's program that speaks with a submission."""

    file: str  # relative to the package
    arguments: list[str] = []  # of its command line, after input file, answer file and feedback directory
    cpu_time: str = "10s"  # of one test
    memory: str = "1GiB"  # of the process that holds it


class SolutionKeys(_Keys, frozen=True):
    """A whole program of the author's."""

    file: str  # relative to the package: .py, .c, .cpp or .java, alone


class ExpectationKeys(_Keys, frozen=True):
    """What the judge must say of an example submission."""

    verdict: str  # one that its directory permits
    reason: str | None = None  # any by default


class WaiverKeys(_Keys, frozen=True):
    """A finding of ``judge problem verify`` that is kept."""

    rule: str  # its name
    reason: str  # why the finding is kept, ten characters or more
    file: str = ""  # pattern of the finding's file; any by default
    about: str = ""  # pattern of what the finding is about; anything by default


class ExtraLimits(_Keys, frozen=True):
    """Limits that the package format has no keys for; quantities with units."""

    wall_time: str | None = None  # of one test
    processes: int | None = None  # and threads, at one time
    answer: str | None = None  # the encoded answer
    load_time: str | None = None  # CPU time of compiling and loading
    load_memory: str | None = None  # compiling and loading


class JudgeKeys(_Keys, frozen=True):
    """``judge.yaml``."""

    judge: int  # the version of this schema: 1
    kind: str  # what a submission is: see docs/kinds.md
    entry_point: str = ""  # the function or class that a submission defines; not of a query
    checker: str | dict[str, Any] | None = None  # who judges: a name, or a map with `name` and parameters
    signature: SignatureKeys | None = None  # of a function
    methods: dict[str, MethodKeys] = {}  # of a class, the constructor under the class's name
    implementations: ImplementationKeys | None = None  # of tests
    tables: dict[str, dict[str, str]] = {}  # of a query: the columns' types by name
    returns: dict[str, str] = {}  # of a query: the columns of its result
    isolation: str = "test"  # `test`: a fresh fork for each call; `submission`: one process makes all calls
    languages: tuple[str, ...] = ("python3",)  # in which a submission may be written
    runtime: str = "python3"  # what submissions and the author's code can import: see docs/runtimes.md
    integer_bits: int = 64  # of `int` in compiled languages: 64 or 128
    oracles: dict[str, OracleKeys] = {}  # parameters that the judge answers: see docs/oracles.md
    environment: EnvironmentKeys | None = None  # the author's module that answers oracles
    reference: AuthorKeys | None = None  # gives the expected values: right answers, optima, laws
    alternatives: dict[str, AuthorKeys] = {}  # declared wrong answers or laws, by name
    generator: AuthorKeys | None = None  # makes tests: `generate(rng, **params)`
    tests: list[GeneratedKeys] = []  # groups of generated tests
    complexity: ComplexityKeys | None = None  # how fast the CPU time may grow: see docs/complexity.md
    submissions: dict[str, ExpectationKeys] = {}  # by path below `submissions/`: what the judge must say of it
    limits: ExtraLimits = ExtraLimits()  # those that problem.yaml has no keys for
    starters: dict[str, str] = {}  # language to the file with starter code; by default made from the signature
    bounds: dict[str, list[int | float | None]] = {}  # part of the arguments to least and largest
    waivers: list[WaiverKeys] = []  # findings of `judge problem verify` that are kept: see docs/verify.md


class AnswerKeys(JudgeKeys, frozen=True, kw_only=True):
    """``judge.yaml`` of the kind ``answer``: a submission is no program, so there is nothing to call."""

    entry_point: str = "answer"  # the default name of the reference's function
    languages: tuple[str, ...] = (ANSWER,)


class InteractiveKeys(_Keys, frozen=True):
    """``judge.yaml`` of the kind ``interactive``."""

    judge: int  # the version of this schema: 1
    kind: str  # `interactive`
    interactor: InteractorKeys  # the program that speaks with a submission
    languages: tuple[str, ...] = ("python3",)  # in which a submission may be written
    runtime: str = "python3"  # what submissions and the interactor can import: see docs/runtimes.md
    submissions: dict[str, ExpectationKeys] = {}  # by path below `submissions/`: what the judge must say of it
    limits: ExtraLimits = ExtraLimits()  # those that problem.yaml has no keys for
    starters: dict[str, str] = {}  # language to the file with starter code


class StdioKeys(_Keys, frozen=True):
    """``judge.yaml`` of the kind ``stdio``."""

    judge: int  # the version of this schema: 1
    kind: str  # `stdio`
    checker: str | dict[str, Any] = "tokens"  # who judges an output: a name, or a map with `name` and parameters
    languages: tuple[str, ...] = ("python3",)  # in which a submission may be written
    runtime: str = "python3"  # what submissions and the author's code can import: see docs/runtimes.md
    reference: SolutionKeys | None = None  # the program whose outputs are the expected ones
    generator: AuthorKeys | None = None  # makes inputs: `generate(rng, **params)`
    tests: list[GeneratedKeys] = []  # groups of generated tests
    submissions: dict[str, ExpectationKeys] = {}  # by path below `submissions/`: what the judge must say of it
    limits: ExtraLimits = ExtraLimits()  # those that problem.yaml has no keys for
    starters: dict[str, str] = {}  # language to the file with starter code
    waivers: list[WaiverKeys] = []  # findings of `judge problem verify` that are kept: see docs/verify.md
