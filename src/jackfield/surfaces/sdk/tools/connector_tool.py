"""One command as a tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jackfield.agents.choice import ChosenConnector, ToolRule
from jackfield.agents.choice_reading import read_rule
from jackfield.agents.showing import CHARACTERS
from jackfield.agents.status import status_text
from jackfield.agents.tool import Tool, ToolResult
from jackfield.definition.model import Schema
from jackfield.dispatch.call import CallOptions
from jackfield.errors import JackfieldError
from jackfield.surfaces.sdk.tools.part import Part
from jackfield.surfaces.sdk.tools.workshop import Bound, Workshop, context_of, is_in_a_loop

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.adapters.openai import Api
    from jackfield.surfaces.sdk.tools.toolset import Toolset


class ConnectorTool:
    """One command as a tool for models. Made without a call: what it is is loaded when it is first used.

    In asynchronous code `await tool.load()` comes before its attributes are read.
    """

    def __init__(self, workshop: Workshop, connector: str, command: str, *, rule: ToolRule, options: CallOptions):
        """Use `create_connector_tool`."""
        self._workshop = workshop
        self._chosen = ChosenConnector(connector=connector, commands=(command,), rules={command: rule})
        self._options = options
        self.part = workshop.add(Part(self._chosen, options=options))
        self._last: Bound | None = None

    async def load(self) -> ConnectorTool:
        """This tool, as its command is now.

        Raises:
            UnknownConnector, UnknownCommand, ConnectorDisabled: It cannot be offered.
            InvalidChoice: What is settled is about a param that there is not.
        """
        await self._workshop.follow(self._load())
        return self

    @property
    def definition(self) -> Tool:
        """All that is known about it. As `load`, without waiting where an event loop runs and it was loaded before.

        Raises:
            WrongUse: An event loop runs, and it was never loaded.
        """
        if is_in_a_loop() and self._last is not None:
            return self._last.tool
        return self._workshop.wait(self._load(), instead="tool.load").tool

    @property
    def name(self) -> str:
        """At most 64 letters, digits, `_` and `-`."""
        return self.definition.name

    @property
    def title(self) -> str:
        """For people."""
        return self.definition.title

    @property
    def description(self) -> str:
        """For the model."""
        return self.definition.description

    @property
    def input_schema(self) -> Schema:
        """JSON Schema of what is the model's."""
        return self.definition.input_schema

    def call(
        self,
        arguments: Mapping[str, Any] | str,
        *,
        call_id: str | None = None,
        chat_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """Call it with what a model said, and wait. What a model can get wrong is a failed result, never raised.

        Args:
            arguments: An object, or its JSON.
            call_id: That the model gave its call: the rest of a long result is asked for by it.
            chat_id: Of the conversation, which alone can ask for the rest.
            variables: For the templates of what is settled.
            characters: At most so many are shown.
        """
        context = {"call_id": call_id, "chat_id": chat_id, "variables": variables}
        work = self._call(arguments, characters=characters, **context)  # type: ignore[arg-type]  # as they are named
        return self._workshop.wait(work, instead="tool.call_async")

    async def call_async(
        self,
        arguments: Mapping[str, Any] | str,
        *,
        call_id: str | None = None,
        chat_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """As `call`, for asynchronous code. Cancelling it aborts the request that is under way."""
        context = {"call_id": call_id, "chat_id": chat_id, "variables": variables}
        work = self._call(arguments, characters=characters, **context)  # type: ignore[arg-type]  # as they are named
        return await self._workshop.follow(work)

    def status_text(self, arguments: Mapping[str, Any], variables: Mapping[str, Any] | None = None) -> str:
        """What people are shown while it runs: its `status` filled in, or its title where that cannot be."""
        return status_text(self.definition, arguments, variables)

    def renamed(self, name: str) -> ConnectorTool:
        """The same tool under another name.

        Raises:
            InvalidChoice: It is no name of a tool.
        """
        (command,) = self._chosen.commands
        rule = replace(self._chosen.rules[command], name=read_rule({"name": name}).name)
        return ConnectorTool(self._workshop, self._chosen.connector, command, rule=rule, options=self._options)

    def alone(self) -> Toolset:
        """A set of just this tool."""
        from jackfield.surfaces.sdk.tools.toolset import Loaded, Toolset

        last = Loaded(bound=[self._last], problems=()) if self._last else None
        return Toolset(self._workshop, [self.part], retrieve=False, strict=True, last=last)

    def to_openai(self, *, api: Api = "chat") -> dict[str, Any]:
        """As OpenAI's chat completions take it, or the `responses` API."""
        return self.alone().openai(api=api)[0]

    def to_anthropic(self) -> dict[str, Any]:
        """As Anthropic's messages API takes it."""
        return self.alone().anthropic()[0]

    def to_pydantic_ai(self, **settings: Any) -> Any:
        """A `pydantic_ai.Tool`; see `Toolset.pydantic_ai`."""
        from jackfield.surfaces.sdk.adapters.pydantic_ai import as_tool

        return as_tool(self.alone(), **settings)

    def to_langchain(self, **settings: Any) -> Any:
        """A LangChain tool; see `Toolset.langchain`."""
        return self.alone().langchain(**settings)[0]

    def to_openai_agents(self, **settings: Any) -> Any:
        """A `FunctionTool` of the OpenAI Agents SDK; see `Toolset.openai_agents`."""
        return self.alone().openai_agents(**settings)[0]

    async def _load(self) -> Bound:
        (loaded,) = await self._workshop.load([self.part])
        if isinstance(loaded, JackfieldError):
            raise loaded
        self._last = loaded[0]
        return loaded[0]

    async def _call(
        self,
        arguments: Any,
        *,
        call_id: str | None,
        chat_id: str | None,
        variables: Mapping[str, Any] | None,
        characters: int,
    ) -> ToolResult:
        """What the host got wrong is raised: there is no such tool."""
        bound = await self._load()
        context = context_of(variables, chat_id, call_id)
        return await self._workshop.call(bound, arguments, context=context, characters=characters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConnectorTool) and self._same() == other._same()

    def __hash__(self) -> int:
        return hash((self._chosen.connector, self._chosen.commands))

    def _same(self) -> Any:
        return (self._workshop, self._chosen, self._options)

    def __repr__(self) -> str:
        return f"<tool {self._chosen.connector}.{self._chosen.commands[0]}>"
