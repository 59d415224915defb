"""From a type's `auth` to the credential that signs a call's requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jackfield.access.principal import Principal
from jackfield.credentials.errors import CredentialMissing
from jackfield.credentials.named import named_secret
from jackfield.credentials.schemes import ApiKey, Basic, Bearer, Scheme
from jackfield.definition.secret import Secret
from jackfield.vault.secrets import SecretStore

Location = Literal["header", "query", "cookie"]

CALLER_TOKEN = frozenset({"caller_token", "sinas_token"})


@dataclass(frozen=True, kw_only=True)
class Access:
    """What signs a call's requests, and the secrets that it holds."""

    scheme: Scheme | None = None
    secrets: tuple[Secret, ...] = ()


NO_ACCESS = Access()


async def authorize(
    auth: Mapping[str, Any],
    config: Mapping[str, Any],
    store: SecretStore,
    principal: Principal,
    *,
    chosen_by: str | None = None,
) -> Access:
    """The credential that `auth` describes.

    `{"type": "bearer" | "basic" | "api_key", ...}` with `secret`, the name of a stored secret, or `field`, a
    connection field. Basic has one secret `user:password`, or `username` and `password`, each text or an
    object with `secret` or `field`. API keys also have `name` (or `header`) and `location`.

    Raises:
        CredentialMissing: What is declared is not there. Nothing is sent then.
        SecretNotAllowed: See `named_secret`, also for `chosen_by`.
    """
    kind = auth.get("type") or "none"
    if kind == "none":
        return NO_ACCESS
    if kind in CALLER_TOKEN:
        raise CredentialMissing(
            what="the caller's token", searched=["this call"], hint="call with a token of the issuer"
        )
    find = _Finder(config, store, principal, chosen_by)
    if kind == "basic" and "password" in auth:
        username, password = await find.part(auth.get("username", "")), await find.part(auth["password"])
        return Access(scheme=Basic(username.reveal(), password), secrets=(password,))
    value = await find.part(auth)
    return Access(scheme=_scheme(kind, value, auth), secrets=(value, *_password_of(kind, value)))


def _scheme(kind: str, value: Secret, auth: Mapping[str, Any]) -> Scheme:
    if kind == "bearer":
        return Bearer(value)
    if kind == "basic":
        return Basic.combined(value)
    name = auth.get("name") or auth.get("header") or "X-API-Key"
    location: Location = auth.get("location") or auth.get("in") or auth.get("position") or "header"
    return ApiKey(value, name=name, location=location, prefix=auth.get("prefix", ""))


def _password_of(kind: str, value: Secret) -> tuple[Secret, ...]:
    """Of a combined `user:password` the password alone is a secret too."""
    if kind != "basic":
        return ()
    return (Secret(value.reveal().partition(":")[2]),)


class _Finder:
    def __init__(
        self, config: Mapping[str, Any], store: SecretStore, principal: Principal, chosen_by: str | None
    ) -> None:
        self._config = config
        self._store = store
        self._principal = principal
        self._chosen_by = chosen_by

    async def part(self, described: Any) -> Secret:
        """The value that text, `{"secret": NAME}` or `{"field": NAME}` stands for."""
        if isinstance(described, str):
            return Secret(described)
        if name := described.get("secret"):
            return await named_secret(self._store, name, self._principal, chosen_by=self._chosen_by)
        name = described.get("field", "")
        value = self._config.get(name)
        if not value:
            raise CredentialMissing(what=f"`{name}`", searched=["the connection"], hint=f"fill in `{name}`")
        return value if isinstance(value, Secret) else Secret(str(value))
