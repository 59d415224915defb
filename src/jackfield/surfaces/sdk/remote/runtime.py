"""The runtime of a program that works with a Jackfield server."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.floh import from_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome, read_outcome
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.dispatch.options import MAX_TIMEOUT_S, to_wire
from jackfield.errors import JackfieldError
from jackfield.registry.errors import UnknownConnector, UnknownType
from jackfield.settings import NOT_SHOWN, InvalidSetting, Settings
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.asking import connector_path
from jackfield.surfaces.sdk.remote.tooling import RemoteTooling
from jackfield.surfaces.sdk.remote.wire import CHAT_HEADER, CLIENT_HEADER, TOOL_CALL_HEADER, Wire, to_body
from jackfield.surfaces.server_errors import Asked

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.remote.resources import RemoteResources

GRACE_S = 10.0
"""How much longer than the call may take its answer is waited for."""


class Remote:
    """Everything is asked of a server. Implements `surfaces.runtime.Runtime`.

    Names are resolved, params checked and calls recorded there, for the user of the token.
    """

    def __init__(self, settings: Settings, *, wire: Wire | None = None) -> None:
        """Args:
        settings: `url`, `token` and `mock` count; nothing else does.
        wire: Tests bring their own.

        Raises:
            InvalidSetting: The token cannot be one.
        """
        if not all("!" <= character <= "~" for character in settings.token):
            wanted = "printable ASCII characters without spaces, as `jackfield users token` has printed them"
            raise InvalidSetting(name="JACKFIELD_TOKEN", value=NOT_SHOWN, wanted=wanted)
        self.wire = wire or Wire(url=settings.url, token=settings.token)
        self.tooling = RemoteTooling(self.wire)
        self._mock = settings.mock
        self._principal: Principal | None = None

    async def call(
        self, target: str, command: str | None, params: Mapping[str, Any], options: CallOptions, origin: Origin
    ) -> Outcome[Any]:
        """One call; see `Runtime.call`. Without a time-out of its own, it is the connector's, which may be 300 s."""
        options = self._as_set_here(options)
        asked: Asked = "keyed call" if options.idempotency_key else "call"
        try:
            document = await self.wire.ask(
                "POST",
                f"{connector_path(target)}/execute",
                body=_body(target, command, params, options),
                headers=_origin_headers(origin),
                timeout_s=(options.timeout_s or MAX_TIMEOUT_S) + GRACE_S,
                asked=asked,
            )
        except JackfieldError as error:
            self.tooling.noticed(target, error)
            raise
        outcome = _outcome(document, url=self.wire.url, asked=asked)
        self.tooling.noticed(target, outcome)
        return outcome

    async def describe(self, target: str) -> ConnectorDefinition:
        """The definition of the type behind `target`; see `Runtime.describe`."""
        resources = self._resources()
        try:
            kind = (await resources.connectors.get(ANYBODY, target)).type
        except UnknownConnector as unknown:
            try:
                found = await resources.types.get(ANYBODY, target)
            except UnknownType:
                raise unknown from None
            return from_json(found.definition)
        return from_json((await resources.types.get(ANYBODY, kind)).definition)

    async def types(self) -> Sequence[ConnectorDefinition]:
        """Every connector type that can be called, by name."""
        resources = self._resources()
        listed = [info for info in await resources.types.list(ANYBODY) if info.installed]
        return [from_json((await resources.types.get(ANYBODY, info.id or info.name)).definition) for info in listed]

    async def add(self, connector: Mapping[str, Any]) -> str:
        """Store a connector at the server; returns its full name."""
        return (await self._resources().connectors.create(ANYBODY, connector)).full_name

    async def open(self) -> Any:
        """What can be looked at and changed: the same methods as `manage.resources.Resources` has."""
        return self._resources()

    async def principal(self) -> Principal:
        """Who calls. It is asked once: of each later request the server finds it out by itself."""
        if self._principal is None:
            self._principal = await self._resources().users.me()
        return self._principal

    async def close(self) -> None:
        """Close every connection."""
        await self.wire.close()

    def _resources(self) -> RemoteResources:
        from jackfield.surfaces.sdk.remote.resources import RemoteResources  # calls do without

        return RemoteResources(self.wire)

    def _as_set_here(self, options: CallOptions) -> CallOptions:
        """With `JACKFIELD_MOCK`: whoever sets it expects that nothing is sent, which a plan does not do either."""
        if not self._mock or options.plan or options.use_mock is not None or options.scenario is not None:
            return options
        return replace(options, use_mock=True)


ANYBODY = Principal(user="")
"""Stands where methods take the caller: a server knows who calls by the token, whatever it is told."""


def _origin_headers(origin: Origin) -> dict[str, str]:
    """Where the call comes from. Ids are a model's or a host's, so they travel percent-encoded."""
    said = {CHAT_HEADER: origin.chat_id, TOOL_CALL_HEADER: origin.tool_call_id}
    ids = {name: quote(value, safe="", errors="replace") for name, value in said.items() if value}
    return {CLIENT_HEADER: origin.trigger, **ids}


def _body(target: str, command: str | None, params: Mapping[str, Any], options: CallOptions) -> bytes:
    """A structured body.

    Raises:
        InvalidParams: A param has no JSON form.
    """
    body = {"command": command, "params": dict(params), "options": to_wire(options)}
    try:
        written = to_body(body)
        if b"null" in written and _has_no_number(body["params"]):  # which JSON would take for null
            raise TypeError
    except TypeError:
        where = f"command `{command}` of `{target}`"
        raise InvalidParams(
            faults=_faults(params), where=where, hint="give what JSON has: texts, numbers ..."
        ) from None
    return written


def _faults(params: Mapping[str, Any]) -> list[Fault]:
    found = []
    for name, value in params.items():
        try:
            to_body({name: value})
            wrong = _has_no_number(value)
        except TypeError:
            wrong = True
        if wrong:
            found.append(Fault(pointer=pointer([name]), message=f"is not JSON: {type(value).__name__}"))
    return found or [Fault(pointer="", message="is not JSON")]


def _has_no_number(value: Any) -> bool:
    """Whether there is an infinite number in it, or one that is none."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Mapping):
        return any(map(_has_no_number, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_no_number, value))


def _outcome(document: Any, *, url: str, asked: Asked) -> Outcome[Any]:
    try:
        return read_outcome(document)
    except ValueError:
        raise unreadable("what it answered is no outcome", url=url, asked=asked) from None
