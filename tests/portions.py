"""What one process runs of the tests before it asks for more, when pytest-xdist runs them in several (``make test``).

A file, for its tests share fixtures; of a file of one long list, the tests of one package.
"""

from __future__ import annotations

import re

from xdist.scheduler import LoadFileScheduling

LISTS = ("tests/integration/test_shipped_problems.py",)
SLUG = re.compile(r"\[(?:warm-|cold-)?([a-z0-9-]+)")


def portion_of(nodeid: str) -> str:
    """Returns the name of the portion that a test belongs to."""
    file = nodeid.partition("::")[0]
    slug = SLUG.search(nodeid) if file in LISTS else None
    return f"{file} {slug[1]}" if slug else file


class ByPortion(LoadFileScheduling):
    """Hands out portions in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return portion_of(nodeid)
