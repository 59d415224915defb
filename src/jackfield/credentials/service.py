"""What signs a call's requests, whatever its type says: the one place that calls ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential, Credentials, NoCredentials
from jackfield.credentials.errors import CredentialMissing, CredentialNotAllowed
from jackfield.credentials.oauth.access import OAuth
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.authorizer import OAuth2
from jackfield.credentials.oauth.errors import OAuthAppMissing
from jackfield.credentials.resolve import NO_ACCESS, Access, Sources, authorize
from jackfield.definition.secret import Secret
from jackfield.vault.secrets import SecretStore


@dataclass(kw_only=True)
class CredentialService:
    """Chooses credentials, and makes of them what signs requests."""

    secrets: SecretStore
    oauth: OAuth
    credentials: Credentials = field(default_factory=NoCredentials)

    async def choose(
        self,
        principal: Principal,
        *,
        connector_id: str,
        connector: str,
        chosen_by: str | None,
        wanted: str | None,
        uses: bool = True,
    ) -> Credential | None:
        """The credential of a call, if it has one.

        Args:
            chosen_by: The user that decides where the connector's requests go; see `credentials.named`.
            wanted: The one that the call asks for.
            uses: Somebody only wants to know which it would be, where not.

        Raises:
            UnknownCredential: There is no such one.
            CredentialNotAllowed: Whoever has put it has not agreed to where it would go.
            Undecryptable: It cannot be read.
        """
        found = await self.credentials.choose(principal, connector_id, wanted=wanted)
        if found is not None:
            require_agreed(found, chosen_by=chosen_by, connector=connector)
            if uses:
                self.credentials.used(found)
        return found

    async def access(
        self,
        auth: Mapping[str, Any],
        sources: Sources,
        *,
        asking: Asking | None,
        credential: Credential | None,
        sends: bool,
    ) -> Access:
        """What signs the requests.

        Args:
            asking: Of a connector whose type says `oauth2`.
            sends: Whether anybody may be asked for a token now.

        Raises:
            JackfieldError: As `authorize`, `OAuth.scheme` and `OAuth2.ready`.
        """
        if asking is None:
            return await authorize(auth, sources)
        optional = asking.auth.get("optional") is True
        try:
            scheme = await self.oauth.scheme(asking, sources, credential)
        except (CredentialMissing, OAuthAppMissing):
            if optional and not _is_for_oauth(credential):
                return NO_ACCESS
            raise
        if not isinstance(scheme, OAuth2):
            return Access(scheme=scheme, secrets=(scheme.value,) if isinstance(scheme.value, Secret) else ())
        if optional:  # not every request needs it: whoever signs one finds out
            token = scheme.peek()
        else:
            token = await (scheme.ready() if sends else scheme.look())
        return Access(scheme=scheme, secrets=(token,) if token else ())


def _is_for_oauth(credential: Credential | None) -> bool:
    """Whether a credential is an account, or an app, so that nothing else may stand in for it."""
    return credential is not None and credential.mode != "values"


def require_agreed(credential: Credential, *, chosen_by: str | None, connector: str) -> None:
    """Do nothing if whoever has put `credential` has agreed to where `connector` sends it.

    Raises:
        CredentialNotAllowed: That is somebody else's decision, and no administrator stands for it.
    """
    if chosen_by is not None and chosen_by != credential.decider:
        raise CredentialNotAllowed(credential=credential.name, connector=connector)
