"""``judge problem register``: gives a package to a service that runs elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judge.cli.options import FormatOption, check_format
from judge.errors import InfrastructureError, SpecError, SubmissionError

if TYPE_CHECKING:
    from judge.client import SyncJudgeClient

PathArgument = Annotated[Path, typer.Argument(help="The directory of a package.", show_default=False)]
ServerOption = Annotated[str, typer.Option(help="The address of the service.")]
SlugOption = Annotated[str | None, typer.Option(help="The slug; by default the directory's name.")]
FamilyOption = Annotated[str | None, typer.Option(help="The family; by default the name of the directory around it.")]


def register_problem(
    path: PathArgument,
    server: ServerOption = "127.0.0.1:50051",
    slug: SlugOption = None,
    family: FamilyOption = None,
    output: FormatOption = "text",
) -> None:
    """Registers a package with a service, in place of the registered one of that slug, and prints the plan's digest.

    Exit 0 when it is there; 2 when it is refused: the package, the slug, or the service registers none; 70 judge fault.
    """
    as_json = check_format(output)
    try:
        with connected(server) as client:
            done = client.register_problem(path, slug=slug, family=family)
    except (ValueError, OSError) as error:
        raise SubmissionError("path", str(error)) from None
    told = {"problem": done.problem.slug, "digest": done.plan_digest, "cases": done.case_count}
    if as_json:
        print(json.dumps({**told, "source": done.source_digest, "unchanged": done.unchanged}))
        return
    end = ", as it was" if done.unchanged else ""
    print(f"{done.problem.slug}: {done.case_count} cases, plan {done.plan_digest}{end}")


@contextmanager
def connected(server: str) -> Iterator[SyncJudgeClient]:
    """The service at an address; what it refuses is the caller's error or the author's, the rest the service's."""
    from judge.client import CallFailed, ClientError, InvalidRequest, SyncJudgeClient

    try:
        with SyncJudgeClient(server) as client:
            yield client
    except InvalidRequest as error:
        raise SubmissionError("the service", str(error)) from None
    except CallFailed as error:
        if error.code.name == "FAILED_PRECONDITION":
            raise SpecError(f"the service: {error}") from None
        raise InfrastructureError(f"the service at {server}: {error}") from None
    except ClientError as error:
        raise InfrastructureError(f"the service at {server}: {error}") from None
