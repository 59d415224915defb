"""How much a script may use: what its connector says, within what the installation allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jackfield.definition.faults import Fault
from jackfield.definition.model import ConnectorDefinition
from jackfield.execution.script.sandbox import Limits

MIB = 1024 * 1024

GRACE_S = 1.0
"""A call that has no limit of its own but its deadline is ended by that, which says so in its own words."""


@dataclass(frozen=True, kw_only=True)
class Caps:
    """The most that a script may ask for.

    Attributes:
        memory_mb: Of the isolate, in MiB.
        cpu_s: Seconds on a processor.
    """

    memory_mb: int = 256
    cpu_s: int = 30


def limits_of(definition: ConnectorDefinition, caps: Caps, *, remaining_s: float) -> Limits:
    """The limits of one execution.

    Args:
        definition: Says `limits: {memoryMb, cpuMs, wallMs}`, as far as it does.
        caps: Win over what it says.
        remaining_s: Until the call's deadline, which wins too.
    """
    said, usual = definition.source.get("limits") or {}, Limits()
    memory_bytes = said["memoryMb"] * MIB if "memoryMb" in said else usual.memory_bytes
    cpu_s = said["cpuMs"] / 1000 if "cpuMs" in said else usual.cpu_s
    wall_s = said["wallMs"] / 1000 if "wallMs" in said else float("inf")
    return replace(
        usual,
        memory_bytes=min(memory_bytes, caps.memory_mb * MIB),
        cpu_s=min(cpu_s, caps.cpu_s),
        wall_s=min(wall_s, max(remaining_s, 0) + GRACE_S),
    )


def above_caps(definition: ConnectorDefinition, caps: Caps) -> Iterator[Fault]:
    """What a definition asks for that the installation does not allow."""
    said = definition.source.get("limits") or {}
    allowed = {"memoryMb": caps.memory_mb, "cpuMs": caps.cpu_s * 1000}
    for name, most in allowed.items():
        if said.get(name, 0) > most:
            message = f"`limits.{name}` is {said[name]}; this installation allows at most {most}"
            yield Fault(pointer=f"/limits/{name}", message=message)
