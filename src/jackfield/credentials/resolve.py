"""From a type's `auth` to the credential that signs a call's requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.building import BUILDERS
from jackfield.credentials.caller_token import TokenHost, caller_token
from jackfield.credentials.errors import CredentialInvalid, CredentialMissing
from jackfield.credentials.named import named_secret
from jackfield.credentials.schemes import Scheme
from jackfield.definition.auth import SchemeSpec, canonical, open_parts, parts_of, spec_of
from jackfield.definition.names import find
from jackfield.definition.secret import Secret
from jackfield.vault.secrets import SecretStore

CALLER_TOKEN = frozenset({"caller_token", "sinas_token"})


@dataclass(frozen=True, kw_only=True)
class Access:
    """What signs a call's requests, and the secrets that it holds."""

    scheme: Scheme | None = None
    secrets: tuple[Secret, ...] = ()


NO_ACCESS = Access()


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where the parts of an `auth` come from.

    Attributes:
        config: The connection, with the values of the chosen credential over it.
        values: Of the chosen credential; they stand for named secrets.
        store: Named secrets.
        chosen_by: See `named_secret`.
        token_hosts: Where the caller's own token may go.
    """

    config: Mapping[str, Any]
    store: SecretStore
    principal: Principal
    chosen_by: str | None = None
    token_hosts: tuple[TokenHost, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    async def parts(self, auth: Mapping[str, Any]) -> dict[str, Secret]:
        """The parts of an `auth` in its canonical form, by name.

        A chosen credential has values for some. Of those that the `auth` may or may not have, none is missed.

        Raises:
            CredentialMissing: A part that it declares is not there.
            CredentialInvalid: The chosen credential says who somebody is, and leaves it to others to prove that.
            SecretNotAllowed: See `named_secret`.
        """
        spec = spec_of(auth["type"])
        given = self._given(auth) if self.values else {}
        all_said = parts_of(spec, auth)
        if self.values:
            self._check_proven(spec, all_said, given)
        said = {name: described for name, described in all_said.items() if name not in given}
        if spec.whole in said and any(spec.parts[name].required for name in given):
            del said[spec.whole]  # a user name and a password instead of both in one
        said = {name: it for name, it in said.items() if not (spec.parts[name].may_be_empty and self._is_empty(it))}
        return given | {name: await self._part(described) for name, described in said.items()}

    def _check_proven(self, spec: SchemeSpec, said: Mapping[str, Any], given: Mapping[str, Secret]) -> None:
        own = {name for name in spec.parts if name in given or self._is_own_field(said.get(name))}
        for name in own:
            if (proof := spec.parts[name].goes_with) and proof not in own and spec.whole not in own:
                reason = f"it says `{name}`, and has no `{proof}` of its own to prove it"
                raise CredentialInvalid(what="credential", reason=reason, hint=f"put `{proof}` into it, too")

    def _is_own_field(self, described: Any) -> bool:
        """Whether it is a connection field that the chosen credential has a value for."""
        if not isinstance(described, Mapping) or "field" not in described:
            return False
        name = find(described["field"], self.values)
        return name is not None and self.values[name] not in (None, "")

    def _given(self, auth: Mapping[str, Any]) -> dict[str, Secret]:
        """What the chosen credential has of the parts."""
        may_have = open_parts(auth)
        values = {name: value for name, value in self.values.items() if name in may_have and value not in (None, "")}
        return {name: _secret(value) for name, value in values.items()}

    def _is_empty(self, described: Any) -> bool:
        """Whether it is a connection field that is not filled in."""
        return isinstance(described, Mapping) and "field" in described and not self.config.get(described["field"])

    async def _part(self, described: Any) -> Secret:
        """The value that text, `{"secret": NAME}` or `{"field": NAME}` stands for."""
        if isinstance(described, str):
            return Secret(described)
        if name := described.get("secret"):
            return await named_secret(self.store, name, self.principal, chosen_by=self.chosen_by)
        name = described.get("field", "")
        value = self.config.get(name)
        if not value:
            raise CredentialMissing(what=f"`{name}`", searched=["the connection"], hint=f"fill in `{name}`")
        return _secret(value)


def _secret(value: Any) -> Secret:
    return value if isinstance(value, Secret) else Secret(str(value))


async def authorize(auth: Mapping[str, Any], sources: Sources) -> Access:
    """The credential that `auth` describes; of schemes that need no conversation with anybody.

    Raises:
        CredentialMissing: What is declared is not there. Nothing is sent then.
        CredentialInvalid: It is there, and of no use.
        SecretNotAllowed: See `named_secret`.
    """
    kind = auth.get("type") or "none"
    if kind == "none":
        return NO_ACCESS
    if kind in CALLER_TOKEN:
        forwarded = caller_token(sources.principal, sources.token_hosts, chosen_by=sources.chosen_by)
        return Access(scheme=forwarded, secrets=(forwarded.token,))
    said = canonical(auth)
    values = await sources.parts(said)
    secret = {name: value for name, value in values.items() if spec_of(kind).parts[name].secret}
    scheme = BUILDERS[kind](said, values)
    derived: tuple[Secret, ...] = getattr(scheme, "secrets", ())
    return Access(scheme=scheme, secrets=(*secret.values(), *_password_of(kind, values), *derived))


def _password_of(kind: str, values: Mapping[str, Secret]) -> tuple[Secret, ...]:
    """Of a combined `user:password` the password alone is a secret too."""
    if kind != "basic" or "credential" not in values:
        return ()
    return (Secret(values["credential"].reveal().partition(":")[2]),)
