"""The Protocols that the core needs, one module for each thing that they are about; all are imported from here.

Adapters live elsewhere, in-memory twins in ``judge.testing`` and ``judge.twins``.
"""

from judge.ports.engine import Engine, GradingRequest, PlanSource
from judge.ports.sandbox import (
    Box,
    BoxSpec,
    Burst,
    Call,
    Companions,
    Interrupt,
    OracleReply,
    Oracles,
    Partner,
    Sandbox,
)
from judge.ports.store import BatchStore, JobQueue, RejudgingStore, ResultStore, Store
from judge.ports.surroundings import Clock, Observer

__all__ = [
    "BatchStore",
    "Box",
    "BoxSpec",
    "Burst",
    "Call",
    "Clock",
    "Companions",
    "Engine",
    "GradingRequest",
    "Interrupt",
    "JobQueue",
    "Observer",
    "OracleReply",
    "Oracles",
    "Partner",
    "PlanSource",
    "RejudgingStore",
    "ResultStore",
    "Sandbox",
    "Store",
]
