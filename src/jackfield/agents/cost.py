"""What a tool costs before it is ever called: its name, description and schema are read by the model at every turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

BYTES_PER_TOKEN = 4.0


@dataclass(frozen=True, kw_only=True)
class Cost:
    """How much of a model's context something takes.

    Attributes:
        bytes: Of its compact JSON, in UTF-8.
        tokens: Estimated from that.
    """

    bytes: int
    tokens: int


def cost_of(*, name: str, description: str, input_schema: Mapping[str, Any]) -> Cost:
    """What a tool takes of a model's context."""
    written = orjson.dumps({"name": name, "description": description, "inputSchema": input_schema})
    return Cost(bytes=len(written), tokens=round(len(written) / BYTES_PER_TOKEN))


def sum_of(costs: Iterable[Cost]) -> Cost:
    """What several take together."""
    each = list(costs)
    return Cost(bytes=sum(cost.bytes for cost in each), tokens=sum(cost.tokens for cost in each))
