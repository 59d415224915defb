"""Tools for LangChain (extra `langchain`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jackfield.agents.model_limits import parameters_of, short_description
from jackfield.agents.tool import ToolResult
from jackfield.surfaces.sdk.adapters.given import chat_of, variables_of
from jackfield.surfaces.sdk.adapters.installed import require

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.toolset import ChatId, Toolset, Variables

EXTRA = "langchain"


def as_tools(toolset: Toolset, *, variables: Variables, chat_id: ChatId) -> list[Any]:
    """A LangChain tool for each of `toolset`; see `Toolset.langchain`."""
    require("langchain_core", extra=EXTRA)
    kind = _kind()
    return [
        kind(
            name=tool.name,
            description=short_description(tool) or tool.title or tool.command,
            args_schema=parameters_of(tool),
            metadata={"connector": tool.connector, "command": tool.command, "risk": tool.risk},
            toolset=toolset,
            variables=variables,
            chat_id=chat_id,
        )
        for tool in toolset.tools
    ]


@cache
def _kind() -> Any:
    """The class, made when the library is there.

    Not `StructuredTool`: that gives params as keywords beside its own `config`, `run_manager` and `callbacks`, and a
    command may have params of these names.
    """
    from langchain_core.messages import ToolMessage
    from langchain_core.runnables import RunnableConfig
    from langchain_core.tools import BaseTool

    class JackfieldTool(BaseTool):
        """A command of a connector."""

        toolset: Any
        variables: Any = None
        chat_id: Any = None
        response_format: Any = "content_and_artifact"

        def _to_args_and_kwargs(self, tool_input: Any, tool_call_id: str | None) -> tuple[tuple[Any, ...], Any]:
            return (tool_input, tool_call_id), {}

        def _run(self, said: Any, call_id: str | None, *, config: RunnableConfig) -> Any:
            return self._answer(self.toolset.call(self.name, said, **self._given(call_id, config)), call_id)

        async def _arun(self, said: Any, call_id: str | None, *, config: RunnableConfig) -> Any:
            result = await self.toolset.call_async(self.name, said, **self._given(call_id, config))
            return self._answer(result, call_id)

        def _given(self, call_id: str | None, config: Any) -> dict[str, Any]:
            chat = _thread if self.chat_id is None else self.chat_id
            return {
                "call_id": call_id,
                "chat_id": chat_of(chat, config),
                "variables": variables_of(self.variables, config),
            }

        def _answer(self, result: ToolResult, call_id: str | None) -> Any:
            if not result.failed or call_id is None:
                return result.text, result
            said = ToolMessage(result.text, artifact=result, tool_call_id=call_id, name=self.name, status="error")
            return said, None

    # `from __future__ import annotations` has left the names as texts, and the library looks for the type itself.
    for method in (JackfieldTool._run, JackfieldTool._arun):
        method.__annotations__["config"] = RunnableConfig
    return JackfieldTool


def _thread(config: Any) -> str | None:
    """The conversation as LangGraph knows it."""
    thread = (config or {}).get("configurable", {}).get("thread_id")
    return None if thread is None else str(thread)
