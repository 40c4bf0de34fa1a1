"""Oracles of functions in C++ and Java, in real boxes: what an asker gets, and attacks on the budget."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from judge.app.graders import build_grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.languages.jdk import home_of_jdk
from judge.model.plan import TestPlan
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from tests.integration.author.conftest import LIMITS, SETTINGS, Courtroom
from tests.integration.author.test_oracles_for_real import TELL
from tests.unit.author.conftest import custom
from tests.unit.author.oracle_problems import comparisons
from tests.unit.grading.scripted import OnePlan, case, request

pytestmark = pytest.mark.sandbox

LOAD = replace(LIMITS, cpu_ns=20 * 10**9, wall_ns=90 * 10**9, memory_bytes=1 << 30, processes=64, output_bytes=1 << 20)
MODES = ("asks", "for-ever", "wrong", "uncaught", "swallows", "threads", "forged", "sorts", "forks")
_FORGED = wire.encode({"kind": "ask", "id": 17, "oracle": "less", "arguments": wire.encode((0, 1))})
FRAME = len(_FORGED).to_bytes(4, "big") + _FORGED
CPP = """
#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>
#include <sys/wait.h>
#include <unistd.h>

long long kth_smallest(long long n, long long mode, const std::function<bool(long long, long long)>& less) {
    static const char frame[] = {FRAME};
    switch (mode) {
        case 0: less(0, 1); less(1, 2); return less(1, 0) ? 3 : 0;
        case 1: for (;;) less(0, 1);
        case 2: try { less(99, 0); } catch (const std::invalid_argument&) { return 1; } return 0;
        case 3: return less(99, 0);
        case 4: for (;;) try { less(99, 0); } catch (...) {}
        case 5: {
            std::thread one([&] { less(0, 1); less(0, 1); }), two([&] { less(0, 1); less(0, 1); });
            one.join();
            two.join();
            return 4;
        }
        case 6: return write(3, frame, sizeof frame);
        case 7: {
            std::vector<long long> order(n);
            std::iota(order.begin(), order.end(), 0);
            const auto smallest = *std::min_element(order.begin(), order.end(), less);
            return smallest == 1 ? 2 : 0;
        }
        case 8:
            if (fork() == 0) { less(0, 1); _exit(0); }
            wait(nullptr);
            less(0, 1);
            return 2;
    }
    return 0;
}
"""
JAVA = """
import java.io.*;
import judge.Oracle2;

class Solution {
    public long kth_smallest(long n, long mode, Oracle2<Long, Long, Boolean> less) throws Exception {
        if (mode == 0) { less.ask(0L, 1L); less.ask(1L, 2L); return less.ask(1L, 0L) ? 3 : 0; }
        if (mode == 1) while (true) less.ask(0L, 1L);
        if (mode == 2) try { less.ask(99L, 0L); } catch (IllegalArgumentException error) { return 1; }
        if (mode == 3) return less.ask(99L, 0L) ? 1 : 0;
        if (mode == 4) while (true) try { less.ask(99L, 0L); } catch (Throwable error) { continue; }
        if (mode == 5) {
            Thread[] threads = new Thread[2];
            for (int at = 0; at < 2; ++at) {
                threads[at] = new Thread(() -> { less.ask(0L, 1L); less.ask(0L, 1L); });
                threads[at].start();
            }
            for (Thread thread : threads) thread.join();
            return 4;
        }
        if (mode == 6) new FileOutputStream(FileDescriptor.in).write(new byte[] {FRAME});
        long smallest = 0;
        for (long other = 1; mode == 7 && other < n; ++other) if (less.ask(other, smallest)) smallest = other;
        return smallest == 1 ? 2 : 0;
    }
}
"""
VERDICTS = {
    "asks": "ACCEPTED/None",
    "for-ever": "WRONG_ANSWER/budget_exceeded",
    "wrong": "ACCEPTED/None",
    "uncaught": "RUNTIME_ERROR/exception",
    "swallows": "WRONG_ANSWER/budget_exceeded",
    "threads": "ACCEPTED/None",
    "forged": "RUNTIME_ERROR/protocol",
    "sorts": "ACCEPTED/None",
    "forks": "ACCEPTED/None",
}
_SIGNED = ", ".join(str(byte - 256 if byte > 127 else byte) for byte in FRAME)
_CHARACTERS = ", ".join(f"static_cast<char>({byte})" for byte in FRAME)
SOURCES = {
    "cpp20": ("solution.cpp", CPP.replace("{FRAME}", f"{{{_CHARACTERS}}}")),
    "java17": ("Solution.java", JAVA.replace("{FRAME}", f"{{{_SIGNED}}}")),
}


def problem(mode: str) -> TestPlan:
    """One test of three hidden values; the checker accepts the number of questions that were answered."""
    limits = replace(LIMITS, memory_bytes=256 << 20)
    whole = comparisons(budget=5, limits=limits, answers=LIMITS, checker=custom(TELL), load_limits=LOAD)
    asked = case("secret/1", 0, n=3, k=MODES.index(mode), values=[30, 10, 20])
    return replace(whole, cases=(asked,), code_bytes=10_000, languages=("python3", "cpp20", "java17"))


def grade(courtroom: Courtroom, mode: str, language: str) -> Report:
    path, source = SOURCES[language]
    files = (SourceFile(path=path, content=source.encode()),)
    plan = problem(mode)
    grader = build_grader(
        SETTINGS, courtroom.sandbox, OnePlan(plan), courtroom.observer, companions=courtroom.companions
    )
    return grader.grade(
        request(Program(language=language, files=files), plan.slug), lambda event: None, Uninterrupted()
    )


@pytest.mark.parametrize("language", SOURCES)
def test_every_way_to_ask(courtroom: Courtroom, language: str) -> None:
    if courtroom.sandbox.path == "cold":
        pytest.skip("compiled functions run on the cold path behind the warm one too")
    if not Path("/usr/bin/g++").exists() or home_of_jdk() is None:
        pytest.skip("C++ and Java need their compilers (apt-get install g++ openjdk-17-jdk-headless)")
    for mode in MODES if language == "cpp20" else MODES[:-1]:
        report = grade(courtroom, mode, language)
        told = f"{report.verdict.value}/{report.reason and report.reason.value}"
        assert told == VERDICTS[mode], (mode, report.message, report.compile_output)
        assert report.cases[0].evidence.get("oracle_calls", {"less": 0})["less"] <= 6, mode
        if mode == "uncaught":
            assert "there are the indices 0 to 2" in report.message
