"""In-memory twins of the ports, for tests of what stands on them.

``InProcessSandbox`` runs Python programs in the caller's own process. **It isolates nothing**: a program that exits
the process, forks, or takes all memory does that to the caller, so it is for programs that one trusts, such as a
package's references and honest or plainly wrong solutions. What it does keep of the contract:

- loading and calling, with the frames of the program's own files in a traceback, and every way of not answering but a
  signal;
- a namespace of its own for each box, made again for each call with isolation "test";
- freshly decoded arguments for each call, arrays as NumPy's; the answer as bytes;
- the CPU limit, by a profiling timer that raises inside the program: only in the main thread, and only when the
  program returns to the interpreter or does not swallow BaseException;
- the limit on output, and on the answer's size; the audit of a call;
- a program run as a script, with isolation "process", as far as it uses ``sys.stdin`` and ``sys.stdout`` as text;
- its conversation with a partner: ``talk``.

Memory, processes, the wall limit, the hash seed and interrupts are not looked at: ``memory_peak_bytes`` and
``oom_kills`` are 0.
"""

from judge.testing.answers import burst_of
from judge.testing.sandbox import InProcessBox, InProcessCompanions, InProcessSandbox

__all__ = ["InProcessBox", "InProcessCompanions", "InProcessSandbox", "burst_of"]
