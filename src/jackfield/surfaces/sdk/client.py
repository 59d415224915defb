"""The functions that people call."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import weakref
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Origin
from jackfield.dispatch.options import read_options
from jackfield.errors import WrongUse
from jackfield.registry.discovery import is_loading
from jackfield.registry.errors import UnknownCommand
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.sdk.loop import LoopThread
from jackfield.surfaces.sdk.managed import Managed

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.connector_tool import ConnectorTool
    from jackfield.surfaces.sdk.tools.toolset import Toolset
    from jackfield.surfaces.sdk.tools.workshop import Workshop

_ORIGIN = Origin(trigger="sdk")


_open: weakref.WeakSet[Client] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Scripts often end without closing; connectors shall have their `close` called all the same."""
    for client in list(_open):
        client.close(timeout_s=5.0)


class Client:
    """Calls connectors through a runtime, from plain and from asynchronous code."""

    def __init__(self, make_runtime: Callable[[], Coroutine[Any, Any, Runtime]]) -> None:
        """Args:
        make_runtime: Called once, in the loop in which the runtime will be used.
        """
        if is_loading():
            raise WrongUse(
                "a file of connectors makes a call while it is being loaded",
                hint='put what it calls under `if __name__ == "__main__":`',
            )
        self._loop = LoopThread()
        try:
            self._runtime = self._loop.wait_anywhere(make_runtime())
        except BaseException:
            self._loop.stop()
            raise
        _open.add(self)

    def connector(
        self,
        connector: str,
        command: str | None = ...,  # type: ignore[assignment]  # told apart from `None` to explain wrong use
        data: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> Outcome[Any]:
        """Call one command and wait for its outcome.

        Args:
            connector: Name, `namespace/name`, slug or id; or a type that needs no connection.
            command: In any case style; `None` for the default command.
            data: Params, flat or as `{path, query, body, headers}`.
            options: As on the wire: `timeout` in milliseconds, `environment`, `useMock`, `scenario`, `headers` ...
            **keywords: The same in Python's way: `timeout_s` in seconds, `environment`, `use_mock` ...

        Raises:
            JackfieldError: The call could not start. What ran and failed is an outcome without success.
        """
        calling = self._call(connector, command, data, options, keywords)
        return self._loop.wait(calling, instead="connector_async")

    async def connector_async(
        self,
        connector: str,
        command: str | None = ...,  # type: ignore[assignment]  # told apart from `None` to explain wrong use
        data: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> Outcome[Any]:
        """As `connector`, for asynchronous code. Cancelling it aborts the request that is under way."""
        return await self._loop.follow(self._call(connector, command, data, options, keywords))

    def load_connector(self, connector: str) -> LoadedConnector:
        """A connector with its commands as methods.

        Raises:
            JackfieldError: There is no such connector.
        """
        definition = self._loop.wait(self._runtime.describe(connector), instead="load_connector_async")
        return LoadedConnector(self, connector, definition)

    async def load_connector_async(self, connector: str) -> LoadedConnector:
        """As `load_connector`, for asynchronous code."""
        return LoadedConnector(self, connector, await self._loop.follow(self._runtime.describe(connector)))

    def create_connector_tool(
        self,
        *,
        connector: str,
        resource: str,
        description: str = "",
        enable_mock: bool = False,
        name: str = "",
        parameters: Mapping[str, Any] | None = None,
        fields: Sequence[str] | None = None,
        status: str = "",
        result: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> ConnectorTool:
        """A command as a tool for models. Nothing is called: what the tool is is loaded when it is first used.

        Args:
            connector: Name, `namespace/name`, slug or id; or a type that needs no connection.
            resource: The command, in any case style.
            description: For the model, instead of the command's own.
            enable_mock: The model may ask for sample data, by one more param `useMock`.
            name: Of the tool; made of connector and command unless given.
            parameters: What is settled, by param. A value is locked: the model neither sees nor sets it.
                `{"value": ..., "locked": False}` is a default. Texts may be templates: `"{{ customer }}"`.
            fields: The only params that are the model's.
            status: A template of what people are shown while it runs: `"Searching for {{ query }}"`.
            result: What of the result the model sees: `{"fields": [...], "limit": 20}`.
            options: Of each call, as for `connector`.

        Raises:
            InvalidChoice: What is settled cannot be read.
            InvalidOption: An option is wrong.
        """
        said = {
            "name": name,
            "description": description,
            "parameters": parameters,
            "fields": fields,
            "mock": enable_mock,
            "status": status,
            "result": result,
        }
        from jackfield.agents.choice_reading import read_rule
        from jackfield.surfaces.sdk.tools.connector_tool import ConnectorTool

        given = {key: value for key, value in said.items() if value is not None}
        return ConnectorTool(self._workshop, connector, resource, rule=read_rule(given), options=read_options(options))

    def tools(
        self,
        chosen: Any = None,
        *,
        retrieve: bool = True,
        variables: Mapping[str, Any] | None = None,
        chat_id: str | None = None,
        characters: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Toolset:
        """Several tools for a model. Nothing is called before the first of them is used.

        Args:
            chosen: A list of tools, names of connectors and `{"connector": ..., "operations": [...],
                "parameters": {...}}`; tools by the names that they shall have; or nothing for all that the caller sees.
            retrieve: Offer `retrieve_tool_result` too, by which a model gets the rest of a long result.
            variables: For the templates of what is settled.
            chat_id: Of the conversation, which alone can ask for the rest of its results.
            characters: That a model reads of one result at most; 20,000 unless given.
            options: Of the calls, as for `connector`; tools in the list have their own.

        Raises:
            InvalidChoice: What is chosen cannot be read.
        """
        from jackfield.agents.showing import CHARACTERS
        from jackfield.surfaces.sdk.tools.sources import parts_of
        from jackfield.surfaces.sdk.tools.toolset import Toolset

        parts, reads_only = parts_of(self._workshop, chosen, options=read_options(options))
        return Toolset(
            self._workshop,
            parts,
            reads_only=reads_only,
            retrieve=retrieve,
            variables=variables,
            chat_id=chat_id,
            characters=CHARACTERS if characters is None else characters,
        )

    @property
    def _workshop(self) -> Workshop:
        from jackfield.surfaces.sdk.tools.workshop import Workshop

        made: Workshop | None = vars(self).get("_shop")
        # Whichever of two threads comes first: all tools of a program belong to one.
        return made or vars(self).setdefault("_shop", Workshop(self._loop, self._runtime))

    def add(self, connector: Mapping[str, Any]) -> str:
        """Configure a connector; returns its full name.

        Args:
            connector: For example `{"name": "acme-prod", "type": "acme", "config": {...}}`, or with
                `operations` instead of `type`.
        """
        return self._loop.wait(self._runtime.add(connector), instead="add_async")

    async def add_async(self, connector: Mapping[str, Any]) -> str:
        """As `add`, for asynchronous code."""
        return await self._loop.follow(self._runtime.add(connector))

    @property
    def closed(self) -> bool:
        """Whether it can no longer be used: it was closed, or the process was forked."""
        return not self._loop.alive

    def close(self, *, timeout_s: float | None = None) -> None:
        """Close what connectors and connections keep open. Closing twice is no harm.

        Args:
            timeout_s: Seconds to wait for connectors whose `close` hangs.
        """
        if self._loop.alive:
            self._loop.wait_anywhere(_within(self._runtime.close(), timeout_s))
            self._loop.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._loop.follow(self._runtime.close())
        self._loop.stop()

    @property
    def manage(self) -> Managed:
        """Secrets, users, connectors, executions and so on: `manage.secrets.put("ACME_KEY", value)`."""
        return Managed(lambda work: self._loop.wait(self._managed(work), instead="manage_async..."))

    @property
    def manage_async(self) -> Managed:
        """As `manage`, for asynchronous code: `await manage_async.secrets.put("ACME_KEY", value)`."""
        return Managed(lambda work: self._loop.follow(self._managed(work)))

    async def _managed(self, work: Callable[[Any, Any], Coroutine[Any, Any, Any]]) -> Any:
        return await work(await self._runtime.open(), await self._runtime.principal())

    async def _call(
        self,
        connector: str,
        command: str | None,
        data: Mapping[str, Any] | None,
        options: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
    ) -> Outcome[Any]:
        _check_use(connector, command, data, options)
        read = read_options(options, **keywords)
        return await self._runtime.call(connector, command, data or {}, read, _ORIGIN)


class LoadedConnector:
    """A connector with its commands as methods: `acme.list_messages(channel="general")`."""

    def __init__(self, client: Client, name: str, definition: ConnectorDefinition) -> None:
        self._client = client
        self._name = name
        self.definition = definition

    @property
    def commands(self) -> list[str]:
        """Names of the commands."""
        return list(self.definition.commands)

    def call(self, command: str, data: Mapping[str, Any] | None = None, **options: Any) -> Outcome[Any]:
        """Call a command and wait; options as keywords of `connector`."""
        return self._client.connector(self._name, command, data, **options)

    async def call_async(self, command: str, data: Mapping[str, Any] | None = None, **options: Any) -> Outcome[Any]:
        """As `call`, for asynchronous code."""
        return await self._client.connector_async(self._name, command, data, **options)

    def tool(self, command: str, **settings: Any) -> ConnectorTool:
        """A command as a tool for models: `create_connector_tool` with this connector, and its arguments."""
        return self._client.create_connector_tool(connector=self._name, resource=command, **settings)

    def __getattr__(self, name: str) -> Callable[..., Outcome[Any]]:
        if name.startswith("_"):
            raise AttributeError(name)
        command = self.definition.find_command(name)
        if command is None:
            missing = UnknownCommand(connector=self._name, command=name, known=self.commands)
            raise AttributeError(f"{missing.message}; {missing.hint}")

        def call(**params: Any) -> Outcome[Any]:
            return self._client.connector(self._name, command.name, params)

        call.__name__, call.__doc__ = name, command.description
        return call

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.commands]

    def __repr__(self) -> str:
        return f"<connector {self._name}: {', '.join(self.commands)}>"


async def _within(closing: Coroutine[Any, Any, None], timeout_s: float | None) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(closing, timeout_s)


def _check_use(connector: Any, command: Any, data: Any, options: Any) -> None:
    if command is ...:
        raise WrongUse(
            "`connector()` makes one call and needs the connector, the command and the data",
            hint=f'write `connector("{connector}", "<command>", {{...}})`; for an object with methods use '
            f'`load_connector("{connector}")`',
        )
    if not isinstance(connector, str) or not isinstance(command, str | None):
        raise WrongUse("the connector and the command are given by name", hint="give two strings")
    if not isinstance(options, Mapping | None):
        raise WrongUse(f"the options are {type(options).__name__}", hint="give a dict, or keywords")
    if data is not None and not isinstance(data, Mapping):
        raise WrongUse(f"the data is {type(data).__name__}", hint="give a dict of params")
