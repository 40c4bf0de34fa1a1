"""A PostgreSQL server of a test's own: in a temporary directory, on a Unix socket, killed and started at will."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BINARIES = Path("/usr/lib/postgresql/15/bin")
_START_S = 60


class PostgresServer:
    """``with`` makes and removes it; everybody is trusted, nothing is synchronised with the disk."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="judge-pg-", dir="/tmp"))
        self._run: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        self._as: list[str] = []
        if os.geteuid() == 0:  # the server refuses to be root; a Popen with a user would fork a process full of gRPC
            account = pwd.getpwnam("nobody")
            self._as = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
            os.chown(self.directory, account.pw_uid, account.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = self.directory / "log"

    def __enter__(self) -> Self:
        initdb = [BINARIES / "initdb", "-D", self.directory / "data", "-U", "judge", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*self._as, *initdb], check=True, **self._run)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # at once, with all of its children
            self._process.wait(_START_S)
        shutil.rmtree(self.directory)

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(self.directory)]
        command = [BINARIES / "postgres", "-D", self.directory / "data", *options]
        with self._log.open("w") as log:
            self._process = subprocess.Popen([*self._as, *command], **(self._run | {"stderr": log}))
        end = time.monotonic() + _START_S
        while subprocess.run([BINARIES / "pg_isready", "-q", "-h", self.directory], check=False).returncode:
            assert self._process.poll() is None, f"status {self._process.returncode}: {self._log.read_text()[-2000:]}"
            assert time.monotonic() < end, "the server does not start"

    def kill(self) -> None:
        """Kills the server and its children with SIGKILL; waits until they are gone.

        It is stopped first: a child that it starts meanwhile would live on, and a new server refuses its memory.
        """
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)
        children = _children(self._process.pid)
        for pid in [self._process.pid, *children]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(_START_S)
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            pass
        self._process = None

    def new_database(self) -> str:
        """Makes an empty database; returns its address."""
        name = f"t{uuid.uuid4().hex}"
        subprocess.run([BINARIES / "createdb", "-h", self.directory, "-U", "judge", name], check=True)
        return f"postgresql://judge@/{name}?host={self.directory}"


def _children(parent: int) -> list[int]:
    """The processes whose parent it is; complete when that one is stopped, which its list in /proc is not."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found
