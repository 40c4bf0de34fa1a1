"""The page on which a problem is tried: what it shows, what it never shows, and whom it refuses."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from judge.authoring.trying.desk import Busy, Desk
from judge.authoring.trying.serving import MAX_BODY_BYTES, DeskServer
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

RIGHT = "def totals(values, start):\n    return [sum(values[: at + 1], start) for at in range(len(values))]\n"
WRONG = "def totals(values, start):\n    print('HEARD', values)\n    return [start, *values]\n"
RAISES = "def totals(values, start):\n    raise ValueError(f'SEEN {values}')\n"


@dataclass
class Opened:
    """A server, and the package behind it."""

    server: DeskServer
    good: Good

    def ask(self, method: str, place: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/{self.server.token}/{place}", body, names)
        return connection.getresponse()

    def text(self, place: str = "") -> str:
        return self.ask("GET", place).read().decode()

    def run(self, source: str, tests: str = "all", **fields: Any) -> tuple[int, str]:
        asked = {"language": "python3", "source": source, "tests": tests} | fields
        answer = self.ask("POST", "run", json.dumps(asked).encode(), Content_Type="application/json")
        return answer.status, answer.read().decode()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    yield from _opened(tmp_path, "totals")


def _opened(tmp_path: Path, name: str) -> Iterator[Opened]:
    good = Good(tmp_path / "family" / name, name)
    workshop = Workshop()
    with DeskServer(Desk(good.root, workshop, lambda language: "solution.py"), workshop) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Opened(server, good)
        finally:
            server.shutdown()
            thread.join()


def rows(html: str) -> dict[str, str]:
    """What each test's row begins with, by the test's name."""
    return {name: letter for letter, name in re.findall(r"<tr><td [^>]*>(.)</td><td>([^<]*)</td>", html)}


# --- what it shows --------------------------------------------------------------------------------------------------


def test_the_page_has_statement_samples_and_languages_and_loads_nothing_else(opened: Opened) -> None:
    text = opened.text()
    for part in (
        "Running totals",
        "<code>totals(values, start)</code>",
        "<option>python3</option>",
        "[1, 2]",
        "[4, 6]",
    ):
        assert part in text
    assert re.findall(r'(?:src|href|action)="([^"]*)"', text) == ["desk.js"]
    assert "url(" not in text
    assert "http" not in opened.text("desk.js")


def test_a_right_program_is_accepted_on_all_tests_with_plots(opened: Opened) -> None:
    status, html = opened.run(RIGHT)
    assert status == 200
    assert "accepted" in html
    assert rows(html).keys() == {
        case.name for case in opened.server.workers.plan_of(opened.server.desk.problem()).cases
    }
    assert set(rows(html).values()) == {"A"}
    assert "<svg" in html
    assert "7 of 7 tests passed" in html


def test_samples_are_run_alone_and_told_in_full(opened: Opened) -> None:
    _, html = opened.run(WRONG, "samples")
    assert rows(html) == {"sample/01": "W", "sample/02": "W"}
    assert "HEARD [1, 2]" in html
    _, html = opened.run(RAISES, "samples")
    assert "SEEN [1, 2]" in html


@pytest.mark.parametrize("source", [WRONG, RAISES])
def test_of_secret_tests_nothing_is_told_but_names_verdicts_and_measurements(opened: Opened, source: str) -> None:
    _, html = opened.run(source)
    told = re.findall(r"<td>secret/[^<]*</td>(?:<td>[^<]*</td>){3}<td>(.*?)</td></tr>", html)
    assert set(told) <= {"wrong_shape", "exception"}
    assert len(told) == 5
    plan = opened.server.workers.plan_of(opened.server.desk.problem())
    report = opened.server.desk.run("python3", source, samples_only=False).report
    secret = [case for case in plan.cases if not case.sample]
    for case in secret:
        values = plan.arguments_of(case)["values"]
        assert str(values)[1:-1] not in html
    said = {case.message for case in report.cases if not case.sample} - {""}
    assert said
    assert not [message for message in said if message in html]
    for case in secret:
        assert f"<td>{case.name}</td>" in html


def test_of_a_law_the_cells_are_not_told(tmp_path: Path) -> None:
    for opened in _opened(tmp_path, "draw"):
        source = next(path for path in (opened.good.root / "submissions/wrong_answer").glob("*.py")).read_text()
        report = opened.server.desk.run("python3", source, samples_only=False).report
        assert any("table" in case.evidence for case in report.cases if not case.sample)
        _, html = opened.run(source)
        assert "Evidence against the law" in html
        assert not re.search(r"Observed against expected counts on secret", html)


def test_what_a_program_says_is_text(opened: Opened) -> None:
    _, html = opened.run("def totals(values, start):\n    raise ValueError('<img src=x onerror=alert(1)>\\x1b[31m')\n")
    assert "<img" not in html
    assert "&lt;img src=x" in html
    assert "\\x1b[31m" in html


def test_a_program_that_does_not_load_and_a_language_that_is_not_taken(opened: Opened) -> None:
    assert "SyntaxError" in opened.run("def totals(:\n")[1]
    assert "language: expected one of python3, found &#x27;perl&#x27;" in opened.run(RIGHT, language="perl")[1]


def test_a_saved_file_changes_the_version_and_the_page(opened: Opened) -> None:
    before = opened.text("version")
    assert f'data-version="{before}"' in opened.text()
    assert opened.text("version") == before
    opened.good.replace("statement/problem.en.md", "one after the other", "one by one, all of them")
    after = opened.text("version")
    assert after != before
    assert f'data-version="{after}"' in opened.text()
    assert "one by one, all of them" in opened.text()


def test_a_package_that_does_not_load_says_so_until_it_does(opened: Opened) -> None:
    opened.good.replace("judge.yaml", "checker: exact", "chequer: exact")
    assert "judge.yaml:9: unknown key" in opened.text()
    assert "unknown key" in opened.run(RIGHT)[1]
    opened.good.replace("judge.yaml", "chequer: exact", "checker: exact")
    assert "<textarea" in opened.text()


def test_one_program_at_a_time(opened: Opened) -> None:
    desk = opened.server.desk
    with desk._running:
        assert opened.run(RIGHT) == (409, "Another program runs already: wait for its end.")
        with pytest.raises(Busy):
            desk.run("python3", RIGHT, samples_only=True)
    assert opened.run(RIGHT, "samples")[0] == 200


# --- whom it refuses ------------------------------------------------------------------------------------------------


def test_it_listens_on_the_loopback_address_alone(opened: Opened) -> None:
    assert opened.server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}."]
)
def test_a_foreign_host_is_refused(opened: Opened, host: str) -> None:
    host = host.format(port=opened.server.server_port)
    for method, place in (("GET", ""), ("GET", "version"), ("POST", "run")):
        answer = opened.ask(method, place, Host=host)
        assert answer.status == 421
        assert "Running totals" not in answer.read().decode()


def test_both_names_of_the_host_are_taken(opened: Opened) -> None:
    port = opened.server.server_port
    assert [opened.ask("GET", "version", Host=f"{name}:{port}").status for name in ("localhost", "127.0.0.1")] == [
        200,
        200,
    ]


@pytest.mark.parametrize(
    "path",
    ["/", "/{short}/", "/{token}", "/{token}x/", "/{token}/x", "/{token}/../{token}/", "{token}", "/é/"],
)
def test_nothing_is_found_without_the_token(opened: Opened, path: str) -> None:
    token = opened.server.token
    asked = path.format(token=token, short=token[:-1])
    with socket.create_connection(("127.0.0.1", opened.server.server_port), timeout=60) as connection:
        host = f"127.0.0.1:{opened.server.server_port}"
        connection.sendall(f"GET {asked} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.split()[1] == "404"
    assert token not in answer
    assert len(token) >= 32


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "²"}, 411),
        ({"Content-Length": str(MAX_BODY_BYTES + 1)}, 413),
        ({"Content-Length": "9" * 30}, 413),
    ],
)
def test_a_run_that_the_page_did_not_ask_for_is_refused(opened: Opened, headers: dict[str, str], status: int) -> None:
    chosen = {"Content-Type": "application/json", "Content-Length": "2"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in chosen.items())
    with socket.create_connection(("127.0.0.1", opened.server.server_port), timeout=60) as connection:
        host = f"127.0.0.1:{opened.server.server_port}"
        request = f"POST /{opened.server.token}/run HTTP/1.0\r\nHost: {host}\r\n{head}\r\n{{}}"
        connection.sendall(request.encode("latin-1"))
        answer = connection.recv(65536)
    assert answer.split()[1] == str(status).encode()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"language": 1}', b"\xff", b'{"language":"c","source":"","tests":"secret"}']
)
def test_a_body_that_is_not_a_run_is_refused(opened: Opened, body: bytes) -> None:
    assert opened.ask("POST", "run", body, Content_Type="application/json").status == 400


def test_every_answer_carries_the_policy(opened: Opened) -> None:
    for place in ("", "desk.js", "version", "nothing"):
        headers = opened.ask("GET", place).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
        assert "Python" not in headers["Server"]
