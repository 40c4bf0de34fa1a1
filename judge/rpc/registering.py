"""Registrations: an archive is received, unpacked, compiled, and only then made the package that its slug names.

Whatever goes wrong before, the end of the call included, leaves the service as it was. Those of one slug go one after
the other once their archives are here, so the last one that was compiled is the one that stays. A ``request_id`` is
remembered with what was registered under it, in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog

from judge.api.v1 import problem_pb2
from judge.config import Settings
from judge.errors import RequestConflict, SlugTaken, SubmissionError
from judge.model.compilation import Compilation
from judge.rpc import validate
from judge.rpc.compiling import Compilations
from judge.rpc.problems import Catalogue, Problems
from judge.rpc.status import NotConfigured
from judge.rpc.summaries import summary_of
from judge.scheduling.gradings import DeadlinePassed
from judge.spec.depot import Depot, Upload, check_names

log = structlog.get_logger()

Requests = AsyncIterator[problem_pb2.RegisterProblemRequest]

DEFAULT_FAMILY = "unfiled"
_IDLE_S = 60.0  # between two pieces


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """What was registered."""

    summary: problem_pb2.ProblemSummary
    source_digest: str  # of its files, 64 hexadecimal digits
    compilation: Compilation
    unchanged: bool  # whether it was there already


class Registrations:
    """Registers packages in a depot; without one it refuses all."""

    def __init__(
        self,
        depot: Depot | None,
        catalogue: Catalogue,
        problems: Problems,
        compilations: Compilations,
        settings: Settings,
    ) -> None:
        self._depot = depot
        self._catalogue = catalogue
        self._problems = problems
        self._compilations = compilations
        self._settings = settings
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}  # by slug, with the number of those who need it
        self._known: OrderedDict[str, tuple[str, Registration | None]] = OrderedDict()  # by request id

    async def run(self, requests: Requests) -> Registration:
        """Registers what ``requests`` bring: a header, then the archive.

        Raises NotConfigured, SubmissionError, SlugTaken, RequestConflict, SpecError, DeadlinePassed and
        InfrastructureError.
        """
        if self._depot is None:
            remedy = "its operator must set 'registered_dir', where they are kept"
            raise NotConfigured(f"this service registers no packages: {remedy}")
        header = await self._header(requests)
        validate.check_package(header, self._settings.max_package_bytes)
        family = header.family or DEFAULT_FAMILY
        check_names(header.slug, family)
        await self._check_free(header.slug)
        async with _begun(self._depot) as upload:
            content = f"{header.slug}/{family}/{await self._received(header, requests, upload)}"
            async with self._alone(header.slug), self._remembering(header.request_id, content) as known:
                if known.registration is None:
                    known.registration = await self._register(self._depot, header.slug, family, upload)
                return known.registration

    async def _header(self, requests: Requests) -> problem_pb2.PackageHeader:
        first = await _next(requests)
        if first is None or first.WhichOneof("part") != "header":
            raise SubmissionError("header", "expected a header first, found none")
        return first.header

    async def _check_free(self, slug: str) -> None:
        if await asyncio.to_thread(self._catalogue.is_given, slug):
            message = f"expected a slug that the operator's own problems do not have, found {slug!r}"
            raise SlugTaken("header.slug", message)

    async def _received(self, header: problem_pb2.PackageHeader, requests: Requests, upload: Upload) -> str:
        """Writes the archive; returns its SHA-256. Raises SubmissionError when it is not the one of the header."""
        digest, size = hashlib.sha256(), 0
        while (request := await _next(requests)) is not None:
            validate.check_piece(request)
            size += len(request.chunk)
            if size > header.size_bytes:
                raise SubmissionError("chunk", f"expected {header.size_bytes} bytes, as the header says, found more")
            digest.update(request.chunk)
            await _whole(partial(upload.write, request.chunk))
        if size < header.size_bytes:
            raise SubmissionError("chunk", f"expected {header.size_bytes} bytes, as the header says, found {size}")
        found = digest.hexdigest()
        if header.sha256 and header.sha256.lower() != found:
            raise SubmissionError("header.sha256", f"expected the archive's, {found}, found {header.sha256}")
        return found

    async def _register(self, depot: Depot, slug: str, family: str, upload: Upload) -> Registration:
        begin = time.monotonic()
        limit = self._settings.max_unpacked_bytes
        stop = threading.Event()
        package = await _whole(partial(upload.unpack, slug, family, limit, stop.is_set), stop)
        compilation = await self._compilations.run(slug, package.root)
        await self._check_free(slug)
        unchanged = await asyncio.to_thread(depot.digest_of, slug) == package.digest
        if not unchanged:
            try:
                await _whole(partial(depot.install, upload, package))
            finally:
                await self._problems.forget(slug)
        summary = await summary_of(self._problems, slug)
        log.info(
            "a package was registered",
            problem=slug,
            family=family,
            digest=package.digest,
            plan=compilation.plan_digest,
            cases=compilation.case_count,
            unchanged=unchanged,
            seconds=round(time.monotonic() - begin, 3),
        )
        return Registration(summary=summary, source_digest=package.digest, compilation=compilation, unchanged=unchanged)

    @asynccontextmanager
    async def _alone(self, slug: str) -> AsyncIterator[None]:
        """No other registration of that slug meanwhile."""
        lock, count = self._locks.get(slug, (asyncio.Lock(), 0))
        self._locks[slug] = (lock, count + 1)
        try:
            async with lock:
                yield
        finally:
            count = self._locks[slug][1] - 1
            if count:
                self._locks[slug] = (lock, count)
            else:
                del self._locks[slug]

    @asynccontextmanager
    async def _remembering(self, request_id: str, content: str) -> AsyncIterator[_Known]:
        """What is known of a request id; what it is given meanwhile is remembered. Raises RequestConflict."""
        if not request_id:
            yield _Known()
            return
        other, registration = self._known.get(request_id, (content, None))
        if other != content:
            raise RequestConflict("header.request_id", f"{request_id!r} was used for another package")
        self._known[request_id] = (content, registration)
        known = _Known(registration=registration)
        try:
            yield known
        finally:
            if known.registration is None:
                self._known.pop(request_id, None)
            else:
                self._known[request_id] = (content, known.registration)
                self._known.move_to_end(request_id)
        while len(self._known) > max(self._settings.remembered_reports, 1):
            self._known.popitem(last=False)


@dataclass(slots=True)
class _Known:
    """What a request id is known for."""

    registration: Registration | None = None


async def _next(requests: Requests) -> problem_pb2.RegisterProblemRequest | None:
    """The next message; None after the last one. Raises DeadlinePassed when none comes."""
    try:
        async with asyncio.timeout(_IDLE_S):
            return await anext(requests, None)
    except TimeoutError:
        raise DeadlinePassed(f"expected the next message within {_IDLE_S:g} s, found none") from None


@asynccontextmanager
async def _begun(depot: Depot) -> AsyncIterator[Upload]:
    """An upload, which is closed at the end, also when it is cancelled while it begins."""
    begun = asyncio.ensure_future(asyncio.to_thread(depot.begin))
    try:
        yield await asyncio.shield(begun)
    finally:
        await asyncio.wait([begun])
        if begun.exception() is None:
            await _whole(begun.result().close)


async def _whole[T](function: Callable[[], T], stop: threading.Event | None = None) -> T:
    """What a function gives in a thread, which is never left behind: a cancellation sets ``stop`` and waits for it."""
    task = asyncio.ensure_future(asyncio.to_thread(function))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if stop is not None:
            stop.set()
        await asyncio.wait([task])
        raise
