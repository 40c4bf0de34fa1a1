"""The settings: precedence, parsing, refusals, and that the documentation is what the declaration says."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from judge import config
from judge.errors import ConfigError

ROOT = Path(__file__).parents[3]


def load(environ: dict[str, str] | None = None, **kwargs: object) -> config.Settings:
    return config.load(environ or {}, **kwargs)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs every test in an empty directory: no judge.toml."""
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    settings = load()
    assert settings == config.Settings()
    assert settings.listen_address == "127.0.0.1:50051"
    assert settings.metrics_address == "127.0.0.1:9464"
    assert settings.queue_limit == 64
    assert settings.uid_base == 60000
    assert settings.drain_timeout_ns == 30_000_000_000
    assert settings.drain_timeout_s == 30.0
    assert settings.slots == len(os.sched_getaffinity(0))


def test_the_later_wins(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('queue_limit = 1\nuid_base = 70000\nlog_format = "console"\n')
    settings = load({"JUDGE_QUEUE_LIMIT": "2", "JUDGE_UID_BASE": "80000"}, file=file, overrides={"queue_limit": "3"})
    assert (settings.queue_limit, settings.uid_base, settings.log_format) == (3, 80000, "console")


def test_the_file_is_found_by_its_name_and_by_the_variable(tmp_path: Path) -> None:
    (tmp_path / "judge.toml").write_text("queue_limit = 5\n")
    (tmp_path / "b.toml").write_text("queue_limit = 6\n")
    assert load().queue_limit == 5
    assert load({"JUDGE_CONFIG": str(tmp_path / "b.toml")}).queue_limit == 6


def test_the_runtimes_lie_in_the_state_directory() -> None:
    assert load({"JUDGE_STATE_DIR": "/x"}).runtime_root == Path("/x/runtimes")
    assert load({"JUDGE_STATE_DIR": "/x", "JUDGE_RUNTIME_ROOT": "/y"}).runtime_root == Path("/y")


def test_units() -> None:
    settings = load({"JUDGE_DRAIN_TIMEOUT": "1.5s", "JUDGE_MAX_MESSAGE": "32MiB", "JUDGE_REMEMBERED_SIZE": "1KiB"})
    assert settings.drain_timeout_ns == 1_500_000_000
    assert settings.max_message_bytes == 32 << 20
    assert settings.remembered_size_bytes == 1024


@pytest.mark.parametrize("address", ["localhost:1", "[::1]:50051", "unix:/run/judge/judge.sock", "0.0.0.0:0"])
def test_addresses(address: str) -> None:
    assert load({"JUDGE_LISTEN_ADDRESS": address}).listen_address == address


def test_no_metrics() -> None:
    assert load({"JUDGE_METRICS_ADDRESS": ""}).metrics_address == ""


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("JUDGE_LISTEN_ADDRESS", "50051", "expected host:port or unix:/path, found '50051'"),
        ("JUDGE_LISTEN_ADDRESS", "host:65536", "expected host:port or unix:/path, found 'host:65536'"),
        ("JUDGE_METRICS_ADDRESS", "unix:/x", "expected host:port, or nothing, found 'unix:/x'"),
        ("JUDGE_QUEUE_LIMIT", "-1", "expected a whole number of at least 0, found '-1'"),
        ("JUDGE_SLOTS", "0", "expected 'auto' or a whole number of at least 1, found '0'"),
        ("JUDGE_DRAIN_TIMEOUT", "30", "expected a duration such as '30s' (ns, us, ms, s, min), found '30'"),
        ("JUDGE_MAX_MESSAGE", "big", "expected a size such as '64MiB' (B, KB, MB, GB, KiB, MiB, GiB), found 'big'"),
        ("JUDGE_LOG_FORMAT", "xml", "expected one of json, console, found 'xml'"),
        ("JUDGE_CGROUP_ROOT", "judge", "expected an absolute path, or nothing, found 'judge'"),
        ("JUDGE_STATE_DIR", "", "expected a path, found ''"),
    ],
)
def test_a_bad_value_names_place_key_expected_and_found(variable: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({variable: value})
    key = variable.removeprefix("JUDGE_").lower()
    assert str(caught.value) == f"the environment: setting {key!r}: {expected}"


def test_an_unknown_variable_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="unknown variable 'JUDGE_SLOT'; the nearest is 'JUDGE_SLOTS'"):
        load({"JUDGE_SLOT": "3"})


def test_other_variables_are_not_read() -> None:
    assert load({"SLOTS": "x", "MY_JUDGE_SLOTS": "y"}) == config.Settings()


def test_an_unknown_key_of_the_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "judge.toml").write_text('listen_adress = "a:1"\n')
    with pytest.raises(ConfigError, match=r"judge\.toml: unknown setting 'listen_adress'; the nearest is 'listen_ad"):
        load()


def test_a_value_of_another_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judge.toml").write_text("slots = [1]\n")
    with pytest.raises(ConfigError, match=r"setting 'slots': expected text or a whole number, found \[1\]"):
        load()


@pytest.mark.parametrize("content", [b"slots = ", b"\xff"])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "judge.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"judge\.toml: expected a readable TOML file, found: "):
        load()


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a readable TOML file"):
        load(file=tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {"JUDGE_SLOTS": "2", "JUDGE_RESERVED_SLOTS": "2"},
            r"'reserved_slots': expected less than slots \(2\), found 2",
        ),
        ({"JUDGE_GRADING_TIMEOUT": "0s"}, "'grading_timeout': expected a duration above zero"),
        ({"JUDGE_MAX_MESSAGE": "1MiB"}, "'max_message': expected a size of at least 17MiB"),
    ],
)
def test_settings_that_do_not_fit_together(environ: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        load(environ)


def test_the_salt_is_not_shown() -> None:
    settings = load({"JUDGE_SALT": "pepper"})
    assert settings.salt == "pepper"
    assert "pepper" not in repr(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load().slots = 3  # type: ignore[misc]


def test_the_documentation_is_the_declaration() -> None:
    assert config.describe() in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_every_default_is_a_value_of_its_own_parser() -> None:
    for declaration in dataclasses.fields(config.Settings):
        text = declaration.metadata["default"]
        assert load(overrides={config.key_of(declaration): text}) == config.Settings()
