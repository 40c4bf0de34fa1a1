"""The typed Python client: ``JudgeClient`` for asyncio, ``SyncJudgeClient`` for everything else."""

from judge.client.aio import JudgeClient, program_of
from judge.client.batch_calls import BatchCalls
from judge.client.batches import (
    BatchProgress,
    BatchResult,
    BatchStatus,
    Diff,
    NewItem,
    Rejudging,
    Transition,
)
from judge.client.errors import (
    CallFailed,
    ClientError,
    FieldViolation,
    InvalidRequest,
    NotFound,
    Refused,
    Unavailable,
)
from judge.client.problem_calls import ProblemCalls
from judge.client.problems import CompiledProblem, RegisteredProblem, VerificationSummary
from judge.client.sync import SyncJudgeClient
from judge.model.batch import BatchState, Change, ItemFailure, Mark
from judge.model.finding import Finding, Severity, Step
from judge.model.program import Program, SourceFile
from judge.scheduling.admission import Priority

__all__ = [
    "BatchCalls",
    "BatchProgress",
    "BatchResult",
    "BatchState",
    "BatchStatus",
    "CallFailed",
    "Change",
    "ClientError",
    "CompiledProblem",
    "Diff",
    "FieldViolation",
    "Finding",
    "InvalidRequest",
    "ItemFailure",
    "JudgeClient",
    "Mark",
    "NewItem",
    "NotFound",
    "Priority",
    "ProblemCalls",
    "Program",
    "Refused",
    "RegisteredProblem",
    "Rejudging",
    "Severity",
    "SourceFile",
    "Step",
    "SyncJudgeClient",
    "Transition",
    "Unavailable",
    "VerificationSummary",
    "program_of",
]
