"""The desk over HTTP, for this machine's user alone.

It listens on 127.0.0.1. The path begins with a token, so other sites' pages and other users cannot address it; the Host
header must name this server, so that a foreign name that resolves to 127.0.0.1 (DNS rebinding) is refused; a run must
come as JSON from this origin, which no other origin can send without being asked for permission, and none is given.
Bodies have a bound, connections have a time limit and a number, and answers carry a policy by which the page loads
nothing from elsewhere and is shown in no other page.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import structlog

from judge.authoring.trying.desk import Busy, Desk
from judge.authoring.trying.page import SCRIPT, broken_page, page
from judge.authoring.trying.results import complaint, results
from judge.authoring.workers import Workers
from judge.errors import JudgeError, SpecError

log = structlog.get_logger()

MAX_BODY_BYTES = 4 << 20
_CONNECTIONS = 32
_SILENCE_S = 20  # that a connection may be silent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page asks for."""

    language: str
    source: str
    tests: str  # "samples" or "all"


class Refused(Exception):
    """A request that is not answered."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        self.status = status
        super().__init__(message)


class DeskServer(ThreadingHTTPServer):
    """Serves one desk; ``url`` is the page's address."""

    daemon_threads = True

    def __init__(self, desk: Desk, workers: Workers, port: int = 0) -> None:
        """Listens on a free port when ``port`` is 0. Raises OSError."""
        self.desk = desk
        self.workers = workers
        self.token = secrets.token_urlsafe(24)
        self._places = threading.BoundedSemaphore(_CONNECTIONS)
        super().__init__(("127.0.0.1", port), _Handler)
        self.hosts = tuple(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answers in a thread; a connection too many is closed."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """The thread of a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says in the log what went wrong; the connection is closed."""
        log.warning("a request was not answered", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    server: DeskServer
    timeout = _SILENCE_S

    def do_GET(self) -> None:
        """The page, its script, or the version of the package's files."""
        self._answer({"": self._page, "desk.js": self._script, "version": self._version})

    def do_POST(self) -> None:
        """A run."""
        self._answer({"run": self._run})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the path holds the token."""

    def version_string(self) -> str:
        """No versions."""
        return "judge"

    def _answer(self, answers: dict[str, Any]) -> None:
        try:
            self._check_host()
            kind, content = answers[self._place(answers)]()
            self._send(HTTPStatus.OK, kind, content)
        except Refused as refused:
            self._send(refused.status, "text/plain", str(refused))

    def _check_host(self) -> None:
        if self.headers.get_all("Host") not in [[host] for host in self.server.hosts]:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, f"expected the host {self.server.hosts[0]}")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "expected a request of this page")

    def _place(self, answers: dict[str, Any]) -> str:
        _, token, *rest = [*self.path.split("/"), ""][:3]
        place = rest[0] if rest else ""
        right = hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())
        if not right or self.path.count("/") != 2 or place not in answers:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        return place

    def _page(self) -> tuple[str, str]:
        desk = self.server.desk
        version = desk.version
        try:
            return "text/html", page(desk.problem(), version)
        except SpecError as error:
            return "text/html", broken_page(desk.root.resolve().name, version, error)

    def _script(self) -> tuple[str, str]:
        return "text/javascript", SCRIPT

    def _version(self) -> tuple[str, str]:
        return "text/plain", self.server.desk.version

    def _run(self) -> tuple[str, str]:
        asked = self._asked()
        desk, workers = self.server.desk, self.server.workers
        try:
            attempt = desk.run(asked.language, asked.source, samples_only=asked.tests == "samples")
            return "text/html", results(desk, workers, attempt)
        except Busy:
            raise Refused(HTTPStatus.CONFLICT, "Another program runs already: wait for its end.") from None
        except JudgeError as error:
            return "text/html", complaint(str(error))

    def _asked(self) -> Run:
        origins = [f"http://{host}" for host in self.server.hosts]
        if self.headers.get("Origin", origins[0]) not in origins:
            raise Refused(HTTPStatus.FORBIDDEN, "expected a request of this page")
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected application/json")
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "expected the length of the body")
        if len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {MAX_BODY_BYTES} bytes, found {length[:20]}"
            )
        try:
            asked = msgspec.json.decode(self.rfile.read(int(length)), type=Run)
        except msgspec.MsgspecError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, f"expected language, source and tests: {error}") from None
        if asked.tests not in ("samples", "all"):
            raise Refused(HTTPStatus.BAD_REQUEST, f"tests: expected samples or all, found {asked.tests[:20]!r}")
        return asked

    def _send(self, status: HTTPStatus, kind: str, content: str) -> None:
        body = content.encode("utf-8", "backslashreplace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
