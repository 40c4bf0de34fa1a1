"""The section ``waivers`` of ``judge.yaml``: findings that the author keeps, each with a reason.

Which rules there are is known where they are checked, in ``judge.authoring``.
"""

from __future__ import annotations

from judge.model.problem import Waiver
from judge.spec.locations import Document
from judge.spec.schema import WaiverKeys

MIN_REASON = 10  # characters: "n/a" is none


def read_waivers(document: Document, waivers: list[WaiverKeys]) -> tuple[Waiver, ...]:
    """Returns them in the file's order. Raises SpecError for one without a reason."""
    for at, waiver in enumerate(waivers):
        if len(waiver.reason.strip()) < MIN_REASON:
            message = f"waivers.{at}.reason: expected why the finding is kept, found {waiver.reason!r}"
            raise document.error(message, "waivers", at, "reason")
    return tuple(
        Waiver(
            rule=waiver.rule,
            reason=waiver.reason.strip(),
            file=waiver.file,
            about=waiver.about,
            line=document.line("waivers", at),
        )
        for at, waiver in enumerate(waivers)
    )
