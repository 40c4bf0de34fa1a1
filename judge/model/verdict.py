"""The judgements: a verdict, and the reason that refines it."""

from __future__ import annotations

import enum


class Verdict(enum.StrEnum):
    """The judgement on a test or on a whole submission."""

    ACCEPTED = "ACCEPTED"
    WRONG_ANSWER = "WRONG_ANSWER"
    TIME_LIMIT_EXCEEDED = "TIME_LIMIT_EXCEEDED"
    MEMORY_LIMIT_EXCEEDED = "MEMORY_LIMIT_EXCEEDED"
    OUTPUT_LIMIT_EXCEEDED = "OUTPUT_LIMIT_EXCEEDED"
    RUNTIME_ERROR = "RUNTIME_ERROR"
    COMPILE_ERROR = "COMPILE_ERROR"
    SECURITY_VIOLATION = "SECURITY_VIOLATION"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    JUDGE_ERROR = "JUDGE_ERROR"


class Reason(enum.StrEnum):
    """Why: machine-readable, one level below the verdict. A verdict of ACCEPTED has none."""

    # WRONG_ANSWER
    WRONG_VALUE = "wrong_value"
    WRONG_SHAPE = "wrong_shape"  # lengths, dimensions
    WRONG_TYPE = "wrong_type"
    NOT_FINITE = "not_finite"  # NaN or infinity where the reference is finite
    NOT_VALID = "not_valid"  # a structure that fails its certificate: an edge that does not exist, say
    NOT_OPTIMAL = "not_optimal"  # valid, but not as good as demanded: a longer path, a larger error
    NOT_REPRODUCIBLE = "not_reproducible"  # same input and seed, other answer
    WRONG_DISTRIBUTION = "wrong_distribution"
    WRONG_SUPPORT = "wrong_support"  # an outcome of probability zero, or out of range
    DEPENDENT_DRAWS = "dependent_draws"
    INPUT_MUTATED = "input_mutated"
    GLOBAL_STATE_CHANGED = "global_state_changed"  # the state of a global random generator
    RIGHT_REJECTED = "right_rejected"  # a candidate's test fails on a right implementation
    MUTANT_SURVIVES = "mutant_survives"  # no test of a candidate's fails on a wrong implementation
    BUDGET_EXCEEDED = "budget_exceeded"  # an oracle was asked more often than it may be
    # TIME_LIMIT_EXCEEDED
    CPU_TIME = "cpu_time"
    WALL_TIME = "wall_time"
    IDLE = "idle"  # the wall limit, with the CPU hardly used
    COMPLEXITY_EXCEEDED = "complexity_exceeded"
    # MEMORY_LIMIT_EXCEEDED
    OUT_OF_MEMORY = "out_of_memory"  # the kernel's counter moved
    ALLOCATION_REFUSED = "allocation_refused"  # an uncaught MemoryError
    # OUTPUT_LIMIT_EXCEEDED
    OUTPUT_SIZE = "output_size"  # what was printed
    ANSWER_SIZE = "answer_size"  # what was returned: bytes, depth, nodes or digits
    # RUNTIME_ERROR
    NO_ANSWER = "no_answer"  # it ended, with exit status 0, without an answer
    PROTOCOL = "protocol"  # bytes on the answer channel that are not one answer to the question
    EXIT_STATUS = "exit_status"
    SIGNAL = "signal"
    EXCEPTION = "exception"
    # COMPILE_ERROR
    SYNTAX = "syntax"
    ENTRY_POINT = "entry_point"  # the module does not define what the problem asks for
    SOURCE_SIZE = "source_size"
    COMPILE_TIME = "compile_time"
    # SECURITY_VIOLATION
    FORBIDDEN_SYSCALL = "forbidden_syscall"
    # CANCELLED
    CLIENT_CANCELLED = "client_cancelled"
    DEADLINE = "deadline"
    # SKIPPED
    EARLIER_FAILURE = "earlier_failure"
    # JUDGE_ERROR
    INFRASTRUCTURE = "infrastructure"
    CHECKER = "checker"  # the author's checker failed, or the author's tests
    ORACLE = "oracle"  # the author's environment, which answers oracles, failed


WRONG_ANSWERS = (  # what a checker may find wrong with an answer
    Reason.WRONG_VALUE,
    Reason.WRONG_SHAPE,
    Reason.WRONG_TYPE,
    Reason.NOT_FINITE,
    Reason.NOT_VALID,
    Reason.NOT_OPTIMAL,
    Reason.NOT_REPRODUCIBLE,
    Reason.WRONG_DISTRIBUTION,
    Reason.WRONG_SUPPORT,
    Reason.DEPENDENT_DRAWS,
    Reason.INPUT_MUTATED,
    Reason.GLOBAL_STATE_CHANGED,
    Reason.BUDGET_EXCEEDED,
)
