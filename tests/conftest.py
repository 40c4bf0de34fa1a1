"""What all tests share: property tests draw the same examples in every run and keep no database; see portions.py."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
settings.load_profile("steady")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Answers pytest-xdist, if it is installed and asked to keep files together."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.portions import ByPortion

    return ByPortion(config, log)
