"""From the file, the environment and the arguments to the settings; nothing else reads the environment.

The environment's name is ``JUDGE_`` and the key in capitals; the file holds the key itself; the key is the field's
name without its unit. What is given later wins: default, file, environment, arguments. An unknown key or ``JUDGE_``
variable is an error that names the nearest known one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field
from pathlib import Path
from typing import Any

from judge.config.settings import KEYS, Settings
from judge.errors import ConfigError

PREFIX = "JUDGE_"
FILE_VARIABLE = "JUDGE_CONFIG"  # the file's path; not a setting itself
DEFAULT_FILE = Path("judge.toml")


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


def _parse(source: str, key: str, text: str) -> tuple[str, Any]:
    declaration = _known(source, key)
    try:
        return declaration.name, declaration.metadata["parse"](text)
    except ValueError as error:
        found = "another value" if declaration.metadata["secret"] else repr(text)
        raise ConfigError(f"{source}: setting {key!r}: expected {error}, found {found}") from None


def _known(source: str, key: str) -> Field[Any]:
    if key not in KEYS:
        raise ConfigError(f"{source}: unknown setting {key!r}{_nearest(key, list(KEYS))}")
    return KEYS[key]


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; the nearest is {near[0]!r}" if near else f"; known are {', '.join(sorted(known))}"


def _environment_texts(environ: Mapping[str, str]) -> dict[str, str]:
    known = {PREFIX + key.upper(): key for key in KEYS}
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
