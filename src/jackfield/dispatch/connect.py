"""The connection and the credential of one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import CredentialNotAllowed
from jackfield.credentials.named import named_secret
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.settings import OAuthSettings, read_settings
from jackfield.credentials.resolve import Sources
from jackfield.credentials.schemes import Scheme
from jackfield.credentials.service import CredentialService
from jackfield.credentials.steering import steering
from jackfield.definition.names import find
from jackfield.definition.places import parts
from jackfield.definition.references import with_values
from jackfield.definition.secret import Secret
from jackfield.dispatch.call import Call
from jackfield.dispatch.ready import Ready
from jackfield.registry.errors import ConnectorNotConfigured


@dataclass(frozen=True, kw_only=True)
class Connected:
    """With what a call reaches its service.

    Attributes:
        config: Connection fields, secrets as `Secret`.
        authorizer: Signs the requests.
        secrets: Those that the call uses beside the connection's own.
        variant: The environment, and the connection's secrets that depend on the caller.
        credential: The one that was chosen, if any.
    """

    config: Mapping[str, Any]
    authorizer: Scheme | None
    secrets: tuple[Secret, ...]
    variant: tuple[Secret | str, ...] = ()
    credential: Credential | None = None


async def connect(ready: Ready, service: CredentialService, call: Call, *, sends: bool = True) -> Connected:
    """Choose the credential, and find every secret that the connection and the type's `auth` name.

    Args:
        sends: Whether a service may be asked for a token.

    Raises:
        ConnectorNotConfigured: Required connection fields are not filled in.
        CredentialMissing: A secret that is named is not there, or nobody has connected an account.
        UnknownCredential: The call names a credential that there is not.
        SecretNotAllowed, CredentialNotAllowed: Whoever set the connector up may not decide where that secret goes.
        ReauthorizationNeeded, TokenRefreshFailed: There is no token.
        Undecryptable: A secret is there, and cannot be read.
    """
    connector, principal = ready.target.connector, call.principal
    credential = await service.choose(
        principal,
        connector_id=connector.id if connector else "",
        connector=ready.target.name,
        chosen_by=ready.target.chosen_by,
        wanted=call.options.credential_id or ready.credential or None,
        uses=sends,
    )
    config, sources, named = await sources_of(ready, service, principal, credential)
    asking = asking_of(ready, principal, config) if ready.auth.get("type") == "oauth2" else None
    access = await service.access(ready.auth, sources, asking=asking, credential=credential, sends=sends)
    own = credential.secrets if credential else ()
    return Connected(
        config=config,
        authorizer=access.scheme,
        secrets=(*named, *own, *access.secrets),
        variant=(*((ready.environment,) if ready.environment else ()), *named, *own),
        credential=credential,
    )


async def sources_of(
    ready: Ready, service: CredentialService, principal: Principal, credential: Credential | None
) -> tuple[Mapping[str, Any], Sources, tuple[Secret, ...]]:
    """The connection with the values of a credential, where the parts of the type's `auth` come from, and the named
    secrets among them.

    Raises: as `connect`, but for those of tokens.
    """
    chosen_by = ready.target.chosen_by
    over = _over(ready, credential, chosen_by)
    if missing := tuple(name for name in ready.missing if name not in over):
        raise ConnectorNotConfigured(connector=ready.target.name, missing=missing)
    config, named = await _with_named(ready, over, service, principal, chosen_by)
    values = credential.values if credential else {}
    return (
        config,
        Sources(
            config=config,
            store=service.secrets,
            principal=principal,
            chosen_by=chosen_by,
            values=values,
            token_hosts=ready.token_hosts,
        ),
        named,
    )


def _over(ready: Ready, credential: Credential | None, chosen_by: str | None) -> dict[str, Any]:
    """The connection fields that the credential has values for.

    Raises:
        CredentialNotAllowed: One of them may decide where requests go, and whoever has put it does not.
    """
    if credential is None or not credential.values:
        return {}
    fields = {f.name: f for f in ready.definition.fields}
    named = {find(name, fields): value for name, value in credential.values.items()}
    over = {name: value for name, value in named.items() if name is not None}
    allowed = credential.approved or chosen_by == credential.decider
    if not allowed and steering(ready.definition.fields, ready.auth, over):
        raise CredentialNotAllowed(credential=credential.name, connector=ready.target.name)
    return over


async def _with_named(
    ready: Ready, over: Mapping[str, Any], service: CredentialService, principal: Principal, chosen_by: str | None
) -> tuple[Mapping[str, Any], tuple[Secret, ...]]:
    """The connection with the credential's values, and with the secrets that the others name."""
    config = {**ready.config, **over} if over else ready.config
    references = {at: name for at, name in ready.references.items() if parts(at)[0] not in over}
    if not references:
        return config, ()
    found = {
        at: await named_secret(service.secrets, name, principal, chosen_by=chosen_by) for at, name in references.items()
    }
    return with_values(config, found), tuple(found.values())


def asking_of(ready: Ready, principal: Principal, config: Mapping[str, Any]) -> Asking:
    """The connector as one that asks for tokens.

    Args:
        config: Its connection as the call has it.

    Raises:
        CredentialInvalid: An address of its type needs a connection field that is empty.
    """
    connector = ready.target.connector
    return Asking(
        tenant=principal.tenant,
        connector_id=connector.id if connector else f"type {ready.target.name}",
        connector=ready.target.name,
        trusted=ready.target.chosen_by is None,
        auth=ready.auth,
        settings=_settings(ready, config),
        policy=ready.policy,
    )


def _settings(ready: Ready, config: Mapping[str, Any]) -> OAuthSettings:
    """Read once for a connection that no credential and no secret changes: all calls but the first find it."""
    if config is not ready.config:
        return read_settings(ready.auth, config, type_name=ready.definition.name)
    kept: OAuthSettings | None = ready.kept.get("oauth")
    if kept is None:
        kept = ready.kept["oauth"] = read_settings(ready.auth, config, type_name=ready.definition.name)
    return kept
