"""What goes wrong with boxes that are forks of one interpreter: each is performed, in a real slot."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys

import pytest

from judge.harness import wire

pytestmark = pytest.mark.sandbox

MIB = 1 << 20
CAP_KILL = 1 << 5


# --- what every fork begins with ----------------------------------------------------------------------------------

RANDOM = """
import random
import numpy
early = random.Random()
def f():
    return [random.random(), random.Random().random(), early.random(), numpy.random.random(),
            numpy.random.default_rng().random()]
"""


def test_random_numbers_differ_between_boxes(chamber):
    boxes = [chamber.answer(RANDOM) for _ in range(3)]
    for numbers in zip(*boxes, strict=True):
        assert len(set(numbers)) == 3


def test_random_numbers_differ_between_tests_of_a_box(chamber):
    _, *runs = chamber.run("import random\ndef f():\n    return random.random()\n", calls=5)
    assert len({run.answer for run in runs}) == 5


def test_random_module_is_not_shared_by_programs_without_imports(chamber):
    assert chamber.answer("def f():\n    return 'random' in __import__('sys').modules\n") is False


def test_hashes_depend_on_the_seed_alone(make_chamber):
    """Not on the zygote: an interpreter that ignores the seed takes one for itself when it starts."""
    sources = [f"{first}\ndef f():\n    return hash('judge')\n" for first in ("", "import numpy")]
    zero, one = (
        {chamber.answer(source, hash_seed=seed) for chamber in chambers for source in sources}
        for chambers in [[make_chamber(), make_chamber()]]
        for seed in (0, 1)
    )
    assert (len(zero), len(one), len(zero | one)) == (1, 1, 2)


DESCRIPTORS = """
import os
def f():
    found = []
    for number in range(4096):
        try:
            found.append((number, os.fstat(number).st_mode >> 12))
        except OSError:
            continue
    return found
"""


def test_descriptors_are_four_and_no_directory(untouched):
    """A directory's descriptor would be a way out: types 1 is a pipe, 2 a device, 12 a socket."""
    assert untouched.answer(DESCRIPTORS) == [(0, 2), (1, 1), (2, 1), (3, 12)]


SEARCH = """
import ctypes, gc, os, re, sys
WANTED = re.compile(bytes([99, 97, 110, 97, 114, 121]) + rb"-[0-9a-f]{16}")
def readable(start, end):
    libc = ctypes.CDLL(None)
    reading, writing = os.pipe()
    for address in range(start & ~0xFFF, end, 4096):
        if libc.write(writing, ctypes.c_void_p(address), 4096) == 4096:
            yield os.read(reading, 4096)
def f():
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    gc.unfreeze()
    spots = [libc.sbrk(0)] + [id(thing) for thing in gc.get_objects()[::50]] + [id(sys), id(object), id(os.environ)]
    blocks = sorted({spot >> 24 for spot in spots})
    found = {word for block in blocks for page in readable(block << 24, (block + 1) << 24)
             for word in WANTED.findall(page)}
    return [sorted(found), len(blocks), sorted(os.environ)]
"""


def test_no_secret_is_in_memory(chamber, monkeypatch):
    """Canaries in this process's environment and memory, and in the last submission, its input and its output."""
    canaries = [f"canary-{number:016x}" for number in range(4)]
    monkeypatch.setenv("JUDGE_SECRET", canaries[0])
    kept = bytearray(canaries[1].encode())
    spy = f"# {canaries[2]}\nimport ctypes\ndef f(text):\n    print(text)\n    return text\n"
    assert chamber.answer(spy, arguments={"text": canaries[3]}) == canaries[3]
    found, blocks, environment = chamber.answer(SEARCH)
    assert found == []
    assert kept
    assert blocks > 1
    assert "JUDGE_SECRET" not in environment


def test_the_search_for_secrets_finds_what_is_there(chamber):
    own = f"canary-{99:016x}"
    assert chamber.answer(f"MINE = {own!r}\n{SEARCH}")[0] == [own.encode()]


# --- from a box to its zygote -------------------------------------------------------------------------------------

ATTACKS = {
    "stops-everyone": "os.kill(-1, 19)",
    "kills-everyone": "os.kill(-1, 9)",
    "stops-init": "os.kill(1, 19)",
    "kills-init": "os.kill(1, 9)",
    "interrupts-init": "os.kill(1, 2)",
    "stops-every-number": "[hit(number, 19) for number in range(1, 70000) if number != os.getpid()]",
    "kills-every-number": "[hit(number, 9) for number in range(1, 70000) if number != os.getpid()]",
    "kills-its-parent": "os.kill(os.getppid(), 9)",
    "signals-by-descriptor": "signal.pidfd_send_signal(os.pidfd_open(1), 9)",
    "kills-its-group": "os.killpg(0, 9)",
    "takes-the-terminal": "os.setsid(); os.kill(-1, 1)",
}
ATTACK = """
import os, signal
def hit(number, what):
    try:
        os.kill(number, what)
    except OSError:
        pass
def f():
    {attack}
    return 42
"""


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_signal_reaches_the_zygote(untouched, attack, status_of):
    untouched.answer(ATTACK.format(attack="pass"))
    before = untouched.zygotes()
    untouched.run(ATTACK.format(attack=attack), wall_ns=300_000_000)
    assert untouched.zygotes() == before
    assert {status_of(pid)["State"][0] for pid in before} <= {"R", "S"}  # not stopped


def test_no_way_to_the_memory_of_others(untouched):
    """No ``/proc``, and every call that reads, traces or takes from another process ends the caller."""
    source = """
        import ctypes, os
        CALLS = {"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438, "kcmp": 312}
        def fate(number):
            child = os.fork()
            if child == 0:
                ctypes.CDLL(None).syscall(number, 16, 1, 0, 0, 0, 0)
                os._exit(0)
            return os.waitpid(child, 0)[1] & 127
        def f():
            return [os.path.lexists("/proc"), [fate(number) for number in CALLS.values()]]
        """
    assert untouched.answer(source) == [False, [signal.SIGSYS] * 5]


@pytest.mark.parametrize("imports", ["", "import numpy\n"], ids=["bare", "numpy"])
def test_rights_of_the_three_processes(chamber, status_of, imports):
    """Seen from outside, while the submission lives: two filters, no capability, a user of its own."""
    with chamber.sandbox.open(chamber.spec(imports + "def f():\n    return 42\n")) as box:
        assert box.load().loaded
        (candidate,) = (status_of(pid) for pid in chamber.candidates())
        others = [status_of(pid) for pid in chamber.zygotes()]
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(candidate[name], 16) == 0, name
    assert candidate["NoNewPrivs"] == "1"
    assert candidate["Seccomp_filters"] == "2"
    init = [other for other in others if int(other["CapEff"], 16) == CAP_KILL]
    assert len(init) == 1
    for other in others:
        assert other["Threads"] == "1"
        assert other["NoNewPrivs"] == "1"
        assert other["Seccomp_filters"] == "1"
        assert int(other["CapBnd"], 16) == 0
        assert set(other["Uid"].split()).isdisjoint(candidate["Uid"].split())


def test_threads_are_noticed_by_the_call_that_a_zygote_makes_before_each_fork():
    waiting = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    program = f"import os, threading\nos.unshare(0x10000)\n{waiting}\nos.unshare(0x10000)\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, input="\n", check=False)
    assert done.returncode == 1
    assert f"[Errno {errno.EINVAL}]" in done.stderr


# --- from a box to the next one -----------------------------------------------------------------------------------


def test_planted_files_are_gone(untouched):
    planting = """
        import os
        def f():
            for path in ("/box/random.py", "/box/numpy.py", "/tmp/heapq.py", "/box/sitecustomize.py"):
                with open(path, "w") as file:
                    file.write("raise SystemExit")
            os.makedirs("/tmp/harness")
            return sorted(os.listdir("/box"))
        """
    looking = """
        import os, random, heapq
        def f():
            return [os.listdir("/box"), os.listdir("/tmp"), os.getcwd(), random.__file__[:12], heapq.__file__[:12]]
        """
    assert "random.py" in untouched.answer(planting)
    assert untouched.answer(looking) == [["solution.py"], [], "/box", "/runtime/lib", "/runtime/lib"]


def test_changes_to_the_interpreter_are_gone(untouched):
    changing = """
        import builtins, os, sys
        builtins.sorted = lambda _: 7
        sys.modules["math"] = None
        os.environ["PLANTED"] = "1"
        os.umask(0)
        def f():
            return sorted([])
        """
    looking = """
        import os
        def f():
            import math
            return [sorted([]), "PLANTED" in os.environ, math.floor(1.5)]
        """
    assert untouched.answer(changing) == 7
    assert untouched.answer(looking) == [[], False, 1]


def test_kernel_objects_with_names(untouched):
    """Shared memory, semaphores, message queues, sockets with abstract names: refused. Keys: killed."""
    source = """
        import ctypes, os
        import _socket as socket
        libc = ctypes.CDLL(None, use_errno=True)
        def fails(number, *arguments):
            ctypes.set_errno(0)
            libc.syscall(number, *arguments)
            return ctypes.get_errno()
        def f():
            one, _ = socket.socketpair()
            try:
                one.bind(b"\\0abstract")
                bound = 0
            except OSError as error:
                bound = error.errno
            try:
                socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                made = 0
            except OSError as error:
                made = error.errno
            child = os.fork()
            if child == 0:
                libc.syscall(250, 0, -3, 0, 0, 0)
                os._exit(0)
            refused = [fails(29, 7, 4096, 0o1666), fails(64, 7, 1, 0o1666), fails(68, 7, 0o1666),
                       fails(240, b"queue", 0o102, 0o666, 0)]
            return [refused, bound, made, os.waitpid(child, 0)[1] & 127]
        """
    answer = untouched.answer(source)
    assert answer == [[errno.EPERM] * 4, errno.ENOSYS, errno.EAFNOSUPPORT, signal.SIGSYS]


def test_daemons_and_zombies_are_gone(untouched):
    source = """
        import os, signal, time
        def f():
            for _ in range(4):
                if os.fork() == 0:
                    os.setsid()
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    if os.fork() == 0:
                        while True:
                            time.sleep(1)
                    os._exit(0)
            return 42
        """
    _, *runs = untouched.run(source, calls=3)
    assert [wire.decode(run.answer or b"") for run in runs] == [42] * 3


def test_all_processes_taken(untouched):
    source = """
        import os, time
        def f():
            made = 0
            try:
                while True:
                    if os.fork() == 0:
                        while True:
                            time.sleep(1)
                    made += 1
            except OSError:
                return made
        """
    assert 0 < untouched.answer(source) <= 12


# --- memory and time ----------------------------------------------------------------------------------------------

OOM = {
    "one-process": "data = bytearray(size)",
    "many-processes": "[os.fork() or grab(size // 6) for _ in range(8)]; time.sleep(0.7)",
    "small-beside-the-zygote": "grow(size)",
}
GRAB = """
import os, time
def grab(size):
    data = bytearray(size)
    while True:
        time.sleep(1)
def grow(size):
    # many processes, each smaller than the zygote: by size alone the zygote would be the victim
    for _ in range(10):
        if os.fork() == 0:
            kept = []
            while True:
                kept.append(bytearray(65536))
                time.sleep(0.0005)
    time.sleep(0.7)
def f(size):
    {attack}
    return len(data)
"""


@pytest.mark.parametrize("attack", OOM.values(), ids=OOM)
def test_out_of_memory_spares_the_zygote(untouched, attack):
    runs = untouched.run(GRAB.format(attack=attack), arguments={"size": 64 * MIB}, memory_bytes=24 * MIB)
    assert untouched.verdict(runs[-1]) == "MEMORY_LIMIT_EXCEEDED"
    assert runs[-1].oom_kills > 0


def test_peak_memory_is_of_the_box_alone(untouched):
    source = "def f(size):\n    return len(bytearray(size))\n"
    large = untouched.run(source, arguments={"size": 40 * MIB})[-1].memory_peak_bytes
    small = untouched.run(source, arguments={"size": 1})[-1].memory_peak_bytes
    assert 40 * MIB <= large < 60 * MIB
    assert small < 8 * MIB


def test_forged_clocks_change_nothing(untouched):
    """The process counts its own CPU time before it forges everything that could tell; the judge counts as much."""
    source = """
        import resource, time
        def f():
            begin = resource.getrusage(0)
            while (now := resource.getrusage(0)).ru_utime - begin.ru_utime < 0.05:
                pass
            for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "process_time"):
                setattr(time, name, lambda: 0)
            resource.getrusage = None
            return now.ru_utime - begin.ru_utime
        """
    run = untouched.run(source)[-1]
    own = wire.decode(run.answer or b"")
    assert run.cpu_ns > 0.8e9 * own
    assert run.wall_ns > 0.8e9 * own


# --- what a fork does twice ---------------------------------------------------------------------------------------


def test_buffered_output_is_told_once(chamber):
    source = """
        import sys
        print("loading", end="")
        sys.stderr.write("warning")
        def f():
            print("call", end="")
        """
    runs = chamber.run(source, calls=3)
    assert [run.stdout.data for run in runs] == [b"loading", b"call", b"call", b"call"]
    assert [run.stderr.data for run in runs] == [b"warning", b"", b"", b""]


def test_exit_handlers_do_not_run_in_forks(chamber):
    source = """
        import atexit, os
        atexit.register(lambda: os.write(1, b"bye"))
        def f():
            return 42
        """
    assert b"".join(run.stdout.data for run in chamber.run(source, calls=3)) == b""


def test_numpy_works_after_the_fork(chamber):
    source = """
        import numpy as np
        def f(n):
            a = np.random.default_rng(1).random((n, n))
            u, s, v = np.linalg.svd(a)
            return [bool(np.allclose(u * s @ v, a)), int(np.linalg.matrix_rank(np.eye(n))), a @ np.ones(n)]
        """
    right, rank, product = chamber.answer(source, arguments={"n": 60})
    assert (right, rank, product.shape) == (True, 60, (60,))


def test_memory_that_never_changes_behaves_as_ever(untouched):
    """Zygotes make their objects immortal: they are collected, compared, replaced and deleted as in any process."""
    source = """
        import collections, gc, os, sys, weakref
        def f():
            class Node(collections.OrderedDict):
                pass
            node = Node(a=1)
            node.me = node
            seen = weakref.ref(node)
            del node
            gc.collect()
            del sys.modules["collections"], os.sep
            import collections as again
            return [seen() is None, again is not collections, hasattr(os, "sep"), gc.isenabled()]
        """
    assert untouched.answer(source) == [True, True, False, True]


def test_environment_is_the_toolchains_own(chamber):
    names = chamber.answer("import os\ndef f():\n    return sorted(os.environ)\n")
    assert set(names).isdisjoint(set(os.environ) - {"PATH", "LANG", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LC_CTYPE"})
