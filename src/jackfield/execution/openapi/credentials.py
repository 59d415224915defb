"""Which of an operation's security requirements a connection can meet, and what signs the request then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.credentials.errors import CredentialMissing
from jackfield.credentials.schemes import ApiKey, Basic, Bearer
from jackfield.definition.names import find
from jackfield.definition.openapi.plan import SchemePlan
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Answer, Authorizer, Outgoing

_TOKEN = "accessToken"  # noqa: S105  # the name of a field
_SIGN_IN = frozenset({"oauth2", "openIdConnect"})


@dataclass(frozen=True, slots=True)
class Together:
    """Several credentials that a service wants at once."""

    parts: tuple[Authorizer, ...]

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that hold secrets; egress takes them out of redirects."""
        names: frozenset[str] = frozenset()
        return names.union(*(getattr(part, "query_names", names) for part in self.parts))

    async def sign(self, request: Outgoing) -> None:
        """Add each.

        Raises:
            CredentialInvalid: One cannot be sent.
        """
        for part in self.parts:
            await part.sign(request)

    async def on_refused(self, answer: Answer) -> bool:
        """`False`: the same values would be refused again."""
        return False


def credential(
    security: Sequence[Sequence[str]],
    schemes: Mapping[str, SchemePlan],
    config: Mapping[str, Any],
) -> Authorizer | None:
    """What signs the request: of the first alternative that the connection has everything for.

    An alternative without any scheme comes last: whoever filled in a key wants it to be used. So does one with a
    scheme that is not known here (the reading of the document has told so): nothing is added for it.

    Args:
        security: The alternatives.
        schemes: By name.
        config: The connection.

    Raises:
        CredentialMissing: The operation needs one, and the connection has none of them.
    """
    found = [alternative for alternative in security if _met(alternative, schemes, config)]
    if security and not found:
        raise _missing(security, schemes, config)
    chosen = min(found, key=lambda alternative: _rank(alternative, schemes), default=())
    parts = [_authorizer(schemes[name], config) for name in chosen if name in schemes]
    return Together(tuple(parts)) if len(parts) > 1 else (parts[0] if parts else None)


def _rank(alternative: Sequence[str], schemes: Mapping[str, SchemePlan]) -> int:
    return 1 if not alternative else 2 * any(name not in schemes for name in alternative)


def _met(alternative: Sequence[str], schemes: Mapping[str, SchemePlan], config: Mapping[str, Any]) -> bool:
    return all(not _absent(schemes[name], config) for name in alternative if name in schemes)


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
    if scheme.kind in _SIGN_IN:
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
    security: Sequence[Sequence[str]], schemes: Mapping[str, SchemePlan], config: Mapping[str, Any]
) -> CredentialMissing:
    ways = [[schemes[name] for name in alternative if name in schemes] for alternative in security]
    fields = [" and ".join(f"`{f}`" for scheme in way for f in _absent(scheme, config)) for way in ways]
    choices = " or ".join(dict.fromkeys(filter(None, fields)))
    hint = f"fill in {choices}"
    if any(scheme.kind in _SIGN_IN for way in ways for scheme in way):
        hint += "; an access token is got from the service, it is not fetched for you"
    return CredentialMissing(what=choices, searched=["the connection"], hint=hint)
