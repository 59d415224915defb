"""A credential of a connector, as a call uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from jackfield.access.principal import Principal
from jackfield.definition.secret import Secret

Mode = Literal["values", "token", "platform", "own"]
"""What is typed in; a token that was pasted; signed in with the installation's app; signed in with one's own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Credential:
    """One credential, opened.

    Attributes:
        owner: Id of the user whose private one it is; `None` for a shared one.
        decider: Id of the user who has put it, and so agreed to where its connector sends it.
        approved: That user is an administrator: its values may decide where requests go. See `credentials.steering`.
        values: Of connection fields, and of parts of the type's `auth`. Secret ones are `Secret`.
    """

    id: str
    tenant: str
    connector_id: str
    name: str
    mode: Mode = "values"
    owner: str | None = None
    decider: str = ""
    approved: bool = False
    revision: int = 1
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        return tuple(value for value in self.values.values() if isinstance(value, Secret))

    @property
    def shown_as(self) -> str:
        """For people."""
        return f"the credential `{self.name}`"


class Credentials(Protocol):
    """Where the credentials of connectors are."""

    async def choose(self, principal: Principal, connector_id: str, *, wanted: str | None = None) -> Credential | None:
        """The credential that a call of `principal` uses; `None` where there is none.

        Args:
            wanted: Id or name of the one that the call asks for.

        Raises:
            UnknownCredential: The caller has none of that id or name for this connector.
            Undecryptable: It cannot be read.
        """

    def used(self, credential: Credential) -> None:
        """Note that a call uses it."""

    def version(self, tenant: str) -> int:
        """Higher than before when some credential of the tenant may have changed. It costs nothing."""


class NoCredentials:
    """Where none are kept."""

    async def choose(self, principal: Principal, connector_id: str, *, wanted: str | None = None) -> Credential | None:
        """There is none."""
        if wanted is not None:
            from jackfield.credentials.errors import UnknownCredential

            raise UnknownCredential(credential=wanted, known=[])
        return None

    def used(self, credential: Credential) -> None:
        """It never is."""

    def version(self, tenant: str) -> int:
        """None ever changes."""
        return 0
