"""Example submissions of a plain package, of those languages that there are here; others are left out."""

from __future__ import annotations

from collections.abc import Iterator

from judge.errors import SpecError
from judge.model.problem import ExampleSubmission
from judge.model.program import ANSWER_ENDINGS, SourceFile
from judge.model.verdict import Verdict
from judge.spec.files import PackageFiles
from judge.spec.kattis.expectations import RuleBook, check_directories
from judge.spec.kattis.languages import program_of
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.submissions import read_answers

MAX_PROGRAM_FILES = 200
ANSWERS_IN = {"accepted": Verdict.ACCEPTED, "wrong_answer": Verdict.WRONG_ANSWER}


def read_plain_examples(files: PackageFiles, facts: PackageFacts) -> tuple[ExampleSubmission, ...]:
    """Returns the programs, directory by directory. Raises SpecError for a file that cannot be read."""
    check_directories(files)
    book = RuleBook(files, legacy=facts.legacy, scoring=facts.scoring)
    directories = [name for name in files.listing("submissions") if files.is_directory(f"submissions/{name}")]
    ordered = sorted(directories, key=lambda name: (name != "accepted", name))
    return tuple(example for directory in ordered for example in _in(files, facts, directory, book))


def _in(files: PackageFiles, facts: PackageFacts, directory: str, book: RuleBook) -> Iterator[ExampleSubmission]:
    for name in files.listing(f"submissions/{directory}"):
        path = f"submissions/{directory}/{name}"
        sources = [facts.constants.filled(source) for source in read_sources(files, path)]
        stated = book.demands(f"{directory}/{name}", None)
        program = program_of(sources, stated.language, stated.entry_point) if sources else None
        if program is None:
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
