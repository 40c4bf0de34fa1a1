"""Problems whose submissions are classes, tests or queries: their packages, and what becomes of submissions."""

from __future__ import annotations

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.spec.compiler import compile_plan
from judge.testing import InProcessCompanions, InProcessSandbox
from judge.twins import ManualClock, RecordingObserver
from tests.unit.grading.scripted import OnePlan
from tests.unit.spec.conftest import Package
from tests.unit.spec.kinds import COUNTER, COUNTER_FILES, QUERY, QUERY_FILES, SUITE, SUITE_FILES, remade


@pytest.fixture
def counter(package: Package) -> Package:
    return remade(package, COUNTER, COUNTER_FILES)


@pytest.fixture
def suite(package: Package) -> Package:
    return remade(package, SUITE, SUITE_FILES)


@pytest.fixture
def query(package: Package) -> Package:
    return remade(package, QUERY, QUERY_FILES)


def grade(package: Package, source: str, language: str = "python3") -> Report:
    problem = package.load()
    sandbox = InProcessSandbox()
    plans = OnePlan(compile_plan(problem, sandbox, lock=False))
    clock, observer = ManualClock(), RecordingObserver()
    grader = Grader(sandbox, plans, clock, observer, "salt", companions=InProcessCompanions())
    name = "solution.sql" if language == "sqlite" else "solution.py"
    program = Program(language=language, files=(SourceFile(path=name, content=source.encode()),))
    request = GradingRequest(submission_id="1", problem=problem.slug, program=program)
    return grader.grade(request, lambda _event: None, Uninterrupted())


# --- classes ------------------------------------------------------------------------------------------------------

RIGHT = COUNTER_FILES["author/solution.py"]


def test_a_class_is_made_and_called_anew_for_each_test(counter: Package) -> None:
    report = grade(counter, RIGHT)
    assert (report.verdict, len(report.cases)) == (Verdict.ACCEPTED, 4)


def test_what_a_method_without_a_result_returns_is_not_looked_at(counter: Package) -> None:
    assert grade(counter, RIGHT.replace("return self\n", "return print\n")).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("old", "new", "reason", "message"),
    [
        ("self.sum * scale", "self.sum", None, ""),
        ("return self.sum * scale", "return None", Reason.WRONG_TYPE, "call 2, total: expected float, found None"),
        ("+= n", "-= n", Reason.WRONG_VALUE, "call 2, total(1.0): answer is -1.0"),
        ("self.sum += n", "self.total += n", Reason.EXCEPTION, "TypeError"),
    ],
)
def test_a_failure_names_the_call(counter: Package, old: str, new: str, reason: Reason | None, message: str) -> None:
    report = grade(counter, RIGHT.replace(old, new))
    if reason is None:
        assert (report.cases[0].verdict, report.verdict) == (Verdict.ACCEPTED, Verdict.WRONG_ANSWER)
        return
    assert report.cases[0].reason is reason
    assert message in report.cases[0].message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def Counter(start):\n    return 1\n", "must define a class 'Counter'"),
        ("class Counter:\n    pass\n", "must have a method 'add'"),
        ("class Other:\n    pass\n", "must define a function 'Counter', which is not defined"),
    ],
)
def test_a_class_that_lacks_something_does_not_compile(counter: Package, source: str, message: str) -> None:
    report = grade(counter, source)
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.ENTRY_POINT)
    assert message in report.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("methods:\n", "signature: {parameters: {}, returns: int}\nmethods:\n", "has methods instead"),
        ("{parameters: {start: int}}", "{parameters: {start: int}, returns: int}", "a constructor returns nothing"),
        ("languages", "", ""),
        ("{parameters: {n: int}}", "{parameters: {n: number}}", "methods.add.parameters.n"),
        ("checker: {name: float, rtol: 1.0e-9}", "checker: tokens", "method 'total': expected the return type str"),
        ("checker: {name: float, rtol: 1.0e-9}", "checker: sampler", "unknown checker 'sampler'"),
        ("kind: class", "kind: function", "methods: a problem of kind 'function' has none"),
    ],
)
def test_a_package_of_a_class_that_is_wrong_says_where(counter: Package, old: str, new: str, message: str) -> None:
    if old == "languages":
        counter.replace("judge.yaml", "checker:", "languages: [sqlite]\nchecker:")
        message = "problems of kind 'class' take python3, cpp20, java17, found 'sqlite'"
    else:
        counter.replace("judge.yaml", old, new)
    error = counter.error()
    assert message in str(error)
    assert error.line is not None or "missing" in str(error)


@pytest.mark.parametrize(
    ("language", "name", "message"),
    [
        ("cpp20", "delete", "expected names that cpp20 allows, found 'delete'"),
        ("java17", "wait", "expected names that java17 allows, found 'wait'"),
        ("java17", "delete", None),
        ("python3", "wait", None),
    ],
)
def test_a_method_has_a_name_that_every_language_allows(
    counter: Package, language: str, name: str, message: str | None
) -> None:
    text = (counter.root / "judge.yaml").read_text().replace("  add:", f"  {name}:")
    counter.write("judge.yaml", text.replace("checker:", f"languages: [{language}]\nchecker:"))
    counter.write("data/sample/01.in", '{"calls": [["Counter", 1], ["total", 1]]}').write(
        "data/sample/01.ans", "[null, 1]"
    )
    if message is None:
        assert language in counter.load().languages
    else:
        error = counter.error()
        assert message in error.message
        assert error.line == 6


def test_a_class_has_a_name_that_java_allows(counter: Package) -> None:
    text = (counter.root / "judge.yaml").read_text().replace("Counter", "Map")
    counter.write("judge.yaml", text.replace("checker:", "languages: [java17]\nchecker:"))
    assert "expected names that java17 allows, found 'Map'" in counter.error().message


@pytest.mark.parametrize(
    ("calls", "message"),
    [
        ('[["add", 1]]', "calls[0]: expected one of Counter, found 'add'"),
        ('[["Counter", 1], ["Counter", 2]]', "calls[1]: expected one of add, total, found 'Counter'"),
        ('[["Counter", 1], ["add"]]', "calls[1] add: expected 1 arguments, found 0"),
        ('[["Counter", 1], ["add", 0.5]]', "calls[1] add: expected int, found float 0.5"),
        ("[]", "calls: expected a list of calls, the constructor's first"),
    ],
)
def test_calls_that_no_object_takes_are_refused(counter: Package, calls: str, message: str) -> None:
    counter.write("data/sample/01.in", f'{{"calls": {calls}}}\n')
    assert message in str(counter.error())


def test_an_answer_has_a_result_for_each_call(counter: Package) -> None:
    counter.write("data/sample/01.ans", "[null, 3]\n")
    assert "expected a list of 3 results, one for each call" in str(counter.error())


# --- tests --------------------------------------------------------------------------------------------------------

GOOD_TESTS = "def test_some():\n    for n in (0, 1, 3, 12):\n        assert double(n) == 2 * n\n"


def test_tests_that_tell_right_from_wrong_are_accepted(suite: Package) -> None:
    report = grade(suite, GOOD_TESTS)
    assert [case.name for case in report.cases] == ["secret/sum", "secret/square", "secret/refuses"]
    assert report.verdict is Verdict.ACCEPTED


def test_tests_may_name_the_arguments(suite: Package) -> None:
    assert grade(suite, GOOD_TESTS.replace("double(n)", "double(n=n)")).verdict is Verdict.ACCEPTED


def test_which_implementations_are_right_cannot_be_told_by_the_order_of_calls(suite: Package) -> None:
    """Right ones were run first: tests that failed from the fourth fork on, whatever they tested, were accepted."""
    assert not any(case.sample for case in compile_plan(suite.load(), InProcessSandbox(), lock=False).cases)


@pytest.mark.parametrize(
    ("tests", "reason", "message"),
    [
        ("def test_a():\n    assert double(2) == 4\n", Reason.MUTANT_SURVIVES, "none of the 1 tests fails"),
        (
            "def test_a():\n    pass\n\n\ndef test_b():\n    assert double(2) == 5\n",
            Reason.RIGHT_REJECTED,
            "test_b fails on a right implementation: AssertionError:  (line 6)",
        ),
        ("def test_a():\n    assert double('2') == 4\n", Reason.RIGHT_REJECTED, "TypeError"),
        ("def test_a():\n    double(m=2)\n", Reason.RIGHT_REJECTED, "unexpected keyword argument 'm'"),
        ("def test_a():\n    double(2, n=2)\n", Reason.RIGHT_REJECTED, "multiple values for argument 'n'"),
        (f"{GOOD_TESTS}    for n in range(10001):\n        double(n)\n", Reason.BUDGET_EXCEEDED, "10001 times"),
    ],
)
def test_tests_that_do_not_are_rejected(suite: Package, tests: str, reason: Reason, message: str) -> None:
    report = grade(suite, tests)
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, reason)
    assert message in report.message


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ("def check():\n    pass\n", "it defines none"),
        ("def double(n):\n    return 2 * n\n\n\ndef test_a():\n    pass\n", "must not define 'double'"),
    ],
)
def test_a_module_without_tests_of_the_function_does_not_compile(suite: Package, tests: str, message: str) -> None:
    report = grade(suite, tests)
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.ENTRY_POINT)
    assert message in report.message


def test_the_function_is_not_there_while_the_module_loads(suite: Package) -> None:
    report = grade(suite, f"FOUR = double(2)\n{GOOD_TESTS}")
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXCEPTION)
    assert "can be called by tests only" in report.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  right: {sum: tested/adding.py}\n", "  right: {}\n", "expected at least one right one and one mutant"),
        ("square: tested/square.py", "sum: tested/square.py", "'sum' is right and a mutant"),
        ("tested/square.py", "tested/cube.py", "there is no file 'tested/cube.py'"),
        ("tested/square.py", "author/helper.py", "expected files in one directory, found author, tested"),
        ("kind: tests\n", "kind: tests\nchecker: exact\n", "is judged by its implementations"),
        ("implementations:\n", "implementations:\n  calls: 0\n", "expected 1 to 1000000, found 0"),
    ],
)
def test_a_package_of_tests_that_is_wrong_says_where(suite: Package, old: str, new: str, message: str) -> None:
    error = suite.replace("judge.yaml", old, new).error()
    assert message in str(error)
    assert error.line is not None


def test_an_implementation_without_the_function_is_found_when_the_plan_is_made(suite: Package) -> None:
    suite.write("tested/square.py", "def treble(n):\n    return 3 * n\n")
    assert "double" in str(suite.compile_error())


# --- queries ------------------------------------------------------------------------------------------------------


def test_a_query_is_run_on_the_tables_of_each_test(query: Package) -> None:
    source = "WITH s AS (SELECT * FROM sales) SELECT shop, IFNULL(SUM(amount), 0), MAX(returned) FROM s GROUP BY 1"
    report = grade(query, source, "sqlite")
    assert (report.verdict, len(report.cases)) == (Verdict.ACCEPTED, 2)


@pytest.mark.parametrize(
    ("source", "verdict", "reason"),
    [
        ("SELECT shop, 3, 1 FROM sales GROUP BY shop", Verdict.WRONG_ANSWER, Reason.WRONG_VALUE),
        ("SELECT shop, 3 FROM sales", Verdict.WRONG_ANSWER, Reason.WRONG_SHAPE),
        ("SELECT shop, 3, 7 FROM sales GROUP BY shop", Verdict.WRONG_ANSWER, Reason.WRONG_TYPE),
        ("SELECT shop, SUM(amount), 1 FROM sales GROUP BY shop", Verdict.WRONG_ANSWER, Reason.WRONG_TYPE),
        ("SELEC 1", Verdict.COMPILE_ERROR, Reason.SYNTAX),
        ("SELECT 1; SELECT 2", Verdict.COMPILE_ERROR, Reason.SYNTAX),
        ("SELECT shop, price, 1 FROM sales", Verdict.COMPILE_ERROR, Reason.SYNTAX),
    ],
)
def test_a_query_that_is_wrong_is_rejected(query: Package, source: str, verdict: Verdict, reason: Reason) -> None:
    report = grade(query, source, "sqlite")
    assert (report.verdict, report.reason) == (verdict, reason), report.message


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH '/tmp/other.db' AS other",
        "PRAGMA database_list",
        "DELETE FROM sales RETURNING shop, 3, 1",
        "WITH s AS (SELECT * FROM sales) INSERT INTO sales SELECT * FROM s RETURNING shop, 3, 1",
        "CREATE TABLE other AS SELECT * FROM sales",
        "VACUUM INTO '/tmp/other.db'",
        "BEGIN",
    ],
)
def test_a_statement_that_is_no_select_does_not_compile(query: Package, statement: str) -> None:
    report = grade(query, statement, "sqlite")
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.SYNTAX), report.message
    assert "must be one SELECT" in report.message


@pytest.mark.parametrize(
    "source",
    [
        "/* ; */ SELECT shop, IFNULL(SUM(amount), 0), MAX(returned) FROM sales GROUP BY 1; -- of each shop",
        "SELECT shop, IFNULL(SUM(amount), 0), MAX(returned) FROM sales, json_each('[1]') GROUP BY 1",
        "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 3) "
        "SELECT shop, IFNULL(SUM(amount), 0), MAX(returned) FROM sales, n WHERE x = 1 GROUP BY 1",
    ],
)
def test_every_form_of_a_select_is_a_query(query: Package, source: str) -> None:
    assert grade(query, source, "sqlite").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sql\n", "kind: sql\nlanguages: [python3]\n", "a problem of kind 'sql' takes sqlite"),
        ("shop: str, amount", 'shop: "list[int]", amount', "expected bool, int, float, str, bytes"),
        ("shop: str, amount", "amOUNT: str, amount", "names that SQL cannot tell apart"),
        ("returns: {shop: str, total: int, any_returned: bool}", "returns: {}", "missing key 'returns'"),
        ("author/query.sql", "author/solution.py", "expected a query (.sql)"),
        ("author/query.sql", "author/other.sql", "there is no file 'author/other.sql'"),
    ],
)
def test_a_package_of_a_query_that_is_wrong_says_where(query: Package, old: str, new: str, message: str) -> None:
    assert message in str(query.replace("judge.yaml", old, new).error())


def test_a_reference_that_sqlite_cannot_read_is_the_authors_error(query: Package) -> None:
    query.write("author/query.sql", "SELECT price FROM sales")
    assert "no such column: price" in str(query.compile_error())


def test_starters_are_written_for_each_kind(counter: Package) -> None:
    starter = counter.load().starters["python3"]
    compile(starter, "starter.py", "exec")
    assert "class Counter:\n    def __init__(self, start: int) -> None:\n" in starter
    assert "    def total(self, scale: float) -> float:\n" in starter


def test_the_starter_of_a_query_tells_the_columns(query: Package) -> None:
    expected = "-- sales(shop str, amount Optional[int], returned bool)\nSELECT\n"
    assert query.load().starters == {"sqlite": expected}
