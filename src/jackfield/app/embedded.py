"""Jackfield in this process: no server, no database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jackfield.access.principal import LOCAL, Principal
from jackfield.definition.connector import Connector, defined_classes
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, CallOptions, Origin
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.run import Dispatcher
from jackfield.egress.policy import DEFAULT_PORTS, Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.execution.built_in import BuiltInModel
from jackfield.execution.http import HttpModel
from jackfield.execution.model import ExecutionModel
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.discovery import is_loading, types_of
from jackfield.registry.errors import UnknownType
from jackfield.registry.loading import load_entry, load_installed, load_paths, load_process
from jackfield.registry.resolve import resolve
from jackfield.settings import Settings, from_environment, secrets_from_environment
from jackfield.storage.executions import MemoryExecutionLog
from jackfield.surfaces.sdk.client import Client
from jackfield.vault.secrets import MemorySecrets


class Embedded:
    """A runtime in this process. Implements `surfaces.runtime.Runtime`."""

    def __init__(
        self,
        settings: Settings,
        *,
        types: Iterable[type[Connector]] | None = None,
        secrets: Mapping[str, str] | None = None,
        principal: Principal = LOCAL,
        pools: Pools | None = None,
    ) -> None:
        """Args:
        settings: Of the process.
        types: Connector classes; without it, all that this process has defined or imported.
        secrets: By name; they win over those of the environment.
        principal: The caller of every call.
        pools: Connections; tests bring their own.
        """
        self._principal = principal
        self._scan = types is None
        self._seen: list[type[Connector]] = []
        self.catalogue = MemoryCatalogue()
        self._models: dict[ExecutionModelName, ExecutionModel] = {
            "built_in": BuiltInModel(self._class_of),
            "http": HttpModel(),
        }
        self.problems = load_installed(self.catalogue)
        for found in types_of(types or ()):
            self.catalogue.add_type(found)
        self._rescan()
        self.problems += load_paths(self.catalogue, settings.connectors, check=self._check)
        self.executions = MemoryExecutionLog()
        ports = frozenset(settings.egress_ports) or DEFAULT_PORTS
        policy = Policy(ports=ports, allow=parse_allow(settings.egress_allow))
        self._pools = pools or Pools()
        self._dispatcher = Dispatcher(
            commands=ReadyCommands(self.catalogue, policy),
            models=self._models,
            secrets=MemorySecrets({**secrets_from_environment(), **(secrets or {})}, tenant=principal.tenant),
            pools=self._pools,
            log=self.executions,
            mock_everywhere=settings.mock,
        )

    async def call(
        self, target: str, command: str | None, params: Mapping[str, Any], options: CallOptions, origin: Origin
    ) -> Outcome[Any]:
        """One call; see `Runtime.call`."""
        call = Call(
            principal=self._principal, target=target, command=command, params=params, options=options, origin=origin
        )
        return await self.run(call)

    async def run(self, call: Call) -> Outcome[Any]:
        """One call, whole. Classes that were defined since are found."""
        self._rescan()
        return await self._dispatcher.run(call)

    async def describe(self, target: str) -> ConnectorDefinition:
        """The definition of the type behind `target`; see `Runtime.describe`."""
        self._rescan()
        return resolve(self.catalogue, target, tenant=self._principal.tenant, configured_only=False).type.definition

    async def types(self) -> Sequence[ConnectorDefinition]:
        """Every installed connector type, by name."""
        self._rescan()
        return [found.definition for found in self.catalogue.types()]

    async def add(self, connector: Mapping[str, Any]) -> str:
        """Configure a connector; see `Runtime.add`."""
        self._rescan()
        return load_entry(self.catalogue, connector, check=self._check, tenant=self._principal.tenant)

    async def close(self) -> None:
        """Close opened connectors, then connections."""
        for model in self._models.values():
            await model.close()
        await self._pools.close()

    def _rescan(self) -> None:
        """Add classes that were defined since the last look."""
        classes = defined_classes() if self._scan else []
        if classes != self._seen:
            self._seen = classes
            load_process(self.catalogue, self.problems)

    def _check(self, definition: ConnectorDefinition) -> None:
        self._models[definition.execution_model].check(definition)

    def _class_of(self, name: str) -> type[Connector]:
        found = self.catalogue.find_type(name)
        if found is None or found.implementation is None:
            raise UnknownType(type=name, known=[kind.definition.name for kind in self.catalogue.types()])
        return found.implementation


class Jackfield(Client):
    """Jackfield in this process. Use it as a context manager, plain or asynchronous, or call `close()`.

    Example::

        with Jackfield(connectors=[{"name": "acme-prod", "type": "acme", "config": {"api_key": "..."}}]) as jf:
            outcome = jf.connector("acme-prod", "list_messages", {"channel": "general"})
    """

    def __init__(
        self,
        *,
        folder: str | Path | Sequence[str | Path] | None = None,
        connectors: Iterable[Mapping[str, Any]] = (),
        types: Iterable[type[Connector]] | None = None,
        secrets: Mapping[str, str] | None = None,
        egress_allow: str | None = None,
        mock: bool | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Args:
        folder: Files and folders with connectors (`*.py`, `*.yaml`, `*.json`), instead of
            `JACKFIELD_CONNECTORS` or the folder `connectors` of the working directory.
        connectors: Configured connectors as dicts, with the keys of a YAML entry.
        types: Connector classes to offer; without it, all that this process has defined or imported.
        secrets: Named secrets, beside those of `JACKFIELD_SECRET_<NAME>`.
        egress_allow: Private addresses that may be reached, instead of `JACKFIELD_EGRESS_ALLOW`.
        mock: Answer every call from mocks, instead of `JACKFIELD_MOCK`.
        settings: Instead of the environment's.

        Raises:
            JackfieldError: A setting or one of `connectors` is wrong. Files that cannot be loaded are
                reported in the log, and everything else is there.
        """
        chosen = _settings(settings or from_environment(), folder, egress_allow, mock)
        entries = list(connectors)

        async def make() -> Embedded:
            runtime = Embedded(chosen, types=types, secrets=secrets)
            for entry in entries:
                await runtime.add(entry)
            self.runtime = runtime
            return runtime

        super().__init__(make)

    @property
    def problems(self) -> list[JackfieldError]:
        """What could not be loaded."""
        return self.runtime.problems


_default: list[Jackfield] = []
_making = threading.Lock()


def default() -> Jackfield:
    """The Jackfield behind the functions of the root package, made from the environment at first use.

    Made anew when it was closed, and in a process that was forked.
    """
    if is_loading():  # whoever makes the default one may be waiting for this very file
        return Jackfield()
    with _making:
        if _default and _default[0].closed:
            _default.clear()
        if not _default:
            _default.append(Jackfield())
        return _default[0]


def _after_fork() -> None:
    global _making  # noqa: PLW0603 - the old lock may be held by a thread that the child does not have
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _settings(
    settings: Settings, folder: str | Path | Sequence[str | Path] | None, egress_allow: str | None, mock: bool | None
) -> Settings:
    if folder is not None:
        given = [folder] if isinstance(folder, str | Path) else folder
        settings = replace(settings, connectors=tuple(Path(path) for path in given))
    if egress_allow is not None:
        settings = replace(settings, egress_allow=egress_allow)
    return settings if mock is None else replace(settings, mock=mock)
