"""The composition root: the only part that joins ports to adapters. All of it is imported from here."""

from judge.app.graders import OneProblem, build_grader, catalogue_of, plan_store
from judge.app.processes import run_verifier, run_worker
from judge.app.service import Commands, MachineToolchains, embedded, opened_store, serve
from judge.app.slots import OpenedCompanions, open_companions, open_sandbox
from judge.app.tools import fact_store, open_tools, open_workers, plan_here

__all__ = [
    "Commands",
    "MachineToolchains",
    "OneProblem",
    "OpenedCompanions",
    "build_grader",
    "catalogue_of",
    "embedded",
    "fact_store",
    "open_companions",
    "open_sandbox",
    "open_tools",
    "open_workers",
    "opened_store",
    "plan_here",
    "plan_store",
    "run_verifier",
    "run_worker",
    "serve",
]
