"""Several tools, as the libraries of models take them, and their calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from jackfield.agents import formats
from jackfield.agents.errors import UnknownTool
from jackfield.agents.offered import distinct
from jackfield.agents.retrieve_tool import RETRIEVE_TOOL, read_retrieval
from jackfield.agents.said_arguments import read_arguments
from jackfield.agents.showing import CHARACTERS, RETRIEVE, show_error
from jackfield.agents.status import status_text
from jackfield.agents.tool import Tool, ToolResult
from jackfield.errors import JackfieldError
from jackfield.surfaces.sdk.adapters import anthropic, openai
from jackfield.surfaces.sdk.tools.asked import Asked
from jackfield.surfaces.sdk.tools.part import Part
from jackfield.surfaces.sdk.tools.workshop import Bound, Workshop, context_of, is_in_a_loop

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.adapters.openai import Api

logger = logging.getLogger("jackfield.agents")

Variables: TypeAlias = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None
"""For the templates of what is settled; or what gives them, of what a library knows about the run."""
ChatId: TypeAlias = str | Callable[[Any], str | None] | None
"""Of the conversation, or what gives it."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The tools of a set as they were last.

    Attributes:
        problems: Why some that were chosen are not there.
    """

    bound: Sequence[Bound]
    problems: Sequence[JackfieldError]

    @cached_property
    def by_name(self) -> Mapping[str, Bound]:
        """By the names of the tools."""
        return {one.tool.name: one for one in self.bound}


class Toolset:
    """Tools for a model. Made without a call: what they are is loaded together when the first of them is used.

    In asynchronous code `await toolset.load()` comes before what does not wait: `tools`, `openai()` and so on.
    """

    def __init__(
        self,
        workshop: Workshop,
        parts: Sequence[Part],
        *,
        reads_only: bool = False,
        retrieve: bool = True,
        strict: bool = False,
        variables: Mapping[str, Any] | None = None,
        chat_id: str | None = None,
        characters: int = CHARACTERS,
        last: Loaded | None = None,
    ) -> None:
        """Use `Jackfield.tools`."""
        self._workshop = workshop
        self._parts = list(parts)
        self._reads_only = reads_only
        self._retrieve = retrieve
        self._strict = strict
        self._variables = variables or {}
        self._chat_id = chat_id
        self._characters = characters
        self._last = last

    async def load(self) -> Toolset:
        """This set, with its tools as they are now.

        Raises:
            JackfieldError: Nothing can be loaded: there is no such server, or it knows no such token.
        """
        await self._workshop.follow(self._load())
        return self

    @property
    def tools(self) -> Sequence[Tool]:
        """All that a model is offered, `retrieve_tool_result` among it.

        As `load`, without waiting where an event loop runs and it was loaded before.

        Raises:
            WrongUse: An event loop runs, and the set was never loaded.
        """
        loaded = self._now()
        own = [bound.tool for bound in loaded.bound]
        return [*own, RETRIEVE_TOOL] if self._retrieve and own and RETRIEVE not in loaded.by_name else own

    @property
    def problems(self) -> Sequence[JackfieldError]:
        """Why some of what was chosen is not there. Everything else is."""
        return self._now().problems

    def call(
        self,
        name: str,
        arguments: Mapping[str, Any] | str,
        *,
        call_id: str | None = None,
        chat_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> ToolResult:
        """Call a tool by its name with what a model said, and wait; see `ConnectorTool.call`.

        A name that is none of the set's is a failed result, as all that a model can get wrong.
        """
        asked = Asked(name=name, arguments=arguments, call_id=call_id or "")
        return self._workshop.wait(self._call(asked, chat_id, variables), instead="toolset.call_async")

    async def call_async(
        self,
        name: str,
        arguments: Mapping[str, Any] | str,
        *,
        call_id: str | None = None,
        chat_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> ToolResult:
        """As `call`, for asynchronous code. Cancelling it aborts the request that is under way."""
        asked = Asked(name=name, arguments=arguments, call_id=call_id or "")
        return await self._workshop.follow(self._call(asked, chat_id, variables))

    def status_text(self, name: str, arguments: Any, variables: Mapping[str, Any] | None = None) -> str:
        """What people are shown while the tool `name` runs; empty where there is none of that name."""
        tool = next((tool for tool in self.tools if tool.name == name), None)
        if tool is None:
            return ""
        try:
            return status_text(tool, read_arguments(arguments), {**self._variables, **(variables or {})})
        except JackfieldError:
            return status_text(tool, {})

    def openai(self, *, api: Api = "chat") -> list[dict[str, Any]]:
        """The tools as OpenAI's chat completions take them, and all that do as these; or the `responses` API."""
        return [openai.tool_json(tool, api=api) for tool in self.tools]

    def run_openai(self, calls: Sequence[Any] | None, **settings: Any) -> list[dict[str, Any]]:
        """As `run_openai_async`, and wait."""
        return self._workshop.wait(self._run_openai(calls, **settings), instead="toolset.run_openai_async")

    async def run_openai_async(self, calls: Sequence[Any] | None, **settings: Any) -> list[dict[str, Any]]:
        """Run the tool calls of an answer, and give the messages for the next request.

        Args:
            calls: `message.tool_calls` of chat completions, or `response.output` of the `responses` API.
            **settings: `chat_id`, `variables`, and `sequential=True` to run one after the other.
        """
        return await self._workshop.follow(self._run_openai(calls, **settings))

    def anthropic(self) -> list[dict[str, Any]]:
        """The tools as Anthropic's messages API takes them."""
        return [formats.anthropic(tool) for tool in self.tools]

    def run_anthropic(self, content: Sequence[Any], **settings: Any) -> list[dict[str, Any]]:
        """As `run_anthropic_async`, and wait."""
        return self._workshop.wait(self._run_anthropic(content, **settings), instead="toolset.run_anthropic_async")

    async def run_anthropic_async(self, content: Sequence[Any], **settings: Any) -> list[dict[str, Any]]:
        """Run the tool calls of an answer, and give the `tool_result` blocks for the next message of the user.

        Args:
            content: Of the answer.
            **settings: As for `run_openai_async`.
        """
        return await self._workshop.follow(self._run_anthropic(content, **settings))

    def pydantic_ai(self, *, variables: Variables = None, chat_id: ChatId = None, id: str | None = None) -> Any:
        """A toolset of Pydantic AI, which looks at each step which tools there are.

        Args:
            variables: For templates, or what gives them of `ctx.deps`.
            chat_id: Of the conversation, or what gives it of `ctx.deps`.
            id: Of the toolset, which durable runs need.
        """
        from jackfield.surfaces.sdk.adapters.pydantic_ai import as_toolset

        return as_toolset(self, variables=variables, chat_id=chat_id, id=id)

    def langchain(self, *, variables: Variables = None, chat_id: ChatId = None) -> list[Any]:
        """Tools of LangChain, for plain and asynchronous code. Their artifact is the `ToolResult`.

        Args:
            variables: For templates, or what gives them of the run's `config`.
            chat_id: Of the conversation, or what gives it of the `config`; its `thread_id` unless given.
        """
        from jackfield.surfaces.sdk.adapters.langchain import as_tools

        return as_tools(self, variables=variables, chat_id=chat_id)

    def openai_agents(self, *, variables: Variables = None, chat_id: ChatId = None) -> list[Any]:
        """Tools of the OpenAI Agents SDK.

        Args:
            variables: For templates, or what gives them of the run's `context`.
            chat_id: Of the conversation, or what gives it of the `context`.
        """
        from jackfield.surfaces.sdk.adapters.openai_agents import as_tools

        return as_tools(self, variables=variables, chat_id=chat_id)

    async def run_async(
        self,
        calls: Sequence[Asked],
        *,
        chat_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        sequential: bool = False,
    ) -> Sequence[ToolResult]:
        """Make several calls, at the same time unless `sequential`. What one does is no matter of the others."""
        return await self._workshop.follow(self._run(calls, chat_id, variables, sequential))

    async def _run_openai(self, calls: Sequence[Any] | None, **settings: Any) -> list[dict[str, Any]]:
        asked = openai.asked_in(calls or ())
        results = await self._run([one for _, one in asked], **_settings(**settings))
        return [openai.answer(api, one, result) for (api, one), result in zip(asked, results, strict=True)]

    async def _run_anthropic(self, content: Sequence[Any], **settings: Any) -> list[dict[str, Any]]:
        asked = anthropic.asked_in(content)
        results = await self._run(asked, **_settings(**settings))
        return [anthropic.answer(one, result) for one, result in zip(asked, results, strict=True)]

    async def _run(
        self, calls: Sequence[Asked], chat_id: str | None, variables: Mapping[str, Any] | None, sequential: bool
    ) -> Sequence[ToolResult]:
        if sequential:
            return [await self._call(asked, chat_id, variables) for asked in calls]
        return await asyncio.gather(*(self._call(asked, chat_id, variables) for asked in calls))

    async def _call(self, asked: Asked, chat_id: str | None, variables: Mapping[str, Any] | None) -> ToolResult:
        chat_id = self._chat_id if chat_id is None else chat_id
        try:
            loaded = await self._load()
            bound = loaded.by_name.get(asked.name)
            if bound is None and asked.name == RETRIEVE and self._retrieve:
                retrieval = read_retrieval(read_arguments(asked.arguments))
                return await self._workshop.retrieve(retrieval, chat_id=chat_id, characters=self._characters)
            if bound is None:
                raise UnknownTool(tool=asked.name, known=list(loaded.by_name))
        except JackfieldError as error:
            return show_error(error)
        context = context_of({**self._variables, **(variables or {})}, chat_id, asked.call_id or None)
        return await self._workshop.call(bound, asked.arguments, context=context, characters=self._characters)

    def _now(self) -> Loaded:
        if is_in_a_loop() and self._last is not None:
            return self._last
        return self._workshop.wait(self._load(), instead="toolset.load")

    async def _load(self) -> Loaded:
        bound, problems = list[Bound](), list[JackfieldError]()
        for loaded in await self._workshop.load(self._parts):
            if not isinstance(loaded, JackfieldError):
                bound += [one for one in loaded if one.tool.reads_only or not self._reads_only]
            elif self._strict:
                raise loaded
            else:
                problems.append(loaded)
        kept = {id(tool) for tool in distinct([one.tool for one in bound], problems)}
        self._tell(problems)
        self._last = Loaded(bound=[one for one in bound if id(one.tool) in kept], problems=problems)
        return self._last

    def _tell(self, problems: Sequence[JackfieldError]) -> None:
        known = {problem.message for problem in self._last.problems} if self._last else set()
        for problem in problems:
            if problem.message not in known:
                logger.warning("a tool is not offered: %s", problem.message)


def _settings(
    *, chat_id: str | None = None, variables: Mapping[str, Any] | None = None, sequential: bool = False
) -> dict[str, Any]:
    return {"chat_id": chat_id, "variables": variables, "sequential": sequential}
