"""Every check, in the order in which they are run: an explicit list."""

from __future__ import annotations

from functools import partial

from judge.config import Settings
from judge.doctor import boxes, cgroups, installation, places, privileges, stability
from judge.doctor.check import Check
from judge.languages import LANGUAGES, known_runtimes
from judge.model.toolchain import DEFAULT_RUNTIME

CHECKS: tuple[Check, ...] = (
    Check(name="python", examine=installation.python),
    Check(name="nsjail packages", examine=installation.nsjail_packages),
    Check(name="nsjail starts", examine=installation.nsjail_starts),
    Check(name="nsjail digest", examine=installation.nsjail_is_the_one_installed),
    Check(name="privileges", examine=privileges.capabilities),
    Check(name="user namespaces", examine=privileges.user_namespaces),
    Check(name="resource limits", examine=privileges.resource_limits),
    Check(name="cgroup version", examine=cgroups.version),
    Check(name="cgroup controls", examine=cgroups.controls),
    Check(name="swap", examine=cgroups.swap),
    Check(name="cgroup attach", examine=cgroups.attach_latency),
    Check(name="state directory", examine=places.state_directory),
    Check(name="run directory", examine=places.run_directory),
    Check(name="runtimes", examine=places.runtimes),
    Check(name="runtimes reachable", examine=places.reachable),
    *(Check(name=f"slot, {path}", examine=partial(boxes.slot, path=path)) for path in boxes.PATHS),
    *(
        Check(name=f"{name}, {path}", examine=partial(boxes.language, name=name, path=path))
        for name in LANGUAGES
        for path in boxes.PATHS
    ),
    *(Check(name=f"launch, {path}", examine=partial(boxes.launch_latency, path=path)) for path in boxes.PATHS),
    Check(name="core pattern", examine=stability.core_pattern),
    Check(name="address randomisation", examine=stability.address_randomisation),
    Check(name="huge pages", examine=stability.huge_pages),
    Check(name="turbo", examine=stability.turbo),
    Check(name="hyper-threads", examine=stability.hyper_threads),
    Check(name="governor", examine=stability.governor),
    Check(name="cores", examine=stability.equal_cores),
    *(
        Check(name=name, examine=partial(stability.examine_switch, switch=switch))
        for name, switch in stability.SWITCHES.items()
    ),
)


def checks(settings: Settings) -> tuple[Check, ...]:
    """Every check: the fixed ones, and one for each other runtime that is built or could be."""
    others = [name for name in known_runtimes(settings.runtime_root) if name != DEFAULT_RUNTIME]
    return (*CHECKS, *(Check(name=f"runtime {name}", examine=partial(boxes.runtime, name=name)) for name in others))
