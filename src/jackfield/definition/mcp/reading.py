"""`mcpServer` and `tools` of a document, as its definition keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jackfield.definition.mcp.tools import SERVER, TOOLS, fault, pinned_part
from jackfield.definition.model import CommandDefinition
from jackfield.definition.operations_paths import base_fault
from jackfield.definition.operations_reader import Reader

_WHERE = "an object with `url`, the address of a server, or `command`, a program that the operator lists"
_COMMAND = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")


def read_upstream(reader: Reader) -> dict[str, Any]:
    """`ConnectorDefinition.source` of a connector to an MCP server. Whether its program is listed is asked later."""
    return {SERVER: _read_server(reader), TOOLS: _read_tools(reader)}


def check_commands(reader: Reader, commands: Mapping[str, CommandDefinition], source: Mapping[str, Any]) -> None:
    """Note commands that no tool stands behind."""
    for name in commands:
        if name not in source[TOOLS] and reader.faults.are_told():
            reader.faults.add(
                (*reader.place("commands"), name),
                "no pinned tool has this command",
                hint="leave `commands` out: they follow from `tools`",
            )


def _read_server(reader: Reader) -> dict[str, str]:
    given, at = reader.value(SERVER), reader.place(SERVER)
    if not isinstance(given, Mapping) or not given:
        reader.faults.missing(at, _WHERE) if not given else reader.faults.wrong(at, given, _WHERE)
        return {}
    if len(given) != 1 or next(iter(given)) not in {"url", "command"}:
        reader.faults.add(at, "it has not exactly one of `url` and `command`", hint=f"give {_WHERE}")
        return {}
    ((key, value),) = given.items()
    if not isinstance(value, str):
        reader.faults.add((*at, key), "it is no text", hint=f"give {_WHERE}")
    elif key == "command" and not _COMMAND.fullmatch(value):
        hint = "give the name under which the operator lists it in `JACKFIELD_MCP_COMMANDS`; arguments are listed there"
        reader.faults.add((*at, key), "it is no name of a listed program", hint=hint)
    elif key == "url" and (reason := base_fault(value)):  # the address is not told: it may hold a password
        hint = "use one such as `https://mcp.example.com/mcp`; secrets go into connection fields, and into `auth`"
        reader.faults.add((*at, key), f"it is no address of a server: {reason}", hint=hint)
    return {key: str(value)}


def _read_tools(reader: Reader) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    for command, tool in reader.mapping(TOOLS).items():
        at = (*reader.place(TOOLS), command)
        if not isinstance(tool, Mapping):
            reader.faults.add(at, "it is no object", hint="give the definition of a tool, as its server gives it")
            continue
        name = str(tool.get("name", ""))
        if reason := fault(tool) or ("another command has the same tool" if name in names else ""):
            reader.faults.add(at, reason, hint="take the definitions that a sync has pinned")
        names[name] = command
        found[str(command)] = pinned_part(tool)
    return found
