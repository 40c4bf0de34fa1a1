"""``judge problem serve``: a page on which an author tries a problem as a candidate would."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from judge import config
from judge.cli.options import ProblemArgument
from judge.errors import ConfigError, SubmissionError

PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 for any free one.")]


def serve_problem(problem: ProblemArgument, port: PortOption = 0) -> None:
    """Serves a page for this machine's browser until Ctrl-C: statement, editor, runs, verdict with plots."""
    from judge.app.tools import open_workers
    from judge.authoring.trying.desk import Desk
    from judge.authoring.trying.serving import DeskServer
    from judge.spec.catalogue import Catalogue

    settings = config.load()
    root = Catalogue(settings.problems_dir).locate(problem)
    if not root.is_dir():
        raise SubmissionError("problem", f"expected the directory of a package, found none at {root}")
    with open_workers(settings, 1) as workers:
        try:
            server = DeskServer(Desk(root, workers, _file_of), workers, port)
        except OSError as error:
            raise ConfigError(f"--port: expected a free port, found {port}: {error.strerror}") from None
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with server:
            print(f"{root}: {server.url}", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return


def _file_of(language: str) -> str:
    from judge.languages import LANGUAGE_OF_SUFFIX

    return f"solution{next((suffix for suffix, name in LANGUAGE_OF_SUFFIX.items() if name == language), '')}"
