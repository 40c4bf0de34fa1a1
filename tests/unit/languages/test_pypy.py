"""What is known of PyPy without one: its versions as it tells them, and how its absence is told."""

from __future__ import annotations

import pytest

from judge.errors import EnvironmentFault
from judge.languages import canonical_language, pypy3
from judge.model.toolchain import Toolchains
from judge.sandbox.toolchains import find

SAID = "Python 3.9.16 (7.3.11+dfsg-2+deb12u3, Dec 30 2024, 22:36:23)\n[PyPy 7.3.11 with GCC 12.2.0]\n"


def test_the_versions_are_those_that_it_tells():
    assert pypy3.versions_of(SAID) == "PyPy 7.3.11 (7.3.11+dfsg-2+deb12u3), Python 3.9.16"


def test_what_is_not_pypy_is_not_taken_for_it():
    with pytest.raises(EnvironmentFault, match=r"expected PyPy's, found 'Python 3.13.0'; apt-get install .*pypy3 g"):
        pypy3.versions_of("Python 3.13.0\n")


def test_its_absence_is_told_with_the_remedy():
    known = Toolchains(usable={}, missing={"pypy3": f"there is no PyPy; {pypy3.REMEDY}"})
    with pytest.raises(EnvironmentFault, match="apt-get install --no-install-recommends pypy3"):
        find(known, "pypy3")


def test_the_names_that_mean_it():
    assert [canonical_language(name) for name in ("pypy", "pypy3", "python")] == ["pypy3", "pypy3", "python3"]
