"""A warm interpreter: it forks a box for each submission, at the price of a fork instead of an interpreter's start.

It is the first process of a slot's outer jail, a fork server that never runs a line of a candidate's and holds
nothing secret: an interpreter, the modules it has preloaded, and a filter program. For each request (one message on
``COMMANDS``, with the five descriptors of a box) it makes a process in a new pid namespace, which

1. takes the descriptors of this box and closes all others,
2. enters new mount, ipc and uts namespaces and mounts a fresh ``/box`` and ``/tmp``,
3. waits for the word to go on, so that the supervisor has marked it for the OOM killer first,
4. forks the process that will run the submission, which becomes another user without any capability, and installs the
   strict system call filter,
5. goes on as the box's init (``init``), without capabilities.

So the submission is never PID 1, has no way to name the zygote, another user, and no descriptor but its channel. The
zygote has one thread, collects its garbage once and freezes what is left, exercises before the first fork what Python
builds lazily (the parser, the codecs, the specialized code), and makes memory stay shared after forks (``pages``), so
that no fork pays for it. It imports little, for every mapping and object costs each fork.

Protocol on ``COMMANDS``, a SOCK_SEQPACKET socket::

    zygote     -> supervisor   b"ready"
    supervisor -> zygote       b"box" with [stdin, stdout, stderr, channel, control]
    zygote     -> supervisor   b"box" with a pidfd of the box's init, or b"error ..."
    supervisor -> zygote       b"reap"     after the end of that box
    zygote     -> supervisor   b"reaped"
"""

from __future__ import annotations

import _socket
import ctypes
import gc
import os
import struct
import sys

from . import examiner, init, pages, protocol, runner, wire  # noqa: F401  (examiner: for test programs)

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any, NoReturn

COMMANDS = 3
FILTER = 4  # a file with the filter's instructions
BIND_NOW = "LD_BIND_NOW"  # in its environment alone: the loader finds every function before the first fork
USER = 1000  # of the submission; the zygote is 0 in its user namespace

_CLONE_THREAD = 0x10000  # refused by the kernel in a process with threads, without effect in any other
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWPID = 0x20000, 0x4000000, 0x8000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 4, 22, 24, 38, 39
_SECCOMP_MODE_FILTER = 2
_LAST_CAPABILITY, _CAP_KILL, _CAPABILITY_VERSION_3 = 63, 5, 0x20080522
_TMPFS = b"size=67108864,nr_inodes=4096,mode=1777"
_LAZY = "class A:\n    x: int = 1\ndef f(a, *b, **c):\n    return [i for i in a if f'{i}'] or {1: 2} or (lambda: 0)\n"

_DESCRIPTOR = struct.Struct("i")
_RIGHTS = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Zygote:
    """The fork server."""

    def __init__(self, preload: list[str]) -> None:
        self._commands = _socket.socket(fileno=COMMANDS)
        self._own = os.pidfd_open(os.getpid())
        self._child = 0
        self._filter, self._instructions = _read_filter()
        _check(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)")
        if _libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1:
            raise OSError("no_new_privs is not set")
        _give_up_inheritance()
        for name in " ".join(preload).split():
            __import__(name)
        _warm_up()

    def serve(self) -> None:
        """Makes boxes until the supervisor closes the socket."""
        self._commands.send(b"ready")
        while True:
            message, descriptors = _receive(self._commands)
            if message == b"box":
                self._make_box(descriptors)
            elif message == b"reap":
                os.waitpid(self._child, 0)
                self._commands.send(b"reaped")
            else:
                return

    def _make_box(self, descriptors: list[int]) -> None:
        try:
            self._enter_new_pid_namespace()
            self._child = os.fork()
        except OSError as error:
            self._commands.send(f"error {error}".encode())
            return
        if self._child == 0:
            self._become_box(descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        handle = os.pidfd_open(self._child)
        self._commands.sendmsg([b"box"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, _DESCRIPTOR.pack(handle))])
        os.close(handle)

    def _enter_new_pid_namespace(self) -> None:
        """The next child is PID 1 of a new namespace; our own is set first, for the kernel nests no further."""
        _check(_libc.unshare(_CLONE_THREAD), "the zygote has more than one thread: unshare(CLONE_THREAD)")
        _check(_libc.setns(self._own, _CLONE_NEWPID), "setns")
        _check(_libc.unshare(_CLONE_NEWPID), "unshare(CLONE_NEWPID)")

    def _become_box(self, descriptors: list[int]) -> NoReturn:
        try:
            _take_descriptors(descriptors)
            _enter_namespaces()
            if os.read(protocol.CHANNEL, 1) != b"g":
                os._exit(0)
            init.main(self._harden_candidate, self._harden_init)
        except BaseException as error:
            os.write(2, f"zygote: {type(error).__name__}: {error}\n".encode("utf-8", "replace"))
        finally:
            os._exit(70)

    def _harden_candidate(self) -> None:
        """Gives up everything; called in the process that will run the submission, before it does."""
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)  # clears the other capability sets
        _reseed()
        status = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(self._filter), 0, 0)
        _check(status, "prctl(PR_SET_SECCOMP)")

    def _harden_init(self) -> None:
        """Called in the box's init, once it has forked that process: of all capabilities it keeps to kill."""
        _set_capabilities(effective=1 << _CAP_KILL, permitted=1 << _CAP_KILL)


def _reseed() -> None:
    """Renews the generators that a fork shares; Python renews its own."""
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed([*os.urandom(16)])  # a tenth of the price of ``seed()``, which spreads as many bits
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed()


def _receive(commands: _socket.socket) -> tuple[bytes, list[int]]:
    """Returns one message and the descriptors that came with it."""
    message, ancillary, _, _ = commands.recvmsg(64, _socket.CMSG_SPACE(8 * _DESCRIPTOR.size))
    data = b"".join(part for level, kind, part in ancillary if (level, kind) == _RIGHTS)
    return message, [number for (number,) in _DESCRIPTOR.iter_unpack(data)]


def _read_filter() -> tuple[_Program, ctypes.Array[ctypes.c_char]]:
    with open(FILTER, "rb") as file:
        content = file.read()
    instructions = ctypes.create_string_buffer(content, len(content))
    return _Program(len(content) // 8, ctypes.addressof(instructions)), instructions


def _take_descriptors(descriptors: list[int]) -> None:
    """Makes them 0, 1, 2, CHANNEL and CONTROL; everything else is closed."""
    high = [os.dup2(descriptor, 32 + index) for index, descriptor in enumerate(descriptors)]
    for descriptor, wanted in zip(high, (0, 1, 2, protocol.CHANNEL, protocol.CONTROL), strict=True):
        os.dup2(descriptor, wanted)
    os.closerange(protocol.CONTROL + 1, 65536)


def _enter_namespaces() -> None:
    _check(_libc.unshare(_CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWUTS), "unshare")
    _check(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount /")
    for path in (b"/box", b"/tmp"):
        flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
        _check(_libc.mount(b"none", path, b"tmpfs", flags, _TMPFS), f"mount {path.decode()}")
    os.chdir("/box")
    os.setsid()


def _give_up_inheritance() -> None:
    """Empties the bounding and inheritable sets, for every fork; what this process has itself it keeps."""
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # the kernel's last one is passed
    header, data = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _check(_libc.capget(header, data), "capget")
    _set_capabilities(effective=data[0], permitted=data[1])


def _set_capabilities(*, effective: int, permitted: int) -> None:
    """Sets those below 32, takes all others away, and lets none be inherited."""
    header, data = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)(effective, permitted)
    _check(_libc.capset(header, data), "capset")


def _check(status: int, what: str) -> None:
    if status != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _warm_up() -> None:
    """Exercises what is built at first use, then freezes every object."""
    scope: dict[str, Any] = {}
    exec(compile(_LAZY, "warm-up", "exec"), scope)
    scope["f"]([1])
    wire.decode(wire.encode([1, 2.5, "a", (1,), {"b": [1] * 9}]))
    try:
        raise ValueError("warm-up")
    except ValueError as error:
        str(error)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        generator = numpy.random.default_rng(0)
        numpy.asarray([[1.0, 2.0]]) @ numpy.asarray([[1.0], [2.0]])
        numpy.exp(numpy.linspace(0.0, 1.0, 4)).sum()
        generator.random(4)
        generator.choice(4, p=[0.25] * 4)
    _rehearse()
    gc.collect()
    pages.enlarge()
    pages.make_immortal()
    gc.freeze()


def _rehearse() -> None:
    """Runs what each test runs, until the interpreter has specialized it: no fork writes to shared code again."""
    reading, writing = os.pipe()
    question = {"kind": protocol.CALL, "id": 1 << 61, "arguments": wire.encode({"a": 1, "b": [2]}), "audit": None}
    for _ in range(64):
        protocol.send(writing, question)
        protocol.send(writing, runner.answer(_add, protocol.receive_only(reading), {}, writing))
        protocol.receive_only(reading)
    os.close(reading)
    os.close(writing)


def _add(a: object, b: object) -> object:
    return [a, b]


def start(preload: list[str]) -> NoReturn:
    """The entry of the jail's command line."""
    sys.path.append(runner.PACKAGES)
    os.environ.pop(BIND_NOW, None)
    try:
        Zygote(preload).serve()
    except BaseException as error:
        os.write(2, f"zygote: {type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(0)
