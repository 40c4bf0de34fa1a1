"""What the judge must say of an example submission: by its directory, by ``submissions.yaml``, by a mark in its source.

Legacy: the directory names the verdict of the whole submission. 2023-07 and 2025-09: patterns of ``submissions.yaml``
say which verdicts every test may have (``permitted``) and at least one must have (``required``), for all tests or for
groups; the directories have rules of that kind too, which the file may change. DOMjudge's mark ``@EXPECTED_RESULTS@:``
in a source file, also written ``@EXPECTED_SCORE@:``, names the verdicts of the whole submission, or its points; by
DOMjudge's manual it is ignored in the four official directories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from judge.model.problem import Expectation
from judge.model.program import Program
from judge.model.verdict import Verdict
from judge.spec.conversion import check_one_of, convert
from judge.spec.files import PackageFiles
from judge.spec.locations import Document, parse_yaml
from judge.spec.submissions import CODE_NAMES, CODES, CRASHES, METADATA, GroupRules, Rules, matches, part_of

LEGACY: dict[str, tuple[Verdict, ...]] = {
    "accepted": (Verdict.ACCEPTED,),
    "partially_accepted": (Verdict.ACCEPTED,),
    "wrong_answer": (Verdict.WRONG_ANSWER,),
    "time_limit_exceeded": (Verdict.TIME_LIMIT_EXCEEDED,),
    "run_time_error": CRASHES,
    "runtime_error": CRASHES,
    "rejected": tuple(verdict for verdict in Verdict if verdict in CODES and verdict is not Verdict.ACCEPTED),
    "compiler_error": (Verdict.COMPILE_ERROR,),  # these are DOMjudge's
    "compile_error": (Verdict.COMPILE_ERROR,),
    "no_output": (Verdict.WRONG_ANSWER,),
    "output_limit": (Verdict.OUTPUT_LIMIT_EXCEEDED,),
    "output_limit_exceeded": (Verdict.OUTPUT_LIMIT_EXCEEDED,),
    "memory_limit": CRASHES,
    "memory_limit_exceeded": CRASHES,
}
DEFAULTS: dict[str, dict[str, list[str]]] = {
    "accepted": {"permitted": ["AC"]},
    "rejected": {"required": ["RTE", "TLE", "WA"]},
    "wrong_answer": {"permitted": ["AC", "WA"], "required": ["WA"]},
    "time_limit_exceeded": {"permitted": ["AC", "TLE"], "required": ["TLE"]},
    "run_time_error": {"permitted": ["AC", "RTE"], "required": ["RTE"]},
    "brute_force": {"permitted": ["AC", "RTE", "TLE"], "required": ["RTE", "TLE"]},
}
_NOT_TIMED = ("brute_force",)
_FULL = {"accepted": True, "partially_accepted": False}  # whether a submission has all points, where there are any
VERDICTS: dict[str, tuple[Verdict, ...]] = {
    "AC": (Verdict.ACCEPTED,),
    "WA": (Verdict.WRONG_ANSWER,),
    "TLE": (Verdict.TIME_LIMIT_EXCEEDED,),
    "RTE": CRASHES,
}
_MARK = re.compile(rb"@EXPECTED_(?:RESULTS|SCORE)@:[ \t]*([^\r\n*]*)")
_POINTS = re.compile(rb"[0-9]+(?:\.[0-9]+)?\s*\Z")
_UNMARKED = ("accepted", "wrong_answer", "time_limit_exceeded", "run_time_error")
_MARKS = {
    "CORRECT": (Verdict.ACCEPTED,),
    "ACCEPTED": (Verdict.ACCEPTED,),
    "WRONG-ANSWER": (Verdict.WRONG_ANSWER,),
    "NO-OUTPUT": (Verdict.WRONG_ANSWER,),
    "PRESENTATION-ERROR": (Verdict.WRONG_ANSWER,),
    "TIMELIMIT": (Verdict.TIME_LIMIT_EXCEEDED,),
    "TIME-LIMIT-EXCEEDED": (Verdict.TIME_LIMIT_EXCEEDED,),
    "RUN-ERROR": CRASHES,
    "RUN-TIME-ERROR": CRASHES,
    "RUNTIME-ERROR": CRASHES,
    "MEMORY-LIMIT": CRASHES,
    "OUTPUT-LIMIT": (Verdict.OUTPUT_LIMIT_EXCEEDED,),
    "COMPILER-ERROR": (Verdict.COMPILE_ERROR,),
    "COMPILE-ERROR": (Verdict.COMPILE_ERROR,),
}
_SOURCES = (".py", ".cpp", ".cc", ".c", ".java")
_GROUP_KEY = re.compile(r"(sample|secret)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Demands:
    """What is demanded of one submission."""

    verdicts: tuple[Verdict, ...] = ()  # none: any
    full_score: bool | None = None
    expectations: tuple[Expectation, ...] = ()
    language: str | None = None  # a code of the format
    entry_point: str | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The one verdict that it may get, of crashes the first; None when there are several."""
        kinds = {next((code for code, found in VERDICTS.items() if one in found), one) for one in self.verdicts}
        return self.verdicts[0] if len(kinds) == 1 else None


class RuleBook:
    """The rules of one package's submissions."""

    def __init__(self, files: PackageFiles, *, legacy: bool, scoring: bool, unbounded: bool = False) -> None:
        """Reads ``submissions.yaml`` where the format has it. Raises SpecError.

        ``unbounded``: the validator gives the points, so that an accepted submission need not have the most.
        """
        self._legacy = legacy
        self._unbounded = unbounded
        self._scoring = scoring
        self._rules: list[tuple[str, Rules, dict[str, GroupRules]]] = []
        if not legacy:
            self._rules = list(_modern(files))

    def demands(self, path: str, program: Program | None) -> Demands:
        """What is demanded of the submission at ``path``, relative to ``submissions``; a mark in its source wins, where
        one counts.
        """
        directory = path.partition("/")[0]
        found = self._by_directory(directory) if self._legacy else self._by_rules(path)
        mark = None if program is None or directory in _UNMARKED else _mark(program)
        if mark is None:
            return found
        if _POINTS.match(mark):
            points = _points(float(mark)) if self._scoring else ()
            return replace(found, expectations=(*found.expectations, *points))
        verdicts = _verdicts_of(mark)
        return replace(found, verdicts=verdicts, full_score=None, expectations=()) if verdicts else found

    def _by_directory(self, directory: str) -> Demands:
        bound = {"accepted": "lower", "time_limit_exceeded": "upper"}.get(directory)
        free = Expectation(tests="", permitted=CODE_NAMES, required=CODE_NAMES)
        return Demands(
            verdicts=LEGACY.get(directory, ()),
            full_score=self._full(directory),
            expectations=() if bound is None else (replace(free, bound=bound),),
        )

    def _full(self, directory: str) -> bool | None:
        """Whether a submission there must have all points."""
        full = _FULL.get(directory) if self._scoring else None
        return None if full and self._unbounded else full

    def _by_rules(self, path: str) -> Demands:
        found = [(pattern, rule, groups) for pattern, rule, groups in self._rules if matches(pattern, path)]
        expectations = [_expectation("", rule) for _, rule, _ in found]
        expectations += [_expectation(group, rule) for _, _, groups in found for group, rule in groups.items()]
        stated = [rule for _, rule, _ in found]
        return Demands(
            verdicts=_verdicts(expectations),
            full_score=self._full(path.partition("/")[0]),
            expectations=tuple(expectations),
            language=next((rule.language for rule in stated if rule.language), None),
            entry_point=next((rule.entrypoint for rule in stated if rule.entrypoint), None),
        )


def _modern(files: PackageFiles) -> Iterator[tuple[str, Rules, dict[str, GroupRules]]]:
    """Yields pattern, rule and rules of groups: those of the directories, as the file changes them, then its others."""
    document = Document(file=files.name(METADATA), value={}, tree={})
    if files.exists(METADATA):
        document = parse_yaml(files.read_text(METADATA), files.name(METADATA))
    patterns: dict[str, dict[str, Any]] = convert(document, dict[str, dict[str, Any]]) if document.value else {}
    for pattern in [*DEFAULTS, *(name for name in patterns if name not in DEFAULTS)]:
        given = patterns.get(pattern, {})
        groups = {key: value for key, value in given.items() if _GROUP_KEY.match(key)}
        own = {key: value for key, value in given.items() if key not in groups}
        default: dict[str, Any] = dict(DEFAULTS.get(pattern, {}))
        if pattern in _NOT_TIMED:
            default["use_for_time_limit"] = False
        rule = convert(part_of(document, own, pattern) if pattern in patterns else _built_in(own), Rules)
        rule = _with_defaults(rule, own, default)
        inner = {key: convert(part_of(document, value, pattern, key), GroupRules) for key, value in groups.items()}
        for names in (rule, *inner.values()):
            for key in ("permitted", "required"):
                for name in getattr(names, key):
                    check_one_of(document, name, CODE_NAMES, pattern)
        yield pattern, rule, inner


def _built_in(value: dict[str, Any]) -> Document:
    return Document(file=METADATA, value=value, tree={})


def _with_defaults(rule: Rules, given: Mapping[str, Any], default: Mapping[str, Any]) -> Rules:
    fields = {name: getattr(rule, name) for name in rule.__struct_fields__}
    return Rules(**{**fields, **{key: _frozen(value) for key, value in default.items() if key not in given}})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _expectation(tests: str, rule: Rules | GroupRules) -> Expectation:
    score = None
    if rule.score is not None:
        score = (rule.score[0], rule.score[-1]) if isinstance(rule.score, list) else (rule.score, rule.score)
    return Expectation(
        tests=tests,
        permitted=rule.permitted,
        required=rule.required,
        score=score,
        message=rule.message,
        bound=_bound(rule),
    )


def _bound(rule: Rules | GroupRules) -> str:
    """Which bound of the time limit the submission gives: stated, or by whether it must, or must not, be too slow."""
    used = rule.use_for_time_limit
    if used is False:
        return ""
    if isinstance(used, str):
        return used
    if set(rule.required) == {"TLE"}:
        return "upper"
    return "" if "TLE" in rule.permitted else "lower"


def _verdicts(expectations: list[Expectation]) -> tuple[Verdict, ...]:
    """Returns what the whole submission may get: the first test that fails decides."""
    whole = [found for found in expectations if found.tests == ""]
    codes = [code for code in CODE_NAMES if all(code in found.permitted for found in whole)]
    if any("AC" not in found.required for found in expectations):
        codes = [code for code in codes if code != "AC"]
    if len(codes) == len(CODE_NAMES):
        return ()
    return tuple(verdict for code in codes for verdict in VERDICTS[code])


def _mark(program: Program) -> bytes | None:
    """Returns what stands after DOMjudge's mark; None when there is none."""
    return next((found[1] for file in program.files if (found := _MARK.search(file.content))), None)


def _verdicts_of(mark: bytes) -> tuple[Verdict, ...]:
    """Returns the verdicts that a mark names; none when it means nothing here."""
    names = mark.decode("utf-8", "replace").upper().replace("_", "-").split(",")
    return tuple(dict.fromkeys(verdict for name in names for verdict in _MARKS.get(name.strip(), ())))


def _points(points: float) -> tuple[Expectation, ...]:
    return (Expectation(tests="", permitted=CODE_NAMES, required=CODE_NAMES, score=(points, points)),)


def loose_programs(files: PackageFiles) -> list[str]:
    """Returns the programs that lie beside the directories of submissions, where none says what they must get."""
    paths = [f"submissions/{name}" for name in files.listing("submissions")]
    return [path for path in paths if path.endswith(_SOURCES) and not files.is_directory(path)]
