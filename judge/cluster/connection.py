"""The only file that speaks to Ray: a connection to a cluster, its nodes and their actors.

Each living node has one detached actor, pinned to it and named after it, which reserves nothing: it outlives the
driver, and the next driver finds it by its name. Ray starts its process again when it ends; calls that it had then
fail. Ray needs the extra ``judge[ray]``.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from judge.cluster.node import JudgeNode
from judge.errors import InfrastructureError, SubmissionError

NAMESPACE = "judge"


class Cluster:
    """A connection to a Ray cluster; ``with connected(...)`` makes and ends it."""

    def __init__(self, ray: Any, engine: str, settings: dict[str, str]) -> None:
        self._ray = ray
        self._engine = engine
        self._settings = settings
        self._actor = ray.remote(JudgeNode)

    def nodes(self) -> list[str]:
        """The ids of the nodes that live. Raises InfrastructureError."""
        try:
            return [node["NodeID"] for node in self._ray.nodes() if node["Alive"]]
        except (RuntimeError, OSError, self._ray.exceptions.RayError) as error:
            raise InfrastructureError(f"the Ray cluster does not answer: {error}") from error

    def actor(self, node: str) -> Any:
        """The actor of a node, made if there is none. Raises LOST."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        options = self._actor.options(
            name=f"node-{node}",
            namespace=NAMESPACE,
            lifetime="detached",
            get_if_exists=True,
            num_cpus=0,
            max_restarts=-1,
            max_task_retries=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
        )
        return options.remote(self._engine, self._settings)

    def end(self, actor: Any) -> None:
        """Kills an actor for good."""
        with contextlib.suppress(*self.lost):
            self._ray.kill(actor, no_restart=True)

    def wait(self, calls: Sequence[Any], timeout_s: float) -> list[Any]:
        """Those of the calls that have ended, at least one unless the time is over."""
        done, rest = self._ray.wait(list(calls), num_returns=1, timeout=timeout_s, fetch_local=False)
        more = self._ray.wait(rest, num_returns=len(rest), timeout=0, fetch_local=False)[0] if done and rest else []
        return [*done, *more]

    def result(self, call: Any) -> bytes:
        """What a call that has ended gave. Raises LOST."""
        data: bytes = self._ray.get(call)
        return data

    @property
    def lost(self) -> tuple[type[Exception], ...]:
        """LOST: what is raised when an actor, its node or an answer is lost, or an answer cannot be read."""
        return (self._ray.exceptions.RayError, ValueError, RuntimeError, msgspec.MsgspecError)


@contextlib.contextmanager
def connected(address: str, engine: str, settings: dict[str, str]) -> Iterator[Cluster]:
    """A connection to the cluster at ``address``: ``auto``, ``local`` (a cluster of this machine's own), or host:port.

    A process that is connected already stays so. Raises SubmissionError without Ray, InfrastructureError.
    """
    ray = _ray()
    if ray.is_initialized():
        yield Cluster(ray, engine, settings)
        return
    options: dict[str, Any] = {"namespace": NAMESPACE, "log_to_driver": False, "logging_level": "error"}
    if address == "local":
        options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        _tell_nobody()
    try:
        ray.init(address=address, **options)
    except (ConnectionError, RuntimeError, ValueError, OSError, ray.exceptions.RayError) as error:
        raise InfrastructureError(f"cannot connect to a Ray cluster at {address!r}: {error}") from error
    own = ray.get_runtime_context().get_node_id()
    address = next(node["RayletSocketName"] for node in ray.nodes() if node["NodeID"] == own)
    try:
        yield Cluster(ray, engine, settings)
    finally:
        if _listens(address):
            ray.shutdown()


def _listens(path: str) -> bool:
    """Whether the node that this process is connected through lives; without it ``ray.shutdown`` ends the process."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def _tell_nobody() -> None:
    """A cluster that is started here sends no usage statistics."""
    from ray._common.usage import usage_lib

    usage_lib.set_usage_stats_enabled_via_env_var(False)


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise SubmissionError("ray", "expected the package ray, found none: install the extra judge[ray]") from None
    return ray
