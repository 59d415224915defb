"""Checking the params before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.errors import InvalidParams
from jackfield.dispatch.call import Call
from jackfield.dispatch.data import flatten
from jackfield.dispatch.ready import Ready


@dataclass(frozen=True, kw_only=True)
class Valid:
    """Params that match the schema, where the caller put them, and the headers of the call."""

    params: Mapping[str, Any]
    places: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def asked(self) -> dict[str, Any]:
        """All that makes it another call if it is another."""
        return {"params": self.params, "places": self.places, "headers": self.headers}


def validate(ready: Ready, call: Call) -> Valid:
    """The params with defaults filled in.

    Raises:
        InvalidParams: All that is wrong with them, at once.
    """
    data = flatten(call.params, ready.command)
    params, faults = ready.validator.prepare(data.params, coerce=call.origin.text_only)
    if faults:
        raise InvalidParams(
            faults=faults,
            where=f"command `{ready.command.name}` of `{ready.target.name}`",
            hint=_hint(ready),
        )
    headers = {**data.headers, **call.options.headers} if data.headers else call.options.headers
    return Valid(params=params, places=data.places, headers=headers)


def _hint(ready: Ready) -> str:
    required = ready.command.params.get("required") or ()
    described = [f"`{name}`" + (" (required)" if name in required else "") for name in ready.command.properties]
    return f"`{ready.command.name}` takes {', '.join(described)}" if described else "the command takes no params"
