"""Who is asking, for which tenant, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from jackfield.access.errors import GatewayTokenMisplaced, ScopeMissing
from jackfield.definition.secret import Secret

DEFAULT_TENANT = "default"

Scope = Literal["read", "execute", "manage"]
"""What a token allows: look at things, call commands, change things. None includes another."""

ALL_SCOPES: frozenset[Scope] = frozenset({"read", "execute", "manage"})


@dataclass(frozen=True, kw_only=True)
class GatewayGrant:
    """What a token of a gateway allows, and where alone.

    Attributes:
        gateway: Id of the gateway.
        scopes: There.
    """

    gateway: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The caller of a call.

    Attributes:
        user: Name, for people.
        id: Stays when the user is renamed, and is never another's: the owner of what the caller makes. The name
            unless given.
        tenant: Owner of all that the caller can see; names resolve inside it.
        scopes: What the caller's token allows.
        admin: May see and change what others of the tenant own. No token widens its user's rights by it.
        expires: When the caller's token ends, in microseconds since 1970; `None` where it does not.
        gateway: Of the token of a gateway. Such a caller has no scope until `manage.gateways` has opened that very
            gateway: so whatever else is asked is refused, also where nobody thought of it.
        bearer: The token of a caller who came with one of the company's issuer: it may go on to services that an
            administrator has named. Nobody else has one, neither by a session nor by a token of Jackfield.
    """

    user: str
    id: str = ""
    tenant: str = DEFAULT_TENANT
    scopes: frozenset[Scope] = ALL_SCOPES
    admin: bool = False
    expires: int | None = None
    gateway: GatewayGrant | None = None
    bearer: Secret | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", self.id or self.user)

    def require(self, scope: Scope) -> None:
        """Do nothing if the caller's token allows `scope`.

        Raises:
            ScopeMissing: It does not.
            GatewayTokenMisplaced: It is a gateway's, and nobody has opened that.
        """
        if self.gateway is not None and not self.scopes:
            raise GatewayTokenMisplaced(user=self.user)
        if scope not in self.scopes:
            raise ScopeMissing(user=self.user, scope=scope, scopes=sorted(self.scopes))


LOCAL = Principal(user="local", id="local", admin=True)
"""Whoever runs Jackfield inside their own process."""
