"""What a submission's entry point is, when it is not a plain function; the frame LOAD says so.

A *class*: a call's one argument is a list of calls, each the method's name and its arguments. A new object is made by
the first, the others are made on it in turn, and the answer is a list of pairs: the method's name and its result, or
None for a method whose result is not taken.

*Tests*: a call's one argument is a function to be tested, which the module finds under the entry point's name. All
functions of the module whose names begin with ``test`` are called in their order, and the answer is a list of pairs:
the test's name, and how it failed or None.

A *query*: the submission is one SELECT of SQL. A call's arguments are the rows of tables, which are made anew in
memory; the answer is the list of rows that it selects.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any


class Missing(Exception):
    """The submission does not define what it must."""


class NotASelect(Exception):
    """The submission is a statement of SQL, and no query."""


def prepare(form: Any, module: Any, entry: str) -> None:
    """Puts into the module, before it is executed, what it may expect there."""
    if form and "tests" in form:
        module.__dict__[entry] = _Tested(entry, form["parameters"])


def adapt(form: Any, module: Any, entry: str, main_file: str) -> Any:
    """Returns what is called, of a module that was executed. Raises Missing."""
    found = module.__dict__.get(entry)
    if form and "tests" in form:
        return Suite(module, entry, main_file)
    if not callable(found):
        raise Missing(_missing(module, entry, main_file))
    return CallsOfClass(found, form["methods"], main_file) if form else found


def _missing(module: Any, entry: str, main_file: str) -> str:
    names = [name for name, value in module.__dict__.items() if callable(value) and not name.startswith("_")]
    defined = ", ".join(map(repr, names[:8])) or "no function"
    found = "is not callable" if entry in module.__dict__ else "is not defined"
    return f"{main_file} must define a function {entry!r}, which {found}; it defines {defined}"


class CallsOfClass:
    """Makes an object and calls its methods; ``at`` is the call that is being made."""

    def __init__(self, kind: Any, methods: dict[str, bool], main_file: str) -> None:
        """``methods``: name to whether its result is taken, the constructor first. Raises Missing."""
        self.kind = kind
        self.methods = methods
        self.at = ""
        name, *others = methods
        if not isinstance(kind, type):
            raise Missing(f"{main_file} must define a class {name!r}; it defines something else of that name")
        for method in others:
            if not callable(getattr(kind, method, None)):
                raise Missing(f"{main_file}: the class {name!r} must have a method {method!r}, which is not defined")

    def __call__(self, calls: Any) -> Any:
        """Returns the results."""
        results, subject = [], None
        for number, (name, *arguments) in enumerate(calls):
            self.at = f"call {number}, {name}"
            result = self.kind(*arguments) if number == 0 else getattr(subject, name)(*arguments)
            if number == 0:
                subject = result
            results.append((name, result if self.methods[name] else None))
        return results


class _Tested:
    """The function that tests call; which one it is changes from call to call."""

    def __init__(self, name: str, parameters: list[str]) -> None:
        self.__name__ = name
        self._parameters = parameters
        self.target: Any = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Calls it."""
        if self.target is None:
            raise RuntimeError(f"{self.__name__} can be called by tests only, not while the module is loaded")
        return self.target(*arguments, *self._in_order(len(arguments), named))

    def _in_order(self, given: int, named: dict[str, Any]) -> list[Any]:
        """Returns the arguments that were given by name, in the order of the parameters. Raises TypeError."""
        for name in named:
            if name not in self._parameters:
                raise TypeError(f"{self.__name__}() got an unexpected keyword argument {name!r}")
            if name in self._parameters[:given]:
                raise TypeError(f"{self.__name__}() got multiple values for argument {name!r}")
        wanted = self._parameters[given:] if named else []
        missing = [name for name in wanted if name not in named]
        if missing:
            raise TypeError(f"{self.__name__}() is missing the argument {missing[0]!r}")
        return [named[name] for name in wanted]


class Suite:
    """Runs the module's tests."""

    def __init__(self, module: Any, entry: str, main_file: str) -> None:
        """Finds the tests. Raises Missing when there is none, or the module has a function of its own to test."""
        self._tested = module.__dict__.get(entry)
        if not isinstance(self._tested, _Tested):
            raise Missing(f"{main_file} must not define {entry!r}: its tests are given the function")
        self._tests = [
            (name, value) for name, value in module.__dict__.items() if name.startswith("test") and callable(value)
        ]
        if not self._tests:
            raise Missing(f"{main_file} must define tests, functions whose names begin with 'test'; it defines none")

    def __call__(self, function: Any) -> Any:
        """Returns how each test ended."""
        self._tested.target = function
        return [(name[:200], _failure(test)) for name, test in self._tests]


def _failure(test: Any) -> str | None:
    try:
        test()
    except Exception as error:
        step, line = error.__traceback__, 0
        while step is not None:
            if step.tb_frame.f_code is getattr(test, "__code__", None):
                line = step.tb_lineno or 0
            step = step.tb_next
        try:
            said = f"{type(error).__name__}: {error}"
        except Exception:
            said = "an exception whose message could not be made"
        return f"{said[:500]} (line {line})".encode("utf-8", "replace").decode()
    return None


class Query:
    """Runs a query on tables; those of a call are made for it alone."""

    def __init__(self, form: Any, source: bytes, main_file: str) -> None:
        """``form``: the tables' columns, and which columns of the result are bools. Raises Missing."""
        import sqlite3

        self._connect, self._main_file = sqlite3.connect, main_file
        self._select = sqlite3.SQLITE_SELECT
        self._tables: dict[str, list[str]] = form["tables"]
        self._columns: list[str] = form["columns"]  # the types of the result's
        self._text = source.decode("utf-8")

    def explain(self) -> None:
        """Has SQLite read the query, on empty tables. Raises its errors, NotASelect for any other statement.

        The first thing that SQLite asks leave for tells what a statement is; of some, such as VACUUM, it asks none.
        """
        database = self._database({name: [] for name in self._tables})
        asked: list[int] = []

        def note(action: int, *_: object) -> int:
            asked.append(action)
            return 0  # leave is given

        database.set_authorizer(note)
        try:
            database.execute(f"EXPLAIN {self._text}")
        finally:
            database.close()
        if asked[:1] != [self._select]:
            raise NotASelect(
                f"{self._main_file} must be one SELECT, perhaps with a WITH clause; it is another statement"
            )

    def __call__(self, *tables: Any) -> Any:
        """Returns the rows."""
        database = self._database(dict(zip(self._tables, tables, strict=True)))
        bools = [at for at, kind in enumerate(self._columns) if kind == "bool"]
        try:
            rows = database.execute(self._text).fetchall()
        finally:
            database.close()
        return [_with_bools(row, bools) for row in rows] if bools else rows

    def _database(self, tables: dict[str, Any]) -> Any:
        database = self._connect(":memory:")
        for name, columns in self._tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            database.execute(f'CREATE TABLE "{name}" ({listed})')
            places = ", ".join("?" * len(columns))
            database.executemany(f'INSERT INTO "{name}" VALUES ({places})', tables[name])
        return database


def _with_bools(row: Any, bools: list[int]) -> Any:
    """Returns the row with 0 and 1 as bools, which SQLite has not."""
    cells = [*row]
    for at in bools:
        if at < len(cells) and type(cells[at]) is int and cells[at] in (0, 1):
            cells[at] = bool(cells[at])
    return cells
