"""What requests must be."""

from __future__ import annotations

import pytest

from judge.api.v1 import grading_pb2, problem_pb2, program_pb2
from judge.errors import SubmissionError
from judge.rpc import validate


def program(*files: tuple[str, bytes], **fields: str) -> program_pb2.Program:
    sources = [program_pb2.SourceFile(path=path, content=content) for path, content in files or [("main.py", b"x")]]
    return program_pb2.Program(language="python3", files=sources, **fields)


def request(**fields: object) -> grading_pb2.GradeRequest:
    return grading_pb2.GradeRequest(**{"problem": "add", "program": program(), **fields})  # type: ignore[arg-type]


def refusal(message: grading_pb2.GradeRequest) -> tuple[str, str]:
    with pytest.raises(SubmissionError) as caught:
        validate.check_grade(message)
    return caught.value.field, caught.value.message


@pytest.mark.parametrize(
    "message",
    [
        request(),
        request(request_id="a", priority=grading_pb2.PRIORITY_BATCH, view=2),
        request(request_id="A-Za-z0-9._~:" + "x" * 115),
        request(program=program(("a/b/c.py", b""), ("a/b/d.py", b""), ("ä …!$", b""), entry_point="Class.method")),
        request(program=program(("x" * 255, b""))),
        request(program=program(("main.py", b"x" * validate.MAX_PROGRAM_BYTES))),
        request(program=program(*[(f"{n}.py", b"") for n in range(validate.MAX_FILES)])),
    ],
)
def test_good_requests_pass(message: grading_pb2.GradeRequest) -> None:
    validate.check_grade(message)


@pytest.mark.parametrize(
    ("message", "field", "expected"),
    [
        (request(problem=""), "problem", "expected a name, found nothing"),
        (request(problem="x" * 256), "problem", "expected at most 255 bytes, found 256"),
        (request(problem="ü" * 128), "problem", "expected at most 255 bytes, found 256"),
        (request(problem="a\0b"), "problem", r"expected no control characters, found 'a\x00b'"),
        (request(program=None), "program.files", "expected at least one file, found none"),
        (
            request(program=program(*[(f"{n}.py", b"") for n in range(validate.MAX_FILES + 1)])),
            "program.files",
            "expected at most 256 files, found 257",
        ),
        (
            request(program=program(("a", b"x" * validate.MAX_PROGRAM_BYTES), ("b", b"y"))),
            "program.files",
            "expected at most 16777216 bytes together, found 16777217",
        ),
        (
            request(program=program(entry_point="x" * 256)),
            "program.entry_point",
            "expected at most 255 bytes, found 256",
        ),
        (request(request_id="a b"), "request_id", "expected 1 to 128 characters of A-Z a-z 0-9 . _ ~ : -, found 'a b'"),
        (
            request(request_id="a\n"),
            "request_id",
            r"expected 1 to 128 characters of A-Z a-z 0-9 . _ ~ : -, found 'a\n'",
        ),
        (request(priority=9), "priority", "expected a value of Priority, found 9"),
        (request(view=9), "view", "expected a value of ReportView, found 9"),
        (
            request(program=program(("a.py", b""), ("b.py", b""), ("a.py", b""))),
            "program.files[2].path",
            "expected every path once, found 'a.py' again",
        ),
        (
            request(program=program(("a/b.py", b""), ("a", b""))),
            "program.files[0].path",
            "expected 'a' to be a file or a directory, found both",
        ),
    ],
)
def test_bad_requests_name_field_expected_and_found(
    message: grading_pb2.GradeRequest, field: str, expected: str
) -> None:
    assert refusal(message) == (field, expected)


def test_a_long_value_is_not_repeated_in_full() -> None:
    _, message = refusal(request(request_id="x" * 200))
    assert message.endswith(f"found {'x' * 77 + '...'!r}")


@pytest.mark.parametrize(
    "path", ["", "/", "/etc/passwd", "..", "../a", "a/../b", "a/..", ".", "./a", "a/./b", "a//b", "a/", "a\\b", "\\"]
)
def test_paths_that_could_leave_the_directory(path: str) -> None:
    field, message = refusal(request(program=program((path, b""))))
    assert field == "program.files[0].path"
    assert message.startswith("expected a relative path without empty segments, '.', '..' and backslashes, found ")


@pytest.mark.parametrize("path", ["a\0b", "a\nb", "\x1b[2J", "a\x7f"])
def test_paths_with_control_characters(path: str) -> None:
    assert refusal(request(program=program((path, b""))))[1].startswith("expected no control characters, found ")


def test_paths_are_bounded_in_bytes() -> None:
    assert refusal(request(program=program(("x" * 256, b""))))[1] == "expected at most 255 bytes, found 256"


def unknown(message: grading_pb2.GradeRequest, field: int) -> bytes:
    return message.SerializeToString() + bytes([field << 3, 1])


def test_unknown_fields_are_refused_at_every_depth() -> None:
    strange = grading_pb2.GradeRequest.FromString(unknown(request(), 15))
    assert refusal(strange) == ("GradeRequest", "expected only known fields, found number 15")
    source = program_pb2.SourceFile.FromString(b"\x0a\x01a\x78\x01")
    strange = request(program=program_pb2.Program(language="python3", files=[source]))
    assert refusal(strange) == ("program.files[0]", "expected only known fields, found number 15")


def test_languages() -> None:
    validate.check_language("python3", ("python3", "cpp"))
    with pytest.raises(SubmissionError) as caught:
        validate.check_language("cobol", ("python3", "cpp"))
    assert str(caught.value) == "program.language: expected one of python3, cpp, found 'cobol'"
    with pytest.raises(SubmissionError, match="expected python3, found ''"):
        validate.check_language("", ("python3",))


@pytest.mark.parametrize("size", [-1, 1001])
def test_page_sizes(size: int) -> None:
    with pytest.raises(SubmissionError, match=f"page_size: expected 0 to 1000, found {size}"):
        validate.check_list(problem_pb2.ListProblemsRequest(page_size=size))


def test_a_problem_must_be_named() -> None:
    with pytest.raises(SubmissionError, match="slug: expected a name"):
        validate.check_get(problem_pb2.GetProblemRequest())
