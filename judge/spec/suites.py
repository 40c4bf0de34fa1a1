"""Problems of kind "tests": a candidate's tests are run on the author's implementations, right ones and mutants.

Such a problem is one with an oracle: the function that is tested, which an environment of ours answers by calling the
implementation that the test of the plan names. Candidate's and author's code are never in one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from judge.model.plan import Budget, CheckerSpec, Environment
from judge.model.problem import WrittenCase
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.signature import Parameter, Signature, signature_of_tests
from judge.model.type_expr import parse_type
from judge.spec.files import PackageFiles
from judge.spec.locations import Document
from judge.spec.oracles import MAX_BUDGET, read_limits
from judge.spec.programs import read_author
from judge.spec.schema import AuthorKeys, ImplementationKeys, JudgeKeys
from judge.spec.types import read_parameters, read_type

CHECKER = CheckerSpec(name="suite", parameters={})
_MAIN = "judge_suite.py"
_SERVE = """\
import importlib


class Refused(Exception):
    pass


def start(arguments, seed):
    global tested
    tested = importlib.import_module(arguments["implementation"]).{entry}


def {entry}(*values):
    try:
        return tested(*values)
    except Exception as error:
        raise Refused(f"{{type(error).__name__}}: {{error}}") from None
"""


def read_suite_signature(document: Document, keys: JudgeKeys) -> Signature:
    """Returns the signature of the tests; ``signature`` is that of what they test. Raises SpecError."""
    if keys.signature is None:
        raise document.error("missing key 'signature': of the function that is tested")
    if keys.checker is not None:
        raise document.error("checker: a problem of kind 'tests' is judged by its implementations", "checker")
    if keys.languages != ("python3",):
        raise document.error("languages: problems of kind 'tests' take python3", "languages")
    parameters = read_parameters(document, keys.signature.parameters, "signature", "parameters")
    returns = read_type(document, keys.signature.returns, "signature", "returns")
    text = f"callable[[{', '.join(str(each.type) for each in parameters)}], {returns}]"
    tested = Parameter(name=keys.entry_point, type=parse_type(text, oracles=True))
    return signature_of_tests(tested, tuple(parameter.name for parameter in parameters))


def read_suite(files: PackageFiles, document: Document, keys: JudgeKeys) -> tuple[Environment, tuple[WrittenCase, ...]]:
    """Returns what answers the tests' calls, and a test of the plan for each implementation. Raises SpecError."""
    given = keys.implementations
    if given is None:
        raise document.error("missing key 'implementations'")
    for key in ("reference", "generator", "environment", "complexity"):
        if getattr(keys, key) is not None:
            raise document.error(f"{key}: a problem of kind 'tests' has none", key)
    if not given.right or not given.mutants:
        raise document.error("implementations: expected at least one right one and one mutant", "implementations")
    if not 1 <= given.calls <= MAX_BUDGET:
        message = f"implementations.calls: expected 1 to {MAX_BUDGET}, found {given.calls}"
        raise document.error(message, "implementations", "calls")
    cases = tuple(_cases(document, given))
    return _environment(files, document, keys, given), cases


def _cases(document: Document, given: ImplementationKeys) -> Iterator[WrittenCase]:
    """No implementation is a sample: samples are run first, and a process that can tell how many were forked before it
    would know which implementation is right without testing it."""
    for name in given.mutants:
        if name in given.right:
            message = f"implementations: {name!r} is right and a mutant"
            raise document.error(message, "implementations", "mutants", name)
    for right, named in ((True, given.right), (False, given.mutants)):
        for name, file in named.items():
            yield WrittenCase(
                name=f"secret/{name}",
                sample=False,
                arguments={"implementation": PurePosixPath(file).stem},
                answer=right,
                has_answer=True,
                file=document.file,
            )


def _environment(files: PackageFiles, document: Document, keys: JudgeKeys, given: ImplementationKeys) -> Environment:
    sources: dict[str, SourceFile] = {}
    for group, named in (("right", given.right), ("mutants", given.mutants)):
        for name, file in named.items():
            author = read_author(
                files, document, f"implementations.{group}.{name}", AuthorKeys(file=file), keys.entry_point
            )
            sources |= {source.path: source for source in author.program.files}
    directories = {str(PurePosixPath(file).parent) for file in (*given.right.values(), *given.mutants.values())}
    if len(directories) > 1:
        raise document.error(
            f"implementations: expected files in one directory, found {', '.join(sorted(directories))}",
            "implementations",
        )
    serve = SourceFile(path=_MAIN, content=_SERVE.format(entry=keys.entry_point).encode())
    program = Program(language="python3", files=(serve, *sources.values()), entry_point="start")
    author = AuthorFunction(
        program=program,
        function="start",
        file=f"{directories.pop()}/{_MAIN}",
        key="implementations",
        line=document.line("implementations"),
    )
    return Environment(
        author=author,
        budgets=(Budget(oracle=keys.entry_point, limit=given.calls),),
        hidden=(Parameter(name="implementation", type=parse_type("str")),),
        limits=read_limits(document, given.cpu_time, given.memory, "implementations"),
    )
