"""The metrics: declared once, refused when misspelt, served over HTTP, documented."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from judge import metrics
from judge.metrics import METRICS, Kind, PrometheusObserver

ROOT = Path(__file__).parents[3]


def text_of(observer: PrometheusObserver) -> str:
    return generate_latest(observer.registry).decode()


def test_the_design_s_metrics_have_the_design_s_labels() -> None:
    declared = {metric.name: metric.labels for metric in METRICS}
    expected = {
        "judge_grades_total": ("verdict", "language"),
        "judge_tests_total": ("verdict",),
        "judge_queue_wait_seconds": (),
        "judge_stage_seconds": ("stage",),
        "judge_sandbox_overhead_seconds": ("path",),
        "judge_kill_overshoot_seconds": ("kind",),
        "judge_rejected_total": ("reason",),
        "judge_slots": ("state",),
        "judge_slot_rebuilds_total": ("reason",),
        "judge_cache_requests_total": ("result",),
        "judge_batch_items": ("state",),
    }
    assert {name: declared[name] for name in expected} == expected
    assert {"grpc_server_handled_total", "grpc_server_handling_seconds"} <= declared.keys()


def test_a_counter_adds() -> None:
    observer = PrometheusObserver()
    observer.count("judge_grades_total", {"verdict": "ACCEPTED", "language": "python3"})
    observer.count("judge_grades_total", {"verdict": "ACCEPTED", "language": "python3"}, 2)
    assert 'judge_grades_total{language="python3",verdict="ACCEPTED"} 3.0' in text_of(observer)


def test_a_histogram_counts_into_buckets() -> None:
    observer = PrometheusObserver()
    observer.observe("judge_queue_wait_seconds", {}, 0.3)
    text = text_of(observer)
    assert 'judge_queue_wait_seconds_bucket{le="0.2"} 0.0' in text
    assert 'judge_queue_wait_seconds_bucket{le="0.5"} 1.0' in text
    assert "judge_queue_wait_seconds_sum 0.3" in text


def test_a_gauge_holds_the_last_value() -> None:
    observer = PrometheusObserver()
    observer.set("judge_slots", {"state": "idle"}, 4)
    observer.set("judge_slots", {"state": "idle"}, 2)
    assert 'judge_slots{state="idle"} 2.0' in text_of(observer)


def test_two_observers_share_nothing() -> None:
    first, second = PrometheusObserver(), PrometheusObserver()
    first.set("judge_slots", {"state": "idle"}, 4)
    assert 'state="idle"' not in text_of(second)
    assert "python_gc" not in text_of(first)


def test_a_misspelling_is_an_error() -> None:
    observer = PrometheusObserver()
    with pytest.raises(
        ValueError, match="no counter is called 'judge_grade_total': expected one of judge_grades_total"
    ):
        observer.count("judge_grade_total", {})
    with pytest.raises(ValueError, match="no gauge is called 'judge_grades_total'"):
        observer.set("judge_grades_total", {}, 1)
    with pytest.raises(ValueError, match=r"[Ll]abel"):
        observer.observe("judge_stage_seconds", {"phase": "compile"}, 1)


def test_histograms_have_buckets_and_others_do_not() -> None:
    assert all(bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM) for metric in METRICS)


def test_they_are_served_over_http() -> None:
    observer = PrometheusObserver()
    observer.set("judge_slots", {"state": "busy"}, 1)
    stop, port = metrics.serve("127.0.0.1:0", observer.registry)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            assert b'judge_slots{state="busy"} 1.0' in response.read()
    finally:
        stop()


def test_the_documentation_is_the_declaration() -> None:
    assert metrics.describe() in (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
