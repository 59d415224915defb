"""The authoring tools of a caller, and calls of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.errors import UnknownTool
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.definition.errors import InvalidParams
from jackfield.definition.names import find
from jackfield.definition.validation import ObjectValidator
from jackfield.dispatch.call import Trigger
from jackfield.errors import JackfieldError
from jackfield.manage.authoring import tools as folder
from jackfield.manage.authoring.bench import Bench
from jackfield.manage.authoring.results import done, failed
from jackfield.manage.authoring.tool import Asked, AuthoringTool, Carried, Sample


class Authoring:
    """Tools with which a language model makes connectors: looked at first, then made, tested and called."""

    def __init__(self, bench: Bench) -> None:
        """Args:
        bench: What they work with.
        """
        self._bench = bench

    async def tools(self, principal: Principal) -> Sequence[AuthoringTool]:
        """Those that the caller's token allows to call, by name."""
        return [entry.tool for entry in _entries().values() if entry.tool.scope in principal.scopes]

    async def call(
        self,
        principal: Principal,
        name: str,
        arguments: Mapping[str, Any],
        *,
        sample: Sample | None = None,
        context: ToolContext = ToolContext(),  # noqa: B008 - frozen
        trigger: Trigger = "mcp",
    ) -> ToolResult:
        """Call a tool. All that can go wrong is in the result: models read that, and no exceptions.

        Args:
            principal: Who asks.
            name: Of the tool.
            arguments: As its schema has them. Objects and lists may be JSON text: many models write them so.
            sample: Asks the caller's own model, where the installation has none.
            context: On whose way.
            trigger: For the record of calls.
        """
        try:
            entry = _entry(principal, name)
            asked = Asked(
                principal=principal,
                arguments=entry.read(arguments),
                sample=sample,
                context=context,
                trigger=trigger,
            )
            answer = await entry.module.run(self._bench, asked)
        except JackfieldError as error:
            return failed(error)
        return answer if isinstance(answer, ToolResult) else done(answer)


@dataclass(frozen=True, kw_only=True)
class _Entry:
    tool: AuthoringTool
    module: Carried
    validator: ObjectValidator

    def read(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments, with defaults.

        Raises:
            InvalidParams: They are not those of the tool; all faults at once.
        """
        properties = self.tool.input_schema["properties"]
        given = {name: _parsed(value, properties, name) for name, value in arguments.items()}
        values, faults = self.validator.prepare(given)
        if faults:
            hint = f"it takes {', '.join(f'`{known}`' for known in properties)}"
            raise InvalidParams(faults=faults, where=f"tool `{self.tool.name}`", hint=hint)
        return values


def _entry(principal: Principal, name: str) -> _Entry:
    """The tool that is called.

    Raises:
        UnknownTool: There is none of that name.
        ScopeMissing: The caller's token does not allow it.
    """
    entry = _entries().get(name)
    if entry is None:
        raise UnknownTool(tool=name, known=list(_entries()))
    principal.require(entry.tool.scope)
    return entry


@cache
def _entries() -> Mapping[str, _Entry]:
    """The modules of the folder `tools`, which need no list, by the names of their tools."""
    names = sorted(module.name for module in iter_modules(folder.__path__))
    modules: list[Any] = [import_module(f"{folder.__name__}.{name}") for name in names]
    return {
        module.TOOL.name: _Entry(tool=module.TOOL, module=module, validator=ObjectValidator(module.TOOL.input_schema))
        for module in modules
    }


def _parsed(value: Any, properties: Mapping[str, Any], name: str) -> Any:
    """`value`, or what it is the JSON of where an object or a list is wanted and a text is not."""
    known = find(name, properties)
    wanted = properties[known].get("type") if known else None
    if not isinstance(value, str) or wanted not in ("object", "array"):
        return value
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, dict | list) else value
