"""How often the catalogue is asked, and what a change of a package does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from judge.errors import UnknownProblem
from judge.model.problem import Problem
from judge.rpc.problems import Problems
from judge.twins import ManualClock, MemoryCatalogue, problem_of
from judge.units import NANOSECONDS


class Counting(MemoryCatalogue):
    """Counts how often a problem was asked for; ``problems`` can be changed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.asked = 0

    def become(self, *problems: Problem) -> None:
        self._problems = {problem.slug: problem for problem in problems}

    def get(self, slug: str) -> Problem:
        self.asked += 1
        return super().get(slug)


def states(problems: Problems, *slugs: str) -> list[str]:
    async def look() -> list[str]:
        return [(await problems.look(slug)).state for slug in slugs]

    return asyncio.run(look())


def test_the_catalogue_is_asked_once_a_second() -> None:
    clock, catalogue = ManualClock(), Counting(problem_of("add"))
    problems = Problems(catalogue, clock)
    first = states(problems, "add", "add", "add")
    assert catalogue.asked == 1
    clock.advance(NANOSECONDS - 1)
    states(problems, "add")
    assert catalogue.asked == 1
    clock.advance(1)
    assert states(problems, "add") == [first[0]]
    assert catalogue.asked == 2


def test_a_change_has_a_state_of_its_own_also_when_it_is_taken_back() -> None:
    clock, old = ManualClock(), problem_of("add")
    catalogue = Counting(old)
    problems = Problems(catalogue, clock)
    seen = states(problems, "add")
    for problem in (replace(old, statement="Something else."), replace(old)):
        catalogue.become(problem)
        clock.advance(NANOSECONDS)
        seen += states(problems, "add")
        assert asyncio.run(problems.get("add")) is problem
    assert len(set(seen)) == 3


def test_problems_have_states_of_their_own() -> None:
    problems = Problems(Counting(problem_of("add"), problem_of("walk")), ManualClock())
    assert len(set(states(problems, "add", "walk", "add"))) == 2


def test_a_problem_that_vanished_and_came_back_has_another_state() -> None:
    clock, catalogue = ManualClock(), Counting(problem_of("add"))
    problems = Problems(catalogue, clock)
    (before,) = states(problems, "add")
    catalogue.become()
    clock.advance(NANOSECONDS)
    for _ in range(2):
        with pytest.raises(UnknownProblem):
            states(problems, "add")
    catalogue.become(problem_of("add"))
    assert states(problems, "add") != [before]
