"""``problem.yaml`` and the statement: the keys of the package format, and the rules between them."""

from __future__ import annotations

import datetime
import uuid

from judge.errors import SpecError
from judge.spec.conversion import check_one_of, convert
from judge.spec.files import PackageFiles
from judge.spec.locations import Document, parse_yaml
from judge.spec.schema import FORMAT_VERSION, LANGUAGES, LICENSES, OTHER_VERSIONS, TYPES, Credits, Metadata

FILE = "problem.yaml"
_CODES = {"cpp20": "cpp", "java17": "java"}  # the package format's names of languages
STATEMENT = "statement/problem.en.md"
_TYPE_OF_KIND = {"interactive": "interactive", "answer": "submit-answer"}


def read_metadata(files: PackageFiles) -> tuple[Document, Metadata]:
    """Returns ``problem.yaml``, checked. Raises SpecError."""
    document = parse_yaml(files.read_text(FILE), files.name(FILE))
    _check_version(document)
    metadata = convert(document, Metadata)
    _check_uuid(document, metadata)
    _check_rights(document, metadata)
    _check_languages(document, metadata)
    _check_embargo(document, metadata)
    if metadata.constants:
        raise document.error("constants are not supported yet: expected none", "constants")
    return document, metadata


def read_statement(files: PackageFiles, document: Document, metadata: Metadata) -> tuple[str, str]:
    """Returns the title and the statement in English, in Markdown. Raises SpecError."""
    names = {"en": metadata.name} if isinstance(metadata.name, str) else metadata.name
    found = {
        name.split(".")[1]
        for name in files.listing("statement")
        if name.startswith("problem.") and name.count(".") == 2
    }
    if "en" not in names:
        raise document.error(
            f"name: expected one in English ('en'), found {', '.join(sorted(names)) or 'none'}", "name"
        )
    for language in sorted(found ^ set(names)):
        missing = "name" if language in found else "statement"
        raise document.error(f"name: the language {language!r} has no {missing}", "name")
    title = names["en"].strip()
    if not title:
        raise document.error("name: expected a title, found an empty one", "name")
    return title, files.read_text(STATEMENT, compiled=False)


def _check_version(document: Document) -> None:
    """The version comes first: the keys of another version would all look unknown."""
    value = document.value.get("problem_format_version") if isinstance(document.value, dict) else None
    if isinstance(value, str) and value in OTHER_VERSIONS:
        message = f"problem_format_version {value!r} is not supported yet: expected {FORMAT_VERSION!r}"
        raise document.error(message, "problem_format_version")
    if isinstance(value, str) and value != FORMAT_VERSION:
        raise document.error(
            f"problem_format_version: expected {FORMAT_VERSION!r}, found {value!r}", "problem_format_version"
        )


def check_kind(document: Document, metadata: Metadata, kind: str) -> None:
    """Raises SpecError unless ``type`` says what a package of this kind of ``judge.yaml`` is."""
    wanted = _TYPE_OF_KIND.get(kind, "pass-fail")
    kinds = [metadata.type] if isinstance(metadata.type, str) else metadata.type
    for name in kinds:
        check_one_of(document, name, TYPES, "type")
    if set(kinds) - {"pass-fail"} != {wanted} - {"pass-fail"}:
        found = ", ".join(kinds) or "none"
        if wanted == "pass-fail":
            raise document.error(f"type {found} is not supported yet: expected 'pass-fail'", "type")
        raise document.error(f"type: expected {wanted!r} for the kind {kind!r} in judge.yaml, found {found}", "type")


def _check_uuid(document: Document, metadata: Metadata) -> None:
    try:
        uuid.UUID(metadata.uuid)
    except ValueError:
        raise document.error(f"uuid: expected 32 hexadecimal digits, found {metadata.uuid!r}", "uuid") from None


def _check_rights(document: Document, metadata: Metadata) -> None:
    check_one_of(document, metadata.license, LICENSES, "license")
    owned = metadata.rights_owner or metadata.source or _has_authors(metadata)
    if metadata.license == "public domain" and metadata.rights_owner:
        raise document.error("rights_owner: expected none for the public domain", "rights_owner")
    if metadata.license not in ("unknown", "public domain") and not owned:
        message = f"license {metadata.license!r} needs an owner: rights_owner, credits.authors or source"
        raise document.error(message, "license")


def _has_authors(metadata: Metadata) -> bool:
    return bool(metadata.credits.authors if isinstance(metadata.credits, Credits) else metadata.credits)


def _check_embargo(document: Document, metadata: Metadata) -> None:
    until = metadata.embargo_until
    if until is not None and not isinstance(until, datetime.date):
        raise document.error(f"embargo_until: expected a date such as 2026-01-31, found {until!r}", "embargo_until")


def _check_languages(document: Document, metadata: Metadata) -> None:
    names = [metadata.languages] if isinstance(metadata.languages, str) else metadata.languages
    if names != ["all"] and not set(names) & {*LANGUAGES, *_CODES.values()}:
        message = f"languages: expected 'all' or one of {', '.join(LANGUAGES)}, found {', '.join(names) or 'none'}"
        raise document.error(message, "languages")


def allows_language(metadata: Metadata, language: str) -> bool:
    """Whether ``problem.yaml`` admits submissions in that language."""
    names = [metadata.languages] if isinstance(metadata.languages, str) else metadata.languages
    return names == ["all"] or language in names or _CODES.get(language) in names


def missing_package(files: PackageFiles) -> SpecError:
    """The error for a directory that is not a package."""
    return SpecError(f"there is no {FILE} in it: expected a problem package", file=str(files.root))
