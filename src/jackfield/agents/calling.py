"""One call of a tool, from what the model wrote to what it reads. It never raises for what a model can get wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.arguments import Arguments, arguments_of, takes
from jackfield.agents.errors import UnknownField
from jackfield.agents.showing import CHARACTERS, show_error, show_outcome
from jackfield.agents.tool import Tool, ToolContext, ToolResult
from jackfield.definition.errors import InvalidParams
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, CallOptions, Origin, Trigger
from jackfield.errors import JackfieldError

logger = logging.getLogger("jackfield.agents")

Run = Callable[[Call], Awaitable[Outcome[Any]]]
"""Makes a call; what could not start raises."""

OnIgnored = Callable[[Tool, tuple[str, ...]], Awaitable[None]]
"""Told of params that a model tried to set and may not: of which tool, and their names."""


async def call_tool(
    tool: Tool,
    given: Mapping[str, Any],
    *,
    run: Run,
    principal: Principal,
    context: ToolContext,
    trigger: Trigger = "agent",
    options: CallOptions = CallOptions(),  # noqa: B008 - frozen
    characters: int = CHARACTERS,
    on_ignored: OnIgnored | None = None,
) -> ToolResult:
    """Call `tool` with what a model gave it.

    Args:
        tool: One that the model was given.
        given: Its arguments, whatever they are.
        run: Makes the call.
        principal: On whose behalf.
        context: On whose way.
        trigger: For the record.
        options: Of the host. Whether a mock answers is the model's only where the tool says so.
        characters: At most so many are shown.
        on_ignored: Told of attempts to set what is settled. They are written to the log in any case.
    """
    try:
        read = arguments_of(tool, given, context.variables)
        if read.ignored:
            await _report(tool, read, principal, on_ignored)
        outcome = await run(_call(tool, read, principal, context, trigger, options))
    except InvalidParams as error:  # whose own hint names params that may be none of the model's
        return show_error(error, hint=takes(tool))
    except JackfieldError as error:
        return show_error(error)
    call_id = context.call_id or str(outcome.metadata.get("executionId", ""))
    show = {"call_id": call_id, "schema": tool.output_schema, "characters": characters, "ignored": read.ignored}
    try:
        return show_outcome(outcome, rule=tool.rule.result, **show)  # type: ignore[arg-type]  # as they are named
    except UnknownField as error:  # of the host's own rule: what happened has happened, and is shown as it is
        logger.warning("the rule for the result of tool `%s` cannot be kept: %s", tool.name, error.message)
        return show_outcome(outcome, **show)  # type: ignore[arg-type]


def _call(
    tool: Tool, read: Arguments, principal: Principal, context: ToolContext, trigger: Trigger, options: CallOptions
) -> Call:
    # A model may ask for sample data, never for the real service: whether that is called is the host's to decide.
    chosen = replace(options, use_mock=True) if read.use_mock and options.use_mock is None else options
    if tool.rule.environment:
        chosen = replace(chosen, environment=tool.rule.environment)
    if tool.rule.credential:
        chosen = replace(chosen, credential_id=tool.rule.credential)
    return Call(
        principal=principal,
        target=tool.connector,
        command=tool.command,
        params=read.params,
        options=chosen,
        origin=Origin(
            trigger=trigger,
            chat_id=context.chat_id,
            tool_call_id=context.call_id,
            text_only=trigger == "cli",  # where numbers are typed, and no model has made them
        ),
    )


async def _report(tool: Tool, read: Arguments, principal: Principal, on_ignored: OnIgnored | None) -> None:
    """Into the log, without what the model wanted: it may be anything."""
    names = ", ".join(f"`{name[:60]!r}`" for name in read.ignored[:5])
    logger.warning("a model called tool `%s` for `%s` and tried to set %s", tool.name, principal.user, names)
    if on_ignored is not None:
        await on_ignored(tool, read.ignored)
