"""Example submissions of a plain package, of those languages that there are here; others are left out.

Of the directories those count whose verdict is one: ``accepted``, ``wrong_answer``, ``time_limit_exceeded``,
``run_time_error``.
"""

from __future__ import annotations

from collections.abc import Iterator

from judge.model.problem import ExampleSubmission
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict
from judge.spec.files import PackageFiles
from judge.spec.schema import STDIO_LANGUAGES

DIRECTORIES = {
    "accepted": Verdict.ACCEPTED,
    "wrong_answer": Verdict.WRONG_ANSWER,
    "time_limit_exceeded": Verdict.TIME_LIMIT_EXCEEDED,
    "run_time_error": Verdict.RUNTIME_ERROR,
}
MAIN_FILES = ("main", "__main__")


def read_plain_examples(files: PackageFiles) -> tuple[ExampleSubmission, ...]:
    """Returns the programs, directory by directory. Raises SpecError for a file that cannot be read."""
    return tuple(example for directory in DIRECTORIES for example in _in(files, directory))


def _in(files: PackageFiles, directory: str) -> Iterator[ExampleSubmission]:
    for name in files.listing(f"submissions/{directory}"):
        path = f"submissions/{directory}/{name}"
        program = read_program(files, path)
        if program is not None:
            yield ExampleSubmission(path=path, program=program, verdict=DIRECTORIES[directory], reason=None)


def read_program(files: PackageFiles, path: str) -> Program | None:
    """Returns the program in a file or a directory; None when it is of no language that there is."""
    names = [path]
    if files.is_directory(path):
        names = [f"{path}/{name}" for name in files.listing(path) if not files.is_directory(f"{path}/{name}")]
    for language, suffix in STDIO_LANGUAGES.items():
        sources = [name for name in names if name.endswith(suffix)]
        main = _main(sources, suffix)
        if main is not None:
            ordered = [main, *(name for name in names if name != main)]
            contents = (SourceFile(path=name.rpartition("/")[2], content=files.read_bytes(name)) for name in ordered)
            return Program(language=language, files=tuple(contents))
    return None


def _main(sources: list[str], suffix: str) -> str | None:
    if len(sources) == 1:
        return sources[0]
    wanted = [f"{stem}{suffix}" for stem in MAIN_FILES]
    return next((name for name in sources if name.rpartition("/")[2] in wanted), None)
