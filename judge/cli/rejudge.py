"""``judge rejudge BATCH``: a batch of a service graded again, compared, and then applied or dropped."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from judge.cli.options import FormatOption, check_format
from judge.cli.output import verdict_text
from judge.errors import InfrastructureError, SubmissionError
from judge.model.batch import BatchState, Change, Mark
from judge.model.verdict import Verdict

if TYPE_CHECKING:
    from judge.client import BatchCalls, BatchStatus, Diff

UNDECIDED, INTERRUPTED = 1, 130
_SHOWN = 50  # changes in the table
_FAILURE = "FAILURE"  # stands for the verdict that a failure does not have

BatchArgument = Annotated[str, typer.Argument(help="The id of a batch, or of a rejudging.", show_default=False)]
ServerOption = Annotated[str, typer.Option(help="The address of the service that has the batch.")]
ApplyOption = Annotated[bool, typer.Option("--apply", help="Make the new results the batch's.")]
DropOption = Annotated[bool, typer.Option("--drop", help="Forget the new results once they are shown.")]
ProblemsOption = Annotated[list[str] | None, typer.Option("--problem", help="Only items of this problem; repeatable.")]
VerdictsOption = Annotated[
    list[str] | None, typer.Option("--verdict", help="Only items with this verdict, or FAILURE; repeatable.")
]
ItemsOption = Annotated[list[str] | None, typer.Option("--item", help="Only the item with this id; repeatable.")]


def rejudge(
    batch: BatchArgument,
    server: ServerOption = "127.0.0.1:50051",
    apply: ApplyOption = False,
    drop: DropOption = False,
    problem: ProblemsOption = None,
    verdict: VerdictsOption = None,
    item: ItemsOption = None,
    output: FormatOption = "text",
) -> None:
    """Grades a batch again: exit 0 nothing changes, applied or dropped; 1 changes wait for a decision; 2 usage."""
    as_json = check_format(output)
    if apply and drop:
        raise SubmissionError("--apply", "expected one of --apply and --drop, found both")
    selection = {"problems": problem or [], "verdicts": list(map(_verdict, verdict or [])), "item_ids": item or []}
    try:
        diff = asyncio.run(_rejudged(batch, server, selection))
        (_print_json if as_json else _print)(diff)
        decided = asyncio.run(_decided(diff, server, apply=apply, drop=drop))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(0 if decided else UNDECIDED)


async def _rejudged(name: str, server: str, selection: dict[str, Any]) -> Diff:
    """The comparison of a rejudging that has ended: a new one of a batch, or one that there is."""
    async with _Service(server) as batches:
        found = await batches.get(name)
        if found.rejudged_batch_id and any(selection.values()):
            raise SubmissionError("batch", f"expected a batch to select items of, found the rejudging {name!r}")
        if not found.rejudged_batch_id:
            begun = await batches.rejudge(name, request_id=uuid.uuid4().hex, **selection)
            name = begun.rejudging_id
            _say(f"rejudging {name} of {begun.progress.item_count} items began; interrupted, it goes on in the service")
        with _shown() as show:
            async for change in batches.watch(name):
                show(change)
        return await batches.diff(name)


async def _decided(diff: Diff, server: str, *, apply: bool, drop: bool) -> bool:
    """Applies or drops; returns whether nothing is left to be decided."""
    rejudging = diff.rejudging
    if rejudging.state is BatchState.APPLIED and not drop:
        _say(f"it is applied to batch {rejudging.batch_id}")
        return True
    async with _Service(server) as batches:
        if apply:
            await batches.apply(rejudging.rejudging_id)
            _say(f"applied: {rejudging.changed_count} results of batch {rejudging.batch_id} are others now")
        elif drop or not rejudging.changed_count:
            await batches.drop(rejudging.rejudging_id)
            _say("dropped" if drop else "nothing changes: dropped")
        else:
            _say(f"judge rejudge {rejudging.rejudging_id} --apply makes them the batch's, --drop forgets them")
            return False
    return True


class _Service:
    """The batches of a service; what it refuses is the caller's error, the rest the service's."""

    def __init__(self, address: str) -> None:
        from judge.client import JudgeClient

        self._address = address
        self._client = JudgeClient(address)

    async def __aenter__(self) -> BatchCalls:
        return (await self._client.__aenter__()).batches

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from judge.client import ClientError, InvalidRequest

        await self._client.__aexit__()
        if isinstance(error, InvalidRequest):
            raise SubmissionError("the service", str(error)) from None
        if isinstance(error, ClientError):
            raise InfrastructureError(f"the service at {self._address}: {error}") from None


def _verdict(name: str) -> Verdict | None:
    if name.upper() == _FAILURE:
        return None
    if name.upper() not in Verdict:
        raise SubmissionError("--verdict", f"expected {_FAILURE} or one of {', '.join(Verdict)}, found {name!r}")
    return Verdict(name.upper())


# --- what people see ------------------------------------------------------------------------------------------------


@contextmanager
def _shown() -> Iterator[Callable[[Any], None]]:
    """A progress bar, if standard error is a terminal; gives what is told of states and results."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (BarColumn(), TextColumn("{task.completed} of {task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        task = progress.add_task("")

        def show(change: BatchStatus | Any) -> None:
            if hasattr(change, "progress"):
                progress.update(task, completed=change.progress.done_count, total=change.progress.item_count)
            else:
                progress.advance(task)

        yield show


def _print(diff: Diff) -> None:
    console = Console(highlight=False)
    counts = Table("before", "after", "items", box=None, header_style="bold")
    for transition in diff.transitions:
        counts.add_row(_text(transition.before), _text(transition.after), str(transition.count))
    console.print(counts)
    if diff.changes:
        table = Table("item", "before", "after", "score", box=None, header_style="bold")
        for change in diff.changes[:_SHOWN]:
            table.add_row(*_row(change))
        console.print(table)
    if len(diff.changes) > _SHOWN:
        console.print(f"[dim]and {len(diff.changes) - _SHOWN} more: --format json has all[/dim]")


def _row(change: Change) -> tuple[str, ...]:
    score = f"{float(change.before.score):.3g} → {float(change.after.score):.3g}"
    return escape(change.item_id), _text(change.before.verdict), _text(change.after.verdict), score


def _text(verdict: Verdict | None) -> str:
    return verdict_text(verdict, None) if verdict else f"[magenta]{_FAILURE}[/magenta]"


def _print_json(diff: Diff) -> None:
    rejudging = diff.rejudging
    fields = {
        "rejudging_id": rejudging.rejudging_id,
        "batch_id": rejudging.batch_id,
        "state": rejudging.state,
        "changed_count": rejudging.changed_count,
        "transitions": [
            {"before": t.before or _FAILURE, "after": t.after or _FAILURE, "count": t.count} for t in diff.transitions
        ],
        "changes": [{"id": c.item_id, "before": _fields(c.before), "after": _fields(c.after)} for c in diff.changes],
    }
    print(json.dumps(fields))


def _fields(mark: Mark) -> dict[str, str]:
    return {"verdict": mark.verdict or _FAILURE, "score": str(mark.score)}


def _say(text: str) -> None:
    print(f"judge: {text}", file=sys.stderr)
