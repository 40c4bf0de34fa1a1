"""The system call policy as data: what ``run.kafel`` says, rule by rule.

nsjail compiles the file itself for the cold path. The warm path installs a filter from inside, after nsjail's work is
done, and needs it as a program for the kernel (``judge.sandbox.bpf``). Both come from this one file; only the part of
Kafel that the file uses is understood, and anything else is an error, never a rule that is skipped.

Kafel: ``POLICY name { ACTION { rule, ... }, ... }``, a rule being a system call, or one with the names of its first
arguments and a condition; ``,`` between comparisons is "or", ``&&`` is "and". The first rule that matches decides.
"""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(r"\s*(0x[0-9a-fA-F]+|\d+|\w+|&&|==|!=|[{}(),&])")


class Action(StrEnum):
    """What happens to a matching call."""

    ALLOW = "ALLOW"
    ERRNO = "ERRNO"
    KILL_PROCESS = "KILL_PROCESS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """An action with its error number."""

    action: Action
    errno: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """``(argument & mask) == value``, or its negation; arguments are compared as the 32 bits that the kernel takes."""

    argument: int  # position
    mask: int
    value: int
    equal: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One system call; the rule matches when all comparisons of any alternative hold, always when there is none."""

    call: str  # Kafel's name
    verdict: Verdict
    alternatives: tuple[tuple[Comparison, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """Rules in the order in which they are tried, and what happens to everything else."""

    rules: tuple[Rule, ...]
    default: Verdict


def parse(text: str) -> Policy:
    """Returns the policy in ``text``. Raises ValueError at anything that is not understood."""
    constants = {name: int(value, 0) for name, value in re.findall(r"(?m)^#define (\w+) (\S+)$", text)}
    body = re.sub(r"(?m)^#define .*$", "", text)
    return _Parser(_tokens(body), constants).policy()


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"policy: unexpected {text[at : at + 20]!r}")
        tokens.append(match[1])
        at = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str], constants: dict[str, int]) -> None:
        self._tokens = tokens
        self._constants = constants
        self._at = 0

    def policy(self) -> Policy:
        named: dict[str, list[Rule]] = {}
        while self._peek() == "POLICY":
            self._take("POLICY")
            name = self._next()
            named[name] = self._block()
        self._take("USE")
        used = [self._next()]
        while self._peek() == ",":
            self._take(",")
            self._take("USE")
            used.append(self._next())
        self._take("DEFAULT")
        default = self._verdict()
        if self._at != len(self._tokens):
            raise ValueError(f"policy: {self._peek()!r} after DEFAULT")
        return Policy(rules=tuple(rule for name in used for rule in named[name]), default=default)

    def _block(self) -> list[Rule]:
        self._take("{")
        rules: list[Rule] = []
        while self._peek() != "}":
            verdict = self._verdict()
            self._take("{")
            while self._peek() != "}":
                rules.append(self._rule(verdict))
                self._comma()
            self._take("}")
            self._comma()
        self._take("}")
        return rules

    def _verdict(self) -> Verdict:
        action = Action(self._next())
        if action is not Action.ERRNO:
            return Verdict(action=action)
        self._take("(")
        number = self._number()
        self._take(")")
        if number not in errno.errorcode:
            raise ValueError(f"policy: {number} is no error number")
        return Verdict(action=action, errno=number)

    def _rule(self, verdict: Verdict) -> Rule:
        call = self._next()
        if self._peek() != "(":
            return Rule(call=call, verdict=verdict)
        self._take("(")
        names = []
        while self._peek() != ")":
            names.append(self._next())
            self._comma()
        self._take(")")
        self._take("{")
        alternatives = [self._conjunction(names)]
        while self._peek() == ",":
            self._take(",")
            alternatives.append(self._conjunction(names))
        self._take("}")
        return Rule(call=call, verdict=verdict, alternatives=tuple(alternatives))

    def _conjunction(self, names: list[str]) -> tuple[Comparison, ...]:
        comparisons = [self._comparison(names)]
        while self._peek() == "&&":
            self._take("&&")
            comparisons.append(self._comparison(names))
        return tuple(comparisons)

    def _comparison(self, names: list[str]) -> Comparison:
        mask = 0xFFFFFFFF
        if self._peek() == "(":
            self._take("(")
            argument = names.index(self._next())
            self._take("&")
            mask = self._number()
            self._take(")")
        else:
            argument = names.index(self._next())
        operator = self._next()
        if operator not in ("==", "!="):
            raise ValueError(f"policy: expected == or !=, found {operator!r}")
        return Comparison(argument=argument, mask=mask, value=self._number(), equal=operator == "==")

    def _number(self) -> int:
        token = self._next()
        value = self._constants[token] if token in self._constants else int(token, 0)
        if not 0 <= value <= 0xFFFFFFFF:
            raise ValueError(f"policy: {token} does not fit into 32 bits")
        return value

    def _comma(self) -> None:
        if self._peek() == ",":
            self._at += 1

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, expected: str) -> None:
        found = self._next()
        if found != expected:
            raise ValueError(f"policy: expected {expected!r}, found {found!r}")
