"""Commands of a server as tools for language models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.choice import EVERYTHING, Choice
from jackfield.agents.choice_reading import choice_json
from jackfield.agents.describing import Answered, Lookup
from jackfield.agents.errors import UnknownTool, UnknownToolResult
from jackfield.agents.finding import Query, ToolHit
from jackfield.agents.offered import Offered
from jackfield.agents.shortening import LEAST
from jackfield.agents.showing import CHARACTERS, show_error
from jackfield.agents.tool import Tool, ToolContext, ToolResult
from jackfield.dispatch.call import CallOptions, Trigger
from jackfield.dispatch.options import MAX_TIMEOUT_S, to_wire
from jackfield.errors import JackfieldError, from_json
from jackfield.manage.tool_views import ToolAnswer, ToolFound, ToolInfo, ToolProblem, hit_of, result_of, tool_of
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.asking import PAGE, Asking, segment
from jackfield.surfaces.sdk.remote.wire import CLIENT_HEADER, to_body
from jackfield.surfaces.server_errors import OnlyAtTheServer

GRACE_S = 10.0
"""How much longer than the call may take its answer is waited for."""

PATH = "/api/tools"


class RemoteTools(Asking):
    """As `manage.tools.Tools`. What a choice settles is settled at the server, for each call anew."""

    async def list(self, principal: Principal, *, choice: Choice = EVERYTHING) -> Offered:
        """See `manage.tools.Tools.list`."""
        tools: list[Tool] = []
        while True:
            document = await self._page(choice, page=len(tools) // PAGE + 1, size=PAGE)
            items = self.items(ToolInfo, document)
            tools += [tool_of(item) for item in items]
            if len(items) < PAGE or len(tools) >= document.get("total", 0):
                return Offered(tools=tools, problems=self._problems(document))

    async def get(self, principal: Principal, name: str, *, choice: Choice = EVERYTHING) -> Tool:
        """See `manage.tools.Tools.get`."""
        if choice == EVERYTHING:
            return tool_of(await self.one(ToolInfo, _path(name)))
        return (await self.list(principal, choice=choice)).get(name)

    async def describe(self, principal: Principal, wanted: Sequence[Lookup]) -> Sequence[Answered]:
        """See `manage.tools.Tools.describe`. Nothing is kept: programs that ask often have `Remote.tooling`."""
        from jackfield.surfaces.sdk.remote.tooling import RemoteTooling

        return await RemoteTooling(self.wire).commands(wanted)

    async def search(self, principal: Principal, query: Query, *, choice: Choice = EVERYTHING) -> Sequence[ToolHit]:
        """See `manage.tools.Tools.search`."""
        asked = {
            "query": query.text,
            "limit": query.limit,
            "connector": None if query.connector is None else sorted(query.connector),
            "risk": None if query.risk is None else sorted(query.risk),
            "connected": query.connected,
            "choice": choice_json(choice),
            "full": True,
        }
        document = await self.wire.ask("POST", f"{PATH}/search", body=to_body(asked), asked="look")
        found = document.get("found") if isinstance(document, dict) else None
        if not isinstance(found, list):
            raise unreadable("what it answered is no list", url=self.wire.url)
        return [hit_of(self.read(ToolFound, one)) for one in found]

    async def version(self, principal: Principal) -> int:
        """See `manage.tools.Tools.version`. Of several processes each has its own."""
        found = (await self._page(EVERYTHING, page=1, size=1)).get("version")
        if not isinstance(found, int):
            raise unreadable("the list has no version", url=self.wire.url)
        return found

    async def call(
        self,
        principal: Principal,
        name: str,
        given: Mapping[str, Any],
        *,
        choice: Choice = EVERYTHING,
        context: ToolContext = ToolContext(),  # noqa: B008 - frozen
        trigger: Trigger = "agent",
        options: CallOptions = CallOptions(),  # noqa: B008 - frozen
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """See `manage.tools.Tools.call`. That a server cannot be reached is in the result, too."""
        try:
            body = {
                "arguments": dict(given),
                "toolCallId": context.call_id,
                "chatId": context.chat_id,
                "variables": dict(context.variables),
                "choice": None if choice == EVERYTHING else choice_json(choice),
                "options": to_wire(options),
                "characters": max(characters, LEAST),
            }
            document = await self.wire.ask(
                "POST",
                f"{_path(name)}/call",
                body=to_body(body),
                headers={CLIENT_HEADER: trigger},
                timeout_s=(options.timeout_s or MAX_TIMEOUT_S) + GRACE_S,
                asked="keyed call" if options.idempotency_key else "call",
            )
            return result_of(self.read(ToolAnswer, document))
        except JackfieldError as error:
            return show_error(error)

    async def retrieve(
        self,
        principal: Principal,
        call_id: str,
        *,
        chat_id: str | None = None,
        fields: tuple[str, ...] = (),
        limit: int | None = None,
        start: int = 0,
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """See `manage.tools.Tools.retrieve`."""
        body = {
            "fields": list(fields),
            "limit": limit,
            "cursor": str(start),
            "chatId": chat_id,
            "characters": max(characters, LEAST),
        }
        try:  # the id is a model's: it must not lead anywhere else
            path = f"{PATH}/results/{segment(call_id, missing=UnknownToolResult(call=call_id))}"
            return result_of(self.read(ToolAnswer, await self.wire.ask("POST", path, body=to_body(body), asked="look")))
        except JackfieldError as error:
            return show_error(error)

    async def note_ignored(self, principal: Principal, tool: Tool, names: tuple[str, ...]) -> None:
        """A server writes down what it has seen itself, not what it is told.

        Raises:
            OnlyAtTheServer: Always.
        """
        raise OnlyAtTheServer(what="writing down what a model tried", instead="let the server call the tool")

    async def _page(self, choice: Choice, *, page: int, size: int) -> Mapping[str, Any]:
        asked = {"choice": choice_json(choice), "outputSchemas": True, "page": page, "pageSize": size}
        document = await self.wire.ask("POST", PATH, body=to_body(asked), asked="look")
        if not isinstance(document, dict):
            raise unreadable("what it answered is no list", url=self.wire.url)
        return document

    def _problems(self, document: Mapping[str, Any]) -> Sequence[JackfieldError]:
        found = document.get("problems")
        views = [self.read(ToolProblem, one) for one in (found if isinstance(found, list) else [])]
        return [from_json({"code": view.code, "detail": view.message, "hint": view.hint}) for view in views]


def _path(name: str) -> str:
    return f"{PATH}/{segment(name, missing=UnknownTool(tool=name, known=[]))}"
