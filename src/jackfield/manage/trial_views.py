"""What is shown of a connector that was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jackfield.definition.outcome import Outcome, read_outcome
from jackfield.dispatch.call import Origin, Recorded

ORIGIN = Origin(trigger="trial")
"""How their calls are recorded."""

_OF_ITS_OWN = ("log", "logLeftOut", "requests", "requestsLeftOut")
"""Of the metadata: what stands beside the outcome instead."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How a call of a connector went that is kept nowhere.

    Attributes:
        outcome: As that of any call.
        logs: What the command has logged, each `{level, message}`.
        requests: What it has sent, redirects among them, each `{method, url, ms, status?, code?, error?}`. Without
            `status` nothing came back, and `code` says why: `url-refused` is what the network policy forbids.
        usage: `{durationMs, requests}`, and of a script `{cpuMs, wallMs, memoryBytes, hostCalls}`.
        left_out: `{logs, requests}`: how many there was no room for.
    """

    outcome: Outcome[Any]
    logs: Sequence[Mapping[str, str]]
    requests: Sequence[Mapping[str, Any]]
    usage: Mapping[str, Any]
    left_out: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The outcome, with what stands beside it."""
        beside = {"logs": self.logs, "requests": self.requests, "usage": self.usage, "leftOut": self.left_out}
        return self.outcome.to_json() | beside


def trial_of(recorded: Recorded) -> Trial:
    """What is shown of a call that was made with `debug` and `trace`."""
    metadata = recorded.outcome.metadata
    requests, script = metadata.get("requests", []), metadata.get("script")
    left_out = {"logs": metadata.get("logLeftOut", 0), "requests": metadata.get("requestsLeftOut", 0)}
    used = {"durationMs": metadata.get("durationMs"), "requests": len(requests) + left_out["requests"]}
    kept = {name: value for name, value in metadata.items() if name not in _OF_ITS_OWN}
    return Trial(
        outcome=replace(recorded.outcome, metadata=kept),
        logs=metadata.get("log", []),
        requests=requests,
        usage=used | (dict(script) if isinstance(script, Mapping) else {}),
        left_out=left_out,
    )


def read_trial(document: Any) -> Trial:
    """The trial that `Trial.to_json` wrote.

    Raises:
        ValueError: It is none.
    """
    outcome = read_outcome(document)
    lists, objects = ("logs", "requests"), ("usage", "leftOut")
    if not all(isinstance(document.get(name), list) for name in lists):
        raise ValueError("it is no trial")
    if not all(isinstance(document.get(name), Mapping) for name in objects):
        raise ValueError("it is no trial")
    return Trial(
        outcome=outcome,
        logs=document["logs"],
        requests=document["requests"],
        usage=document["usage"],
        left_out=document["leftOut"],
    )
