"""From a command to its tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jackfield.agents.choice import NO_RULE, ChosenConnector, ToolRule
from jackfield.agents.errors import InvalidChoice, ToolNameTaken
from jackfield.agents.names import tool_name
from jackfield.agents.schemas import shown_params
from jackfield.agents.tool import Tool
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.names import find, folded
from jackfield.definition.openapi.short_text import short_text
from jackfield.registry.errors import UnknownCommand

DEPRECATED = "Deprecated"


def make_tool(
    connector: str, definition: ConnectorDefinition, command: CommandDefinition, rule: ToolRule = NO_RULE
) -> Tool:
    """The tool that `command` of `connector` is, by `rule`.

    Args:
        connector: `namespace/name`, or the name of a type that is called without a connector.

    Raises:
        InvalidChoice: The rule is about a param that the command does not have.
    """
    _check_rule(connector, command, rule)
    shown = shown_params(command, rule, leaned=definition.execution_model == "openapi")
    return Tool(
        name=rule.name or tool_name(connector, command.name),
        connector=connector,
        command=command.name,
        title=command.display_name,
        description=rule.description or _described(definition, command),
        input_schema=shown.schema,
        output_schema=command.output_schema,
        reads_only=command.reads_only,
        destructive=command.destructive,
        idempotent=command.idempotent,
        version=definition.version,
        tags=command.tags,
        about=" ".join(filter(None, (definition.display_name, definition.description))),
        rule=rule,
        params=tuple(command.properties),
        open=_is_open(command) and not rule.params and shown.all,
        renamed=shown.renamed,
        mock_param=shown.mock_param,
    )


def make_tools(connector: str, definition: ConnectorDefinition, chosen: ChosenConnector | None) -> Iterator[Tool]:
    """The tools of one connector: those that are chosen, else all that may be offered to models.

    Raises:
        UnknownCommand: A chosen command is none, or its author keeps it from models.
        InvalidChoice: A rule is about a param that there is not.
    """
    for name, command in definition.commands.items():
        if chosen is None and command.tool:
            yield make_tool(connector, definition, command)
        elif chosen is not None and command.tool and _is_chosen(name, chosen):
            key = find(name, chosen.rules)
            rule = chosen.rules[key] if key else NO_RULE
            yield make_tool(connector, definition, command, _settled(rule, chosen))
    if chosen is not None:
        _check_chosen(connector, definition, chosen)


def _settled(rule: ToolRule, chosen: ChosenConnector) -> ToolRule:
    if not (chosen.environment or chosen.credential):
        return rule
    return replace(rule, environment=chosen.environment, credential=chosen.credential)


def check_names(tools: Sequence[Tool]) -> None:
    """Do nothing if every tool has a name of its own.

    Raises:
        ToolNameTaken: Two have the same.
    """
    seen: dict[str, Tool] = {}
    for tool in tools:
        first = seen.setdefault(tool.name, tool)
        if first is not tool:
            said = [f"{one.connector}.{one.command}" for one in (first, tool)]
            raise ToolNameTaken(tool=tool.name, first=said[0], second=said[1])


def _is_chosen(name: str, chosen: ChosenConnector) -> bool:
    return not chosen.commands or folded(name) in {folded(one) for one in chosen.commands}


def _check_chosen(connector: str, definition: ConnectorDefinition, chosen: ChosenConnector) -> None:
    """Each command that is named is there: one that is not was misspelt, and a rule for it would protect nothing."""
    for name in (*chosen.commands, *chosen.rules):
        command = definition.find_command(name)
        if command is None or not command.tool:
            known = [one.name for one in definition.commands.values() if one.tool]
            raise UnknownCommand(connector=connector, command=name, known=known)


def _check_rule(connector: str, command: CommandDefinition, rule: ToolRule) -> None:
    known = {folded(name) for name in command.properties}
    if _is_open(command) and not rule.fields:
        return
    for name in (*rule.params, *(rule.fields or ())):
        if folded(name) not in known:
            hint = f"it has {', '.join(f'`{one}`' for one in command.properties) or 'no params'}"
            raise InvalidChoice(where=name, problem=f"is no param of `{connector}.{command.name}`", hint=hint)


def _is_open(command: CommandDefinition) -> bool:
    """Whether it takes params that it does not declare."""
    return command.params.get("additionalProperties", True) is not False


def _described(definition: ConnectorDefinition, command: CommandDefinition) -> str:
    """What its author says of it; what a document says is made short, for those are written for pages."""
    said = command.ai_description or command.description or command.display_name
    if definition.execution_model == "openapi" and not command.ai_description:
        said = short_text(said)
    if command.deprecated is None:
        return said
    return f"{DEPRECATED}: {command.deprecated.message or 'use another tool'}. {said}".strip()
