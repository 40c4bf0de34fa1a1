"""Calls in an interpreter of their own: what runs inside the plain jail of the ``nsjail`` contestant.

Source text for a bare interpreter, never imported by the judge; its argument is where the harness is. Standard input
is one frame of ``harness.protocol`` with ``source``, ``entry`` and ``arguments``; standard output is the encoded
list of encoded answers.
"""

import os
import sys

sys.path.insert(0, sys.argv[1])
from harness import protocol, runner, wire  # type: ignore[import-not-found]

sys.path.append(runner.PACKAGES)

job = protocol.receive(0)
module = type(sys)("solution")
exec(compile(job["source"], "solution.py", "exec"), module.__dict__)
function = getattr(module, job["entry"])
answers = [wire.encode(function(*wire.decode(arguments).values())) for arguments in job["arguments"]]
data = memoryview(wire.encode(answers))
while data:
    data = data[os.write(1, data) :]
