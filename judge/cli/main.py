"""``judge``: every command, and how errors become exit codes.

0: accepted, or done. 1: not accepted, or a check failed. 2: usage, unknown problem, wrong package or setting. 70: a fault of
the judge or of its environment.
"""

from __future__ import annotations

import sys

import typer

from judge.cli import demo, doctor, grade, problem, serve
from judge.cli.output import complain
from judge.errors import ConfigError, InfrastructureError, JudgeError

NOT_ACCEPTED, USAGE, FAULT = 1, 2, 70

app = typer.Typer(
    name="judge",
    help="Grades code: sandboxed runs, custom numerical and statistical checkers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("grade")(grade.grade)
app.add_typer(problem.app, name="problem")
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("worker", hidden=True)(serve.worker)


def main() -> None:
    """Runs the command line; never returns."""
    try:
        app()
    except InfrastructureError as error:
        complain(error)
        sys.exit(FAULT)
    except (ConfigError, JudgeError) as error:
        complain(error)
        sys.exit(USAGE)


if __name__ == "__main__":
    main()
