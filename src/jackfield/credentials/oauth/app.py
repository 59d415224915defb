"""The app that asks a service for tokens: its client at the authorization server."""

from __future__ import annotations

from dataclasses import dataclass, field

from jackfield.definition.secret import Secret


@dataclass(frozen=True, kw_only=True)
class App:
    """One client.

    Attributes:
        secret: None of a public client, and of one that signs with a key.
        key: A private key in PEM, with which assertions are signed.
        redirect_uri: Where the service sends people back to; empty for this server's own address.
        place: Where it was found, for people.
    """

    client_id: str = ""
    secret: Secret | None = None
    key: Secret | None = None
    redirect_uri: str = ""
    place: str = field(default="", compare=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        return tuple(secret for secret in (self.secret, self.key) if secret)
