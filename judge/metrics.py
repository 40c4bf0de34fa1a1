"""The metrics: every one declared here, behind the port ``Observer``.

``PrometheusObserver`` has a registry of its own, so that only these metrics are served. A name or a set of labels
that is not declared raises ValueError: a metric cannot come into being by a misspelling. ``docs/metrics.md`` holds
``describe()``, and a test compares the two.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

_MILLISECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


class Kind(enum.StrEnum):
    """What a metric does."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """The declaration of one metric."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str  # one sentence; the values that the labels take
    buckets: tuple[float, ...] = ()  # upper bounds of a histogram's, in seconds


def _counter(name: str, labels: tuple[str, ...], text: str) -> Metric:
    return Metric(name=name, kind=Kind.COUNTER, labels=labels, help=text)


def _gauge(name: str, labels: tuple[str, ...], text: str) -> Metric:
    return Metric(name=name, kind=Kind.GAUGE, labels=labels, help=text)


def _histogram(name: str, labels: tuple[str, ...], text: str, buckets: tuple[float, ...] = _SECONDS) -> Metric:
    return Metric(name=name, kind=Kind.HISTOGRAM, labels=labels, help=text, buckets=buckets)


METRICS: tuple[Metric, ...] = (
    _counter("judge_grades_total", ("verdict", "language"), "Gradings that ended, by their verdict."),
    _counter("judge_tests_total", ("verdict",), "Tests in the reports of those gradings, by their verdict."),
    _histogram("judge_queue_wait_seconds", (), "From admission to a slot."),
    _gauge("judge_queue_depth", ("priority",), "Admitted gradings that wait for a slot: interactive, batch."),
    _histogram("judge_stage_seconds", ("stage",), "Duration of a phase of a grading: the names of a report's phases."),
    _histogram(
        "judge_sandbox_overhead_seconds",
        ("path",),
        "What the sandbox adds to a submission's own time: cold, warm.",
        _MILLISECONDS,
    ),
    _histogram(
        "judge_kill_overshoot_seconds",
        ("kind",),
        "From a limit to the end of the process that passed it: cpu, wall, output, cancelled, deadline.",
        _MILLISECONDS,
    ),
    _counter(
        "judge_rejected_total",
        ("reason",),
        "Gradings that were refused admission: queue_full, draining, memory; and verifications, registrations.",
    ),
    _gauge("judge_slots", ("state",), "Slots by state: starting, idle, busy, broken."),
    _counter(
        "judge_slot_rebuilds_total",
        ("reason",),
        "Slots that were destroyed and made anew: crash, fault, hang, not_at_rest, memory, runs, age, probe.",
    ),
    _counter("judge_compile_cache_total", ("result",), "Look-ups of compiled programs: hit, miss."),
    _counter("judge_cache_requests_total", ("result",), "Look-ups of stored reports: hit, miss."),
    _counter("judge_store_faults_total", ("operation",), "Failures of the store: find, keep, batch, expire."),
    _gauge("judge_batch_items", ("state",), "Items of the batches that run: waiting, running, finished, failed."),
    _counter(
        "grpc_server_handled_total",
        ("grpc_type", "grpc_service", "grpc_method", "grpc_code"),
        "Calls that ended, by their status.",
    ),
    _histogram(
        "grpc_server_handling_seconds",
        ("grpc_type", "grpc_service", "grpc_method"),
        "Duration of calls, streams to their end.",
    ),
)


class PrometheusObserver:
    """The port ``Observer`` over Prometheus' client."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters = {m.name: _build_counter(m, self.registry) for m in METRICS if m.kind is Kind.COUNTER}
        self._gauges = {m.name: _build_gauge(m, self.registry) for m in METRICS if m.kind is Kind.GAUGE}
        self._histograms = {m.name: _build_histogram(m, self.registry) for m in METRICS if m.kind is Kind.HISTOGRAM}
        self._labelled: dict[tuple[str, ...], Any] = {}  # the client takes 10 µs to find one

    def count(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Adds ``amount`` to a counter. Raises ValueError for an undeclared name or other labels."""
        self._find(self._counters, Kind.COUNTER, name, labels).inc(amount)

    def observe(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Records ``value`` in a histogram. Raises ValueError for an undeclared name or other labels."""
        self._find(self._histograms, Kind.HISTOGRAM, name, labels).observe(value)

    def set(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Sets a gauge. Raises ValueError for an undeclared name or other labels."""
        self._find(self._gauges, Kind.GAUGE, name, labels).set(value)

    def _find[M: (Counter, Gauge, Histogram)](
        self, metrics: Mapping[str, M], kind: Kind, name: str, labels: Mapping[str, str]
    ) -> M:
        """Returns what counts under these labels; labels have few values, so all of it is kept."""
        key = name, kind, *labels, *labels.values()
        found = self._labelled.get(key)
        if found is None:
            metric = _declared(metrics, name, kind)
            found = self._labelled[key] = metric.labels(**labels) if labels else metric
        return cast("M", found)


def _declared[M](metrics: Mapping[str, M], name: str, kind: Kind) -> M:
    if name not in metrics:
        raise ValueError(f"no {kind} is called {name!r}: expected one of {', '.join(metrics)}")
    return metrics[name]


def _build_counter(metric: Metric, registry: CollectorRegistry) -> Counter:
    return Counter(metric.name, metric.help, metric.labels, registry=registry)


def _build_gauge(metric: Metric, registry: CollectorRegistry) -> Gauge:
    return Gauge(metric.name, metric.help, metric.labels, registry=registry)


def _build_histogram(metric: Metric, registry: CollectorRegistry) -> Histogram:
    return Histogram(metric.name, metric.help, metric.labels, registry=registry, buckets=metric.buckets)


def serve(address: str, registry: CollectorRegistry) -> tuple[Callable[[], None], int]:
    """Serves ``registry`` over HTTP at ``host:port`` in a thread; returns its stop and its port. Raises OSError."""
    host, _, port = address.rpartition(":")
    server, thread = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    return lambda: _stop(server, thread.join), server.server_port


def _stop(server: WSGIServer, join: Callable[[], None]) -> None:
    server.shutdown()
    server.server_close()
    join()


def describe() -> str:
    """Returns the Markdown table of all metrics, as ``docs/metrics.md`` holds it."""
    rows = [f"| `{m.name}` | {m.kind} | {', '.join(f'`{label}`' for label in m.labels)} | {m.help} |" for m in METRICS]
    return "\n".join(["| Metric | Kind | Labels | Meaning |", "|---|---|---|---|", *rows]) + "\n"
