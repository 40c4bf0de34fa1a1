"""How a channel to the judge is set up: sizes, balancing, retries.

``SERVICE_CONFIG`` makes gRPC itself spread calls over all addresses that a name resolves to, and repeat calls that
found no server. Calls that a server refused because it is full are repeated by the client, which reads how long to
wait. Repeating is safe: the client gives every grading, batch and rejudging a request id.
"""

from __future__ import annotations

import json
from typing import Any

SERVICE_CONFIG: dict[str, Any] = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [
                {"service": "judge.api.v1.GradingService"},
                {"service": "judge.api.v1.ProblemService"},
                {"service": "judge.api.v1.BatchService"},
            ],
            "waitForReady": False,
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ],
}

MAX_MESSAGE_BYTES = 64 << 20

OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1_000),  # less than the retries last, so a call finds a server that has come back
    ("grpc.keepalive_time_ms", 30_000),  # a server that is gone without a word is noticed
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.ping_timeout_ms", 20_000),  # as long: without it gRPC waits 60 s, whatever the line above says
)
