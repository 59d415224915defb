"""Which tools somebody means: those of a gateway, of a choice, of a connector, or all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.agents.choice import EVERYTHING, Choice, ChosenConnector
from jackfield.agents.choice_reading import read_choice
from jackfield.agents.offered import Offered
from jackfield.agents.showing import CHARACTERS
from jackfield.agents.tool import Tool
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import folded

if TYPE_CHECKING:
    from jackfield.manage.resources import Resources


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Tools that somebody means, and how they are used.

    Attributes:
        caller: On whose behalf.
        choice: Which.
        characters: At most so many of a result are shown.
    """

    caller: Principal
    choice: Choice
    characters: int = CHARACTERS


async def choose(
    resources: Resources,
    principal: Principal,
    *,
    gateway: str | None = None,
    choice: Any = None,
    connector: str | None = None,
    reads_only: bool = False,
) -> Chosen:
    """The tools that are meant.

    Args:
        gateway: Those of this one.
        choice: Instead: those of this one, as `agents.choice_reading` reads it.
        connector: Of these only those of this connector; see `of_connector`.
        reads_only: Only those that change nothing.

    Raises:
        InvalidParams: There are a gateway and a choice.
        InvalidChoice: The choice cannot be read.
        UnknownGateway, GatewayDisabled, ScopeMissing: The gateway cannot be used.
    """
    if gateway is not None and choice is not None:
        fault = Fault(pointer="/choice", message="stands beside `gateway`, which has one")
        raise InvalidParams(faults=[fault], where="the request", hint="give either of them")
    if gateway is not None:
        opened = await resources.gateways.open(principal, gateway)
        chosen = Chosen(caller=opened.caller, choice=opened.choice, characters=opened.characters)
    elif choice is None and connector is not None:
        chosen = Chosen(caller=principal, choice=Choice(connectors=(ChosenConnector(connector=connector),)))
    else:
        chosen = Chosen(caller=principal, choice=EVERYTHING if choice is None else read_choice(choice))
    return replace(chosen, choice=replace(chosen.choice, reads_only=True)) if reads_only else chosen


def of_connector(offered: Offered, connector: str | None) -> Sequence[Tool]:
    """The tools of one connector, or all for `None`.

    Args:
        offered: Of which.
        connector: `namespace/name`, or a name, in any case style.
    """
    if connector is None:
        return offered.tools
    wanted = folded(connector)
    return [tool for tool in offered.tools if wanted in {folded(tool.connector), _name(tool.connector)}]


def names_of(offered: Offered, connectors: Collection[str]) -> frozenset[str]:
    """The connectors that `connectors` mean, as their tools name them.

    Args:
        connectors: `namespace/name`, or names, in any case style.
    """
    return frozenset(tool.connector for wanted in connectors for tool in of_connector(offered, wanted))


def _name(connector: str) -> str:
    return folded(connector.rpartition("/")[2])
