"""``judge``: every command, and how errors become exit codes.

0: accepted, or done. 1: not accepted, or a check failed. 2: usage, unknown problem, wrong package or setting. 70: a
fault of the judge or of its environment.
"""

from __future__ import annotations

import sys

import typer

from judge import logs
from judge.cli import problem
from judge.cli.batch import batch
from judge.cli.bench import bench
from judge.cli.demo import demo
from judge.cli.doctor import doctor
from judge.cli.grade import grade
from judge.cli.output import complain
from judge.cli.power import power
from judge.cli.rejudge import rejudge
from judge.cli.serve import serve, verifier, worker
from judge.errors import InfrastructureError, JudgeError

USAGE, FAULT = 2, 70

app = typer.Typer(
    name="judge",
    help="Grades code: sandboxed runs, custom numerical and statistical checkers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.command("serve")(serve)
app.command("grade")(grade)
app.command("batch")(batch)
app.command("rejudge")(rejudge)
problem.app.command("power")(power)
app.add_typer(problem.app, name="problem")
app.command("doctor")(doctor)
app.command("demo")(demo)
app.command("bench")(bench)
app.command("worker", hidden=True)(worker)
app.command("verifier", hidden=True)(verifier)


def main() -> None:
    """What a process of its own does: sends its logs to standard error, runs the command line, and ends."""
    logs.configure("console", "warning")  # a command that has settings for it says otherwise
    run()


def run() -> None:
    """Runs the command line; never returns."""
    try:
        app()
    except InfrastructureError as error:
        complain(error)
        sys.exit(FAULT)
    except JudgeError as error:
        complain(error)
        sys.exit(USAGE)


if __name__ == "__main__":
    main()
