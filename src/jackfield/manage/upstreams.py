"""Upstream MCP servers: their tools are looked at, and pinned by somebody who has seen them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.mcp.tools import LIST, SERVER, TOOLS, listing_of, pin, tools_of, with_tools
from jackfield.definition.names import find
from jackfield.dispatch.call import Call, Origin
from jackfield.dispatch.record import TRIAL
from jackfield.errors import from_json
from jackfield.manage.errors import NothingKept
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.resolve import Target, resolve

if TYPE_CHECKING:
    from jackfield.definition.mcp.differences import ToolDifference
    from jackfield.definition.mcp.tools import Pinned
    from jackfield.definition.openapi.diff import Diff
    from jackfield.manage.trials import TryOut
    from jackfield.manage.types_behind import Behind, TypesBehind
    from jackfield.manage.upstream_views import Synced, SyncedTool

_APPLY = "apply"
_KNOWN = f"known is `{_APPLY}`: true, or a list with names of tools"


class Listing:
    """Asks servers for their tools: a call like any other, which its record and its limits show."""

    def __init__(self, try_out: TryOut) -> None:
        """Args:
        try_out: Makes the call.
        """
        self._try_out = try_out

    async def tools(self, principal: Principal, target: Target) -> Sequence[Mapping[str, Any]]:
        """What the server of a connector offers.

        Raises:
            JackfieldError: The caller may not call it, or the server gives no answer.
        """
        listing = replace(target.type, definition=listing_of(target.type.definition))
        call = Call(principal=principal, target=target.name, command=LIST, origin=Origin(trigger=TRIAL))
        outcome = (await self._try_out(call, replace(target, type=listing))).outcome
        if outcome.success:
            payload: Any = outcome.payload
            return list(payload["tools"])
        hint = outcome.diagnostics.get("hint", "")
        details = {key: value for key, value in outcome.diagnostics.items() if key != "hint"}
        raise from_json(
            {"code": outcome.code, "detail": outcome.error, "hint": hint, "details": details, "status": 502}
        )


class Upstreams:
    """Compares what is pinned of upstream MCP servers with what they offer, and pins it anew."""

    def __init__(self, listing: Listing, catalogue: Catalogue, types: TypesBehind | None = None) -> None:
        """Args:
        listing: Asks the servers.
        catalogue: What exists.
        types: Of connectors, where any are kept.
        """
        self._listing = listing
        self._catalogue = catalogue
        self._types = types

    async def sync(
        self, principal: Principal, wanted: str, body: Mapping[str, Any] | None = None, *, revision: int | None = None
    ) -> Synced:
        """How the tools of a connector's server differ from those that are pinned. Nothing is changed without `apply`.

        What is applied becomes a new version of its type, as high as it has to be. Until then models and callers see
        what was pinned, and calls of tools that are different are refused.

        Args:
            principal: Who asks.
            wanted: Id, `namespace/name` or name of the connector.
            body: `{apply?}`: true for all that is different, or a list with names of tools or commands.
            revision: Only if the connector still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
            InvalidDefinition: It is of no MCP server, or `apply` names what is not different.
            JackfieldError: Its server cannot be asked.
        """
        principal.require("manage")
        only = _applied_in(body or {})
        if self._types is None:
            raise NothingKept(what="connectors")
        from jackfield.manage.type_changes import laid_over_newest

        types = self._types
        behind = await types.get(principal, wanted)
        if behind.definition.execution_model != "mcp" or behind.type.seeded:
            raise _no_server(behind)
        offered = await self._listing.tools(principal, await self._target(principal, behind))
        return await laid_over_newest(lambda: _sync(types, principal, wanted, offered, only, revision))

    async def _target(self, principal: Principal, behind: Behind) -> Target:
        await up_to_date(self._catalogue, principal.tenant)
        target = resolve(self._catalogue, behind.row.id, tenant=principal.tenant)
        return replace(target, type=replace(target.type, definition=behind.definition))


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """Attributes:
    different: All that is.
    applied: The commands of those that are pinned now.
    diff: What all of it means for callers.
    """

    different: Sequence[ToolDifference]
    applied: Collection[str]
    diff: Diff
    pinned: Pinned


async def _sync(
    types: TypesBehind,
    principal: Principal,
    wanted: str,
    offered: Sequence[Mapping[str, Any]],
    only: Collection[str] | None,
    revision: int | None,
) -> Synced:
    """One attempt. What others have changed meanwhile is told by `Moved`."""
    from jackfield.definition.mcp.differences import bump_of, differences, merged
    from jackfield.definition.versions import next_version

    behind = await types.get(principal, wanted)
    before = tools_of(behind.definition.source)
    pinned = pin(offered, before=before)
    different = differences(before, pinned.tools)
    applied = _applied(different, only)
    version = behind.definition.version
    if applied:
        now = merged(before, pinned.tools, only=applied)
        bump = bump_of(before, now).bump or "patch"
        version = await types.redefine(
            principal,
            behind,
            lambda: with_tools(behind.definition, now),
            version=next_version(version, bump),
            auto_bump=True,
            revision=revision,
        )
    compared = _Compared(different=different, applied=applied, diff=bump_of(before, pinned.tools), pinned=pinned)
    return _synced(behind, compared, version)


def _synced(behind: Behind, compared: _Compared, version: str) -> Synced:
    from jackfield.manage.upstream_views import Synced

    def named(what: str) -> list[SyncedTool]:
        return [_shown(each, compared) for each in compared.different if each.what == what]

    changed = named("changed")
    return Synced(
        connector=behind.row.full_name,
        type=behind.type.name,
        applied=bool(compared.applied),
        version=version,
        added=named("added"),
        changed=changed,
        removed=named("removed"),
        kept=len(compared.pinned.tools) - len(changed) - len(named("added")),
        needed_bump=compared.diff.bump or ("patch" if compared.different else None),
        refused=compared.pinned.refused,
    )


def _shown(difference: ToolDifference, compared: _Compared) -> SyncedTool:
    from jackfield.manage.upstream_views import SyncedTool

    told = next((each for each in compared.diff.differences if each.name == difference.command), None)
    return SyncedTool(
        command=difference.command,
        tool=difference.tool,
        fields=difference.fields,
        applied=difference.command in compared.applied,
        breaking=told.breaking if told else False,
        reasons=list(told.reasons) if told else [],
    )


def _applied(different: Sequence[ToolDifference], only: Collection[str] | None) -> set[str]:
    """The commands whose differences are applied.

    Raises:
        InvalidDefinition: One that is named is not different.
    """
    if only is None:
        return {each.command for each in different}
    known = {name for each in different for name in (each.command, each.tool)}
    if unknown := [name for name in only if name not in known]:
        listed = ", ".join(f"`{each.tool[:100]}`" for each in different[:20]) or "none is"
        raise InvalidDefinition(f"the tool `{unknown[0][:100]}` is not different", hint=f"different: {listed}")
    return {each.command for each in different if each.command in only or each.tool in only}


def _applied_in(body: Mapping[str, Any]) -> Collection[str] | None:
    """The tools that `body` applies: none, those that it names, or `None` for all.

    Raises:
        InvalidDefinition: It says something else.
    """
    unknown = next((key for key in body if str(key) != _APPLY), None)
    if unknown is not None:
        raise InvalidDefinition(f"the key `{str(unknown)[:80]}` is unknown", hint=_KNOWN)
    given = body.get(_APPLY)
    if given in (None, False):
        return ()
    if given is True:
        return None
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise InvalidDefinition("`apply` is neither true nor a list with names of tools", hint=_KNOWN)
    return given


def _no_server(behind: Behind) -> InvalidDefinition:
    return InvalidDefinition(
        f"connector `{behind.row.full_name}` is of the execution model `{behind.definition.execution_model}`, and has "
        "no MCP server",
        hint="make a connector with `mcpServer`",
    )


def is_unpinned(body: Mapping[str, Any]) -> bool:
    """Whether a body names an MCP server, and says nothing of its tools."""
    given: object = body  # whoever calls this from Python may have given anything
    if not isinstance(given, Mapping):
        return False
    keys = {str(key): value for key, value in given.items()}
    server, tools = find(SERVER, keys), find(TOOLS, keys)
    return server is not None and keys[server] is not None and (tools is None or keys[tools] is None)
