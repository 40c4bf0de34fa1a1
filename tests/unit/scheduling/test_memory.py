"""What is remembered, and what a report weighs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from judge.model.program import Program, SourceFile
from judge.model.run import Captured, Frame
from judge.ports import GradingRequest
from judge.scheduling.memory import Remembered, weigh
from judge.twins import report_of

PROGRAM = Program(language="python3", files=(SourceFile(path="main.py", content=b""),))
REPORT = report_of(GradingRequest(submission_id="s", problem="add", program=PROGRAM))


def known(memory: Remembered[int]) -> list[str]:
    return [key for key in "abcd" if memory.get(key) is not None]


def test_the_least_recently_used_goes_first() -> None:
    memory = Remembered[int](items=2, size_bytes=100)
    memory.put("a", 1, 1)
    memory.put("b", 2, 1)
    assert memory.get("a") == 1
    memory.put("c", 3, 1)
    assert known(memory) == ["a", "c"]


def test_the_size_is_bounded() -> None:
    memory = Remembered[int](items=10, size_bytes=10)
    for number, key in enumerate("abc"):
        memory.put(key, number, 4)
    assert known(memory) == ["b", "c"]
    memory.put("b", 7, 6)  # in the place of the former one
    assert known(memory) == ["b", "c"]
    memory.put("d", 8, 11)
    assert known(memory) == []


def test_nothing_is_remembered_where_there_is_no_place() -> None:
    memory = Remembered[int](items=0, size_bytes=10)
    memory.put("a", 1, 1)
    assert known(memory) == []


def test_all_can_be_forgotten() -> None:
    memory = Remembered[int](items=2, size_bytes=10)
    memory.put("a", 1, 10)
    memory.clear()
    memory.put("b", 2, 10)
    assert known(memory) == ["b"]


def test_everything_of_any_size_has_its_weight() -> None:
    case = REPORT.cases[0]
    heavy = [
        replace(case, stdout=Captured(data=b"x" * 5000, total_bytes=9000)),
        replace(case, stderr=Captured(data=b"x" * 5000, total_bytes=5000)),
        replace(case, message="x" * 5000),
        replace(case, traceback=(Frame(file="a", line=1, function="f", source="x" * 5000),)),
        replace(case, evidence={"curve": [0.5] * 400}),
        replace(case, evidence={"text": "x" * 5000}),
        replace(case, evidence={"array": np.zeros(700)}),
    ]
    for other in heavy:
        assert weigh(replace(REPORT, cases=(other,))) >= weigh(replace(REPORT, cases=(case,))) + 4900
    assert weigh(replace(REPORT, compile_output="x" * 5000)) == weigh(REPORT) + 5000
    assert weigh(replace(REPORT, cases=REPORT.cases * 20)) > 5 * weigh(REPORT)
