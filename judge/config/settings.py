"""The settings: one frozen object.

A setting is declared once, as a field of ``Settings``: its default as an operator writes it, its parser and its help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from judge.config import parsers
from judge.errors import ConfigError
from judge.units import NANOSECONDS


def _setting(default: str, parse: Callable[[str], Any], help_text: str, *, secret: bool = False) -> Any:
    metadata = {"default": default, "parse": parse, "help": help_text, "secret": secret}
    return field(default_factory=lambda: parse(default), repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that an operator can choose."""

    listen_address: str = _setting(
        "127.0.0.1:50051", parsers.address, "Where gRPC is served: `host:port` (port 0: any free one) or `unix:/path`."
    )
    metrics_address: str = _setting(
        "127.0.0.1:9464",
        parsers.optional_address,
        "Where Prometheus finds the metrics, `host:port`; empty: metrics are not served.",
    )
    problems_dir: Path = _setting("problems", parsers.path, "The directory of problem packages.")
    dataset: str = _setting(
        "",
        str,
        "A file of tasks that are problems as well, `FORMAT:PATH` with the format `human-eval`, `evalplus` or "
        "`sandbox-fusion`; empty: none.",
    )
    state_dir: Path = _setting(
        "/var/lib/judge",
        parsers.path,
        "What must outlive a restart: runtimes, compiled plans. Java needs one outside of `/tmp` and `/box`, of which "
        "every jail has its own.",
    )
    runtime_root: Path = _setting(
        "{state_dir}/runtimes",
        parsers.path,
        "The runtimes that submissions see; `{state_dir}` stands for that setting.",
    )
    run_dir: Path = _setting("/run/judge", parsers.path, "The locks of the slots.")
    registered_dir: Path | None = _setting(
        "",
        parsers.optional_path,
        "Where packages that clients register are kept, a directory of its own, `{state_dir}/registered` say; whoever "
        "reaches the service may then add problems, and replace those. Empty: `ProblemService.Register` is refused.",
    )
    registrations: int = _setting(
        "4",
        parsers.at_least(1),
        "How many packages are received or compiled at a time over gRPC; they are compiled one after the other, in "
        "turns with the gradings of the batch priority, in a slot of its own. The next one is refused.",
    )
    max_package_bytes: int = _setting("64MiB", parsers.size, "The largest archive that is registered, at most 1 GiB.")
    max_unpacked_bytes: int = _setting(
        "256MiB", parsers.size, "The largest archive that is registered, when it is not compressed."
    )
    store: str = _setting(
        "{state_dir}/judge.db",
        parsers.store,
        "Where reports and batches are kept: a file (SQLite), or `postgresql://...`; empty: in memory, until the "
        "process ends. `{state_dir}` stands for that setting.",
        secret=True,  # an address may hold a password
    )
    store_age_ns: int = _setting(
        "43200min", parsers.duration, "How long reports and ended batches are kept, by default 30 days; `0s`: for ever."
    )
    store_size_bytes: int = _setting(
        "16GiB",
        parsers.size,
        "How much reports that no batch holds may take in the store together; the oldest go first. `0B`: any amount.",
    )
    slots: int = _setting(
        "auto", parsers.slots, "How many submissions are graded at a time, one core each; `auto`: the usable cores."
    )
    memory_bytes: int = _setting(
        "auto",
        parsers.memory,
        "How much all gradings that run may use together, by their problems' limits; others wait. `auto`: four fifths "
        "of the machine's memory.",
    )
    reserved_slots: int = _setting(
        "0", parsers.at_least(0), "Slots that gradings of the batch priority leave free; less than `slots`."
    )
    queue_limit: int = _setting(
        "64",
        parsers.at_least(0),
        "How many admitted gradings of each priority may wait for a slot; the next one is refused.",
    )
    verifications: int = _setting(
        "1",
        parsers.at_least(1),
        "How many problems are verified at a time over gRPC; each takes turns with the gradings of the batch priority, "
        "in a slot of its own. The next one is refused.",
    )
    drain_timeout_ns: int = _setting(
        "30s", parsers.duration, "How long a stopping service waits for admitted gradings before it cancels them."
    )
    grading_timeout_ns: int = _setting(
        "600s", parsers.duration, "The longest that one grading may run, whatever the caller's deadline; above zero."
    )
    remembered_reports: int = _setting(
        "1024",
        parsers.at_least(0),
        "How many reports are remembered by their `request_id`; the least recently asked for go first.",
    )
    cached_reports: int = _setting(
        "1024",
        parsers.at_least(0),
        "How many reports are repeated for the same program and an unchanged problem; 0: every call is graded anew.",
    )
    remembered_size_bytes: int = _setting(
        "64MiB",
        parsers.size,
        "How large the remembered reports may be together, and the cached ones; the least recently asked for go first.",
    )
    compile_cache_bytes: int = _setting(
        "1GiB", parsers.size, "How large the kept compiled programs may be together; the least recently used go first."
    )
    facts_age_ns: int = _setting(
        "43200min",
        parsers.duration,
        "How long what `judge problem verify` has found out is kept after it was last needed, by default 30 days; "
        "`0s`: for ever.",
    )
    facts_size_bytes: int = _setting(
        "1GiB",
        parsers.size,
        "How large that may be altogether; what was needed longest ago goes first. `0B`: any amount.",
    )
    connection_age_ns: int = _setting(
        "300s",
        parsers.duration,
        "After how long a client is told to connect anew, so that calls reach replicas that were added; what runs goes "
        "on. `0s`: never.",
    )
    keepalive_ns: int = _setting(
        "60s",
        parsers.duration,
        "How long a connection is silent before the client is asked whether it lives; 20 seconds later it is given up, "
        "and its calls are cancelled. `0s`: never.",
    )
    max_message_bytes: int = _setting(
        "64MiB", parsers.size, "The largest gRPC message that is received; at least 17 MiB, so that every program fits."
    )
    salt: str = _setting(
        "", str, "Enters every digest of a grading and the seeds of statistical checkers; keep it secret.", secret=True
    )
    close_percent: int = _setting(
        "5",
        parsers.percent,
        "A test that ends within so many percent of a time limit is run again, once, while no other slot runs; "
        "0: never.",
    )
    path: str = _setting(
        "auto",
        parsers.one_of("auto", "cold", "warm"),
        "How boxes are made: `cold` starts an interpreter for each, `warm` and `auto` fork a warm one if there is one.",
    )
    uid_base: int = _setting(
        "60000", parsers.at_least(1000), "Slot n runs submissions as user and group `uid_base` + n."
    )
    cgroup_root: str = _setting(
        "", parsers.cgroup_root, "The cgroup under which slots make theirs, an absolute path; empty: found by itself."
    )
    log_format: str = _setting(
        "json", parsers.one_of("json", "console"), "How log lines are written: `json` or `console`."
    )
    log_level: str = _setting(
        "info", parsers.one_of("debug", "info", "warning", "error"), "The least serious log lines that are written."
    )

    def __post_init__(self) -> None:
        """Fills in what depends on other settings and checks what concerns two of them. Raises ConfigError."""
        root = Path(str(self.runtime_root).replace("{state_dir}", str(self.state_dir)))
        object.__setattr__(self, "runtime_root", root)
        if self.registered_dir is not None:
            registered = str(self.registered_dir).replace("{state_dir}", str(self.state_dir))
            object.__setattr__(self, "registered_dir", Path(registered))
        object.__setattr__(self, "store", self.store.replace("{state_dir}", str(self.state_dir)))
        _require(
            self.reserved_slots < self.slots, "reserved_slots", f"less than slots ({self.slots})", self.reserved_slots
        )
        _require(self.grading_timeout_ns > 0, "grading_timeout", "a duration above zero", "0s")
        _require(0 < self.max_package_bytes <= 1 << 30, "max_package", "a size of at most 1GiB", self.max_package_bytes)
        _require(self.max_message_bytes >= 17 << 20, "max_message", "a size of at least 17MiB", self.max_message_bytes)

    @property
    def drain_timeout_s(self) -> float:
        """``drain_timeout_ns`` in seconds."""
        return self.drain_timeout_ns / NANOSECONDS


def _require(condition: bool, key: str, expected: str, found: object) -> None:
    if not condition:
        raise ConfigError(f"setting {key!r}: expected {expected}, found {found}")


def key_of(declaration: Field[Any]) -> str:
    """Returns the key under which a field of ``Settings`` is set: its name without its unit."""
    return declaration.name.removesuffix("_ns").removesuffix("_bytes")


KEYS = {key_of(declaration): declaration for declaration in fields(Settings)}
