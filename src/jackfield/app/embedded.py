"""Jackfield in this process, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT, LOCAL, Principal
from jackfield.app.embedded_tools import EmbeddedTools
from jackfield.app.opening import Opened, Parts, open_in_memory, policy_of
from jackfield.app.scripting import LateSandbox, script_model
from jackfield.app.secret_backends import require_backends
from jackfield.definition.connector import Connector, defined_classes
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, CallOptions, Origin, Recorded
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.execution.built_in import BuiltInModel
from jackfield.execution.http import HttpModel
from jackfield.execution.mcp import McpModel
from jackfield.execution.model import ExecutionModel
from jackfield.execution.openapi import OpenApiModel
from jackfield.execution.openapi.documents import Documents
from jackfield.manage.resources import Resources
from jackfield.manage.tools import Tools
from jackfield.manage.upstreams import is_unpinned
from jackfield.registry.catalogue import Catalogue, MemoryCatalogue, up_to_date
from jackfield.registry.discovery import types_of
from jackfield.registry.errors import UnknownType
from jackfield.registry.loading import load_entry, load_installed, load_paths, load_process
from jackfield.registry.resolve import resolve
from jackfield.settings import Settings
from jackfield.storage.processes import ProcessKind
from jackfield.vault.secrets import MemorySecrets


async def open_parts(parts: Parts, *, kind: ProcessKind) -> Opened:
    """Open what the settings say. A process that keeps nothing imports no database.

    Raises:
        JackfieldError: It cannot be opened.
    """
    require_backends(parts.settings)
    if parts.settings.keeps_nothing:
        return open_in_memory(parts)
    from jackfield.app.opening_stored import open_stored

    return await open_stored(parts, kind=kind)


class Embedded:
    """A runtime in this process. Implements `surfaces.runtime.Runtime`.

    What is kept is opened by the first call, or by `open`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        types: Iterable[type[Connector]] | None = None,
        secrets: Mapping[str, str] | None = None,
        pools: Pools | None = None,
        kind: ProcessKind = "sdk",
        told: Settings | None = None,
    ) -> None:
        """Args:
        settings: Of the process.
        types: Connector classes; without it, all that this process has defined or imported.
        secrets: By name; they win over all others.
        pools: Connections; tests bring their own.
        kind: As which the other processes on the same database know this one.
        told: The settings that are shown, where they are not those that are used.
        """
        self._settings = settings
        self._told = told or settings
        self._scan = types is None
        self._seen: list[type[Connector]] = []
        self.base = MemoryCatalogue()
        self._sandbox = LateSandbox(settings)
        self._models: dict[ExecutionModelName, ExecutionModel] = {
            "built_in": BuiltInModel(self._class_of),
            "http": HttpModel(),
            "openapi": OpenApiModel(Documents()),
            "script": script_model(settings, self._sandbox),
            "mcp": McpModel(settings.mcp_commands),
        }
        self._problems = load_installed(self.base)
        if settings.host_commands:
            from jackfield.app.host_command import add_host_commands  # hardly anybody has it

            add_host_commands(self.base, settings)
        for found in types_of(types or ()):
            self.base.add_type(found)
        self._rescan()
        self._secrets = dict(secrets or {})
        self._pools = pools or Pools()
        self._kind = kind
        self._opening, self._loading = asyncio.Lock(), asyncio.Lock()
        self._loaded = False
        self._opened: Opened | None = None
        self.tooling = EmbeddedTools(self._tools)

    @property
    def problems(self) -> list[JackfieldError]:
        """What could not be loaded, of this process and of what is stored, as far as it was looked at."""
        return [*self._problems, *(self._opened.catalogue.problems if self._opened else ())]

    async def call(
        self, target: str, command: str | None, params: Mapping[str, Any], options: CallOptions, origin: Origin
    ) -> Outcome[Any]:
        """One call; see `Runtime.call`."""
        principal = await self.principal()
        return await self.run(
            Call(principal=principal, target=target, command=command, params=params, options=options, origin=origin)
        )

    async def run(self, call: Call) -> Outcome[Any]:
        """One call, whole. Classes that were defined since are found."""
        return (await self.carry_out(call)).outcome

    async def carry_out(self, call: Call) -> Recorded:
        """As `run`, with the outcome as it is kept."""
        self._rescan()
        opened = self._opened or await self.opened()
        return await opened.dispatcher.run(call)

    async def load(self, *, check_scripts: bool = False) -> None:
        """Add the connectors of its files and folders, once. Whatever needs them does so by itself.

        Args:
            check_scripts: Also where the process lives shortly, and need not start a sandbox for scripts that it may
                never call.
        """
        async with self._loading:
            if not self._loaded:
                check = self._check if check_scripts or self._kind == "server" else self._check_again
                self._problems += await load_paths(self.base, self._settings.connectors, check=check)
                self._loaded = True

    async def open(self) -> Resources:
        """What can be looked at and changed; see `Runtime.open`."""
        return (await self.opened()).resources

    async def principal(self) -> Principal:
        """Who calls; see `Runtime.principal`."""
        opened = self._opened or await self.opened()
        token = "" if self._settings.keeps_nothing else self._settings.token
        return await opened.authenticate(token) if token else LOCAL

    async def describe(self, target: str) -> ConnectorDefinition:
        """The definition of the type behind `target`; see `Runtime.describe`."""
        catalogue, tenant = await self._catalogue()
        return resolve(catalogue, target, tenant=tenant, configured_only=False).type.definition

    async def types(self) -> Sequence[ConnectorDefinition]:
        """Every installed connector type, by name."""
        catalogue, tenant = await self._catalogue()
        return [found.definition for found in catalogue.types(tenant)]

    async def add(self, connector: Mapping[str, Any]) -> str:
        """Configure a connector for this process; see `Runtime.add`."""
        from jackfield.app.fetching import with_document

        connector = await with_document(connector, pools=self._pools, policy=policy_of(self._settings))
        self._rescan()
        await self.load()
        if is_unpinned(connector):
            opened = await self.opened()
            connector = await opened.pinned(await self.principal(), connector)
        return await load_entry(self.base, connector, check=self._check, tenant=DEFAULT_TENANT)

    async def close(self) -> None:
        """Close opened connectors, then connections, then what is kept. New tokens and sign-ins that are
        under way come first."""
        for model in self._models.values():
            await model.close()
        if self._opened is not None:  # their answers come over these connections
            await self._opened.dispatcher.credentials.oauth.refresher.close()
            if not self._opened.resources.keeps_nothing:
                await self._opened.resources.callbacks.close()
        await self._pools.close()
        if self._opened is not None:
            await self._opened.close()

    async def _tools(self) -> tuple[Tools, Principal]:
        self._rescan()
        opened = self._opened or await self.opened()
        return opened.resources.tools, await self.principal()

    async def _catalogue(self) -> tuple[Catalogue, str]:
        """What exists for the caller, as it is now."""
        self._rescan()
        opened = self._opened or await self.opened()
        tenant = (await self.principal()).tenant
        await up_to_date(opened.catalogue, tenant)
        return opened.catalogue, tenant

    async def opened(self) -> Opened:
        """All its parts, opened if they are not yet. For what is built on top of it."""
        async with self._opening:
            if self._opened is None:
                await self.load()
                parts = Parts(
                    settings=self._settings,
                    base=self.base,
                    models=self._models,
                    pools=self._pools,
                    secrets=MemorySecrets(self._secrets, tenant=DEFAULT_TENANT),
                    check=self._check,
                    check_again=self._check_again,
                    problems=self._problems,
                    sandbox=self._sandbox,
                    told=self._told,
                )
                self._opened = await open_parts(parts, kind=self._kind)
            return self._opened

    def _rescan(self) -> None:
        """Add classes that were defined since the last look."""
        classes = defined_classes() if self._scan else []
        if classes != self._seen:
            self._seen = classes
            load_process(self.base, self._problems)

    async def _check(self, definition: ConnectorDefinition) -> None:
        if model := self._models.get(definition.execution_model):  # others are kept all the same, for who has it
            await model.check(definition)

    async def _check_again(self, definition: ConnectorDefinition) -> None:
        """As `_check`, for what was checked when it was saved, or will be when it is called: no script is run, and an
        MCP server whose program is not listed any more is there to say so."""
        if definition.execution_model not in {"script", "mcp"}:
            await self._check(definition)

    def _class_of(self, name: str) -> type[Connector]:
        found = self.base.find_type(name, tenant=DEFAULT_TENANT)
        if found is None or found.implementation is None:
            known = [kind.definition.name for kind in self.base.types(DEFAULT_TENANT)]
            raise UnknownType(type=name, known=known)
        return found.implementation
