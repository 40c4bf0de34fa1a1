"""The filter that the warm path installs says, for every call, what the policy file says."""

import errno
import itertools
import struct

import pyseccomp
import pytest

from judge.errors import EnvironmentFault
from judge.sandbox.bpf import compile_policy, number_of
from judge.sandbox.jail import seccomp_policy
from judge.sandbox.policy import Action, Policy, Verdict, parse

ARCHITECTURES = {"x86_64": (0xC000003E, pyseccomp.Arch.X86_64), "aarch64": (0xC00000B7, pyseccomp.Arch.AARCH64)}
ALLOW, KILL = 0x7FFF0000, 0x80000000
INTERESTING = (0, 1, 3, 6, 7, 11, 15, 16, 22, 37, 38, 1024, 1026, 0x541B, 0x5421, 0x5450, 0x5451, 0x20000, 0x10000000)


def run(program: bytes, architecture: int, number: int, arguments: tuple[int, ...]) -> int:
    """Interprets a seccomp program as the kernel does; returns its verdict."""
    data = struct.pack("=IIQ", number, architecture, 0) + b"".join(struct.pack("=Q", value) for value in arguments)
    instructions = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        code, true, false, value = instructions[at]
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                at += true if accumulator == value else false
            case 0x35:
                at += true if accumulator >= value else false
            case 0x05:
                at += value
            case 0x06:
                return value
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


def stated(policy: Policy, calls: dict[int, set[str]], number: int, arguments: tuple[int, ...]) -> Verdict:
    """What the rules say, read one after the other."""
    for rule in policy.rules:
        if rule.call not in calls.get(number, set()):
            continue
        if not rule.alternatives or any(
            all(((arguments[c.argument] & 0xFFFFFFFF & c.mask) == c.value) == c.equal for c in comparisons)
            for comparisons in rule.alternatives
        ):
            return rule.verdict
    return policy.default


def code_of(verdict: Verdict) -> int:
    return {Action.ALLOW: ALLOW, Action.KILL_PROCESS: KILL, Action.ERRNO: 0x50000 | verdict.errno}[verdict.action]


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_call_gets_the_verdict_of_the_first_rule_that_matches(machine):
    audit, library = ARCHITECTURES[machine]
    policy = parse(seccomp_policy())
    program = compile_policy(policy, machine)
    calls: dict[int, set[str]] = {}
    for rule in policy.rules:
        number = number_of(rule.call, library)
        if number is not None:
            calls.setdefault(number, set()).add(rule.call)
    conditional = {number_of(rule.call, library) for rule in policy.rules if rule.alternatives}
    pairs = list(itertools.product(INTERESTING, INTERESTING))
    for number, pair in ((n, pair) for n in range(512) for pair in (pairs if n in conditional else pairs[:1])):
        arguments = (*pair, 0, 0, 0, 0)
        expected = code_of(stated(policy, calls, number, arguments))
        assert run(program, audit, number, arguments) == expected, (number, arguments)


def test_the_high_half_of_an_argument_hides_nothing_from_the_filter():
    audit, library = ARCHITECTURES["x86_64"]
    program = compile_policy(parse(seccomp_policy()), "x86_64")
    fcntl = number_of("fcntl", library)
    assert fcntl is not None
    set_lock = (0, 6 | 1 << 32, 0, 0, 0, 0)  # the kernel takes the low half: F_SETLK
    assert run(program, audit, fcntl, set_lock) == 0x50000 | errno.ENOSYS


def test_calls_of_another_architecture_kill_and_x32_numbers_do_not_exist():
    audit, _ = ARCHITECTURES["x86_64"]
    program = compile_policy(parse(seccomp_policy()), "x86_64")
    assert run(program, 0x40000003, 1, (0,) * 6) == KILL  # int 0x80
    assert run(program, audit, 1 | 0x40000000, (0,) * 6) == 0x50000 | errno.ENOSYS


def test_every_name_of_the_policy_has_a_number_on_x86_64():
    _, library = ARCHITECTURES["x86_64"]
    missing = [rule.call for rule in parse(seccomp_policy()).rules if number_of(rule.call, library) is None]
    assert missing == []


def test_an_unknown_machine_has_no_filter():
    with pytest.raises(EnvironmentFault, match="no system call filter for sparc64"):
        compile_policy(parse(seccomp_policy()), "sparc64")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("POLICY a { ALLOW { read } } USE a DEFAULT TRACE", "TRACE"),
        ("POLICY a { ALLOW { read(fd) { fd > 3 } } } USE a DEFAULT ALLOW", "unexpected"),
        ("POLICY a { ALLOW { read(fd) { other == 3 } } } USE a DEFAULT ALLOW", "other"),
        ("POLICY a { ERRNO(9999) { read } } USE a DEFAULT ALLOW", "9999 is no error number"),
        ("POLICY a { ALLOW { read } } USE b DEFAULT ALLOW", "b"),
        ("POLICY a { ALLOW { read } } USE a DEFAULT ALLOW read", "after DEFAULT"),
        ("POLICY a { ALLOW { read } DEFAULT ALLOW", "DEFAULT"),
    ],
)
def test_what_is_not_understood_is_an_error(text, message):
    with pytest.raises((ValueError, KeyError), match=message):
        parse(text)
