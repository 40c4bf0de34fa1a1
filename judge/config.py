"""The settings: one frozen object, and the only reader of the environment and of ``judge.toml``.

A setting is declared once, as a field of ``Settings``: its default as an operator writes it, its parser and its help.
The environment's name is ``JUDGE_`` and the key in capitals; the file holds the key itself; the key is the field's
name without its unit. What is given later wins: default, file, environment, arguments. An unknown key or ``JUDGE_``
variable is an error that names the nearest known one. ``docs/configuration.md`` is ``describe()``, and a test
compares the two.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from judge.errors import ConfigError
from judge.units import NANOSECONDS, parse_bytes, parse_duration_ns

PREFIX = "JUDGE_"
FILE_VARIABLE = "JUDGE_CONFIG"  # the file's path; not a setting itself
DEFAULT_FILE = Path("judge.toml")

_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):([0-9]{1,5})\Z")


# --- parsers: text to value; ValueError says what was expected ------------------------------------------------------


def _address(text: str) -> str:
    match = _HOST_PORT.match(text)
    if (match and int(match[2]) < 65536) or (text.startswith("unix:") and len(text) > len("unix:")):
        return text
    raise ValueError("host:port or unix:/path")


def _optional_address(text: str) -> str:
    match = _HOST_PORT.match(text)
    if text and not (match and int(match[2]) < 65536):
        raise ValueError("host:port, or nothing")
    return text


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("a path")
    return Path(text)


def _optional_path(text: str) -> Path | None:
    return _path(text) if text else None


def _store(text: str) -> str:
    if "\0" in text or ("://" in text and not text.startswith(("postgresql://", "postgres://"))):
        raise ValueError("a path, 'postgresql://...' or nothing")
    return text


def _at_least(minimum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < minimum:
            raise ValueError(f"a whole number of at least {minimum}")
        return int(text)

    return parse


def _percent(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise ValueError("a whole number from 0 to 99")
    return int(text)


def _slots(text: str) -> int:
    if text == "auto":
        return len(os.sched_getaffinity(0))
    try:
        return _at_least(1)(text)
    except ValueError:
        raise ValueError("'auto' or a whole number of at least 1") from None


def _memory(text: str) -> int:
    if text == "auto":
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 4 // 5
    try:
        return parse_bytes(text)
    except ValueError:
        raise ValueError("'auto' or a size such as '8GiB'") from None


def _duration(text: str) -> int:
    try:
        return parse_duration_ns(text)
    except ValueError:
        raise ValueError("a duration such as '30s' (ns, us, ms, s, min)") from None


def _size(text: str) -> int:
    try:
        return parse_bytes(text)
    except ValueError:
        raise ValueError("a size such as '64MiB' (B, KB, MB, GB, KiB, MiB, GiB)") from None


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return text

    return parse


def _cgroup_root(text: str) -> str:
    if text and (not text.startswith("/") or "\0" in text):
        raise ValueError("an absolute path, or nothing")
    return text


def _setting(default: str, parse: Callable[[str], Any], help_text: str, *, secret: bool = False) -> Any:
    metadata = {"default": default, "parse": parse, "help": help_text, "secret": secret}
    return field(default_factory=lambda: parse(default), repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that an operator can choose."""

    listen_address: str = _setting(
        "127.0.0.1:50051", _address, "Where gRPC is served: `host:port` (port 0: any free one) or `unix:/path`."
    )
    metrics_address: str = _setting(
        "127.0.0.1:9464",
        _optional_address,
        "Where Prometheus finds the metrics, `host:port`; empty: metrics are not served.",
    )
    problems_dir: Path = _setting("problems", _path, "The directory of problem packages.")
    dataset: str = _setting(
        "",
        str,
        "A file of tasks that are problems as well, `FORMAT:PATH` with the format `human-eval`, `evalplus` or "
        "`sandbox-fusion`; empty: none.",
    )
    state_dir: Path = _setting("/var/lib/judge", _path, "What must outlive a restart: runtimes, compiled plans.")
    runtime_root: Path = _setting(
        "{state_dir}/runtimes", _path, "The runtimes that submissions see; `{state_dir}` stands for that setting."
    )
    run_dir: Path = _setting(
        "/run/judge", _path, "The locks of the slots: the same directory for every service of a machine."
    )
    registered_dir: Path | None = _setting(
        "",
        _optional_path,
        "Where packages that clients register are kept, a directory of its own, `{state_dir}/registered` say; whoever "
        "reaches the service may then add problems, and replace those. Empty: `ProblemService.Register` is refused.",
    )
    registrations: int = _setting(
        "4",
        _at_least(1),
        "How many packages are received or compiled at a time over gRPC; they are compiled one after the other, in "
        "turns with the gradings of the batch priority, in a slot of its own. The next one is refused.",
    )
    max_package_bytes: int = _setting("64MiB", _size, "The largest archive that is registered, at most 1 GiB.")
    max_unpacked_bytes: int = _setting(
        "256MiB", _size, "The largest archive that is registered, when it is not compressed."
    )
    store: str = _setting(
        "{state_dir}/judge.db",
        _store,
        "Where reports and batches are kept: a file (SQLite), or `postgresql://...`; empty: in memory, until the "
        "process ends. `{state_dir}` stands for that setting.",
        secret=True,  # an address may hold a password
    )
    store_age_ns: int = _setting(
        "43200min", _duration, "How long reports and ended batches are kept, by default 30 days; `0s`: for ever."
    )
    store_size_bytes: int = _setting(
        "16GiB",
        _size,
        "How much reports that no batch holds may take in the store together; the oldest go first. `0B`: any amount.",
    )
    slots: int = _setting(
        "auto", _slots, "How many submissions are graded at a time, one core each; `auto`: the usable cores."
    )
    memory_bytes: int = _setting(
        "auto",
        _memory,
        "How much all gradings that run may use together, by their problems' limits; others wait. `auto`: four fifths "
        "of the machine's memory.",
    )
    reserved_slots: int = _setting(
        "0", _at_least(0), "Slots that gradings of the batch priority leave free; less than `slots`."
    )
    queue_limit: int = _setting(
        "64", _at_least(0), "How many admitted gradings of each priority may wait for a slot; the next one is refused."
    )
    verifications: int = _setting(
        "1",
        _at_least(1),
        "How many problems are verified at a time over gRPC; each takes turns with the gradings of the batch priority, "
        "in a slot of its own. The next one is refused.",
    )
    drain_timeout_ns: int = _setting(
        "30s", _duration, "How long a stopping service waits for admitted gradings before it cancels them."
    )
    grading_timeout_ns: int = _setting(
        "600s", _duration, "The longest that one grading may run, whatever the caller's deadline; above zero."
    )
    remembered_reports: int = _setting(
        "1024",
        _at_least(0),
        "How many reports are remembered by their `request_id`; the least recently asked for go first.",
    )
    cached_reports: int = _setting(
        "1024",
        _at_least(0),
        "How many reports are repeated for the same program and an unchanged problem; 0: every call is graded anew.",
    )
    remembered_size_bytes: int = _setting(
        "64MiB",
        _size,
        "How large the remembered reports may be together, and the cached ones; the least recently asked for go first.",
    )
    compile_cache_bytes: int = _setting(
        "1GiB", _size, "How large the kept compiled programs may be together; the least recently used go first."
    )
    facts_age_ns: int = _setting(
        "43200min",
        _duration,
        "How long what `judge problem verify` has found out is kept after it was last needed, by default 30 days; "
        "`0s`: for ever.",
    )
    facts_size_bytes: int = _setting(
        "1GiB", _size, "How large that may be altogether; what was needed longest ago goes first. `0B`: any amount."
    )
    connection_age_ns: int = _setting(
        "300s",
        _duration,
        "After how long a client is told to connect anew, so that calls reach replicas that were added; what runs goes "
        "on. `0s`: never.",
    )
    keepalive_ns: int = _setting(
        "60s",
        _duration,
        "How long a connection is silent before the client is asked whether it lives; 20 seconds later it is given up, "
        "and its calls are cancelled. `0s`: never.",
    )
    max_message_bytes: int = _setting(
        "64MiB", _size, "The largest gRPC message that is received; at least 17 MiB, so that every program fits."
    )
    salt: str = _setting(
        "", str, "Enters every digest of a grading and the seeds of statistical checkers; keep it secret.", secret=True
    )
    close_percent: int = _setting(
        "5",
        _percent,
        "A test that ends within so many percent of a time limit is run again, once, while no other slot runs; "
        "0: never.",
    )
    path: str = _setting(
        "auto",
        _one_of("auto", "cold", "warm"),
        "How boxes are made: `cold` starts an interpreter for each, `warm` and `auto` fork a warm one if there is one.",
    )
    uid_base: int = _setting("60000", _at_least(1000), "Slot n runs submissions as user and group `uid_base` + n.")
    cgroup_root: str = _setting(
        "", _cgroup_root, "The cgroup under which slots make theirs, an absolute path; empty: found by itself."
    )
    log_format: str = _setting("json", _one_of("json", "console"), "How log lines are written: `json` or `console`.")
    log_level: str = _setting(
        "info", _one_of("debug", "info", "warning", "error"), "The least serious log lines that are written."
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


# --- reading --------------------------------------------------------------------------------------------------------


def key_of(declaration: Field[Any]) -> str:
    """Returns the key under which a field of ``Settings`` is set: its name without its unit."""
    return declaration.name.removesuffix("_ns").removesuffix("_bytes")


def load(
    environ: Mapping[str, str] | None = None, file: Path | None = None, overrides: Mapping[str, str] | None = None
) -> Settings:
    """Returns the settings from file, environment and ``overrides`` (key to text), the later winning.

    ``file`` is by default what ``JUDGE_CONFIG`` names, else ``judge.toml`` in the working directory if there is one.
    Raises ConfigError that names the place, the key, what was expected and what was found.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for source, texts in (
        _file_texts(environ, file),
        ("the environment", _environment_texts(environ)),
        ("an argument", dict(overrides or {})),
    ):
        values |= {name: value for key, text in texts.items() for name, value in [_parse(source, key, text)]}
    return Settings(**values)


_KEYS = {key_of(declaration): declaration for declaration in fields(Settings)}


def _parse(source: str, key: str, text: str) -> tuple[str, Any]:
    declaration = _known(source, key)
    try:
        return declaration.name, declaration.metadata["parse"](text)
    except ValueError as error:
        found = "another value" if declaration.metadata["secret"] else repr(text)
        raise ConfigError(f"{source}: setting {key!r}: expected {error}, found {found}") from None


def _known(source: str, key: str) -> Field[Any]:
    if key not in _KEYS:
        raise ConfigError(f"{source}: unknown setting {key!r}{_nearest(key, list(_KEYS))}")
    return _KEYS[key]


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; the nearest is {near[0]!r}" if near else f"; known are {', '.join(sorted(known))}"


def _environment_texts(environ: Mapping[str, str]) -> dict[str, str]:
    known = {PREFIX + key.upper(): key for key in _KEYS}
    texts = {}
    for variable in sorted(name for name in environ if name.startswith(PREFIX) and name != FILE_VARIABLE):
        if variable not in known:
            raise ConfigError(f"the environment: unknown variable {variable!r}{_nearest(variable, list(known))}")
        texts[known[variable]] = environ[variable]
    return texts


def _file_texts(environ: Mapping[str, str], file: Path | None) -> tuple[str, dict[str, str]]:
    chosen = file or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if chosen is None and not DEFAULT_FILE.exists():
        return str(DEFAULT_FILE), {}
    path = chosen or DEFAULT_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: expected a readable TOML file, found: {error}") from None
    return str(path), {key: _text_of(str(path), key, value) for key, value in table.items()}


def _text_of(source: str, key: str, value: object) -> str:
    _known(source, key)
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    raise ConfigError(f"{source}: setting {key!r}: expected text or a whole number, found {value!r}")


# --- describing -----------------------------------------------------------------------------------------------------


def describe() -> str:
    """Returns the Markdown table of all settings, as ``docs/configuration.md`` holds it."""
    rows = [f"| `{key}` | `{PREFIX}{key.upper()}` | {_default(d)} | {d.metadata['help']} |" for key, d in _KEYS.items()]
    return "\n".join(["| Key | Variable | Default | Meaning |", "|---|---|---|---|", *rows]) + "\n"


def _default(declaration: Field[Any]) -> str:
    return f"`{declaration.metadata['default']}`" if declaration.metadata["default"] else "(empty)"
