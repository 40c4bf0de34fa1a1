"""The page of a package: whole, closed, safe, and with what was measured on it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.package import Package
from judge.authoring.page import page
from judge.authoring.page.axes import Scale, count, seconds
from judge.authoring.page.growth import Line, family_plot
from judge.authoring.page.statement import rendered
from judge.authoring.rules.rule import Level
from judge.authoring.verify import verify
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

OPEN = {"meta", "br", "link"}


class Tags(HTMLParser):
    """Fails at a tag that is not closed in its place; collects texts, attributes and tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.seen: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        if tag not in OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, tag


def made(good: Good, tmp_path: Path) -> str:
    facts = FactStore(tmp_path / "facts")
    findings = list(verify(good.root, Level.QUICK, Workshop(), facts))
    return page(Package(good.root, Workshop(), facts), findings)


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("mean", ("Statement", "Tests and submissions", "Tolerance used", "Spoiled answers that the checker rejects")),
        ("draw", ("Statement", "Tests and submissions", "Draws against their law")),
    ],
)
def test_a_page_has_its_sections_and_loads_nothing(tmp_path: Path, name: str, sections: tuple[str, ...]) -> None:
    text = made(Good(tmp_path / "family" / name, name), tmp_path)
    tags = Tags(text)
    assert tags.addresses == []
    assert not {"script", "link", "iframe", "img", "object"}.intersection(tags.seen)
    assert "@import" not in text
    assert "url(" not in text
    heads = re.findall("<h2>(.*?)</h2>", text)
    assert [head for head in heads if head in sections] == list(sections)
    assert ("Tolerance used" in heads, "Draws against their law" in heads) == (name == "mean", name == "draw")
    assert "Findings" in heads


def test_every_submission_stands_in_the_matrix_on_every_test(tmp_path: Path) -> None:
    text = made(Good(tmp_path / "family" / "totals", "totals"), tmp_path)
    table = text[text.index('<table class="matrix">') : text.index("rejected by the test")]
    rows = re.findall(r'<th class="name">(\S+?)</th>(.*?)</tr>', table)
    assert {name: re.sub(r"<.*?>", "", cells) for name, cells in rows} == {  # the verdict, then seven tests
        "accepted/accumulate.py": "AAAAAAAA",
        "accepted/loop.py": "AAAAAAAA",
        "run_time_error/no_values.py": "RRRWWWWW",
        "wrong_answer/forgets_start.py": "WWAWWWWW",
        "wrong_answer/sum_alone.py": "WWWWWWWW",
    }


def test_a_package_that_does_not_load_has_a_page_with_the_finding(tmp_path: Path) -> None:
    good = Good(tmp_path / "family" / "mean", "mean").replace("judge.yaml", "checker:", "<checkers>:")
    text = made(good, tmp_path)
    assert "unknown key &#x27;&lt;checkers&gt;&#x27;" in text
    assert "<checkers>" not in text
    Tags(text)


def test_a_statement_is_shown_with_tables_and_formulas_and_without_html_or_pictures() -> None:
    text = rendered(
        "A `f(x)` <b onclick=x>\n\n$$a_i^{*} < b_i^{*}$$\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![p](http://x/y)"
    )
    assert "<code>f(x)</code>" in text
    assert '<span class="math">a_i^{*} &lt; b_i^{*}</span>' in text
    assert "<td>1</td>" in text
    assert "<img" not in text
    assert "<b " not in text


def line(name: str, slope: float, accepted: bool) -> Line:
    points = tuple((size, 1000.0 * size**slope) for size in (100.0, 1000.0, 10000.0))
    fitted = {"estimate": slope, "low": slope - 0.1, "high": slope + 0.1}
    return Line(
        name=name,
        accepted=accepted,
        points=points,
        counted=(100.0, 1000.0, 10000.0),
        slope=fitted,
        gate=1.35,
        words=f"grows like n^{slope}",
        colour="var(--s0)",
    )


def test_a_growth_plot_draws_each_submission_and_the_fitted_line_through_its_points() -> None:
    text = family_plot("complexity/all", [line("fast.py", 1.0, True), line("slow.py", 2.0, False)])
    Tags(text)
    curves = re.findall(r'<polyline points="(.*?)".*?<title>(.*?)</title>', text)
    assert [tip.split(":")[0] for _, tip in curves] == ["fast.py", "slow.py"]
    fits = re.findall(r'<line x1="([^"]*)" y1="([^"]*)" x2="([^"]*)" y2="([^"]*)" class="fit"', text)
    for (points, _), fit in zip(curves, fits, strict=True):
        first, *_, last = (tuple(map(float, pair.split(","))) for pair in points.split())
        assert first == pytest.approx((float(fit[0]), float(fit[1])), abs=0.2)
        assert last == pytest.approx((float(fit[2]), float(fit[3])), abs=0.2)
    assert "slow.py: n^2.00 [1.90, 2.10]" in text
    assert "accepted up to n^1.35" in text


@pytest.mark.parametrize(
    ("low", "high", "log", "ticks"),
    [
        (0, 10, False, [0, 2, 4, 6, 8, 10]),
        (-4, 7.5, False, [-4, -2, 0, 2, 4, 6]),
        (1e-6, 1e6, True, [1e-6, 1e-3, 1, 1e3, 1e6]),
        (150, 900, True, [200, 500]),
    ],
)
def test_ticks_are_round(low: float, high: float, log: bool, ticks: list[float]) -> None:
    assert Scale(low=low, high=high, start=0, end=100, log=log).ticks() == pytest.approx(ticks)


def test_a_scale_draws_what_is_outside_at_its_edge() -> None:
    scale = Scale(low=1, high=100, start=10, end=210, log=True)
    assert [scale.at(value) for value in (0, 1, 10, 100, float("inf"))] == [10, 10, 110, 210, 210]


def test_numbers_are_written_for_people() -> None:
    assert [count(value) for value in (0, 0.5, 1500, 1e6, 1e-6, 2.5e7)] == [
        "0",
        "0.5",
        "1 500",
        "10⁶",
        "10⁻⁶",
        "2.5·10⁷",
    ]
    assert [seconds(value) for value in (1.5e9, 2e7, 3e3, 10)] == ["1.5 s", "20 ms", "3 µs", "10 ns"]
