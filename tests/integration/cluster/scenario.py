"""A cluster of three Ray nodes on this machine, and what is done to it: ``python scenario.py DIRECTORY ROUNDS``.

It runs as the first process of its own network and process namespaces (``lo`` and nothing else; what it leaves is
killed with it). It prints JSON lines: for the start, for an undisturbed run, for one with a submission that kills every
actor, and for each round of an actor's process, the driver and a node's raylet killed with SIGKILL in mid-batch.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PARALLEL = 4  # of an engine, as sleeping.py has it
LONGEST_S = 0.25  # of the gradings that measure efficiency
DRIVE = Path(__file__).parent / "drive.py"
ITEMS = 480
SYSTEM = {"health_check_period_ms": 500, "health_check_initial_delay_ms": 0}


def raise_lo() -> None:
    """Switches ``lo`` on: netdevice(7), SIOCSIFFLAGS with IFF_UP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 1))


def start(directory: Path) -> Any:
    from ray.cluster_utils import Cluster

    head = {"include_dashboard": False, "temp_dir": str(directory), "_system_config": SYSTEM, **node()}
    cluster = Cluster(initialize_head=True, head_node_args=head, shutdown_at_exit=False)
    for _ in range(2):
        cluster.add_node(**node())
    return cluster


def node() -> dict[str, Any]:
    return {"num_cpus": 0, "object_store_memory": 80_000_000, "node_ip_address": "127.0.0.1"}


def submissions(path: Path, shortest_s: float, longest_s: float) -> Path:
    """Gradings between the two, of eight problems."""
    step_s = (longest_s - shortest_s) / 7
    lines = [
        {"id": f"s{number}", "problem": f"p{number % 8}", "source": f"sleep {shortest_s + number % 8 * step_s}"}
        for number in range(ITEMS)
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    return path


def driver(cluster: Any, source: Path, output: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(DRIVE), cluster.address, str(source), str(output)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def until_lines(output: Path, count: int, process: subprocess.Popen[str]) -> None:
    until(lambda: lines_of(output) >= count, process)


def until(done: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not done():
        assert process.poll() is None, f"the driver ended with {process.returncode}"
        time.sleep(0.01)


def lines_of(output: Path) -> int:
    return output.read_bytes().count(b"\n") if output.exists() else 0


def actor_pids() -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::JudgeNode"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return sorted(found)


def raylet_pid(worker: Any) -> int:
    (raylet,) = worker.all_processes["raylet"]
    return int(raylet.process.pid)


def result(process: subprocess.Popen[str], output: Path) -> dict[str, Any]:
    told, _ = process.communicate(timeout=240)
    assert process.returncode == 0, process.returncode
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    return {
        **json.loads(told),  # and nothing else: Ray tells of lost nodes elsewhere
        "ids": len({line["id"] for line in lines}),
        "lines": len(lines),
        "accepted": sum("report" in line and line["report"]["verdict"] == "VERDICT_ACCEPTED" for line in lines),
    }


def undisturbed(cluster: Any, directory: Path, source: Path) -> dict[str, Any]:
    """The second of two runs, whose actors are there, with how busy their places were."""
    result(driver(cluster, source, directory / "first.jsonl"), directory / "first.jsonl")
    longer = submissions(directory / "longer.jsonl", 0.05, LONGEST_S)
    found = result(driver(cluster, longer, directory / "second.jsonl"), directory / "second.jsonl")
    slept = sum(float(json.loads(line)["source"].split()[1]) for line in longer.read_text().splitlines())
    actors = len(actor_pids())
    wall = found["last"] - found["first"] + LONGEST_S  # the longest go first, so the work began that long before
    return {**found, "efficiency": slept / (PARALLEL * actors * wall), "actors": actors}


def poisoned(cluster: Any, directory: Path) -> dict[str, Any]:
    """One submission kills the process of every actor that grades it; the others have reports."""
    source = submissions(directory / "poisoned.jsonl", 0.01, 0.05)
    with source.open("a") as file:
        file.write(json.dumps({"id": "poison", "problem": "p0", "source": "die"}) + "\n")
    return result(driver(cluster, source, directory / "out.jsonl"), directory / "out.jsonl")


def killed(cluster: Any, directory: Path, source: Path, round_: int) -> dict[str, Any]:
    output = directory / f"round-{round_}.jsonl"
    first = driver(cluster, source, output)
    until_lines(output, 40, first)
    actors = actor_pids()  # that of a node which has just joined may be missing
    os.kill(actors[round_ % len(actors)], signal.SIGKILL)
    until_lines(output, 120, first)
    first.kill()
    first.wait()
    before = lines_of(output)
    second = driver(cluster, source, output)
    until_lines(output, before + 40, second)
    worker = sorted(cluster.worker_nodes, key=lambda found: found.node_id)[round_ % 2]
    os.kill(raylet_pid(worker), signal.SIGKILL)
    at = lines_of(output)
    found = result(second, output)
    cluster.remove_node(worker, allow_graceful=False)
    return {**found, "driver_killed_at": before, "node_killed_at": at}


def main(directory: Path, rounds: int) -> None:
    raise_lo()
    source = submissions(directory / "in.jsonl", 0.02, 0.12)
    begin = time.monotonic()
    cluster = start(directory / "ray")
    print(json.dumps({"start_s": time.monotonic() - begin}), flush=True)
    print(json.dumps(undisturbed(cluster, directory, source)), flush=True)
    print(json.dumps(poisoned(cluster, directory)), flush=True)
    for round_ in range(rounds):
        if round_:
            cluster.add_node(**node())
        print(json.dumps(killed(cluster, directory, source, round_)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)  # the namespace's end kills what is left
