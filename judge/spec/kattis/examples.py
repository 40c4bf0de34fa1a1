"""Example submissions of a plain package, of those languages that there are here; others are left out, and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judge.errors import SpecError
from judge.model.problem import ExampleSubmission
from judge.model.program import ANSWER_ENDINGS, Program, SourceFile
from judge.model.verdict import Verdict
from judge.spec.files import PackageFiles
from judge.spec.kattis.expectations import RuleBook, loose_programs
from judge.spec.kattis.languages import detected, program_of
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.submissions import read_answers

MAX_PROGRAM_FILES = 200
ANSWERS_IN = {"accepted": Verdict.ACCEPTED, "wrong_answer": Verdict.WRONG_ANSWER}


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """The submissions of a package."""

    graded: tuple[ExampleSubmission, ...]
    left_out: dict[str, str]  # by path: why


def read_plain_examples(files: PackageFiles, facts: PackageFacts) -> Examples:
    """Returns the programs, directory by directory. Raises SpecError for a file that cannot be read."""
    graded: list[ExampleSubmission] = []
    left_out: dict[str, str] = {}
    unbounded = facts.custom_score or (facts.custom_validator and not facts.legacy)
    book = RuleBook(files, legacy=facts.legacy, scoring=facts.scoring, unbounded=unbounded)
    directories = [name for name in files.listing("submissions") if files.is_directory(f"submissions/{name}")]
    left_out |= dict.fromkeys(loose_programs(files), "it lies in no directory of submissions")
    for directory in sorted(directories, key=lambda name: (name != "accepted", name)):
        graded += _in(files, facts, directory, book, left_out)
    return Examples(graded=tuple(graded), left_out=left_out)


def _in(
    files: PackageFiles, facts: PackageFacts, directory: str, book: RuleBook, left_out: dict[str, str]
) -> Iterator[ExampleSubmission]:
    for name in files.refused(f"submissions/{directory}"):
        left_out[f"submissions/{directory}/{name}"] = "the format does not admit its name"
    for name in files.listing(f"submissions/{directory}"):
        path = f"submissions/{directory}/{name}"
        sources = [facts.constants.plain().filled(source) for source in read_sources(files, path)]
        stated = book.demands(f"{directory}/{name}", None)
        program = program_of(sources, stated.language, stated.entry_point) if sources else None
        if program is None or program.language not in facts.languages:
            left_out[path] = _why(sources, stated.language, program, facts)
            continue
        demands = book.demands(f"{directory}/{name}", program)
        yield ExampleSubmission(
            path=path,
            program=program,
            verdict=demands.verdict,
            reason=None,
            verdicts=demands.verdicts,
            full_score=demands.full_score,
            expectations=demands.expectations,
        )


def _why(sources: list[SourceFile], stated: str | None, program: Program | None, facts: PackageFacts) -> str:
    """Returns why a submission is not graded."""
    if program is not None:
        return f"problem.yaml does not allow its language, {program.language}"
    code = stated or detected(sources)
    if code is None:
        return "its files are of no language that is known"
    return f"its language is not here: {'python2' if code == 'python3' else code}"


def read_plain_answers(files: PackageFiles) -> tuple[ExampleSubmission, ...]:
    """Returns the submissions of a problem whose submissions are answers: directories with a file for each test.

    The format does not say how such a submission looks in a package; programs that print one are left out.
    """
    return tuple(example for directory in ANSWERS_IN for example in _answers_in(files, directory))


def _answers_in(files: PackageFiles, directory: str) -> Iterator[ExampleSubmission]:
    for name in files.listing(f"submissions/{directory}"):
        path = f"submissions/{directory}/{name}"
        program = read_answers(files, path)
        if all(file.path.endswith(ANSWER_ENDINGS) for file in program.files):
            yield ExampleSubmission(path=path, program=program, verdict=ANSWERS_IN[directory], reason=None)


def read_sources(files: PackageFiles, path: str) -> list[SourceFile]:
    """Returns the file at ``path``, or all files of that directory and those below it. Raises SpecError."""
    if not files.is_directory(path):
        return [SourceFile(path=path.rpartition("/")[2], content=files.read_bytes(path))]
    found = [SourceFile(path=name, content=files.read_bytes(f"{path}/{name}")) for name in _below(files, path, "")]
    if len(found) > MAX_PROGRAM_FILES:
        message = f"expected at most {MAX_PROGRAM_FILES} files of one program, found {len(found)}"
        raise SpecError(message, file=files.name(path))
    return found


def _below(files: PackageFiles, path: str, prefix: str) -> Iterator[str]:
    for name in files.listing(path):
        if files.is_directory(f"{path}/{name}"):
            yield from _below(files, f"{path}/{name}", f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}"
