"""What ``judge batch`` reads and writes in each format: its own, or one of the field's with a data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from judge.batch.completions import FORMATS, Ask, read_completions
from judge.batch.lines import BadLine, Submission, read_lines
from judge.batch.passes import read_passes
from judge.batch.pump import Graded
from judge.errors import SubmissionError

OWN = "judge"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One file of submissions."""

    lines: Iterator[Submission | BadLine]
    also: Callable[[Submission, Graded], Mapping[str, Any]] = lambda line, graded: (
        line.told
    )  # keys of its result's line
    tasks: Mapping[str, Ask] = field(default_factory=dict)  # of the data set, by their ids
    settings: dict[str, str] = field(default_factory=dict)  # that name the data set


def job(submissions: Path, form: str, problems: Path | None) -> Job:
    """Returns what is to be done. Raises SubmissionError, or SpecError for a data set that cannot be read."""
    if form == OWN:
        if problems is not None:
            raise SubmissionError("problems", f"expected a format of a data set, {', '.join(FORMATS)}, found {OWN!r}")
        return Job(lines=read_lines(submissions))
    if form not in FORMATS:
        raise SubmissionError("format", f"expected one of {OWN}, {', '.join(FORMATS)}, found {form!r}")
    if problems is None:
        raise SubmissionError("problems", f"expected the data set's file, since the format is {form!r}, found none")
    from judge.spec.datasets import Dataset

    name = f"{form}:{problems.resolve()}"
    tasks = {
        task.task_id: Ask(slug=task.slug, prompt=task.prompt, base_calls=task.base_calls)
        for task in Dataset(name).tasks().values()
    }
    chosen = FORMATS[form]
    return Job(
        lines=read_completions(submissions, chosen, tasks),
        also=lambda line, graded: chosen.also(line, graded, tasks),
        tasks=tasks,
        settings={"dataset": name},
    )


def print_passes(results: Path, done: Job, say: Callable[[str], None], output: TextIO) -> None:
    """Writes pass@k of a file of results to ``output``; says when it is that of some of the tasks only."""
    found = read_passes(results)
    missing = len(done.tasks) - len(found.samples)
    if missing:
        say(f"{missing} of the data set's {len(done.tasks)} tasks have no result: pass@k is that of the others")
    if found.samples:
        parts = {"base": found.at(base=True), "base + extra": found.at()}
        print(json.dumps(parts if found.has_base else found.at()), file=output, flush=True)
