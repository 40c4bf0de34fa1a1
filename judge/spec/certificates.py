"""The certificate of a complexity gate, as it stands in ``judge.lock``.

A JSON object: ``gate``, the digest of sizes, slope, repeats, budget and inputs; ``slope``, the gate; ``slopes``, for
every measured submission and family the estimate and its interval, or null when it is too fast to be measured. Nothing
in it depends on the date; the slopes of another machine differ in the second decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.model.digest import digest_of
from judge.model.plan import ComplexityGate
from judge.stats.slope import Slope


def certificate_of(gate: ComplexityGate, slopes: Mapping[tuple[str, str], Slope | None]) -> dict[str, Any]:
    """Returns the certificate; ``slopes`` are by a submission's path and a family's name."""
    written: dict[str, dict[str, list[float] | None]] = {}
    for (path, family), slope in slopes.items():
        values = None if slope is None else [round(value, 2) for value in (slope.estimate, slope.low, slope.high)]
        written.setdefault(path, {})[family] = values
    return {"gate": digest_of(gate), "slope": gate.slope, "slopes": written}


def certifies(certificate: Mapping[str, Any], gate: ComplexityGate | None) -> bool:
    """Whether the certificate is one of this gate."""
    return gate is not None and certificate.get("gate") == digest_of(gate)
