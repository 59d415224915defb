"""Secrets by name, for a caller."""

from __future__ import annotations

from jackfield.access.principal import Principal
from jackfield.credentials.errors import CredentialMissing, SecretNotAllowed
from jackfield.definition.secret import Secret
from jackfield.vault.secrets import SHARED, SecretStore


async def named_secret(store: SecretStore, name: str, principal: Principal, *, chosen_by: str | None = None) -> Secret:
    """The secret of that name which the caller may use.

    Args:
        chosen_by: The user that decides where it would be sent; `None` where that is whoever runs the installation.
            Others' secrets are not sent there: a colleague could set up a connector to collect them.

    Raises:
        CredentialMissing: There is none.
        SecretNotAllowed: There is one, and `chosen_by` may not decide where it goes.
        Undecryptable: There is one, and it cannot be read.
    """
    found = await store.find(name, tenant=principal.tenant, user=principal.id)
    if found is None or not found.reveal():
        searched = store.places(name)
        hint = f"`jackfield secrets set {name}` puts it in" if SHARED in searched else f"set {searched[-1]}"
        raise CredentialMissing(what=f"the secret `{name}`", searched=searched, hint=hint)
    if chosen_by is not None:
        decider = await store.decided_by(name, tenant=principal.tenant, user=principal.id)
        if decider != chosen_by:
            raise SecretNotAllowed(secret=name)
    return found
