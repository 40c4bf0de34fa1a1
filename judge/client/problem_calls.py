"""The calls of ProblemService that change something or take long, as ``JudgeClient.problems``."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from judge.api.v1 import problem_pb2
from judge.client.packing import Packed, names_of, packed
from judge.client.problems import CompiledProblem, RegisteredProblem, compiled_of, registered_of

Call = Callable[[Callable[[float | None], Awaitable[Any]], float | None], Awaitable[Any]]

_PIECE = 256 * 1024


class ProblemCalls:
    """Problems of a service; ``JudgeClient`` makes it."""

    def __init__(self, stub: Any, call: Call) -> None:
        self._stub = stub
        self._call = call

    async def register(
        self,
        path: Path | str,
        *,
        slug: str | None = None,
        family: str | None = None,
        request_id: str | None = None,
        timeout_s: float | None = None,
    ) -> RegisteredProblem:
        """Registers the package in the directory ``path``, in place of the registered one of that slug.

        Slug and family are by default the names of the directory and of the one around it; ``request_id`` is a new one.
        Raises ClientError, then nothing was changed; ValueError or OSError for a directory that cannot be packed.
        """
        root = Path(path)
        own_slug, own_family = names_of(root)
        with packed(root) as archive:
            header = problem_pb2.PackageHeader(
                request_id=uuid.uuid4().hex if request_id is None else request_id,
                slug=own_slug if slug is None else slug,
                family=own_family if family is None else family,
                size_bytes=archive.size_bytes,
                sha256=archive.sha256,
            )
            response = await self._call(
                lambda left_s: self._stub.Register(_messages(header, archive), timeout=left_s), timeout_s
            )
        return registered_of(response)

    async def compile(self, slug: str, *, timeout_s: float | None = None) -> CompiledProblem:
        """Compiles a problem, unless that was done before. Raises NotFound."""
        request = problem_pb2.CompileProblemRequest(slug=slug)
        return compiled_of(await self._call(lambda left_s: self._stub.Compile(request, timeout=left_s), timeout_s))


def _messages(header: problem_pb2.PackageHeader, archive: Packed) -> Iterator[problem_pb2.RegisterProblemRequest]:
    yield problem_pb2.RegisterProblemRequest(header=header)
    archive.file.seek(0)
    while piece := archive.file.read(_PIECE):
        yield problem_pb2.RegisterProblemRequest(chunk=piece)
