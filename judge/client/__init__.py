"""The typed Python client: ``JudgeClient`` for asyncio, ``SyncJudgeClient`` for everything else."""

from judge.client.aio import JudgeClient, program_of
from judge.client.errors import (
    CallFailed,
    ClientError,
    FieldViolation,
    InvalidRequest,
    NotFound,
    Refused,
    Unavailable,
)
from judge.client.sync import SyncJudgeClient
from judge.model.program import Program, SourceFile
from judge.scheduling.admission import Priority

__all__ = [
    "CallFailed",
    "ClientError",
    "FieldViolation",
    "InvalidRequest",
    "JudgeClient",
    "NotFound",
    "Priority",
    "Program",
    "Refused",
    "SourceFile",
    "SyncJudgeClient",
    "Unavailable",
    "program_of",
]
