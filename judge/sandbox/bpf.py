"""The policy as a program for the kernel: classic BPF, as ``seccomp(2)`` takes it.

The program checks the architecture (another one kills: 32-bit calls of a 64-bit process), refuses the x32 numbers
with ENOSYS, and finds the call's number in a binary tree of intervals, about nine comparisons deep; at a leaf the
rules of that call are tried in order. Numbers come from libseccomp; those that it is too old to know are the same on
every architecture.
"""

from __future__ import annotations

import errno
import os
import struct
from itertools import pairwise

import pyseccomp

from judge.errors import EnvironmentFault
from judge.sandbox.policy import Action, Comparison, Policy, Rule, Verdict

_LOAD, _JEQ, _JGE, _JA, _AND, _RETURN = 0x20, 0x15, 0x35, 0x05, 0x54, 0x06
_RETURNS = {Action.ALLOW: 0x7FFF0000, Action.ERRNO: 0x00050000, Action.KILL_PROCESS: 0x80000000}
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32_BIT = 0x40000000
_LIMIT = 4096  # instructions that the kernel takes

_ARCHITECTURES = {
    "x86_64": (0xC000003E, pyseccomp.Arch.X86_64),
    "aarch64": (0xC00000B7, pyseccomp.Arch.AARCH64),
}
_KERNEL_NAMES = {  # where Kafel's name is not the kernel's
    "newstat": "stat",
    "newfstat": "fstat",
    "newlstat": "lstat",
    "newuname": "uname",
    "sendfile64": "sendfile",
    "umount": "umount2",
}
_RECENT = {
    "memfd_secret": 447,
    "process_madvise": 440,
    "futex_waitv": 449,
    "fchmodat2": 452,
    "statmount": 457,
    "listmount": 458,
    "mseal": 462,
}

Instruction = tuple[int, int, int, int]


def compile_policy(policy: Policy, machine: str | None = None) -> bytes:
    """Returns the instructions, eight bytes each, for ``machine`` (this one). Raises EnvironmentFault for another."""
    machine = machine or os.uname().machine
    if machine not in _ARCHITECTURES:
        known = ", ".join(_ARCHITECTURES)
        raise EnvironmentFault(f"there is no system call filter for {machine}: expected one of {known}")
    audit, library = _ARCHITECTURES[machine]
    by_number = _by_number(policy, library)
    body = _tree(_intervals(by_number, policy.default))
    kill = _return(Verdict(action=Action.KILL_PROCESS))
    program: list[Instruction] = [(_LOAD, 0, 0, _ARCHITECTURE), (_JEQ, 1, 0, audit), kill, (_LOAD, 0, 0, _NUMBER)]
    if machine == "x86_64":
        program += [(_JGE, 0, 1, _X32_BIT), _return(Verdict(action=Action.ERRNO, errno=errno.ENOSYS))]
    program += body
    if len(program) > _LIMIT:
        raise ValueError(f"the filter has {len(program)} instructions, at most {_LIMIT} are taken")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _by_number(policy: Policy, library: pyseccomp.Arch) -> dict[int, list[Rule]]:
    numbered: dict[int, list[Rule]] = {}
    for rule in policy.rules:
        number = number_of(rule.call, library)
        if number is not None:
            numbered.setdefault(number, []).append(rule)
    return numbered


def number_of(call: str, library: pyseccomp.Arch) -> int | None:
    """Returns the number of Kafel's ``call``; None when the architecture has no such call."""
    name = _KERNEL_NAMES.get(call, call)
    if name in _RECENT:
        return _RECENT[name]
    number: int = pyseccomp.resolve_syscall(library, name)
    return number if number >= 0 else None


def _intervals(by_number: dict[int, list[Rule]], default: Verdict) -> list[tuple[int, list[Instruction]]]:
    """Returns, in order, the first number of each interval and the code of its leaf."""
    nothing = [_return(default)]
    leaves: list[tuple[int, list[Instruction]]] = [(0, nothing)]
    for number in sorted(by_number):
        leaves += [(number, _leaf(by_number[number], default)), (number + 1, nothing)]
    starts = dict(leaves)  # the last wins: a call directly after another
    ordered = sorted(starts.items())
    return [ordered[0]] + [later for earlier, later in pairwise(ordered) if earlier[1] != later[1]]


def _tree(intervals: list[tuple[int, list[Instruction]]]) -> list[Instruction]:
    if len(intervals) == 1:
        return intervals[0][1]
    middle = len(intervals) // 2
    low, high = _tree(intervals[:middle]), _tree(intervals[middle:])
    return [(_JGE, 0, 1, intervals[middle][0]), (_JA, 0, 0, len(low)), *low, *high]


def _leaf(rules: list[Rule], default: Verdict) -> list[Instruction]:
    code: list[Instruction] = []
    for rule in rules:
        if not rule.alternatives:
            return [*code, _return(rule.verdict)]
        for comparisons in rule.alternatives:
            code += _alternative(comparisons, _return(rule.verdict))
    return [*code, _return(default)]


def _alternative(comparisons: tuple[Comparison, ...], matched: Instruction) -> list[Instruction]:
    """The code that returns when all comparisons hold and goes on behind itself when one does not."""
    code: list[Instruction] = [matched]
    for comparison in reversed(comparisons):
        past = len(code)
        if past > 255:
            raise ValueError("a condition is too long for a filter")
        jump = (_JEQ, 0, past, comparison.value) if comparison.equal else (_JEQ, past, 0, comparison.value)
        load: Instruction = (_LOAD, 0, 0, _ARGUMENTS + 8 * comparison.argument)  # the low half: little-endian
        mask: list[Instruction] = [] if comparison.mask == 0xFFFFFFFF else [(_AND, 0, 0, comparison.mask)]
        code = [load, *mask, jump, *code]
    return code


def _return(verdict: Verdict) -> Instruction:
    return (_RETURN, 0, 0, _RETURNS[verdict.action] | verdict.errno)
