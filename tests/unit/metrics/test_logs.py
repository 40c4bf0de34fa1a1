"""The logs: one format for our lines and the libraries', and no local variables in tracebacks."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from judge import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def fail(secret: str) -> None:
    raise ValueError("wrong" if secret else "right")


def test_json_lines() -> None:
    stream = io.StringIO()
    logs.configure("json", "info", stream)
    structlog.contextvars.bind_contextvars(submission="s1")
    structlog.get_logger().info("grading finished", verdict="ACCEPTED")
    logging.getLogger("grpc").warning("from a %s", "library")
    structlog.get_logger().debug("not shown")
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert {key: ours[key] for key in ("event", "verdict", "submission", "level")} == {
        "event": "grading finished",
        "verdict": "ACCEPTED",
        "submission": "s1",
        "level": "info",
    }
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("from a library", "grpc", "warning")
    assert "timestamp" in ours
    assert "timestamp" in theirs


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_without_local_variables(log_format: str) -> None:
    stream = io.StringIO()
    logs.configure(log_format, "info", stream)
    try:
        fail("pepper")
    except ValueError as error:
        structlog.get_logger().error("a call failed", exc_info=error)
    text = stream.getvalue()
    assert "ValueError" in text
    assert "wrong" in text
    assert "in fail" in text or '"fail"' in text
    assert "'pepper'" not in text
