"""One call in an interpreter of its own: what runs inside the plain jail of the ``nsjail`` contestant.

Source text for a bare interpreter, never imported by the judge; its argument is where the harness is. Standard input
is one frame of ``harness.protocol`` with ``source``, ``entry`` and ``arguments``; standard output is the encoded
answer.
"""

import os
import sys

sys.path.insert(0, sys.argv[1])
from harness import protocol, wire  # type: ignore[import-not-found]

job = protocol.receive(0)
module = type(sys)("solution")
exec(compile(job["source"], "solution.py", "exec"), module.__dict__)
data = memoryview(wire.encode(getattr(module, job["entry"])(*wire.decode(job["arguments"]).values())))
while data:
    data = data[os.write(1, data) :]
