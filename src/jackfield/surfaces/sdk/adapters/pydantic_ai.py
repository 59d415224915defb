"""Tools for Pydantic AI (extra `pydantic-ai`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jackfield.agents.model_limits import parameters_of, short_description
from jackfield.agents.said_arguments import read_arguments
from jackfield.agents.tool import Tool
from jackfield.errors import JackfieldError
from jackfield.surfaces.sdk.adapters.given import chat_of, variables_of
from jackfield.surfaces.sdk.adapters.installed import require

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.toolset import ChatId, Toolset, Variables

EXTRA = "pydantic-ai"


class Unreadable(dict[str, Any]):
    """In place of arguments that are no JSON object: a model should be told, where an agent would end its run."""

    said: Any = None


class Lenient:
    """Takes whatever a model has said. The library would ask for it again, and at last give up the whole run.

    Has the methods of `pydantic_core.SchemaValidator` that the library calls.
    """

    def validate_json(self, input: str | bytes | bytearray, **_: Any) -> Any:
        """An object, also of what is none."""
        return self.validate_python(bytes(input) if isinstance(input, bytearray) else input)

    def validate_python(self, input: Any, **_: Any) -> Any:
        """Likewise."""
        try:
            return dict(read_arguments(input))
        except JackfieldError:
            unreadable = Unreadable()
            unreadable.said = input
            return unreadable


def as_toolset(toolset: Toolset, *, variables: Variables, chat_id: ChatId, id: str | None) -> Any:
    """A `pydantic_ai.toolsets.AbstractToolset`; see `Toolset.pydantic_ai`."""
    require("pydantic_ai", extra=EXTRA)
    from pydantic_ai import RunContext
    from pydantic_ai.toolsets import AbstractToolset, ToolsetTool

    class JackfieldToolset(AbstractToolset[Any]):
        """Commands of connectors."""

        @property
        def id(self) -> str | None:
            return id

        async def get_tools(self, ctx: RunContext[Any]) -> dict[str, ToolsetTool[Any]]:
            await toolset.load()
            return {
                tool.name: ToolsetTool(
                    toolset=self, tool_def=_definition(tool), max_retries=1, args_validator=Lenient()
                )
                for tool in toolset.tools
            }

        async def call_tool(
            self, name: str, tool_args: dict[str, Any], ctx: RunContext[Any], tool: ToolsetTool[Any]
        ) -> Any:
            return await _called(toolset, name, tool_args, ctx, variables=variables, chat_id=chat_id)

    return JackfieldToolset()


def as_tool(toolset: Toolset, *, variables: Variables = None, chat_id: ChatId = None) -> Any:
    """The only tool of `toolset` as a `pydantic_ai.Tool`."""
    require("pydantic_ai", extra=EXTRA)
    import pydantic_ai

    (tool,) = toolset.tools

    async def call(ctx: pydantic_ai.RunContext[Any], /, **arguments: Any) -> Any:
        return await _called(toolset, tool.name, arguments, ctx, variables=variables, chat_id=chat_id)

    return pydantic_ai.Tool.from_schema(
        call, name=tool.name, description=short_description(tool), json_schema=parameters_of(tool), takes_ctx=True
    )


def _definition(tool: Tool) -> Any:
    from pydantic_ai.tools import ToolDefinition

    return ToolDefinition(
        name=tool.name,
        description=short_description(tool),
        parameters_json_schema=parameters_of(tool),
        return_schema=dict(tool.output_schema) if tool.output_schema else None,
        strict=False,
        metadata={"connector": tool.connector, "command": tool.command, "risk": tool.risk},
    )


async def _called(
    toolset: Toolset, name: str, arguments: dict[str, Any], ctx: Any, *, variables: Variables, chat_id: ChatId
) -> Any:
    """What the model reads, with the whole result beside it for the host.

    Raises:
        ToolFailed: It failed. The model reads that, and no try of its own is counted.
    """
    from pydantic_ai import ToolReturn
    from pydantic_ai.exceptions import ToolFailed

    result = await toolset.call_async(
        name,
        arguments.said if isinstance(arguments, Unreadable) else arguments,
        call_id=ctx.tool_call_id,
        chat_id=chat_of(chat_id, ctx.deps),
        variables=variables_of(variables, ctx.deps),
    )
    if result.failed:
        raise ToolFailed(result.text)
    return ToolReturn(return_value=result.text, metadata=result)
