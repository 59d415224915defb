"""Tools for the OpenAI Agents SDK (extra `openai-agents`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jackfield.agents.model_limits import parameters_of, short_description
from jackfield.agents.tool import Tool
from jackfield.surfaces.sdk.adapters.given import chat_of, variables_of
from jackfield.surfaces.sdk.adapters.installed import require

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.toolset import ChatId, Toolset, Variables

EXTRA = "openai-agents"


def as_tools(toolset: Toolset, *, variables: Variables, chat_id: ChatId) -> list[Any]:
    """A `FunctionTool` for each of `toolset`; see `Toolset.openai_agents`."""
    require("agents", extra=EXTRA)
    return [_function_tool(toolset, tool, variables=variables, chat_id=chat_id) for tool in toolset.tools]


def _function_tool(toolset: Toolset, tool: Tool, *, variables: Variables, chat_id: ChatId) -> Any:
    from agents import FunctionTool

    async def call(ctx: Any, arguments: str) -> str:
        result = await toolset.call_async(
            tool.name,
            arguments,
            call_id=ctx.tool_call_id,
            chat_id=chat_of(chat_id, ctx.context),
            variables=variables_of(variables, ctx.context),
        )
        return result.text

    return FunctionTool(
        name=tool.name,
        description=short_description(tool),
        params_json_schema=parameters_of(tool),
        on_invoke_tool=call,
        strict_json_schema=False,  # as in `agents.formats`
    )
