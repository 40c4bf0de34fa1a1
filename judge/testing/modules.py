"""The program's own files: where in them an exception came from, and their modules forgotten."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, TracebackType

from judge.model.run import Frame, Raised


def describe(error: BaseException, directory: Path) -> Raised:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).parent == directory:
        frame = Frame(
            file=Path(error.filename).name,
            line=error.lineno or 0,
            function="<module>",
            source=(error.text or "").strip(),
        )
        return Raised(type_name=type(error).__name__, message=error.msg, frames=(frame,))
    frames = tuple(_frames(error.__traceback__, directory))
    return Raised(type_name=type(error).__name__, message=str(error), frames=frames)


def _frames(step: TracebackType | None, directory: Path) -> Iterator[Frame]:
    while step is not None:
        path, line = Path(step.tb_frame.f_code.co_filename), step.tb_lineno
        if path.parent == directory:
            source = path.read_text(errors="replace").split("\n")[line - 1].strip()
            yield Frame(file=path.name, line=line, function=step.tb_frame.f_code.co_name, source=source)
        step = step.tb_next


def forget_modules(directory: Path, known: dict[str, ModuleType]) -> None:
    """Removes what the program imported from its own files, and brings back what it stood in front of."""
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").parent == directory:
            del sys.modules[name]
    for name, module in known.items():
        sys.modules.setdefault(name, module)
