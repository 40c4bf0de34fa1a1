"""ProblemService.Verify over a real connection: what it tells, what it refuses, and that it starves nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from judge.api.v1 import problem_pb2
from judge.client import ClientError, Finding, JudgeClient, Severity, Step, VerificationSummary
from judge.errors import InfrastructureError, SpecError
from judge.twins import MemoryVerifier

Opened = Callable[..., Any]
FOUND = Finding(
    rule="single-killer",
    severity=Severity.WARNING,
    file="submissions/wrong_answer/median.py",
    line=3,
    message="expected two tests, found one",
    about="secret/two",
    remedy="add a test",
    replay="judge grade . median.py",
)
KEPT = Finding(rule="power", severity=Severity.ERROR, file="judge.yaml", message="0.98", waived="shown \ud800")
SCRIPT = (Step(rule="unfinished"), Step(rule="power", what="a step"), FOUND, KEPT)


async def all_of(events: AsyncGenerator[Any]) -> list[Any]:
    return [event async for event in events]


async def test_everything_is_told_in_order(house: Opened) -> None:
    verifier = MemoryVerifier(script=SCRIPT)
    async with house(with_verifier=verifier) as h, JudgeClient(h.address) as client:
        told = await all_of(client.verify_problem("add", level="full", rules=["power"]))
        kept = Finding(rule="power", severity=Severity.ERROR, file="judge.yaml", message="0.98", waived="shown \\ud800")
        summary = VerificationSummary(passes=False, level="full", errors=0, warnings=1, notes=0, waived=1)
        assert told == [SCRIPT[0], SCRIPT[1], FOUND, kept, summary]
        messages = [m async for m in h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add"))]
        assert [message.sequence_number for message in messages] == [1, 2, 3, 4, 5]
        assert verifier.orders == [("add", "full", ("power",)), ("add", "quick", ())]
        assert h.handled("Verify", "OK", "server_stream", "ProblemService") == 2


async def test_a_package_that_does_not_load_is_verified_all_the_same(house: Opened) -> None:
    verifier = MemoryVerifier(script=[FOUND])
    async with house(with_verifier=verifier) as h, JudgeClient(h.address) as client:
        assert FOUND in await all_of(client.verify_problem("broken"))


@pytest.mark.parametrize(
    ("fields", "code", "violation"),
    [
        ({"slug": ""}, "INVALID_ARGUMENT", ("slug", "expected a name, found nothing")),
        (
            {"slug": "add", "rules": ["power", "pwer"]},
            "INVALID_ARGUMENT",
            ("rules[1]", "expected a rule of docs/verify.md, found 'pwer'"),
        ),
        (
            {"slug": "add", "level": 7},
            "INVALID_ARGUMENT",
            (
                "level",
                "expected one of VERIFICATION_LEVEL_QUICK, VERIFICATION_LEVEL_FULL, VERIFICATION_LEVEL_EXHAUSTIVE,"
                " found number 7",
            ),
        ),
        ({"slug": "none"}, "NOT_FOUND", ("problem", "there is no problem 'none'")),
    ],
)
async def test_refusals(
    house: Opened, status_of: Callable[[Any], Any], fields: dict[str, Any], code: str, violation: tuple[str, str]
) -> None:
    verifier = MemoryVerifier()
    async with house(with_verifier=verifier) as h:
        status = await status_of(h.problems.Verify(problem_pb2.VerifyProblemRequest(**fields)).read())
        assert (status.code, status.violations) == (code, (violation,))
        assert verifier.orders == []


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (SpecError("expected a package, found a task"), "FAILED_PRECONDITION", "expected a package, found a task"),
        (InfrastructureError("no slot"), "INTERNAL", "no slot"),
        (RuntimeError("the secret is 4711"), "INTERNAL", "internal error"),
    ],
)
async def test_errors_become_statuses_after_what_was_told(
    house: Opened, error: Exception, code: str, message: str
) -> None:
    async with house(with_verifier=MemoryVerifier(script=[FOUND], error=error)) as h, JudgeClient(h.address) as client:
        events = client.verify_problem("add")
        assert await anext(events) == FOUND
        with pytest.raises(ClientError) as caught:
            await anext(events)
        assert caught.value.code.name == code
        assert str(caught.value) == f"{code}: {message}"


async def test_a_service_without_a_verifier_says_so(house: Opened, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        status = await status_of(h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add")).read())
        assert (status.code, status.message) == ("UNIMPLEMENTED", "this service verifies no problems")


async def test_only_so_many_run_at_a_time(house: Opened, status_of: Callable[[Any], Any]) -> None:
    verifier = MemoryVerifier(script=[FOUND, "turn"])
    async with house(with_verifier=verifier, verifications=1) as h, JudgeClient(h.address) as client:
        async with aclosing(client.verify_problem("add")) as first:
            await anext(first)
            call = h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="walk"))
            status = await status_of(call.read())
            assert (status.code, status.retry_after_s) == ("RESOURCE_EXHAUSTED", 5.0)
            assert h.observer.counted("judge_rejected_total", reason="verifications") == 1
        verifier.proceed.set()
        assert await all_of(client.verify_problem("walk"))


async def test_it_takes_turns_with_gradings(
    house: Opened, request_to_grade: Callable[..., Any], status_of: Callable[[Any], Any]
) -> None:
    """With one slot: a turn waits for the end of a grading, and a grading for the end of a turn."""
    verifier = MemoryVerifier(script=[FOUND, "turn"])
    async with house(with_verifier=verifier, slots=1) as h, JudgeClient(h.address) as client:
        h.engine.hold()
        grading = asyncio.ensure_future(h.gradings.Grade(request_to_grade()))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        async with aclosing(client.verify_problem("add")) as events:
            assert await anext(events) == FOUND
            assert not verifier.in_turn.is_set()
            h.engine.release()
            await grading
            await verifier.in_turn.wait()
            waiting = h.gradings.Grade(request_to_grade(b"2"), timeout=0.3)
            assert (await status_of(waiting)).code == "DEADLINE_EXCEEDED"
            assert len(h.engine.requests) == 1
            verifier.proceed.set()
            assert (await all_of(events))[-1].warnings == 1
        await h.gradings.Grade(request_to_grade(b"2"))


async def test_a_client_that_leaves_ends_the_work_and_gives_the_slot_back(
    house: Opened, request_to_grade: Callable[..., Any]
) -> None:
    verifier = MemoryVerifier(script=[FOUND, "turn"])
    async with house(with_verifier=verifier, slots=1) as h, JudgeClient(h.address) as client:
        async with aclosing(client.verify_problem("add")) as events:
            await anext(events)
            await verifier.in_turn.wait()
        await h.gradings.Grade(request_to_grade())  # the only slot is free again
        assert verifier.ended == ["add"]


async def test_a_client_that_does_not_read_holds_no_slot(house: Opened, request_to_grade: Callable[..., Any]) -> None:
    long = [Step(rule="power", what="x" * 10_000)] * 2_000  # more than any buffer on the way
    verifier = MemoryVerifier(script=["turn", *long, "turn", *long])
    verifier.proceed.set()
    async with house(with_verifier=verifier, slots=1) as h:
        call = h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add"))
        await call.read()
        await verifier.finished.wait()
        await h.gradings.Grade(request_to_grade())
        call.cancel()


async def test_the_call_s_deadline_ends_it(house: Opened, status_of: Callable[[Any], Any]) -> None:
    verifier = MemoryVerifier(script=["turn"])
    async with house(with_verifier=verifier) as h:
        call = h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add"), timeout=0.3)
        assert (await status_of(call.read())).code == "DEADLINE_EXCEEDED"
        await verifier.finished.wait()


async def test_a_turn_lasts_no_longer_than_a_grading_may(house: Opened, status_of: Callable[[Any], Any]) -> None:
    verifier = MemoryVerifier(script=["turn"])
    async with house(with_verifier=verifier, grading_timeout_ns=10**8) as h:
        status = await status_of(h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add")).read())
        assert status.code == "DEADLINE_EXCEEDED"
        assert status.message == "a step of the verification took longer than grading_timeout, 0.1 s"
        assert verifier.ended == ["add"]


async def test_a_stopping_service_ends_it_and_refuses_others(house: Opened, status_of: Callable[[Any], Any]) -> None:
    verifier = MemoryVerifier(script=[FOUND, "turn"])
    async with house(with_verifier=verifier) as h:
        call = h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add"))
        await call.read()
        stopping = asyncio.create_task(h.server.stop())
        status = await status_of(call.read())
        assert (status.code, status.reason) == ("UNAVAILABLE", "DRAINING")
        await stopping
        assert verifier.ended == ["add"]
