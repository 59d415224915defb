"""Trying a connector that is kept nowhere: nothing that keeping it would refuse is let through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from jackfield.access.principal import Principal
from jackfield.definition.connection import connection_schema
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import check_name, folded
from jackfield.dispatch.call import Call, CallOptions, Origin, Recorded
from jackfield.dispatch.errors import OptionNotSupported
from jackfield.dispatch.record import TRIAL
from jackfield.manage.connector_connection import fitting
from jackfield.manage.connector_mocks import check_mock_script, read_mocks
from jackfield.manage.connector_new import Fill, check_new
from jackfield.manage.connector_views import ConnectorInfo, info_of, with_schema
from jackfield.manage.denied import recording_denials
from jackfield.manage.trial_views import ORIGIN, Trial, trial_of
from jackfield.manage.type_rows import type_fault
from jackfield.registry.bodies import Entry, read_entry
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector, ConnectorType, up_to_date
from jackfield.registry.checking import Check
from jackfield.registry.chosen_type import choose_type
from jackfield.registry.definitions import lacks_source
from jackfield.registry.errors import NameTaken, TypeDisabled, UnknownType
from jackfield.registry.resolve import Target
from jackfield.registry.sealing import checked_secrets
from jackfield.registry.sealing_environments import document_of
from jackfield.storage.database import Database
from jackfield.storage.ids import new_id

PLACE = "the request"

TryOut = Callable[[Call, Target], Awaitable[Recorded]]
"""Makes a call of a connector that is kept nowhere; see `dispatch.trial`."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """A connector as a body describes it.

    Attributes:
        warnings: What does not count, or would keep it from being kept.
    """

    connector: ConfiguredConnector
    type: ConnectorType
    warnings: tuple[str, ...] = ()


class Trials:
    """Checks and calls connectors that are kept nowhere."""

    def __init__(
        self, try_out: TryOut, catalogue: Catalogue, check: Check, *, fill: Fill, database: Database | None = None
    ) -> None:
        """Args:
        try_out: Makes the call.
        catalogue: What exists.
        check: Refuses a definition that its execution model could not run.
        fill: Of bodies that name a draft.
        database: Keeps what was denied, where anything is kept.
        """
        self._try_out = try_out
        self._catalogue = catalogue
        self._check = check
        self._fill = fill
        self._database = database

    async def check(self, principal: Principal, body: Mapping[str, Any]) -> ConnectorInfo:
        """What a connector would be: its commands with their params, its version, what it lacks, and warnings.

        Args:
            body: As for `Connectors.create`; without a `name` it is called `trial`.

        Raises:
            ScopeMissing, AdminRequired: The caller may not make such a connector.
            JackfieldError: What `Connectors.create` raises, but for names that are taken: those are warnings.
        """
        async with self._recording(principal, body):
            found = await self._described(principal, body)
        info = info_of(found.connector, found.type.definition, warnings=list(found.warnings))
        return await asyncio.to_thread(with_schema, replace(info, id="", revision=0), found.type.definition)

    async def run(
        self,
        principal: Principal,
        body: Mapping[str, Any],
        command: str | None = None,
        params: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
        origin: Origin = ORIGIN,
    ) -> Trial:
        """Call a command of a connector that is kept nowhere.

        Everything holds that holds for a call of a kept one which the caller has made. Its record is found by the
        trigger `trial`, and not under the name of a kept connector.

        Args:
            body: As for `check`.
            command: In any case style; `None` for the default command.
            params: Of the command.
            options: All but `idempotency_key`: a key means nothing without a connector that stays.
            origin: Where the call comes from; its trigger is always `trial`.

        Raises:
            ScopeMissing, AdminRequired: The caller may not make such a connector, or not call it.
            OptionNotSupported: There is an idempotency key.
            JackfieldError: It cannot be kept, as `check`; or the call could not start, as any other.
        """
        async with self._recording(principal, body):
            principal.require("execute")
            found = await self._described(principal, body)
        call = Call(
            principal=principal,
            target=found.connector.full_name,
            command=command,
            params=params or {},
            options=_traced(options or CallOptions()),
            origin=replace(origin, trigger=TRIAL),
        )
        return trial_of(await self._try_out(call, Target(type=found.type, connector=found.connector)))

    async def _described(self, principal: Principal, body: Mapping[str, Any]) -> Described:
        """What a body describes, judged as if it were to be kept.

        Raises: as `check`.
        """
        principal.require("manage")
        body = await self._fill(principal, body)
        check_new(principal, body)
        named = body if any(folded(str(key)) == "name" for key in body) else {"name": TRIAL, **body}
        entry = await asyncio.to_thread(read_entry, named, place=PLACE, tenant=principal.tenant)
        check_name(entry.connector.namespace, what="namespace")
        check_name(entry.connector.name, what="connector")
        await up_to_date(self._catalogue, principal.tenant)
        kind, warnings = self._kind(entry)
        if entry.type is not None:
            await self._check(kind.definition)
        await check_mock_script(entry.connector.mocks, self._check)
        connector = _connector(principal, entry.connector, kind.definition)
        return Described(connector=connector, type=kind, warnings=(*warnings, *self._taken(connector)))

    def _kind(self, entry: Entry) -> tuple[ConnectorType, tuple[str, ...]]:
        """Its type: the one that it brings, or one that there is."""
        try:
            chosen = choose_type(entry, lambda name: self._definition(entry, name))
        except NameTaken as taken:
            if entry.type is None:
                raise
            return entry.type, (f"it cannot be kept like this: {taken.message}; {taken.hint}",)
        if entry.type is not None:
            return entry.type, chosen.warnings
        kind = self._find_type(entry, chosen.name)
        if kind is None:
            raise self._no_type(entry)
        if not kind.enabled:
            raise TypeDisabled(type=kind.definition.name)
        return kind, chosen.warnings

    def _find_type(self, entry: Entry, wanted: str) -> ConnectorType | None:
        """A type by id or name."""
        by_id = self._catalogue.type_of(replace(entry.connector, type=wanted, type_id=wanted))
        return by_id or self._catalogue.find_type(wanted, tenant=entry.connector.tenant)

    def _definition(self, entry: Entry, name: str) -> ConnectorDefinition | None:
        found = self._find_type(entry, name)
        return found.definition if found else None

    def _no_type(self, entry: Entry) -> Exception:
        connector = entry.connector
        if entry.needs_source:
            return lacks_source(f"connector `{connector.name}`", entry.model)
        known = [found.definition.name for found in self._catalogue.types(connector.tenant)]
        unknown = UnknownType(type=connector.type, known=known)
        return type_fault(f"{unknown.message}; {unknown.hint}")

    def _taken(self, wanted: ConfiguredConnector) -> tuple[str, ...]:
        full = (folded(wanted.namespace), folded(wanted.name))
        there = self._catalogue.connectors(wanted.tenant)
        if any((folded(each.namespace), folded(each.name)) == full for each in there):
            return (f"there is a connector `{wanted.full_name}` already: it cannot be kept under that name",)
        return ()

    def _recording(self, principal: Principal, body: Mapping[str, Any]) -> AbstractAsyncContextManager[None]:
        if self._database is None:
            return nullcontext()
        name = str(body.get("name", ""))[:120]
        return recording_denials(
            self._database, principal, action="connector.try", resource="connector", resource_id=name
        )


def describes(trials: Trials) -> Callable[[Principal, Mapping[str, Any]], Awaitable[Described]]:
    """What a body describes, judged as if it were to be kept. Raises as `Trials.check`."""
    return trials._described  # not for surfaces, which could not carry a connector with its secrets


def _connector(
    principal: Principal, given: ConfiguredConnector, definition: ConnectorDefinition
) -> ConfiguredConnector:
    """As it would be kept by the caller: whose secrets it may use follows from who has made it."""
    config, environments = fitting(definition, given.config, given.environments)
    document, schema = document_of(config, environments, connection_schema(definition))
    checked_secrets(document, schema, what=f"connector `{given.full_name}`")
    return replace(
        given,
        id=new_id(),
        type=definition.name,
        type_version=definition.version,
        enabled=True,
        config=config,
        environments=environments,
        mocks=read_mocks(given.mocks, definition),
        owner=principal.id,
        chosen_by=None if principal.admin else principal.id,
    )


def _traced(options: CallOptions) -> CallOptions:
    if options.idempotency_key is not None:
        raise OptionNotSupported(option="idempotencyKey", by="connectors that are not kept")
    return replace(options, debug=True, trace=True)
