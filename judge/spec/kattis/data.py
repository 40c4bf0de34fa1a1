"""The test data of a plain package: the directories under ``data`` as a tree of groups with their tests.

Tests and groups stand in the order of their names. What only tells people something (images, hints, descriptions,
what a statement shows instead of the data) is left; directories with data for checking validators are not tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from judge.errors import SpecError
from judge.model.problem import WrittenCase
from judge.spec.conversion import closest
from judge.spec.files import PackageFiles
from judge.spec.kattis.configuration import ARGUMENTS, CaseArguments, GroupFacts, case_arguments, group_facts
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.kattis.schema import CURRENT

GROUPS = ("sample", "secret")
FOR_VALIDATORS = ("invalid_input", "invalid_output", "valid_output")
_OF_TOOLS = ("invalid_inputs", "invalid_answer", "invalid_answers", "invalid_outputs", "valid_outputs", "bad")
_ENDINGS = (".in", ".ans", ".yaml", ARGUMENTS)  # of files that belong to a test; others are left
_CONFIGURATION = ("testdata.yaml", "test_group.yaml")
MAX_CASE_FILES = 64


@dataclass(kw_only=True, slots=True)
class Group:
    """A directory of test data."""

    name: str  # "secret/group1"; "data" is the root
    facts: GroupFacts
    cases: list[WrittenCase] = field(default_factory=list)  # its own
    groups: list[Group] = field(default_factory=list)
    order: list[WrittenCase | Group] = field(default_factory=list)  # both, by name

    def all_cases(self) -> Iterator[WrittenCase]:
        """Every test in it, in the order in which they are judged."""
        for item in self.order:
            if isinstance(item, Group):
                yield from item.all_cases()
            else:
                yield item


def read_data(files: PackageFiles, facts: PackageFacts, *, partly: bool = False) -> Group:
    """Returns the root of the test data. Raises SpecError.

    ``partly``: other tests and missing answers are made by the author's programs.
    """
    for name in files.listing("data"):
        known = name in (*GROUPS, *FOR_VALIDATORS, *_OF_TOOLS, *_CONFIGURATION)
        if not known and files.is_directory(f"data/{name}"):
            meant = closest(name, (*GROUPS, *FOR_VALIDATORS))
            raise SpecError(f"unknown name under data{meant}", file=files.name(f"data/{name}"))
    root = Group(name="data", facts=group_facts(files, facts, "data", None))
    for name in GROUPS:
        if files.is_directory(f"data/{name}"):
            root.groups.append(_read_group(files, facts, name, root.facts, partly))
    root.order = [*root.groups]
    if not partly and not any(True for _ in root.all_cases()):
        raise SpecError("expected at least one test, found none", file=files.name("data/secret"))
    return root


def _read_group(files: PackageFiles, facts: PackageFacts, name: str, above: GroupFacts, partly: bool) -> Group:
    group = Group(name=name, facts=group_facts(files, facts, f"data/{name}", above))
    listing = files.listing(f"data/{name}")
    _check_names(files, f"data/{name}")
    cases = {entry.removesuffix(".in") for entry in listing if entry.endswith(".in")}
    found: dict[str, WrittenCase | Group] = {}
    for entry in listing:
        path = f"data/{name}/{entry}"
        if files.is_directory(path):
            if entry.endswith(".files") and entry.removesuffix(".files") in cases:
                continue
            if entry in cases:
                raise SpecError(f"a group and a test have the name {entry!r}", file=files.name(path))
            found[entry] = _read_group(files, facts, f"{name}/{entry}", group.facts, partly)
        else:
            _check_file(files, facts, path, entry, cases)
    for case in cases:
        found[case] = _read_case(files, facts, f"{name}/{case}", group.facts, partly)
    group.order = [found[key] for key in sorted(found)]
    group.cases = [item for item in group.order if isinstance(item, WrittenCase)]
    group.groups = [item for item in group.order if isinstance(item, Group)]
    return group


def _check_names(files: PackageFiles, directory: str) -> None:
    """Raises SpecError for a test or a group whose name the format does not admit: it must not be left unread."""
    for name in files.refused(directory):
        if name.endswith(_ENDINGS) or files.is_directory(f"{directory}/{name}"):
            message = "expected a name of letters, digits, '.', '_' and '-' that begins with none of '.' and '-'"
            raise SpecError(f"{message}, found {name!r}", file=files.name(directory))


def _check_file(files: PackageFiles, facts: PackageFacts, path: str, entry: str, cases: set[str]) -> None:
    """Raises SpecError for a file of a test that there is not."""
    stem, dot, extension = entry.rpartition(".")
    if entry in _CONFIGURATION or dot + extension not in _ENDINGS or (facts.legacy and extension == "yaml"):
        return
    if stem not in cases:
        raise SpecError(f"there is no test {stem!r}: expected {stem}.in beside it", file=files.name(path))


def _read_case(files: PackageFiles, facts: PackageFacts, name: str, group: GroupFacts, partly: bool) -> WrittenCase:
    stem = f"data/{name}"
    has_answer = files.exists(f"{stem}.ans")
    if not has_answer and not partly:
        raise SpecError(f"expected an answer file beside it, {name}.ans, found none", file=files.name(f"{stem}.in"))
    found = case_arguments(files, facts, stem, group)
    if any("\0" in argument for argument in (*found.submission, *found.validator)):
        raise SpecError("expected arguments without the character NUL, found one", file=files.name(f"{stem}.in"))
    return WrittenCase(
        name=name,
        sample=name.startswith("sample/"),
        arguments={
            "stdin": files.read_bytes(f"{stem}.in"),
            "arguments": list(found.submission),
            "files": _read_files(files, f"{stem}.files"),
        },
        answer=(files.read_bytes(f"{stem}.ans") if has_answer else b"", list(found.validator)),
        has_answer=has_answer,
        file=f"{stem}.in",
        input_arguments=_of_input_validators(facts, found),
    )


def _of_input_validators(facts: PackageFacts, found: CaseArguments) -> dict[str, tuple[str, ...]]:
    """Returns the arguments of each input validator by its name; since 2025-09 those of the submission follow."""
    more = found.submission if facts.version in CURRENT else ()
    return {name: (*found.inputs.get(name, ()), *more) for name in ("", *found.inputs)}


def _read_files(files: PackageFiles, directory: str) -> dict[str, bytes]:
    names = files.listing(directory)
    if len(names) > MAX_CASE_FILES:
        message = f"expected at most {MAX_CASE_FILES} files, found {len(names)}"
        raise SpecError(message, file=files.name(directory))
    for name in names:
        if files.is_directory(f"{directory}/{name}"):
            raise SpecError("expected files only, found a directory", file=files.name(f"{directory}/{name}"))
    return {name: files.read_bytes(f"{directory}/{name}") for name in names}
