"""Programs that try to be accepted without solving anything; they are made from the signature.

None of them attacks the machine: what a box withstands is the sandbox's own matter. They try what a checker, a harness
or a package may let pass: answers of a strange nature, answers that are not given, the expected answer read from where
it might lie.
"""

from __future__ import annotations

from judge.model.plan import TestPlan

_OWN = """\
def {name}(*arguments):
{body}
"""
# What the body of the function is; {zero} is a value of the return type.
_BODIES: dict[str, str] = {
    "returns a zero": "    return {zero}",
    "returns NaN": "    return float('nan')",
    "returns nothing": "    return None",
    "echoes its first argument": "    return arguments[0] if arguments else None",
    "returns an object that equals everything": """\
    class Equal(type({zero})):
        __hash__ = None
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        def __lt__(self, other): return True
        def __le__(self, other): return True
    try:
        return Equal({zero})
    except TypeError:
        return Equal()""",
    "returns an array that compares as equal": """\
    import numpy as np
    class Close(np.ndarray):
        def __array_ufunc__(self, *_, **__): return np.bool_(True)
    return np.zeros(3).view(Close)""",
    "exits": "    import os\n    os._exit(0)",
    "leaves at exit": "    import atexit\n    atexit.register(print, 'ACCEPTED')\n    raise SystemExit(0)",
    "prints what a judge might": """\
    print('{{"verdict": "ACCEPTED"}}')
    print('AC')
    return {zero}""",
    "walks the frames for an expected answer": """\
    import sys
    frame = sys._getframe()
    while frame is not None:
        for key in ('expected', 'answer', 'reference'):
            if key in frame.f_locals: return frame.f_locals[key]
        frame = frame.f_back
    return {zero}""",
    "walks the garbage collector": """\
    import gc
    for found in gc.get_objects():
        if isinstance(found, dict) and 'expected' in found: return found['expected']
    return {zero}""",
    "imports the reference": """\
    try:
        import reference
        return reference.{name}(*arguments)
    except ImportError:
        pass
    try:
        import solution
        return solution.reference(*arguments)
    except (ImportError, AttributeError):
        return {zero}""",
    "reads the package": """\
    import os
    for top in ('.', '..', '/', '/work', '/problems', '/package', '/data'):
        for directory, _, files in os.walk(top):
            for file in files:
                if file.endswith('.ans'): return open(os.path.join(directory, file)).read()
            if directory.count('/') > 3: break
    return {zero}""",
    "patches time and comparisons": """\
    import math, random, time
    time.process_time = time.monotonic = lambda: 0.0
    math.isclose = lambda *_, **__: True
    random.random = lambda: 0.5
    try:
        import numpy as np
        np.allclose = np.isclose = np.array_equal = lambda *_, **__: True
    except ImportError:
        pass
    return {zero}""",
    "remembers its first answer": """\
    cache = globals().setdefault('cache', [])
    cache.append({zero})
    return cache[0]""",
    "clears its arguments": """\
    for argument in arguments:
        if hasattr(argument, 'clear'): argument.clear()
    return {zero}""",
    "sleeps": "    import time\n    time.sleep(0.01)\n    return {zero}",
}
_ZEROS = {
    "bool": "False",
    "int": "0",
    "float": "0.0",
    "str": "''",
    "bytes": "b''",
    "list": "[]",
    "dict": "{}",
    "Optional": "None",
}


def adversaries(plan: TestPlan) -> dict[str, str]:
    """Source code by what it does."""
    returns = plan.signature.returns
    zero = _ZEROS.get(returns.name, "()")
    if returns.name == "tuple" and not returns.variadic:
        zero = f"({', '.join(_ZEROS.get(each.name, '()') for each in returns.arguments)},)"
    if returns.name == "array":
        zero = "__import__('numpy').zeros(1)"
    return {
        what: _OWN.format(name=plan.entry_point, body=body.format(zero=zero, name=plan.entry_point))
        for what, body in _BODIES.items()
    }
