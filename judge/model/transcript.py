"""How a conversation began, as a text: a line for each line that was said."""

from __future__ import annotations

from judge.model.text import visible

TRANSCRIPT_BYTES = 1024
SAID, HEARD = ">", "<"  # by the program, and by its partner


class Transcript:
    """The first bytes of what was said, in order."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, bytearray]] = []
        self._left = TRANSCRIPT_BYTES

    def note(self, mark: str, data: bytes | bytearray) -> None:
        """Adds what one side said."""
        part = bytearray(data[: self._left])
        self._left -= len(part)
        if part and self._parts and self._parts[-1][0] == mark:
            self._parts[-1][1].extend(part)
        elif part:
            self._parts.append((mark, part))

    def text(self) -> str:
        """Each line after the mark of the side that said it."""
        lines = []
        for mark, data in self._parts:
            said = data.decode("utf-8", "replace").removesuffix("\n").split("\n")
            lines += [f"{mark} {visible(line)}" for line in said]
        return "\n".join(lines)
