"""BatchService: not implemented yet, every method says so."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from judge.api.v1 import batch_pb2_grpc
from judge.rpc.interceptors import Context
from judge.rpc.status import Unimplemented


def _later(name: str) -> Callable[[Any, Any, Context], Coroutine[Any, Any, NoReturn]]:
    async def refuse(_self: Any, _request: Any, _context: Context) -> NoReturn:
        raise Unimplemented(f"BatchService.{name} is not implemented yet")

    return refuse


class BatchServicer(batch_pb2_grpc.BatchServiceServicer):
    """Refuses everything with UNIMPLEMENTED."""

    Create = _later("Create")
    Get = _later("Get")
    Watch = _later("Watch")
    ListResults = _later("ListResults")
    Cancel = _later("Cancel")
    Rejudge = _later("Rejudge")
    Diff = _later("Diff")
    Apply = _later("Apply")
    Drop = _later("Drop")
