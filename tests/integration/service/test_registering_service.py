"""ProblemService.Register and Compile over a real connection: a depot on disk, a compiler in memory."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest

from judge.api.v1 import problem_pb2
from judge.cli.problem import compile_problem
from judge.cli.register import register_problem
from judge.client import CallFailed, InvalidRequest, JudgeClient
from judge.client.packing import packed
from judge.errors import InfrastructureError, SpecError, SubmissionError
from judge.model.digest import digest_of
from judge.rpc import registering
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Shelves
from judge.spec.depot import Depot
from judge.spec.registered import Registered
from judge.twins import MemoryCompiler, MemoryVerifier
from tests.unit.spec.conftest import FILES
from tests.unit.spec.test_depot import archive_of, named

Opened = Callable[..., Any]
StatusOf = Callable[[Any], Any]
GIVEN = "given"  # a problem of the operator's


@dataclass(kw_only=True)
class Site:
    """Where packages are, and what compiles them."""

    root: Path
    house: Opened
    compiler: MemoryCompiler

    def open(self, **settings: Any) -> AbstractAsyncContextManager[Any]:
        """A service that registers packages."""
        catalogue = Shelves(Catalogue(self.root / "problems"), [], Registered(self.depot))
        depot = Depot(self.depot)
        return self.house(with_catalogue=catalogue, with_depot=depot, with_compiler=self.compiler, **settings)

    @property
    def depot(self) -> Path:
        return self.root / "registered"

    def left(self) -> list[str]:
        """What is on its way, and how many versions there are."""
        return [*os.listdir(self.depot / "uploads"), *(["version"] * len(os.listdir(self.depot / "versions")))]

    def package(self, slug: str = "sum", files: Mapping[str, str] = FILES) -> Path:
        """The directory of a package, as an author has it."""
        for name, text in files.items():
            path = self.root / "author" / "lists" / slug / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self.root / "author" / "lists" / slug


@pytest.fixture
def site(tmp_path: Path, house: Opened) -> Site:
    for name, text in FILES.items():
        path = tmp_path / "problems" / "sums" / GIVEN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Site(root=tmp_path, house=house, compiler=MemoryCompiler())


def messages(data: bytes = b"", chunk: int = 1000, **fields: Any) -> Iterator[problem_pb2.RegisterProblemRequest]:
    header = problem_pb2.PackageHeader(**{"slug": "sum", "size_bytes": len(data)} | fields)
    yield problem_pb2.RegisterProblemRequest(header=header)
    for begin in range(0, len(data), chunk):
        yield problem_pb2.RegisterProblemRequest(chunk=data[begin : begin + chunk])


ARCHIVE = archive_of(FILES)


async def until(condition: Callable[[], object]) -> None:
    """Waits for what happens on disk, which nobody tells."""
    for _ in itertools.count():
        if condition():
            return
        await asyncio.sleep(0)


# --- what is registered ---------------------------------------------------------------------------------------------


async def test_what_is_registered_is_there_at_once(site: Site) -> None:
    root = site.package()
    async with site.open() as h, JudgeClient(h.address) as client:
        done = await client.problems.register(root)
        assert (done.plan_digest, done.case_count, done.unchanged) == (digest_of("sum"), 3, False)
        assert (done.problem.slug, done.problem.family, done.problem.name) == ("sum", "lists", "Sum and order")
        assert [problem.slug for problem in await client.list_problems()] == [GIVEN, "sum"]
        for name in ("one", "two", "one"):  # within the second in which the catalogue is not asked again
            site.package(files=named(name))
            assert not (await client.problems.register(root)).unchanged
            found = await client.get_problem("sum")
            assert (found.name, found.statement) == (f"Sum {name}", f"Statement {name}\n")
        assert (await client.problems.register(root)).unchanged
        assert site.left() == ["version"]
        assert h.handled("Register", "OK", "client_stream", "ProblemService") == 5


async def test_the_package_is_compiled_before_it_is_there(site: Site) -> None:
    site.compiler.hold = "sum"
    async with site.open() as h, JudgeClient(h.address) as client:
        registering = asyncio.ensure_future(client.problems.register(site.package()))
        await site.compiler.in_turn.wait()
        assert [problem.slug for problem in await client.list_problems()] == [GIVEN]
        ((slug, root),) = site.compiler.orders
        assert slug == root.name == "sum"
        assert (root / "judge.yaml").read_text() == FILES["judge.yaml"]
        site.compiler.proceed.set()
        await registering
        assert [problem.slug for problem in await client.list_problems()] == [GIVEN, "sum"]


async def test_plain_and_compressed_archives_in_any_pieces(site: Site) -> None:
    async with site.open() as h:
        for data in (ARCHIVE, gzip.compress(ARCHIVE)):
            for chunk in (7, 1 << 20):
                sha256 = hashlib.sha256(data).hexdigest()
                response = await h.problems.Register(messages(data, chunk, sha256=sha256.upper()))
                assert response.problem.family == "unfiled"
        assert response.unchanged
        assert site.left() == ["version"]


async def test_two_of_one_slug_go_one_after_the_other(site: Site) -> None:
    site.compiler.hold = "sum"
    async with site.open() as h:
        first = asyncio.ensure_future(h.problems.Register(messages(archive_of(named("one")))))
        await site.compiler.in_turn.wait()
        second = asyncio.ensure_future(h.problems.Register(messages(archive_of(named("two")))))
        await until(lambda: len(site.left()) == 2)
        other = asyncio.ensure_future(h.problems.Register(messages(ARCHIVE, slug="other")))
        await until(lambda: len(list(site.depot.glob("uploads/*/version/unfiled/*"))) == 2)
        assert [slug for slug, _ in site.compiler.orders] == ["sum"]
        site.compiler.proceed.set()
        answers = await asyncio.gather(first, second, other)
        assert [slug for slug, _ in site.compiler.orders] == ["sum", "other", "sum"]
        assert [answer.problem.name for answer in answers] == ["Sum one", "Sum two", "Sum and order"]
        request = problem_pb2.GetProblemRequest(slug="sum")
        assert (await h.problems.Get(request)).problem.name == "Sum two"
        assert site.left() == ["version"] * 2


async def test_a_request_id_is_for_one_package(site: Site, status_of: StatusOf) -> None:
    one, two = archive_of(named("one")), archive_of(named("two"))
    async with site.open() as h:
        first = await h.problems.Register(messages(one, request_id="r"))
        status = await status_of(h.problems.Register(messages(two, request_id="r")))
        expected = (("header.request_id", "'r' was used for another package"),)
        assert (status.code, status.reason, status.violations) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED", expected)
        await h.problems.Register(messages(two, request_id="s"))
        assert (await h.problems.Register(messages(one, request_id="r"))).source_digest == first.source_digest
        request = problem_pb2.GetProblemRequest(slug="sum")
        assert (await h.problems.Get(request)).problem.name == "Sum two"  # a late retry brings nothing back
        site.compiler.error = SpecError("wrong")
        await status_of(h.problems.Register(messages(one, slug="other", request_id="t")))
        site.compiler.error = None
        await h.problems.Register(messages(two, slug="other", request_id="t"))  # what failed holds no id


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "fields", "violation"),
    [
        (ARCHIVE, {"slug": ""}, ("header.slug", "expected a name, found nothing")),
        (ARCHIVE, {"slug": "../sum"}, ("header.slug", "expected a-z and 0-9, joined by hyphens, found '../sum'")),
        (ARCHIVE, {"slug": "a" * 256}, ("header.slug", "expected at most 255 bytes, found 256")),
        (ARCHIVE, {"family": ".."}, ("header.family", "expected a-z and 0-9, joined by underscores, found '..'")),
        (
            ARCHIVE,
            {"request_id": "é"},
            ("header.request_id", "expected 1 to 128 characters of A-Z a-z 0-9 . _ ~ : -, found 'é'"),
        ),
        (ARCHIVE, {"sha256": "12"}, ("header.sha256", "expected 64 hexadecimal digits, found '12'")),
        (ARCHIVE, {"size_bytes": 0}, ("header.size_bytes", "expected 1 to 100000, found 0")),
        (ARCHIVE, {"size_bytes": -1}, ("header.size_bytes", "expected 1 to 100000, found -1")),
        (ARCHIVE, {"size_bytes": 100_001}, ("header.size_bytes", "expected 1 to 100000, found 100001")),
        (ARCHIVE, {"size_bytes": 500}, ("chunk", "expected 500 bytes, as the header says, found more")),
        (b"x" * 9, {"size_bytes": 10}, ("chunk", "expected 10 bytes, as the header says, found 9")),
        (b"x" * 9000, {}, ("chunk", "expected a tar file's header at byte 0, found: invalid header")),
        (
            bytes(600),
            {},
            ("chunk", "expected one problem.yaml, at the top of the archive or in the only folder there, found none"),
        ),
        (
            gzip.compress(bytes(200_001)),
            {},
            ("chunk", "expected at most 195.3 KiB when unpacked, found more"),
        ),
        (
            ARCHIVE,
            {"slug": GIVEN},
            ("header.slug", "expected a slug that the operator's own problems do not have, found 'given'"),
        ),
    ],
)
async def test_archives_that_are_refused(
    site: Site, status_of: StatusOf, data: bytes, fields: dict[str, Any], violation: tuple[str, str]
) -> None:
    async with site.open(max_package_bytes=100_000, max_unpacked_bytes=200_000) as h:
        status = await status_of(h.problems.Register(messages(data, **fields)))
        code, reason = (
            ("ALREADY_EXISTS", "SLUG_TAKEN") if GIVEN in violation[1] else ("INVALID_ARGUMENT", "INVALID_FIELD")
        )
        assert (status.code, status.reason, status.violations) == (code, reason, (violation,))
        assert (site.left(), site.compiler.orders) == ([], [])
        await h.problems.Register(messages(ARCHIVE))  # and the place is free again


async def test_another_digest_is_refused(site: Site, status_of: StatusOf) -> None:
    async with site.open() as h:
        status = await status_of(h.problems.Register(messages(ARCHIVE, sha256="0" * 64)))
        ((field, message),) = status.violations
        assert field == "header.sha256"
        assert message == f"expected the archive's, {hashlib.sha256(ARCHIVE).hexdigest()}, found {'0' * 64}"
        assert site.left() == []


async def test_messages_that_are_out_of_order(site: Site, status_of: StatusOf) -> None:
    def of(**part: Any) -> problem_pb2.RegisterProblemRequest:
        return problem_pb2.RegisterProblemRequest(**part)

    header = problem_pb2.PackageHeader(slug="sum", size_bytes=1 << 21)
    cases: list[tuple[list[Any], tuple[str, str]]] = [
        ([], ("header", "expected a header first, found none")),
        ([of(chunk=b"x")], ("header", "expected a header first, found none")),
        ([of(header=header), of(header=header)], ("chunk", "expected bytes, found header")),
        ([of(header=header), of()], ("chunk", "expected bytes, found nothing")),
        (
            [of(header=header), of(chunk=bytes((1 << 20) + 1))],
            ("chunk", "expected at most 1048576 bytes, found 1048577"),
        ),
    ]
    async with site.open() as h:
        for given, violation in cases:
            status = await status_of(h.problems.Register(iter(given)))
            assert (status.code, status.violations) == ("INVALID_ARGUMENT", (violation,))
        assert site.left() == []


@pytest.mark.parametrize(
    ("error", "code", "reason", "message"),
    [
        (
            SpecError("judge.yaml:3: unknown key 'chekcer'"),
            "FAILED_PRECONDITION",
            "INVALID_PACKAGE",
            "judge.yaml:3: unknown",
        ),
        (InfrastructureError("no slot"), "INTERNAL", "INFRASTRUCTURE", "no slot"),
        (RuntimeError("the secret is 4711"), "INTERNAL", "INTERNAL", "internal error"),
    ],
)
async def test_a_package_that_does_not_compile_replaces_nothing(
    site: Site, status_of: StatusOf, error: Exception, code: str, reason: str, message: str
) -> None:
    async with site.open() as h:
        await h.problems.Register(messages(archive_of(named("one"))))
        site.compiler.error = error
        status = await status_of(h.problems.Register(messages(ARCHIVE)))
        assert (status.code, status.reason) == (code, reason)
        assert status.message.startswith(message)
        request = problem_pb2.GetProblemRequest(slug="sum")
        assert (await h.problems.Get(request)).problem.name == "Sum one"
        assert site.left() == ["version"]


async def test_a_service_without_a_directory_says_what_to_do(house: Opened, status_of: StatusOf) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        status = await status_of(h.problems.Register(messages(ARCHIVE)))
        assert (status.code, status.reason) == ("FAILED_PRECONDITION", "NOT_CONFIGURED")
        assert "its operator must set 'registered_dir'" in status.message
        with pytest.raises(CallFailed, match="UNIMPLEMENTED: this service compiles no problems"):
            await client.problems.compile("add")


async def test_a_directory_that_cannot_be_packed_is_refused_by_the_client(site: Site) -> None:
    async with site.open() as h, JudgeClient(h.address) as client:
        with pytest.raises(ValueError, match="expected the directory of a package, found none"):
            await client.problems.register(site.root / "none")
        (site.package() / "link").symlink_to("/etc/passwd")
        with pytest.raises(ValueError, match="found a symbolic link that leads out of it"):
            await client.problems.register(site.package())
        (site.package() / "link").unlink()
        (site.package() / "link").symlink_to("judge.yaml")
        (site.package() / ".timelimit").write_text("2\n")  # plain packages have their limit there
        (site.package() / ".git").mkdir()
        (site.package() / ".git" / "a b").touch()
        await client.problems.register(site.package())
        root = Registered(site.depot).current("sum")
        assert root is not None
        assert not (root / "link").is_symlink()
        assert (root / "link").read_text() == FILES["judge.yaml"]
        assert (root / ".timelimit").read_text() == "2\n"
        assert not (root / ".git").exists()


# --- ends in the middle ---------------------------------------------------------------------------------------------


async def test_a_client_that_leaves_in_mid_upload_leaves_nothing(site: Site) -> None:
    arrived = asyncio.Event()

    async def half() -> AsyncIterator[problem_pb2.RegisterProblemRequest]:
        for message in messages(ARCHIVE, 1000):
            yield message
            if message.chunk:
                arrived.set()
                await asyncio.Event().wait()

    async with site.open() as h:
        call = h.problems.Register(half())
        await arrived.wait()
        await until(lambda: site.left())
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(lambda: not site.left())
        await until(lambda: h.handled("Register", "CANCELLED", "client_stream", "ProblemService"))
        assert site.compiler.orders == []


async def test_a_client_that_leaves_while_it_is_compiled_leaves_nothing(site: Site) -> None:
    site.compiler.hold = "sum"
    async with site.open() as h:
        call = h.problems.Register(messages(ARCHIVE))
        waiting = asyncio.ensure_future(_of(call))
        await site.compiler.in_turn.wait()
        call.cancel()
        await asyncio.wait([waiting])
        await until(lambda: not site.left())
        assert site.compiler.ended == ["sum"]
        site.compiler.hold = ""
        await h.problems.Register(messages(ARCHIVE))


async def _of(call: Any) -> None:
    with pytest.raises((asyncio.CancelledError, grpc.aio.AioRpcError)):
        await call


async def test_a_client_that_sends_nothing_is_given_up(
    site: Site, status_of: StatusOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "_IDLE_S", 0.2)

    async def slow() -> AsyncIterator[problem_pb2.RegisterProblemRequest]:
        yield next(messages(ARCHIVE))
        await asyncio.Event().wait()

    async with site.open() as h:
        status = await status_of(h.problems.Register(slow()))
        assert (status.code, status.reason) == ("DEADLINE_EXCEEDED", "DEADLINE_PASSED")
        assert status.message == "expected the next message within 0.2 s, found none"
        assert site.left() == []


async def test_a_stopping_service_ends_it_and_leaves_nothing(site: Site, status_of: StatusOf) -> None:
    site.compiler.hold = "sum"
    async with site.open() as h:
        waiting = asyncio.ensure_future(status_of(h.problems.Register(messages(ARCHIVE))))
        await site.compiler.in_turn.wait()
        await h.server.stop()
        status = await waiting
        assert (status.code, status.reason) == ("UNAVAILABLE", "DRAINING")
        assert site.left() == []


async def test_only_so_many_at_a_time(site: Site, status_of: StatusOf) -> None:
    site.compiler.hold = "sum"
    async with site.open(registrations=1) as h:
        first = asyncio.ensure_future(h.problems.Register(messages(ARCHIVE)))
        await site.compiler.in_turn.wait()
        for call in (
            h.problems.Register(messages(ARCHIVE)),
            h.problems.Compile(problem_pb2.CompileProblemRequest(slug=GIVEN)),
        ):
            status = await status_of(call)
            assert (status.code, status.retry_after_s) == ("RESOURCE_EXHAUSTED", 5.0)
        assert h.observer.counted("judge_rejected_total", reason="registrations") == 2
        site.compiler.proceed.set()
        await first


# --- compiling ------------------------------------------------------------------------------------------------------


async def test_a_problem_is_compiled(site: Site) -> None:
    async with site.open() as h, JudgeClient(h.address) as client:
        done = await client.problems.compile(GIVEN)
        assert (done.plan_digest, done.case_count) == (digest_of(GIVEN), 3)
        assert site.compiler.orders == [(GIVEN, None)]
        assert h.handled("Compile", "OK", service="ProblemService") == 1


@pytest.mark.parametrize(
    ("slug", "code", "violations"),
    [
        ("", "INVALID_ARGUMENT", (("slug", "expected a name, found nothing"),)),
        ("none", "NOT_FOUND", (("problem", "there is no problem 'none': expected one of given"),)),
    ],
)
async def test_compilations_that_are_refused(
    site: Site, status_of: StatusOf, slug: str, code: str, violations: tuple[tuple[str, str], ...]
) -> None:
    async with site.open() as h:
        status = await status_of(h.problems.Compile(problem_pb2.CompileProblemRequest(slug=slug)))
        assert (status.code, status.violations) == (code, violations)
        assert site.compiler.orders == []


async def test_a_compilation_takes_its_turn_and_gives_it_back(
    site: Site, status_of: StatusOf, request_to_grade: Callable[..., Any]
) -> None:
    site.compiler.hold = GIVEN
    async with site.open(slots=1) as h:
        call = h.problems.Compile(problem_pb2.CompileProblemRequest(slug=GIVEN))
        waiting = asyncio.ensure_future(_of(call))
        await site.compiler.in_turn.wait()
        grading = h.gradings.Grade(request_to_grade(problem=GIVEN), timeout=0.3)
        assert (await status_of(grading)).code == "DEADLINE_EXCEEDED"
        assert h.engine.requests == []
        call.cancel()
        await asyncio.wait([waiting])
        await h.gradings.Grade(request_to_grade(problem=GIVEN))
        assert site.compiler.ended == [GIVEN]


async def test_verifying_and_compiling_have_limits_of_their_own(site: Site) -> None:
    site.compiler.hold = GIVEN
    async with site.house(with_verifier=MemoryVerifier(), with_compiler=site.compiler, registrations=1) as h:
        site.compiler.hold = "add"
        compiling = asyncio.ensure_future(h.problems.Compile(problem_pb2.CompileProblemRequest(slug="add")))
        await site.compiler.in_turn.wait()
        events = [event async for event in h.problems.Verify(problem_pb2.VerifyProblemRequest(slug="add"))]
        assert events[-1].summary.passes
        site.compiler.proceed.set()
        await compiling


async def test_the_same_files_make_the_same_archive(site: Site) -> None:
    one, two = site.package(), site.package("other", dict(reversed(FILES.items())))
    os.utime(two / "judge.yaml", (1, 1))
    (two / "judge.yaml").chmod(0o755)
    (two / "__pycache__").mkdir()
    (two / "__pycache__" / "x.pyc").touch()
    with packed(one) as first, packed(two) as second:
        assert first.file.read() == second.file.read()
        assert first.sha256 == second.sha256
        assert first.file.tell() == first.size_bytes


async def test_the_command_says_whose_error_it_is(
    site: Site, house: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    root = site.package()
    async with site.open() as h:
        await asyncio.to_thread(register_problem, root, server=h.address)
        assert capsys.readouterr().out.endswith(f"sum: 3 cases, plan {digest_of('sum')}\n")
        await asyncio.to_thread(register_problem, root, server=h.address)
        assert capsys.readouterr().out.endswith(f"sum: 3 cases, plan {digest_of('sum')}, as it was\n")
        await asyncio.to_thread(compile_problem, "sum", server=h.address, output="json")
        told = {"problem": "sum", "digest": digest_of("sum"), "cases": 3}
        assert json.loads(capsys.readouterr().out.splitlines()[-1]) == told
        with pytest.raises(SubmissionError, match="operator's own problems"):
            await asyncio.to_thread(register_problem, root, server=h.address, slug=GIVEN)
        with pytest.raises(SubmissionError, match="expected the directory of a package"):
            await asyncio.to_thread(register_problem, site.root / "none", server=h.address)
        with pytest.raises(SubmissionError, match="a service pins nothing"):
            compile_problem("sum", server=h.address, update_lock=True)
        site.compiler.error = InfrastructureError("no slot")
        with pytest.raises(InfrastructureError, match="no slot"):
            await asyncio.to_thread(register_problem, root, server=h.address)
    async with house() as h:
        with pytest.raises(SpecError, match="its operator must set 'registered_dir'"):
            await asyncio.to_thread(register_problem, root, server=h.address)


async def test_the_client_says_whose_error_it_is(site: Site) -> None:
    async with site.open() as h, JudgeClient(h.address) as client:
        with pytest.raises(InvalidRequest) as caught:
            await client.problems.register(site.package(), slug=GIVEN)
        assert [violation.field for violation in caught.value.violations] == ["header.slug"]
