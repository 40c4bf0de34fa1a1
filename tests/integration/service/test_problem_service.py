"""ProblemService over a real connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from judge.api.v1 import problem_pb2

Opened = Callable[..., Any]


async def test_all_problems_by_slug(house: Opened) -> None:
    async with house() as h:
        response = await h.problems.List(problem_pb2.ListProblemsRequest())
        assert [problem.slug for problem in response.problems] == ["add", "broken", "subtract", "walk"]
        assert response.next_page_token == ""
        add, broken, *_ = response.problems
        assert (add.family, add.name, add.kind, list(add.languages)) == ("examples", "Add", "function", ["python3"])
        assert add.error == ""
        assert broken.error == "problem.yaml:3: unknown key 'lmits'"


async def test_one_family(house: Opened) -> None:
    async with house() as h:
        response = await h.problems.List(problem_pb2.ListProblemsRequest(family="graphs"))
        assert [problem.slug for problem in response.problems] == ["walk"]
        assert not (await h.problems.List(problem_pb2.ListProblemsRequest(family="none"))).problems


async def test_pages(house: Opened) -> None:
    async with house() as h:
        pages, token = [], None
        while token != "":
            request = problem_pb2.ListProblemsRequest(page_size=2, page_token=token or "")
            response = await h.problems.List(request)
            pages.append([problem.slug for problem in response.problems])
            token = response.next_page_token
        assert pages == [["add", "broken"], ["subtract", "walk"]]
        request = problem_pb2.ListProblemsRequest(family="examples", page_size=1)
        assert (await h.problems.List(request)).next_page_token == "add"
        request = problem_pb2.ListProblemsRequest(family="examples", page_size=2)
        assert (await h.problems.List(request)).next_page_token == ""


async def test_one_problem(house: Opened) -> None:
    async with house() as h:
        problem = (await h.problems.Get(problem_pb2.GetProblemRequest(slug="add"))).problem
        assert problem.statement.startswith("Return the sum")
        assert [(parameter.name, parameter.type) for parameter in problem.signature.parameters] == [
            ("a", "int"),
            ("b", "int"),
        ]
        (sample,) = problem.samples
        assert (json.loads(sample.arguments_json), sample.answer_json) == ({"a": 1, "b": 2}, "3")
        assert h.handled("Get", "OK", service="ProblemService") == 1


async def test_refusals(house: Opened, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        for slug, code in (("", "INVALID_ARGUMENT"), ("none", "NOT_FOUND"), ("broken", "FAILED_PRECONDITION")):
            assert (await status_of(h.problems.Get(problem_pb2.GetProblemRequest(slug=slug)))).code == code
        status = await status_of(h.problems.List(problem_pb2.ListProblemsRequest(page_size=-1)))
        assert status.violations == (("page_size", "expected 0 to 1000, found -1"),)
