"""Problems of kind "sql": a submission is one SELECT, on tables whose rows a test gives.

To the judge it is a function of the tables: each is a list of rows, tuples of its columns' types, and so is the result.
"""

from __future__ import annotations

from collections.abc import Iterable

from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.signature import Form, Parameter, Signature
from judge.model.type_expr import TypeExpr
from judge.spec.files import PackageFiles
from judge.spec.locations import Document
from judge.spec.schema import AuthorKeys, JudgeKeys
from judge.spec.types import check_identifier, read_type

LANGUAGE = "sqlite"
ENTRY_POINT = "query"
CELLS = ("bool", "int", "float", "str", "bytes")


def read_query(document: Document, keys: JudgeKeys) -> Signature:
    """Returns the signature. Raises SpecError at the table or column that is wrong."""
    for key, given in (("signature", keys.signature), ("methods", keys.methods), ("oracles", keys.oracles)):
        if given:
            raise document.error(f"{key}: a problem of kind 'sql' has tables and returns instead", key)
    for key, named in (("tables", keys.tables), ("returns", keys.returns)):
        if not named:
            raise document.error(f"missing key {key!r}: the types of columns by name")
    if keys.languages != (LANGUAGE,):
        raise document.error(f"languages: a problem of kind 'sql' takes {LANGUAGE}", "languages")
    parameters = tuple(
        Parameter(name=name, type=_rows(document, columns, "tables", name)) for name, columns in keys.tables.items()
    )
    columns = tuple(tuple(each) for each in keys.tables.values())
    returns = _rows(document, keys.returns, "returns")
    return Signature(parameters=parameters, returns=returns, form=Form.QUERY, columns=columns)


def _rows(document: Document, columns: dict[str, str], *path: str) -> TypeExpr:
    check_identifier(document, path[-1], path[0], *path)
    if not columns:
        raise document.error(f"{'.'.join(path)}: expected at least one column, found none", *path)
    if len({name.lower() for name in columns}) < len(columns):
        raise document.error(f"{'.'.join(path)}: two columns have names that SQL cannot tell apart", *path)
    kinds = tuple(_cell(document, text, *path, name) for name, text in columns.items())
    return TypeExpr(name="list", arguments=(TypeExpr(name="tuple", arguments=kinds),))


def _cell(document: Document, text: str, *path: str) -> TypeExpr:
    check_identifier(document, path[-1], ".".join(path[:-1]), *path)
    kind = read_type(document, text, *path)
    inner = kind.arguments[0] if kind.name == "Optional" else kind
    if inner.name not in CELLS:
        message = f"{'.'.join(path)}: expected {', '.join(CELLS)}, or Optional of one, found {text!r}"
        raise document.error(message, *path)
    return kind


def read_reference(files: PackageFiles, document: Document, keys: AuthorKeys) -> AuthorFunction:
    """Returns the author's own query. Raises SpecError."""
    if not keys.file.endswith(".sql"):
        raise document.error(f"reference.file: expected a query (.sql), found {keys.file!r}", "reference", "file")
    if not files.exists(keys.file):
        raise document.error(f"reference.file: there is no file {keys.file!r}", "reference", "file")
    source = SourceFile(path="query.sql", content=files.read_bytes(keys.file))
    program = Program(language=LANGUAGE, files=(source,), entry_point=ENTRY_POINT)
    return AuthorFunction(
        program=program, function=ENTRY_POINT, file=keys.file, key="reference", line=document.line("reference")
    )


def query_starter(signature: Signature) -> str:
    """Returns a query with the tables and their columns in comments."""
    tables = zip(signature.parameters, signature.columns, strict=True)
    told = "".join(f"-- {table.name}({_columns(names, table.type)})\n" for table, names in tables)
    return f"{told}SELECT\n"


def _columns(names: Iterable[str], rows: TypeExpr) -> str:
    kinds = rows.arguments[0].arguments
    return ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
