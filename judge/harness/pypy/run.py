"""Becomes the program that ``compile`` made: as a script that PyPy runs, with the arguments that follow."""

import builtins
import marshal
import sys


def main() -> None:
    with open("/tmp/program", "rb") as program:
        name, code = marshal.load(program)
    module = type(sys)("__main__")
    module.__file__ = "/box/" + name
    sys.modules["__main__"] = module
    sys.argv[0] = module.__file__
    sys.path[:] = [path for path in sys.path if path] + ["/box"]
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # the module site would define them
    try:
        exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        step = error.__traceback__
        own = step.tb_next if step is not None else None
        sys.excepthook(type(error), error.with_traceback(own), own)
        sys.exit(1)


main()
