"""Which of an operation's security requirements a connection can meet, and what signs the request then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.credentials.errors import CredentialMissing
from jackfield.credentials.schemes import ApiKey, Basic, Bearer, NoAuth
from jackfield.definition.names import find
from jackfield.definition.openapi.plan import SchemePlan
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Authorizer
from jackfield.execution.openapi.together import Together

_TOKEN = "accessToken"  # noqa: S105  # the name of a field
SIGN_IN = frozenset({"oauth2", "openIdConnect"})


def credential(
    security: Sequence[Sequence[str]],
    schemes: Mapping[str, SchemePlan],
    config: Mapping[str, Any],
    *,
    client: Authorizer | None = None,
    signed_in: frozenset[str] = frozenset(),
    connector: str = "",
) -> Authorizer | None:
    """What signs the request: of the first alternative that the connection has everything for.

    A connected account, or a client, comes first. An alternative without any scheme comes last: whoever filled in a key
    wants it to be used. So does one with a scheme that is not known here (the reading of the document has told so):
    nothing is added for it.

    Args:
        security: The alternatives.
        schemes: By name.
        config: The connection.
        client: Signs with the tokens of the type's own `auth`, if there are any.
        signed_in: The schemes that such tokens are good for.
        connector: For messages.

    Raises:
        CredentialMissing: The operation needs one, and the connection has none of them.
    """
    held = signed_in if client is not None else frozenset()
    found = [alternative for alternative in security if _met(alternative, schemes, config, held)]
    if security and not found:
        raise _missing(security, schemes, config, signed_in, connector)
    chosen = min(found, key=lambda alternative: _rank(alternative, schemes, held), default=())
    parts = [_authorizer(schemes[name], config) for name in chosen if name in schemes and name not in held]
    if client is not None and held & set(chosen):
        parts.insert(0, client)
    if not parts:
        # Otherwise the token would go to an operation that asks for none.
        return NoAuth() if client is not None else None
    return Together(tuple(parts)) if len(parts) > 1 else parts[0]


def _rank(alternative: Sequence[str], schemes: Mapping[str, SchemePlan], held: frozenset[str]) -> int:
    if held & set(alternative):
        return -1
    return 1 if not alternative else 2 * any(name not in schemes for name in alternative)


def _met(
    alternative: Sequence[str], schemes: Mapping[str, SchemePlan], config: Mapping[str, Any], held: frozenset[str]
) -> bool:
    return all(not _absent(schemes[name], config) for name in alternative if name in schemes and name not in held)


def _absent(scheme: SchemePlan, config: Mapping[str, Any]) -> list[str]:
    """The fields that are to be filled in before the scheme can be used."""
    fields = fields_of(scheme)
    if any(_value(field, config) for field in fields.values()):
        # A user without a password is what services with a key as the user name ask for.
        return []
    return list(fields.values())


def fields_of(scheme: SchemePlan) -> dict[str, str]:
    """The connection fields of a scheme that requests are signed with, by what they are."""
    wanted = {"apiKey": ("key",), "bearer": ("token",), "basic": ("username", "password")}
    if scheme.kind in SIGN_IN:
        return {"token": scheme.fields.get("token", _TOKEN)}
    return {what: scheme.fields.get(what, what) for what in wanted[scheme.kind]}


def _value(field: str, config: Mapping[str, Any]) -> str:
    found = config.get(find(field, config) or field)
    if isinstance(found, Secret):
        return found.reveal()
    return "" if found is None else str(found)


def _authorizer(scheme: SchemePlan, config: Mapping[str, Any]) -> Authorizer:
    found = {what: _value(field, config) for what, field in fields_of(scheme).items()}
    if scheme.kind == "basic":
        return Basic(found["username"], Secret(found["password"]))
    if scheme.kind == "apiKey":
        return ApiKey(Secret(found["key"]), name=scheme.name, location=scheme.location or "header")
    return Bearer(Secret(found["token"]))


def _missing(
    security: Sequence[Sequence[str]],
    schemes: Mapping[str, SchemePlan],
    config: Mapping[str, Any],
    signed_in: frozenset[str],
    connector: str,
) -> CredentialMissing:
    ways = [[schemes[name] for name in alternative if name in schemes] for alternative in security]
    fields = [" and ".join(dict.fromkeys(f"`{f}`" for scheme in way for f in _absent(scheme, config))) for way in ways]
    choices = " or ".join(dict.fromkeys(filter(None, fields)))
    if not any(scheme.scheme in signed_in for way in ways for scheme in way):
        return CredentialMissing(what=choices, searched=["the connection"], hint=f"fill in {choices}")
    return CredentialMissing(
        what=f"a connected account or {choices}",
        searched=["the credentials", "the connection"],
        hint=f"`jackfield credentials connect {connector}` connects an account; or fill in {choices}",
    )
