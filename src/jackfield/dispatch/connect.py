"""The connection and the credential of one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.named import named_secret
from jackfield.credentials.resolve import authorize
from jackfield.credentials.schemes import Scheme
from jackfield.definition.references import with_values
from jackfield.definition.secret import Secret
from jackfield.dispatch.ready import Ready
from jackfield.registry.errors import ConnectorNotConfigured
from jackfield.vault.secrets import SecretStore


@dataclass(frozen=True, kw_only=True)
class Connected:
    """With what a call reaches its service.

    Attributes:
        config: Connection fields, secrets as `Secret`.
        authorizer: Signs the requests.
        secrets: Those that the call uses beside the connection's own.
        variant: The connection's secrets that depend on the caller.
    """

    config: Mapping[str, Any]
    authorizer: Scheme | None
    secrets: tuple[Secret, ...]
    variant: tuple[Secret, ...] = ()


async def connect(ready: Ready, store: SecretStore, principal: Principal) -> Connected:
    """Find every secret that the connection and the type's `auth` name.

    Raises:
        ConnectorNotConfigured: Required connection fields are not filled in.
        CredentialMissing: A secret that is named is not there. Nothing is sent then.
        SecretNotAllowed: Whoever set the connector up may not decide where that secret goes.
        Undecryptable: A secret is there, and cannot be read.
    """
    if ready.missing:
        raise ConnectorNotConfigured(connector=ready.target.name, missing=ready.missing)
    config, connector = ready.config, ready.target.connector
    chosen_by = connector.chosen_by if connector else None
    named: tuple[Secret, ...] = ()
    if ready.references:
        found = {
            at: await named_secret(store, name, principal, chosen_by=chosen_by) for at, name in ready.references.items()
        }
        config, named = with_values(ready.config, found), tuple(found.values())
    access = await authorize(ready.definition.auth, config, store, principal, chosen_by=chosen_by)
    return Connected(config=config, authorizer=access.scheme, secrets=(*named, *access.secrets), variant=named)
