"""By what the tokens of a connector's own client are kept."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TypeAlias

from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.asking import Asking

MAX_KEPT = 10_000
_COST = 2**12
"""Of scrypt: some 10 ms, once for each client in a process."""

_Key: TypeAlias = tuple[str, ...]


class OwnHolders:
    """Names of holders. Others, for another client, place or scopes; and for another secret.

    Tokens that were got with one secret are not for whoever knows the name of the client, and not its secret. The name
    stands in the database, so the secret is not found by trying whether it fits.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[_Key, App], str] = OrderedDict()

    def of(self, asking: Asking, app: App) -> str:
        """The name, for a connector that asks as `app`."""
        said = _said(asking, app)
        if (found := self._kept.get((said, app))) is None:
            found = self._kept[said, app] = f"connector:{asking.connector_id}:{_digest(said, app)}"
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return found


def _said(asking: Asking, app: App) -> _Key:
    return (asking.tenant, asking.connector_id, app.client_id, *asking.settings.asked_for)


def _digest(said: _Key, app: App) -> str:
    public = hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).digest()
    secrets = "\0".join(secret.reveal() for secret in app.secrets).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secrets, salt=public, n=_COST, r=8, p=1, dklen=16).hex()
