"""The golden program: a box of an untouched zygote answers it in one way, for ever.

The answer tells what a box finds in the memory that it was given: the code of every function and the names in every
module, the environment, the search path, the hash seed. It is asked for when a zygote is new, before anything of a
candidate's has run in any fork of it, and again from time to time. Another answer, whatever the cause, says that
boxes are not what they were; nothing is repaired. A fork server of compiled programs is greeted by our own init, which
tells what a program finds: descriptors, ids, environment, working directory.
"""

from __future__ import annotations

from pathlib import Path

from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.toolchain import Toolchain
from judge.ports import Box, BoxSpec, Call
from judge.sandbox.artefacts import executable

SOURCE = b"""
import os
import sys


class Example:
    def method(self):
        pass


# Nothing is asked of a value but its type: a library's own objects may do anything when they are asked.
FUNCTION, METHOD, MODULE = type(Example.method), type(Example().method), type(sys)
names_of_class = type.__dict__["__dict__"].__get__
names_of_module = MODULE.__dict__["__dict__"].__get__


def tell(value, depth):
    kind = type(value)
    if depth and issubclass(kind, type):
        return [(name, tell(part, depth - 1)) for name, part in sorted(names_of_class(value).items())]
    if kind is METHOD:
        return tell(value.__func__, depth)
    if kind is FUNCTION:
        code = value.__code__
        return code.co_code, code.co_names, repr(code.co_consts).split(" at 0x")[0]
    return value if issubclass(kind, (str, bytes, int, float)) else kind.__name__


def look_around():
    # One number for all modules; a value that stands in many of them is looked at once.
    seen, found = {}, 0
    for name, module in sorted(sys.modules.items()):
        names = names_of_module(module) if issubclass(type(module), MODULE) else {}
        for inner, value in sorted(names.items()):
            if id(value) not in seen:
                seen[id(value)] = hash(repr(tell(value, 1)))
            found = hash((found, name, inner, seen[id(value)]))
    return found


def greet(text):
    print("hello")
    facts = [look_around(), sorted(sys.modules), sorted(os.environ.items()), sys.path, os.getcwd(), os.getpid()]
    return [text[::-1], repr(facts)]
"""
_LIMITS = Limits(cpu_ns=10**10, wall_ns=3 * 10**10, memory_bytes=256 << 20, output_bytes=1 << 16)
_CALL = Call(arguments=wire.encode({"text": "olleh"}), limits=_LIMITS)

Greeting = tuple[bytes | None, bytes, bytes]


def spec(language: str, runtime: str, hash_seed: int) -> BoxSpec:
    """What a box for it is opened for."""
    program = Program(language=language, files=(SourceFile(path="golden.py", content=SOURCE),))
    return BoxSpec(
        program=program,
        runtime=runtime,
        entry_point="greet",
        isolation=Isolation.TEST,
        load_limits=_LIMITS,
        hash_seed=hash_seed,
    )


def greet(box: Box) -> Greeting:
    """Returns the answer and what was printed; the answer is None when there is none."""
    outcome = box.load()
    if box.alive:
        outcome = box.call(_CALL)
    return outcome.answer, outcome.stdout.data, outcome.stderr.data


def whole_spec(language: str, hash_seed: int) -> BoxSpec:
    """What a box for a whole program is opened for."""
    program = Program(language=language, files=(SourceFile(path="golden", content=b""),))
    return BoxSpec(
        program=program, entry_point="", isolation=Isolation.PROCESS, load_limits=_LIMITS, hash_seed=hash_seed
    )


def own_program(toolchain: Toolchain) -> int:
    """Returns a descriptor of our own init, as a program; the caller closes it."""
    binds = [bind.source for bind in toolchain.binds if bind.target == "/judge"]
    return executable((Path(binds[0]) / "init").read_bytes())


def greet_whole(box: Box) -> Greeting:
    """The same of a whole program."""
    outcome = box.load()
    if box.alive:
        outcome = box.call(Call(arguments=wire.encode(["greet"]), limits=_LIMITS))
    return outcome.answer, outcome.stdout.data, outcome.stderr.data
