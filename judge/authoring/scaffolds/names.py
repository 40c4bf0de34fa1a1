"""What a new problem is called, and the files that are the same in every kind."""

from __future__ import annotations

import keyword
import uuid
from dataclasses import dataclass

from judge.errors import SubmissionError
from judge.spec.loader import SLUG

_METADATA = """\
problem_format_version: 2025-09
name: {title}
uuid: {uuid}
type: {type}
version: "0.1"
credits:
  authors: "TODO: your name"
source: "TODO: where the problem comes from"
license: cc by
keywords: []
limits:
  time_limit: 1.0
  memory: 256
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """One problem's names."""

    slug: str  # "moving-average"
    title: str  # "Moving average"
    function: str  # "moving_average"
    type: str  # "MovingAverage"

    @classmethod
    def of(cls, slug: str) -> Names:
        """Raises SubmissionError unless it is a slug."""
        if not SLUG.match(slug):
            raise SubmissionError("slug", f"expected a-z and 0-9, joined by hyphens, found {slug!r}")
        words = slug.split("-")
        name = "_".join(words)
        usable = name.isidentifier() and not keyword.iskeyword(name)
        title = " ".join(words)
        return cls(
            slug=slug,
            title=title[0].upper() + title[1:],
            function=name if usable else f"solve_{name}",
            type="".join(map(str.capitalize, words)) if usable else f"Solve{''.join(map(str.capitalize, words))}",
        )

    def metadata(self, kind: str = "pass-fail") -> str:
        """``problem.yaml``, with an identifier that nobody else has; ``kind`` is the format's type."""
        title = f'"{self.title}"' if self.title[0].isdigit() else self.title
        return _METADATA.format(title=title, uuid=uuid.uuid4(), type=kind)
