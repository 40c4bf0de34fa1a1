"""What happens around every call: errors become statuses, the call is measured and logged.

Servicers raise and never abort. A handler that streams may be a generator, or a coroutine that writes to its context.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

import grpc
import structlog
from google.protobuf.message import DecodeError

from judge.errors import SubmissionError
from judge.ports import Observer
from judge.rpc.status import refusal_of

log = structlog.get_logger()

type Context = grpc.aio.ServicerContext[Any, Any]
type Handler = grpc.RpcMethodHandler[Any, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """Which of its two sides stream."""

    label: str  # of the metrics
    inner: str  # the attribute of a handler that holds the function
    build: Callable[..., Any]  # makes a handler


_KINDS = {
    (False, False): Kind(label="unary", inner="unary_unary", build=grpc.unary_unary_rpc_method_handler),
    (False, True): Kind(label="server_stream", inner="unary_stream", build=grpc.unary_stream_rpc_method_handler),
    (True, False): Kind(label="client_stream", inner="stream_unary", build=grpc.stream_unary_rpc_method_handler),
    (True, True): Kind(label="bidi_stream", inner="stream_stream", build=grpc.stream_stream_rpc_method_handler),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method that is served."""

    service: str  # "judge.api.v1.GradingService"
    name: str  # "Grade"
    kind: Kind
    labels: dict[str, str]  # of its metrics


class Border:
    """Stands for a server where services are added to it: their handlers are wrapped once, before any call."""

    def __init__(self, server: grpc.aio.Server, observer: Observer) -> None:
        self._server = server
        self._observer = observer

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """Adds what generated code makes of a service."""
        self._server.add_generic_rpc_handlers([_Wrapped(self, handler) for handler in handlers])

    def add_registered_method_handlers(self, _service: str, _handlers: Mapping[str, Handler]) -> None:
        """Does nothing, as an asynchronous server does: generated code adds a service in this way as well."""

    async def around[T](self, method: Method, context: Context, answer: Callable[[], Awaitable[T]]) -> T:
        """Translates, measures and logs one call; it is counted before its client can see the status."""
        begin = time.monotonic()
        structlog.contextvars.bind_contextvars(method=f"{method.service}/{method.name}", peer=context.peer())
        try:
            answered = await answer()
        except asyncio.CancelledError:
            self._finish(method, _code_of_cancelled(context), begin)
            raise
        except grpc.aio.AbortError:  # of a servicer that is not ours
            self._finish(method, context.code(), begin)
            raise
        except Exception as error:
            refusal = refusal_of(error)
            if not refusal.expected:
                log.error("a call failed", exc_info=error)
            self._finish(method, refusal.code, begin)
            await context.abort(refusal.code, refusal.message, refusal.trailers)
        self._finish(method, grpc.StatusCode.OK, begin)
        return answered

    def _finish(self, method: Method, code: grpc.StatusCode, begin: float) -> None:
        seconds = time.monotonic() - begin
        self._observer.count("grpc_server_handled_total", {**method.labels, "grpc_code": code.name})
        self._observer.observe("grpc_server_handling_seconds", method.labels, seconds)
        tell = log.debug if code is grpc.StatusCode.OK else log.info  # a grading has a line of its own
        tell("call finished", code=code.name, seconds=round(seconds, 6))


class _Wrapped(grpc.GenericRpcHandler):
    """The handlers of one service, wrapped."""

    def __init__(self, border: Border, handlers: grpc.GenericRpcHandler) -> None:
        self._border = border
        self._inner = handlers
        self._handlers: dict[str, Handler] = {}  # by path, wrapped

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a method; None when it is not served."""
        path = handler_call_details.method
        wrapped = self._handlers.get(path)
        if wrapped is None:
            handler = self._inner.service(handler_call_details)
            if handler is None:
                return None
            self._handlers[path] = wrapped = _wrapped(self._border, _method_of(path, handler), handler)
        return wrapped


@dataclass(frozen=True, slots=True)
class _Malformed:
    """Stands for a request that could not be parsed, until somebody can refuse it."""

    error: DecodeError


def _wrapped(border: Border, method: Method, handler: Handler) -> Handler:
    inner = getattr(handler, method.kind.inner)

    async def respond(request: Any, context: Context) -> Any:
        def answer() -> Awaitable[Any]:
            answered: Awaitable[Any] = inner(
                _each_parsed(request) if handler.request_streaming else _parsed(request), context
            )
            return answered

        return await border.around(method, context, answer)

    async def stream(request: Any, context: Context) -> None:
        async def answer() -> None:
            responses = inner(_each_parsed(request) if handler.request_streaming else _parsed(request), context)
            if hasattr(responses, "__aiter__"):
                async with aclosing(responses):
                    async for response in responses:
                        await context.write(response)
            else:
                await responses

        await border.around(method, context, answer)

    wrapped: Handler = method.kind.build(
        stream if handler.response_streaming else respond,
        request_deserializer=_lenient(handler.request_deserializer),
        response_serializer=handler.response_serializer,
    )
    return wrapped


def _lenient(parse: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    if parse is None:
        return None

    def parse_or_mark(data: bytes) -> Any:
        try:
            return parse(data)
        except DecodeError as error:
            return _Malformed(error)

    return parse_or_mark


def _parsed(request: Any) -> Any:
    return _parsed_stream(request) if hasattr(request, "__aiter__") else _parsed_one(request)


async def _parsed_stream(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _parsed_one(request)


def _parsed_one(request: Any) -> Any:
    if isinstance(request, _Malformed):
        raise SubmissionError("request", f"expected a message of the method's type, found: {request.error}")
    return request


async def _each_parsed(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _parsed(request)


def _method_of(path: str, handler: Handler) -> Method:
    _, service, name = path.split("/")
    kind = _KINDS[handler.request_streaming, handler.response_streaming]
    labels = {"grpc_type": kind.label, "grpc_service": service, "grpc_method": name}
    return Method(service=service, name=name, kind=kind, labels=labels)


def time_remaining_s(context: Context) -> float | None:
    """Returns how much of the call's time is left, in seconds, not below 0; None without a deadline."""
    return cast("float | None", context.time_remaining())  # the type stubs know of no call without one


def _code_of_cancelled(context: Context) -> grpc.StatusCode:
    remaining_s = time_remaining_s(context)
    passed = remaining_s is not None and remaining_s <= 0
    return grpc.StatusCode.DEADLINE_EXCEEDED if passed else grpc.StatusCode.CANCELLED
