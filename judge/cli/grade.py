"""``judge grade PROBLEM SOURCE``: one submission, in this process or by a service."""

from __future__ import annotations

import sys
import uuid
from typing import Annotated

import typer

from judge import config
from judge.cli.options import FormatOption, LanguageOption, ProblemArgument, SourceArgument, check_format, read_program
from judge.cli.output import print_report
from judge.errors import InfrastructureError, SubmissionError
from judge.model.program import Program
from judge.model.report import Report
from judge.model.verdict import Verdict

EXIT_CODES = {Verdict.ACCEPTED: 0, Verdict.JUDGE_ERROR: 70}  # anything else: 1

ServerOption = Annotated[str | None, typer.Option(help="The address of a service; without it, this process grades.")]

PathOption = Annotated[str, typer.Option(help="How this process makes boxes: cold, warm or auto.")]


def grade(
    problem: ProblemArgument,
    source: SourceArgument,
    language: LanguageOption = None,
    output: FormatOption = "text",
    server: ServerOption = None,
    path: PathOption = "cold",
) -> None:
    """Grades a submission: exit 0 accepted, 1 not accepted, 2 usage or unknown problem, 70 judge fault."""
    as_json = check_format(output)
    if path not in ("cold", "warm", "auto"):
        raise SubmissionError("path", f"expected cold, warm or auto, found {path!r}")
    program = read_program(source, language)
    report = _by_service(server, problem, program) if server else _here(problem, program, path)
    if as_json:
        sys.stdout.write(_as_json(report) + "\n")
    else:
        print_report(report)
    raise typer.Exit(EXIT_CODES.get(report.verdict, 1))


def _as_json(report: Report) -> str:
    """The ``Report`` message in protobuf JSON with proto field names, fields of default value included."""
    from google.protobuf.json_format import MessageToJson

    from judge.rpc.convert import report_to_proto

    message = report_to_proto(report)
    return str(MessageToJson(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True))


def _here(problem: str, program: Program, path: str) -> Report:
    from judge.app.graders import OneProblem, build_grader, plan_store
    from judge.app.slots import open_companions, open_sandbox
    from judge.grading.interrupts import Uninterrupted
    from judge.metrics import PrometheusObserver
    from judge.ports import GradingRequest
    from judge.spec.catalogue import Catalogue

    settings = config.load()
    observer = PrometheusObserver()
    found = Catalogue(settings.problems_dir).find(problem)
    with (
        open_sandbox(settings, observer, path) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):
        plans = OneProblem(plan_store(settings, sandbox, companions), found)
        grader = build_grader(settings, sandbox, plans, observer, companions=companions)
        request = GradingRequest(submission_id=str(uuid.uuid4()), problem=found.slug, program=program)
        return grader.grade(request, lambda event: None, Uninterrupted())


def _by_service(server: str, problem: str, program: Program) -> Report:
    from judge.client import ClientError, InvalidRequest, NotFound, SyncJudgeClient

    try:
        with SyncJudgeClient(server) as client:
            return client.grade(problem, program)
    except (InvalidRequest, NotFound) as error:
        raise SubmissionError("the service", str(error)) from None
    except ClientError as error:
        raise InfrastructureError(f"the service at {server}: {error}") from None
