"""The page on which a problem is tried, in a real browser: keys, runs, a program that is kept, reload on save.

``DESK_PICTURES=DIRECTORY`` keeps pictures of the page, light and dark.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from judge.authoring.trying.desk import Desk
from judge.authoring.trying.serving import DeskServer
from tests.integration.authoring.chromium import COMMAND, browser
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

pytestmark = pytest.mark.skipif(COMMAND is None, reason="no browser: chromium is not installed")

RESULTS = """new Promise((done) => { const look = () => {
  const said = document.querySelector("#results").textContent;
  said.startsWith("Running") || !said ? setTimeout(look, 20) : done(said) }; look() })"""
SOURCE = "document.querySelector('#source').value"


def test_a_problem_is_tried(tmp_path: Path) -> None:
    good = Good(tmp_path / "family" / "totals", "totals")
    workshop = Workshop()
    pictures = Path(os.environ.get("DESK_PICTURES", tmp_path))
    server = DeskServer(Desk(good.root, workshop, lambda language: "solution.py"), workshop)
    with server, browser(tmp_path / "profile") as page:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            page.open(server.url)
            assert page.eval(SOURCE) == server.desk.problem().starters["python3"]
            page.eval("document.querySelector('#source').select()")
            # Enter keeps the indentation and adds to it after a colon; Tab indents.
            page.type("def totals(values, start):")
            page.press("Enter")
            page.type("return [start]")
            assert page.eval(SOURCE) == "def totals(values, start):\n    return [start]"
            page.press("Enter", modifiers=2)
            assert page.eval(RESULTS).startswith("wrong answerwrong_shape 0 of 2 tests passed")
            page.eval("document.querySelector('#source').select()")
            page.type("def totals(values, start):\nmade = [sum(values[: at + 1], start) for at in range(len(values))]")
            page.press("Tab", modifiers=8)
            page.eval("document.querySelector('#source').setSelectionRange(27, 27)")
            page.press("Tab")
            assert page.eval(SOURCE).splitlines()[1].startswith("    made = ")
            page.eval(f"document.querySelector('#source').setSelectionRange({SOURCE}.length, {SOURCE}.length)")
            page.press("Enter")
            page.type("return made")
            page.press("Enter", modifiers=2 + 8)
            assert page.eval(RESULTS).startswith("accepted 7 of 7 tests passed")
            for dark in (False, True):
                page.picture(pictures / f"desk-{'dark' if dark else 'light'}.png", dark=dark)
            program = page.eval(SOURCE)
            assert page.complaints() == []
            assert {address.removeprefix(server.url) for address in page.addresses()} == {
                "",
                "desk.js",
                "run",
                "version",
            }
            good.replace("statement/problem.en.md", "one after the other", "saved meanwhile")
            page.loaded()  # by itself
            assert "saved meanwhile" in page.eval("document.querySelector('.statement').textContent")
            assert page.eval(SOURCE) == program
            page.eval("document.querySelector('#again').click()")
            assert page.eval(SOURCE) == server.desk.problem().starters["python3"]
        finally:
            server.shutdown()
            thread.join()
