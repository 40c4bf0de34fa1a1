"""Compiled plans on disk: what is kept, what is made again, and that nothing wrong is hidden."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from judge.errors import SpecError, UnknownProblem
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.spec.lock import write_lock
from judge.spec.plans import PlanCache, PlanStore, plan_key
from judge.testing import InProcessSandbox

SLUG = "sum-and-order"


class Counting(InProcessSandbox):
    """Counts the boxes that were opened."""

    def __init__(self, toolchain: str = "one") -> None:
        self.opened = 0
        self.toolchain = toolchain

    def open(self, spec):
        self.opened += 1
        return super().open(spec)

    def describe_toolchain(self, language, runtime):
        return f"{self.toolchain} in {runtime}"


@pytest.fixture
def root(package):
    return package.root.parent.parent


@pytest.fixture
def cache(tmp_path):
    return PlanCache(tmp_path / "cache")


def entries(tmp_path):
    return sorted((tmp_path / "cache").iterdir())


def test_a_plan_survives_the_cache(package, cache):
    plan = compile_plan(package.load(), InProcessSandbox())
    cache.put("key", plan)
    found = cache.get("key")

    assert found == plan
    assert found.digest == plan.digest
    assert [found.arguments_of(case) for case in found.cases] == [plan.arguments_of(case) for case in plan.cases]
    assert cache.get("other") is None


def test_a_store_compiles_once(package, root):
    sandbox = Counting()
    store = PlanStore(Catalogue(root), sandbox)
    assert store.plan(SLUG) is store.plan(f"sums/{SLUG}")
    assert sandbox.opened == 2  # generator and reference


def test_another_process_finds_the_plan(package, root, cache):
    first, second = Counting(), Counting()
    plan = PlanStore(Catalogue(root), first, cache).plan(SLUG)
    assert PlanStore(Catalogue(root), second, cache).plan(SLUG) == plan
    assert (first.opened, second.opened) == (2, 0)


def test_another_toolchain_does_not(package, root, cache):
    first, second = Counting("numpy 1"), Counting("numpy 2")
    PlanStore(Catalogue(root), first, cache).plan(SLUG)
    PlanStore(Catalogue(root), second, cache).plan(SLUG)
    assert second.opened == 2


def test_a_change_of_the_package_is_seen(package, root, cache):
    store = PlanStore(Catalogue(root), InProcessSandbox(), cache)
    before = store.plan(SLUG)
    package.replace("judge.yaml", "size: 30", "size: 31")
    assert store.plan(SLUG).digest != before.digest


def test_the_key_covers_the_directory(new_package):
    keys = {plan_key(new_package(name).load(), "t") for name in ("one/sums", "two/sums", "two/more")}
    assert len(keys) == 3


def test_a_lock_that_does_not_fit_is_not_hidden(package, root, cache):
    store = PlanStore(Catalogue(root), InProcessSandbox(), cache)
    write_lock(package.load(), store.plan(SLUG))
    store.plan(SLUG)
    lock = package.root / "judge.lock"
    text = lock.read_text()
    lock.write_text(text.replace(store.plan(SLUG).cases[0].digest, "0" * 64))
    for _ in range(2):
        with pytest.raises(SpecError, match="'sample/01' changed"):
            store.plan(SLUG)
    lock.write_text(text)
    assert store.plan(SLUG).slug == SLUG


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"\xc1" + data,
        lambda data: data.replace(b"Sum and order", b"Sum and ordex"),
        lambda data: bytes([data[0]]) + b"\xff" * 40,
    ],
    ids=["empty", "short", "half", "malformed", "altered", "noise"],
)
def test_a_damaged_entry_is_made_again(package, root, cache, tmp_path, damage):
    plan = PlanStore(Catalogue(root), Counting(), cache).plan(SLUG)
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))

    sandbox = Counting()
    with capture_logs() as logs:
        assert PlanStore(Catalogue(root), sandbox, cache).plan(SLUG) == plan
    assert sandbox.opened == 2
    assert [log["event"] for log in logs] == ["plan_cache_entry_ignored"]
    assert logs[0]["reason"]
    assert cache.get(entry.stem) == plan


def test_no_temporary_file_is_left(package, root, cache, tmp_path):
    PlanStore(Catalogue(root), InProcessSandbox(), cache).plan(SLUG)
    assert [path.suffix for path in entries(tmp_path)] == [".plan"]


def test_a_cache_that_cannot_be_written_is_done_without(package, root, tmp_path):
    (tmp_path / "file").write_text("")
    with capture_logs() as logs:
        plan = PlanStore(Catalogue(root), InProcessSandbox(), PlanCache(tmp_path / "file" / "cache")).plan(SLUG)
    assert plan.slug == SLUG
    assert "plan_cache_entry_not_stored" in [log["event"] for log in logs]


def test_a_problem_that_is_not_there(package, root):
    with pytest.raises(UnknownProblem, match="did you mean 'sum-and-order'"):
        PlanStore(Catalogue(root), InProcessSandbox()).plan("sum-and-odrer")


def test_a_package_that_does_not_compile_is_tried_again(package, root, cache):
    store = PlanStore(Catalogue(root), InProcessSandbox(), cache)
    package.replace("author/helper.py", "value * scale", "value * scal")
    with pytest.raises(SpecError, match="NameError"):
        store.plan(SLUG)
    package.replace("author/helper.py", "value * scal", "value * scale")
    assert store.plan(SLUG).slug == SLUG
