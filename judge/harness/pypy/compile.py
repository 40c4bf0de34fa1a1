"""In the jail of the compiler: compiles the first of the files given; its name and code are the program."""

import marshal
import sys

path = sys.argv[1]
name = path[len("/box/") :]
try:
    with open(path, "rb") as source:
        made = marshal.dumps((name, compile(source.read(), name, "exec", dont_inherit=True)))
except BaseException as error:
    message = getattr(error, "msg", None) or str(error)
    line = getattr(error, "lineno", None) or 1
    sys.stderr.write(f"{name}:{line}: error: {type(error).__name__}: {message}\n")
    sys.exit(1)
with open("/tmp/program", "wb") as program:
    program.write(made)
