"""The toolchain that a package's programs run in: one that is not there is told with the line that asks for it."""

from __future__ import annotations

from pathlib import Path

from judge.errors import EnvironmentFault
from judge.model.problem import Problem
from judge.ports import Sandbox
from judge.spec.keys import JUDGE_FILE


def toolchain_of(problem: Problem, sandbox: Sandbox) -> str:
    """Returns what ``sandbox`` says of the problem's runtime.

    Raises EnvironmentFault when this machine does not have it: a misspelt name and one that is not built look the same.
    """
    try:
        return sandbox.describe_toolchain("python3", problem.runtime)
    except EnvironmentFault as fault:
        if problem.runtime_line is None:
            raise
        raise EnvironmentFault(f"{Path(problem.root) / JUDGE_FILE}:{problem.runtime_line}: runtime: {fault}") from None
