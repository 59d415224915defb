"""What is shown of gateways. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from jackfield.access.principal import Principal
from jackfield.agents.choice import Choice
from jackfield.agents.choice_reading import read_choice

Mode: TypeAlias = Literal["auto", "tools", "search"]
"""How tools are offered: each by itself, by a search among them, or as many as there are says."""

ENDPOINT = "/mcp/"
"""Before the name of a gateway: where models reach it."""


@dataclass(frozen=True, kw_only=True)
class GatewayInfo:
    """A gateway: chosen commands for models, at an endpoint of its own.

    Attributes:
        id: Stays when it is renamed.
        name: As in its endpoint.
        title: For people.
        description: For people.
        instructions: For the model, beside its tools.
        choice: Which commands, and what is settled for the model.
        mode: How its tools are offered: each by itself, by a search among them, or as many as there are says.
        output_schemas: Whether tools say what they answer, where that is known.
        characters: At most so many of a result are shown at once.
        enabled: Whether it can be used, and its tokens count.
        owner: Id of the user that made it.
        endpoint: Where models reach it, below the address of the server.
        created, updated: Microseconds since 1970.
        revision: Raised by every change.
    """

    id: str
    name: str
    title: str
    description: str
    instructions: str
    choice: Mapping[str, Any] = field(repr=False)
    mode: Mode
    output_schemas: bool
    characters: int
    enabled: bool
    owner: str
    endpoint: str
    created: int
    updated: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway that somebody uses.

    Attributes:
        choice: Which commands, and what is settled for the model.
        caller: On whose behalf its tools are listed and called. The token of a gateway allows nothing to anybody
            else: only here it has its scopes.
    """

    id: str
    name: str
    title: str
    description: str
    instructions: str
    choice: Choice = field(repr=False)
    mode: Mode
    output_schemas: bool
    characters: int
    caller: Principal


def opened(info: GatewayInfo, *, caller: Principal) -> Gateway:
    """The gateway that `info` shows, as `caller` uses it."""
    return Gateway(
        id=info.id,
        name=info.name,
        title=info.title or info.name,
        description=info.description,
        instructions=info.instructions,
        choice=read_choice(info.choice),
        mode=info.mode,
        output_schemas=info.output_schemas,
        characters=info.characters,
        caller=caller,
    )
