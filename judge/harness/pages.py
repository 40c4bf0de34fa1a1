"""Makes what a zygote's forks share stay shared: the price of a fork is the pages that it touches afterwards.

A page that is written after a fork is copied, and one of a file that is used for the first time since is mapped in
anew: each is a page fault of a microsecond or two, in every fork. Two things write to or fault on almost everything
that CPython uses, without any need:

* Reference counts. ``make_immortal`` gives every object that there is the count of ``None``, which CPython (since 3.12,
  PEP 683) never changes.
* The interpreter's own code, which lies in pages of a file. ``enlarge`` puts a copy in huge pages in its place, at the
  same address; a fork shares those at once.

Both are only for speed: where they cannot be done nothing is different but the time.
"""

from __future__ import annotations

import ctypes
import gc
import struct

_HUGE = 1 << 21
_IMMORTAL_FROM = 1 << 31  # CPython asks whether the lower half of a count is negative
_PROT_READ, _PROT_WRITE, _PROT_EXEC = 1, 2, 4
_MAP_PRIVATE_ANONYMOUS = 0x22
_MADV_HUGEPAGE = 14
_MREMAP_MAYMOVE_FIXED = 3
_PT_LOAD, _PF_W = 1, 2

_libc = ctypes.CDLL(None)
_word, _address = ctypes.c_size_t, ctypes.c_void_p


class _Place(ctypes.Structure):
    """What ``dladdr`` tells."""

    _fields_ = (("file", _address), ("base", _address), ("symbol", _address), ("at", _address))


def make_immortal() -> int:
    """Makes every object immortal that can be reached; returns how many."""
    count = ctypes.c_uint32.from_address(id(None)).value
    if count < _IMMORTAL_FROM:
        return 0
    found: dict[int, object] = {}
    waiting: list[object] = gc.get_objects()
    while waiting:
        thing = waiting.pop()
        if id(thing) not in found:
            found[id(thing)] = thing
            waiting += (type(thing), *gc.get_referents(thing))
            if isinstance(thing, type):
                waiting.append(vars(thing))  # the collector does not look into built-in types
    for address in found:
        ctypes.c_uint32.from_address(address).value = count
    return len(found)


def enlarge() -> bool:
    """Puts the interpreter's code and constants in huge pages; returns whether it did."""
    place = _Place()
    if not _libc.dladdr(ctypes.cast(ctypes.pythonapi.Py_Initialize, _address), ctypes.byref(place)):
        return False
    size = _read_only_bytes(place.base) // _HUGE * _HUGE
    if place.base % _HUGE or not size:
        return False
    copy = _room(size)
    if copy is None:
        return False
    ctypes.memmove(copy, place.base, size)
    if _libc.mprotect(_address(copy), _word(size), _PROT_READ | _PROT_EXEC) != 0:
        return False
    moved = _libc.mremap(_address(copy), _word(size), _word(size), _MREMAP_MAYMOVE_FIXED, _address(place.base))
    return bool(moved == place.base)


def _room(size: int) -> int | None:
    """Returns the address of ``size`` bytes of new memory, in huge pages if there are any."""
    _libc.mmap.restype = _libc.mremap.restype = _address
    writable = _PROT_READ | _PROT_WRITE
    start = _libc.mmap(None, _word(size + _HUGE), writable, _MAP_PRIVATE_ANONYMOUS, -1, ctypes.c_long(0))
    if start == _address(-1).value:
        return None
    room = -(-start // _HUGE) * _HUGE
    if room > start:
        _libc.munmap(_address(start), _word(room - start))
    if start + _HUGE > room:
        _libc.munmap(_address(room + size), _word(start + _HUGE - room))
    _libc.madvise(_address(room), _word(size), _MADV_HUGEPAGE)
    return int(room)


def _read_only_bytes(base: int) -> int:
    """Returns how far the image of the ELF file at ``base`` is not writable."""
    header = ctypes.string_at(base, 64)
    (table,), (entry, count) = struct.unpack_from("<Q", header, 32), struct.unpack_from("<HH", header, 54)
    for index in range(count):
        kind, flags, _, address = struct.unpack("<IIQQ", ctypes.string_at(base + table + index * entry, 24))
        if kind == _PT_LOAD and flags & _PF_W:
            return int(address)
    return 0
