"""Who asks, and through which gateway: what every request of a client is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from jackfield.access.principal import Principal
from jackfield.agents.choice import EVERYTHING, Choice
from jackfield.agents.showing import CHARACTERS

Mode: TypeAlias = Literal["auto", "tools", "search"]
"""How tools are listed: each by itself, or tools that find and call them; `auto` by how many there are."""


class Gateway(Protocol):
    """A named endpoint, and what is behind it."""

    @property
    def name(self) -> str:
        """As in its address; empty for the endpoint of everything."""

    @property
    def title(self) -> str:
        """For people."""

    @property
    def choice(self) -> Choice:
        """Which tools it has."""

    @property
    def mode(self) -> Mode:
        """How they are listed."""

    @property
    def instructions(self) -> str:
        """For the model; empty for none."""

    @property
    def output_schemas(self) -> bool:
        """Whether tools say what they answer."""

    @property
    def characters(self) -> int:
        """How many a model reads of one result, at most."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The endpoint of everything that a caller may use, unless it is told less. Implements `Gateway`."""

    name: str = ""
    title: str = "Jackfield"
    choice: Choice = EVERYTHING
    mode: Mode = "auto"
    instructions: str = ""
    output_schemas: bool = False
    characters: int = CHARACTERS


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request.

    Attributes:
        principal: Who asks, as far as the token of this request allows.
        gateway: Through which.
        bearer: Who was let in, where that is not who calls: the token of a gateway allows something there alone.
        authoring: Whether the tools that make connectors are offered, to those who may use them.
    """

    principal: Principal
    gateway: Gateway
    authoring: bool = False
    bearer: Principal | None = None

    @property
    def chat_id(self) -> str:
        """Under which calls are recorded: a result is given again through the gateway that it came through."""
        return f"mcp:{self.gateway.name}" if self.gateway.name else "mcp"
