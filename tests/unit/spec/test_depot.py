"""Registered packages on disk: one state or another, never something in between, and nothing that is left behind."""

from __future__ import annotations

import fcntl
import io
import os
import signal
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from judge.errors import ConfigError, SpecError, StoreFault, SubmissionError, UnknownProblem
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Shelves
from judge.spec.depot import Depot, Unpacked, Upload, check_names
from judge.spec.plans import PlanStore
from judge.spec.registered import Registered, version_of
from judge.testing import InProcessSandbox
from tests.unit.spec.conftest import FILES

LIMIT = 1 << 20
INSTALLS = 25  # while somebody reads


def archive_of(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            file.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def unpacked(upload: Upload, files: Mapping[str, str], slug: str = "sum", family: str = "lists") -> Unpacked:
    upload.write(archive_of(files))
    return upload.unpack(slug, family, LIMIT, lambda: False)


def install(depot: Depot, files: Mapping[str, str] = FILES, slug: str = "sum", family: str = "lists") -> str:
    upload = depot.begin()
    try:
        package = unpacked(upload, files, slug, family)
        depot.install(upload, package)
    finally:
        upload.close()
    return package.digest


def named(text: str) -> dict[str, str]:
    """The package with another name, in two files that must belong together."""
    changed = FILES["problem.yaml"].replace("Sum and order", f"Sum {text}")
    return FILES | {"problem.yaml": changed, "statement/problem.en.md": f"Statement {text}\n"}


def versions(depot: Path) -> list[str]:
    return sorted(os.listdir(depot / "versions"))


def test_what_is_installed_is_found_loaded_and_private(tmp_path: Path) -> None:
    depot, registered = Depot(tmp_path / "d"), Registered(tmp_path / "d")
    assert (registered.slugs(), registered.holds("sum"), depot.digest_of("sum")) == ([], False, None)
    digest = install(depot)
    assert (registered.slugs(), depot.digest_of("sum")) == (["sum"], digest)
    problem = registered.get("sum")
    assert (problem.slug, problem.family, problem.name) == ("sum", "lists", "Sum and order")
    assert registered.get("lists/sum") is problem
    assert registered.get("sum") is problem
    assert os.listdir(tmp_path / "d" / "uploads") == []
    found = {path: stat.S_IMODE(path.lstat().st_mode) for path in (tmp_path / "d").rglob("*") if not path.is_symlink()}
    assert set(found.values()) == {0o700, 0o600}
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o700


def test_a_package_is_replaced_and_the_old_one_removed(tmp_path: Path) -> None:
    depot, registered = Depot(tmp_path), Registered(tmp_path)
    first = install(depot, named("one"))
    assert registered.get("sum").name == "Sum one"
    second = install(depot, named("two"), family="other")
    assert (registered.get("sum").name, registered.get("sum").family) == ("Sum two", "other")
    assert first != second
    assert [name.partition("-")[0] for name in versions(tmp_path)] == [second]
    with pytest.raises(UnknownProblem):
        registered.get("lists/sum")
    install(depot, named("one"))
    assert registered.get("sum").name == "Sum one"


def test_the_digest_is_that_of_names_and_content(tmp_path: Path) -> None:
    depot = Depot(tmp_path)
    folder = {f"any-name/{name}": text for name, text in FILES.items()}
    assert install(depot) == install(depot, folder) == install(depot, dict(reversed(FILES.items())))
    others = [install(depot, named("x")), install(depot, slug="other"), install(depot, family="other")]
    moved = FILES | {"author/more.py": FILES["author/helper.py"]}
    assert len({install(depot), install(depot, moved), *others}) == 5


@pytest.mark.parametrize("name", ["", "..", "../sum", "sum/..", "sum/", "a/b/sum", "Sum", "sum\0", "lists/../sum"])
def test_names_that_are_no_slugs_name_nothing(name: str, tmp_path: Path) -> None:
    install(Depot(tmp_path))
    with pytest.raises(UnknownProblem, match="there is no problem"):
        Registered(tmp_path).get(name)


@pytest.mark.parametrize("target", ["/etc", "../..", "../versions/x/lists/sum", f"../versions/{'a' * 64}/lists/sum"])
def test_links_that_lead_elsewhere_name_nothing(target: str, tmp_path: Path) -> None:
    Depot(tmp_path)
    (tmp_path / "slugs" / "sum").symlink_to(target)
    assert Registered(tmp_path).slugs() == []


def test_a_version_that_is_gone_is_an_unknown_problem(tmp_path: Path) -> None:
    depot, registered = Depot(tmp_path), Registered(tmp_path)
    install(depot)
    (tmp_path / "versions" / versions(tmp_path)[0]).rename(tmp_path / "gone")
    assert depot.digest_of("sum") is None  # so the same content is installed again
    with pytest.raises(UnknownProblem):
        registered.get("sum")
    install(depot)
    assert registered.get("sum").slug == "sum"


def test_a_package_whose_link_is_removed_is_gone(tmp_path: Path) -> None:
    depot, registered = Depot(tmp_path), Registered(tmp_path)
    install(depot)
    registered.get("sum")
    (tmp_path / "slugs" / "sum").unlink()
    with pytest.raises(UnknownProblem):
        registered.get("sum")
    install(depot, slug="other")
    assert (registered.slugs(), len(versions(tmp_path))) == (["other"], 1)


# --- readers --------------------------------------------------------------------------------------------------------


def test_a_version_that_is_held_stays_until_it_is_not(tmp_path: Path) -> None:
    depot, registered = Depot(tmp_path), Registered(tmp_path)
    install(depot, named("one"))
    held = registered.path_of("sum")
    install(depot, named("two"))
    assert (held / "statement/problem.en.md").read_text() == "Statement one\n"
    assert Registered(tmp_path).path_of("sum") != held
    for descriptor in registered._held:
        os.close(descriptor)
    install(depot, named("three"))
    assert not version_of(held).exists()


def test_readers_never_see_two_states_in_one(tmp_path: Path) -> None:
    """One installs all the time while another loads anew all the time: each time it is one whole state."""
    depot = Depot(tmp_path)
    install(depot, named("0"))
    ended, wrong, seen = threading.Event(), list[object](), set[str]()

    def read() -> None:
        while not ended.is_set():
            try:
                problem = Registered(tmp_path).get("sum")
            except (SpecError, UnknownProblem) as error:
                wrong.append(error)
                return
            number = problem.name.removeprefix("Sum ")
            seen.add(number)
            if problem.statement.strip() != f"Statement {number}" or len(problem.written) != 2:
                wrong.append(problem)

    reader = threading.Thread(target=read)
    reader.start()
    number = 0
    while not wrong and (number < INSTALLS or len(seen) < 3):
        install(depot, named(str(number)))
        number += 1
    ended.set()
    reader.join()
    assert wrong == []


@pytest.mark.parametrize("moment", ["link", "lock"])
def test_a_reader_that_was_overtaken_looks_again(moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is replaced, and the old one removed, after the link was followed or just before the lock."""
    depot = Depot(tmp_path)
    install(depot, named("one"))
    overtaken = []

    def overtake() -> None:
        if not overtaken:
            overtaken.append(moment)
            install(depot, named("two"))

    class Reader(Registered):
        def current(self, name: str) -> Path | None:
            path = super().current(name)
            if moment == "link":
                overtake()
            return path

    def flock(descriptor: int, operation: int, real: Callable[[int, int], None] = fcntl.flock) -> None:
        if operation == fcntl.LOCK_SH and moment == "lock":
            overtake()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    assert Reader(tmp_path).get("sum").name == "Sum two"
    assert overtaken


def test_a_plan_that_is_in_use_stays_what_it_is(tmp_path: Path) -> None:
    """A grading has its plan before it begins; nothing of the package is read afterwards."""
    depot = Depot(tmp_path)
    install(depot)
    plans = PlanStore(Registered(tmp_path), InProcessSandbox())
    before = plans.plan("sum")
    digest = before.digest
    changed = FILES["author/helper.py"].replace("value * scale", "value * scale + 0")
    sample = {"data/sample/01.in": '{"values": [2, 2], "scale": 0.5}\n', "data/sample/01.ans": "2.0\n"}
    install(depot, FILES | {"author/helper.py": changed} | sample)
    assert before.digest == digest
    assert plans.plan("sum").digest != digest


# --- what is left behind --------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.spec.test_depot import Depot, FILES, named, unpacked
depot = Depot(Path(sys.argv[1]))
upload = depot.begin()
if sys.argv[2] == "begun":
    pass
elif sys.argv[2] == "half":
    upload.write(b"x" * 1000)
    upload._archive.flush()
else:
    package = unpacked(upload, named("two"))
    if sys.argv[2] == "renamed":  # the version has its place, and no link names it
        upload.version.rename(depot._root / "versions" / f"{package.digest}-{'0' * 32}")
if sys.argv[2] == "alive":
    print("alive", flush=True)
    sys.stdin.read()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["begun", "half", "unpacked", "renamed"])
def test_a_process_that_is_killed_leaves_nothing_after_the_next_start(moment: str, tmp_path: Path) -> None:
    install(Depot(tmp_path), named("one"))
    before = versions(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path / "uploads")
    assert Registered(tmp_path).get("sum").name == "Sum one"
    Depot(tmp_path)
    assert os.listdir(tmp_path / "uploads") == []
    assert versions(tmp_path) == before


def test_the_upload_of_another_process_that_lives_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), "alive"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"alive\n"
        Depot(tmp_path)
        install(Depot(tmp_path))
        assert len(os.listdir(tmp_path / "uploads")) == 1
        other.stdin.close()
    Depot(tmp_path)
    assert os.listdir(tmp_path / "uploads") == []


def test_a_closed_upload_leaves_nothing(tmp_path: Path) -> None:
    depot = Depot(tmp_path)
    upload = depot.begin()
    unpacked(upload, FILES)
    upload.close()
    assert (os.listdir(tmp_path / "uploads"), versions(tmp_path)) == ([], [])


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, "found none"),
        ({"judge.yaml": "x"}, "found none"),
        ({"a/problem.yaml": "", "b/problem.yaml": ""}, "found a/problem.yaml, b/problem.yaml"),
        ({"problem.yaml": "", "b/problem.yaml": ""}, "found b/problem.yaml, problem.yaml"),
        ({"lists/sum/problem.yaml": ""}, "found lists/sum/problem.yaml"),
        ({"a/problem.yaml": "", "notes.txt": ""}, "expected nothing beside the folder 'a', found 'notes.txt'"),
    ],
)
def test_an_archive_must_hold_one_package(files: dict[str, str], found: str, tmp_path: Path) -> None:
    upload = Depot(tmp_path).begin()
    with pytest.raises(SubmissionError) as caught:
        unpacked(upload, files)
    assert (caught.value.field, found in caught.value.message) == ("chunk", True)
    upload.close()


@pytest.mark.parametrize(
    ("slug", "family", "field"),
    [
        ("Sum", "lists", "slug"),
        ("a_b", "lists", "slug"),
        ("..", "x", "slug"),
        ("sum", "a-b", "family"),
        ("s", "", "family"),
    ],
)
def test_names_are_checked(slug: str, family: str, field: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        check_names(slug, family)
    assert caught.value.field == f"header.{field}"


def test_a_directory_that_cannot_be_made_is_the_operator_s(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="setting 'registered_dir': expected a directory that can be written, found"):
        Depot(tmp_path / "file")


def test_what_cannot_be_written_is_a_fault_of_the_store(tmp_path: Path) -> None:
    depot = Depot(tmp_path)
    (tmp_path / "uploads").rmdir()
    with pytest.raises(StoreFault, match="the directory of registered packages: No such file or directory"):
        depot.begin()


def test_the_operator_s_problems_go_first(tmp_path: Path) -> None:
    for name, text in named("of the operator").items():
        path = tmp_path / "problems" / "numbers" / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    depot = Depot(tmp_path / "d")
    install(depot, named("of a client"))
    install(depot, named("of a client"), slug="other")
    shelves = Shelves(Catalogue(tmp_path / "problems"), [], Registered(tmp_path / "d"))
    assert (shelves.slugs(), shelves.hidden()) == (["other", "sum"], ["sum"])
    assert shelves.get("sum").name == "Sum of the operator"
    assert shelves.path_of("sum") == tmp_path / "problems/numbers/sum"
    assert shelves.get("lists/other").name == shelves.get("other").name == "Sum of a client"
    assert version_of(shelves.path_of("other")).parent == tmp_path / "d/versions"
    assert (shelves.is_given("sum"), shelves.is_given("other")) == (True, False)
    with pytest.raises(UnknownProblem):
        shelves.get("third")
