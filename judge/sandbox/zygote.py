"""The supervisor's end of a zygote (``judge.harness.zygote``): a warm interpreter in a jail of its own, in the slot."""

from __future__ import annotations

import os
import re
import select
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from judge.errors import SlotFault
from judge.model.program import Program
from judge.model.toolchain import Toolchain
from judge.sandbox import jail
from judge.sandbox.slot import Slot
from judge.sandbox.streams import Capture
from judge.sandbox.wires import Wires, sealed_file

_START_MS = 60_000  # it may import half a gigabyte of libraries on a busy machine
_IMPORTS = re.compile(rb"^[ \t]*(?:import|from)[ \t](.*)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """Which warm interpreter: what a fork of it has."""

    language: str
    runtime: str
    preload: tuple[str, ...]  # modules
    hash_seed: int


def kind_for(program: Program, toolchain: Toolchain, hash_seed: int) -> Kind:
    """Returns the kind that has what ``program`` imports: the modules of every group of which it says a name.

    The first group is part of any other; so few kinds are made, and a program without imports gets the smallest. A
    module that is imported in some other way is only slower.
    """
    lines = b" ".join(line for file in program.files for line in _IMPORTS.findall(file.content)).decode(
        "utf-8", "replace"
    )
    words = set(re.findall(r"\w+", lines))
    groups = toolchain.preload
    named = [group for group in groups if words.intersection(group.names)]
    wanted = {module for group in named and [groups[0], *named] for module in group.modules}
    ordered = dict.fromkeys(module for group in groups for module in group.modules)
    return Kind(
        language=toolchain.language,
        runtime=toolchain.runtime,
        preload=tuple(module for module in ordered if module in wanted),
        hash_seed=hash_seed,
    )


class Zygote:
    """One fork server; made ready by the constructor."""

    def __init__(
        self, slot: Slot, toolchain: Toolchain, kind: Kind, strict_filter: bytes, patience_ms: int = 5_000
    ) -> None:
        self._patience_ms = patience_ms
        self._commands, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reading, writing = os.pipe2(os.O_CLOEXEC)
        self.log = Capture(reading)  # nsjail's words, and what the zygote says of its own faults
        nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        zygote_id = slot.outside_id + slot.max_slots
        config = jail.render_zygote(toolchain, slot.outside_id, zygote_id, kind.hash_seed, kind.preload)
        files = [sealed_file(strict_filter), sealed_file(config)]
        try:
            given = [nothing, nothing, writing, theirs.fileno(), files[0], writing, files[1]]
            self.jail = slot.launcher.start(jail.argv(), given, slot.cpu)
        finally:
            theirs.close()
            for descriptor in (nothing, writing, *files):
                os.close(descriptor)
        self._expect(b"ready", _START_MS)

    def open_box(self, wires: Wires, *extra: int) -> int:
        """Makes a box with the far ends of ``wires``; returns a pidfd of its init, which waits to be let go.

        ``extra`` is a descriptor of the program, of a zygote that runs compiled ones.
        """
        try:
            socket.send_fds(self._commands, [b"box"], [*wires.box_ends, *extra])
        except OSError as error:
            raise self._fault(f"is gone: {error.strerror}") from None
        (handle,) = self._expect(b"box", self._patience_ms, descriptors=1)
        return handle

    def reap(self) -> None:
        """Has it wait for the box that has ended. Raises SlotFault when it does not answer."""
        try:
            self._commands.send(b"reap")
        except OSError as error:
            raise self._fault(f"is gone: {error.strerror}") from None
        self._expect(b"reaped", self._patience_ms)

    def close(self) -> None:
        """Closes our ends; the slot kills what is left."""
        self._commands.close()
        self.log.close()
        os.close(self.jail.handle)

    def _expect(self, message: bytes, patience_ms: int, descriptors: int = 0) -> Sequence[int]:
        poller = select.poll()
        poller.register(self._commands, select.POLLIN)
        if not poller.poll(patience_ms):
            raise self._fault("does not answer")
        try:
            found, received, _, _ = socket.recv_fds(self._commands, 4096, 4)
        except OSError as error:
            raise self._fault(f"is gone: {error.strerror}") from None
        if found != message or len(received) != descriptors:
            raise self._fault(found.decode("utf-8", "replace") or "is gone")
        return received

    def _fault(self, what: str) -> SlotFault:
        self.log.read()
        words = self.log.take().data.decode("utf-8", "replace")[-2000:].strip()
        return SlotFault(f"the zygote {what}" + (f": {words}" if words else ""))
