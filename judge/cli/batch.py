"""``judge batch SUBMISSIONS --output REPORTS``: a file of submissions, graded here, by a service or by a cluster."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from judge import config
from judge.batch import parquet
from judge.batch.ledger import Ledger
from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome, Pump
from judge.cli import adapters
from judge.cli.clustered import by_cluster, leave, own_output
from judge.cli.serve import SetOption, pairs_of, worker_command
from judge.errors import InfrastructureError, JudgeError, SubmissionError
from judge.languages import canonical_language
from judge.model.batch import BatchItem, ItemFailure
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Verdict

if TYPE_CHECKING:
    from judge.client import ClientError

REFUSED, FAULT, INTERRUPTED = 1, 70, 130
_SPARE = 2  # submissions in flight above the slots of this process
_PATIENCE = 1000  # attempts of one submission at a service that is full

SubmissionsArgument = Annotated[
    Path, typer.Argument(help='Lines {"id", "problem", "source", "language"}.', show_default=False)
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Lines are appended; what has one is skipped.")]
ServerOption = Annotated[str | None, typer.Option(help="The address of a service; without it, this process grades.")]
RayOption = Annotated[str | None, typer.Option(help="A Ray cluster: auto, local or host:port.")]
ParallelOption = Annotated[int, typer.Option(min=1, help="Submissions in flight at a service.")]
FormatOption = Annotated[str, typer.Option("--format", help=f"Of the lines: judge, {', '.join(adapters.FORMATS)}.")]
ProblemsOption = Annotated[
    Path | None, typer.Option(help="The data set's file of tasks; its format is that of the lines.")
]

Grade = Callable[[Submission], Awaitable[Outcome]]
Graders = AbstractAsyncContextManager[tuple[Grade, int]]  # what grades, and how many it takes at a time


def batch(
    submissions: SubmissionsArgument,
    output: OutputOption,
    server: ServerOption = None,
    ray: RayOption = None,
    parallel: ParallelOption = 16,
    form: FormatOption = "judge",
    problems: ProblemsOption = None,
    set_: SetOption = None,
) -> None:
    """Grades a file of submissions: exit 0 all graded, 1 some lines refused, 2 usage, 70 judge fault."""
    if not submissions.is_file():
        raise SubmissionError("submissions", f"expected a file, found none at {submissions}")
    if server is not None and ray is not None:
        raise SubmissionError("ray", f"expected --server or --ray, found {server!r} and {ray!r}")
    for name, path in (("submissions", submissions), ("output", output)):
        if path.suffix == ".parquet":
            parquet.check(name)
    job = adapters.job(submissions, form, problems)
    lines = output.with_name(f"{output.name}.jsonl") if output.suffix == ".parquet" else output
    begin, told = time.monotonic(), sys.stdout if ray is None else own_output()
    try:
        with Ledger(lines) as ledger, _shown(submissions, ledger) as advance:
            graders = _graders(server, ray, parallel, pairs_of(set_ or []) | job.settings)
            pump = asyncio.run(_run(job, ledger, advance, graders))
            if lines != output:
                parquet.write(lines, output)
    except KeyboardInterrupt:
        _say("interrupted; the same command goes on")
        raise typer.Exit(INTERRUPTED) from None
    _say(_summary(ledger, pump, time.monotonic() - begin))
    if job.tasks:
        adapters.print_passes(lines, job, _say, told)
    refused = ledger.refused or pump.repeated
    status = FAULT if pump.faults else REFUSED if refused else 0
    if ray is not None:
        leave(status)
    raise typer.Exit(status)


async def _run(job: adapters.Job, ledger: Ledger, advance: Callable[[int], None], graders: Graders) -> Pump:
    async with graders as (grade, flying):
        pump = Pump(ledger=ledger, grade=grade, parallel=flying, advance=advance, warn=_say, also=job.also)
        await pump.run(job.lines)
        return pump


# --- who grades -----------------------------------------------------------------------------------------------------


def _graders(server: str | None, ray: str | None, parallel: int, sets: dict[str, str]) -> Graders:
    if server is not None:
        return _by_service(server, parallel)
    return here(sets) if ray is None else by_cluster(ray, sets)


@asynccontextmanager
async def here(sets: dict[str, str]) -> AsyncIterator[tuple[Grade, int]]:
    """What grades in worker processes of this one, and how many it takes at a time."""
    from judge import logs
    from judge.app.embedded import embedded
    from judge.rpc.status import failure_of

    settings = config.load(overrides=sets)
    logs.configure(settings.log_format, "error")
    async with embedded(settings, worker_command(sets)) as grade_item:

        async def grade(line: Submission) -> Outcome:
            item = BatchItem(number=line.line, item_id=line.item_id, problem=line.problem, program=_program(line))
            try:
                return _graded(await grade_item(item))
            except InfrastructureError as error:
                return Fault(message=str(error), fatal=failure_of(error).reason == "ENVIRONMENT_FAULT")
            except JudgeError as error:
                return failure_of(error)

        yield grade, settings.slots + _SPARE


@asynccontextmanager
async def _by_service(server: str, parallel: int) -> AsyncIterator[tuple[Grade, int]]:
    from judge.client import ClientError, JudgeClient, Priority

    async with JudgeClient(server, attempts=_PATIENCE) as client:

        async def grade(line: Submission) -> Outcome:
            try:
                return _graded(await client.grade(line.problem, _program(line), priority=Priority.BATCH))
            except ClientError as error:
                return _refused(error)

        yield grade, parallel


def _refused(error: ClientError) -> ItemFailure | Fault:
    from judge.client import InvalidRequest, Refused, Unavailable

    if isinstance(error, InvalidRequest) or error.code.name == "FAILED_PRECONDITION":
        violation = error.violations[0] if error.violations else None
        message = violation.description if violation else str(error)
        return ItemFailure(reason=error.reason, message=message, field=violation.field if violation else "")
    return Fault(message=f"the service: {error}", fatal=isinstance(error, Refused | Unavailable))


def _program(line: Submission) -> Program:
    file = SourceFile(path="solution.py", content=line.source.encode("utf-8", "surrogatepass"))
    return Program(language=canonical_language(line.language), files=(file,))


def _graded(report: Report) -> Graded | Fault:
    from google.protobuf.json_format import MessageToDict

    from judge.rpc.convert import report_to_proto

    if report.verdict is Verdict.JUDGE_ERROR:
        return Fault(message=f"{report.verdict}: {report.message}", fatal=False)
    fields: dict[str, Any] = MessageToDict(
        report_to_proto(report), preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return Graded(
        verdict=report.verdict,
        json=json.dumps(fields, separators=(",", ":")).encode(),
        message=report.message,
        calls=sum(case.calls for case in report.cases),
    )


# --- what people see ------------------------------------------------------------------------------------------------


@contextmanager
def _shown(path: Path, ledger: Ledger) -> Iterator[Callable[[int], None]]:
    """A progress bar by the bytes of the input, if standard error is a terminal; gives what moves it on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        task: TaskID = progress.add_task("", total=path.stat().st_size)
        begin = time.monotonic()

        def advance(size: int) -> None:
            lines = ledger.verdicts.total() + ledger.refused - ledger.earlier
            speed = lines / max(time.monotonic() - begin, 1e-3)
            progress.update(task, advance=size, description=f"{speed:.1f}/s {_verdicts(ledger)}")

        yield advance


def _summary(ledger: Ledger, pump: Pump, duration_s: float) -> str:
    lines = ledger.verdicts.total() + ledger.refused
    new = lines - ledger.earlier
    parts = [
        f"{lines} lines in {ledger.path}, {new} of them new, in {duration_s:.1f} s ({new / duration_s:.1f}/s)",
        _verdicts(ledger),
        f"{pump.repeated} lines repeat an id" if pump.repeated else "",
        f"{pump.faults} faults of the judge: the same command tries them again" if pump.faults else "",
    ]
    return "; ".join(filter(None, parts))


def _verdicts(ledger: Ledger) -> str:
    counts = [f"{verdict} {count}" for verdict, count in ledger.verdicts.most_common()]
    return ", ".join([*counts, f"refused {ledger.refused}"] if ledger.refused else counts)


def _say(text: str) -> None:
    print(f"judge: {text}", file=sys.stderr)
