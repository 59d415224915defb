"""The tools that the commands of a runtime are."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.finding import Finder, IsConnected
from jackfield.agents.search.embed import Embed
from jackfield.agents.tool import Tool
from jackfield.agents.toolbox import Toolbox
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.connectable import is_connected
from jackfield.dispatch.journal import Journal
from jackfield.dispatch.run import Dispatcher
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue

logger = logging.getLogger("jackfield.app")


def toolbox_of(dispatcher: Dispatcher, catalogue: Catalogue, journal: Journal, model: Path | None) -> Toolbox:
    """The tools of `catalogue`.

    Args:
        model: A folder with a sentence model for their search; `None` for words alone.
    """

    async def run(call: Call) -> Outcome[Any]:
        return (await dispatcher.run(call)).outcome

    return Toolbox(catalogue, run, journal, Finder(_connected(dispatcher), make_embed=partial(_embed, model)))


def _connected(dispatcher: Dispatcher) -> IsConnected:
    async def connected(principal: Principal, tool: Tool) -> bool:
        settled = CallOptions(environment=tool.rule.environment or None, credential_id=tool.rule.credential or None)
        call = Call(principal=principal, target=tool.connector, command=tool.command, options=settled)
        return await is_connected(dispatcher.commands, dispatcher.credentials, call)

    return connected


def _embed(folder: Path | None) -> Embed | None:
    """The model in `folder`. One that cannot be read is only told: a search finds by words too."""
    if folder is None:
        return None
    from jackfield.agents.search.local_model import local_model  # few have one

    try:
        return local_model(folder)
    except JackfieldError as error:
        logger.error("tools are searched by words alone: %s (%s)", error.message, error.hint)
        return None
