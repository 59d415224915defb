"""One conversation with an authorization server, through Authlib and egress.

Nothing here is repeated: whoever asks decides that, since a refresh token may work only once.

Source: RFC 6749, RFC 7009, RFC 7523, RFC 7636, RFC 8628.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.discovery import Discovery
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.credentials.oauth.tokens import Tokens, read_tokens
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Answer
from jackfield.egress.pools import Pool
from jackfield.egress.retry_after import retry_after_s
from jackfield.errors import JackfieldError
from jackfield.vault.masking import Mask

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]

EXCHANGE_S = 20.0
"""Seconds for one request to an authorization server."""

_METHODS = {"basic": "client_secret_basic", "body": "client_secret_post", "none": "none"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Asks one authorization server for tokens, as one app.

    Attributes:
        pool: The connections, and the policy, of the connector.
        discovery: Finds the endpoints that `settings` leave out.
    """

    settings: OAuthSettings
    app: App
    pool: Pool
    discovery: Discovery

    async def code(self, code: Secret, *, verifier: Secret, redirect_uri: str) -> Tokens:
        """The tokens for an authorization code.

        Raises: as `refresh`.
        """
        given = {"code": code.reveal(), "code_verifier": verifier.reveal(), "redirect_uri": redirect_uri}
        return await self._fetch("authorization_code", given, secret=(code, verifier))

    async def refresh(self, token: Secret) -> Tokens:
        """New tokens for a refresh token.

        Raises:
            ExchangeFailed: The server gave none.
            UrlRefused: The policy forbids its address. Nothing was sent.
        """
        return await self._fetch("refresh_token", {"refresh_token": token.reveal()}, secret=(token,))

    async def client_credentials(self) -> Tokens:
        """Tokens for the app itself.

        Raises: as `refresh`.
        """
        return await self._fetch("client_credentials", self._scope())

    async def assertion(self) -> Tokens:
        """Tokens for a JWT that the app signs.

        Raises: as `refresh`.
        """
        from jackfield.credentials.oauth.assertions import assertion

        token_url = await self._token_url()
        signed = assertion(self.settings, self.app, audience=token_url)
        return await self._fetch(JWT_BEARER, {"assertion": signed.reveal(), **self._scope()}, secret=(signed,))

    async def device(self, device_code: Secret) -> Tokens:
        """The tokens for a device code; `authorization_pending` and `slow_down` are failures that pass.

        Raises: as `refresh`.
        """
        return await self._fetch(DEVICE_CODE, {"device_code": device_code.reveal()}, secret=(device_code,))

    async def ask_device(self) -> Mapping[str, Any]:
        """What a person needs to sign in on another device; RFC 8628, section 3.2.

        Raises:
            ExchangeFailed: The server did not give it.
        """
        from jackfield.credentials.oauth.device_answers import read_device_answer

        url = self.settings.device_url or (await self._metadata()).get("device_authorization_endpoint", "")
        if not url:
            raise ExchangeFailed("no_device_endpoint", "the service offers no sign-in on another device", kind="client")
        answer = await self._post(url, {"client_id": self.app.client_id, **self._scope()})
        return read_device_answer(answer, mask=self._mask())

    async def revoke(self, token: Secret, *, hint: str) -> bool:
        """Have the service forget a token; `False` where it offers no way to.

        Raises:
            ExchangeFailed: It did not.
        """
        url = self.settings.revocation_url or (await self._metadata(optional=True)).get("revocation_endpoint", "")
        if not url:
            return False
        with _translated(self._mask(token)):
            async with self._client() as client:
                response = await client.revoke_token(url, token=token.reveal(), token_type_hint=hint)
        if response.status_code >= 400:
            read_tokens(response.status_code, response.content, mask=self._mask(token))
        return True

    async def authorization_url(self) -> str:
        """Where people sign in.

        Raises:
            ExchangeFailed: It cannot be found.
        """
        url = self.settings.authorization_url or (await self._metadata()).get("authorization_endpoint", "")
        if not url:
            raise ExchangeFailed("no_authorization_endpoint", "the service names no page to sign in", kind="client")
        return str(url)

    async def issuer(self) -> str:
        """What the server calls itself in its answers (RFC 9207); empty where it does not say."""
        return str((await self._metadata(optional=True)).get("issuer", "")) or self.settings.issuer

    async def names_itself(self) -> bool:
        """Whether the server says that each of its answers has `iss` (RFC 9207, section 3)."""
        said = await self._metadata(optional=True)
        return said.get("authorization_response_iss_parameter_supported") is True

    async def _fetch(self, grant: str, given: Mapping[str, str], *, secret: tuple[Secret, ...] = ()) -> Tokens:
        url = await self._token_url()
        judged: list[Tokens] = []

        def judge(response: Any) -> Any:
            answer = Answer(status=response.status_code, headers=response.headers, content=response.content, url=url)
            judged.append(self._read(answer, mask))
            return _Judged()

        mask = self._mask(*secret)
        with _translated(mask):
            async with self._client() as client:
                client.register_compliance_hook("access_token_response", judge)
                client.register_compliance_hook("refresh_token_response", judge)
                if grant == "refresh_token":
                    await client.refresh_token(url, **given, **self.settings.token_params)
                else:
                    await client.fetch_token(url, grant_type=grant, **given, **self.settings.token_params)
        return judged[-1]

    def _read(self, answer: Answer, mask: Callable[[str], str]) -> Tokens:
        wait, path = retry_after_s(answer.headers), self.settings.token_path
        return read_tokens(answer.status, answer.content, path=path, retry_after_s=wait, mask=mask)

    async def _post(self, url: str, form: Mapping[str, str]) -> Answer:
        with _translated(self._mask()):
            async with self._client() as client:
                auth = client.client_auth(client.token_endpoint_auth_method)
                headers = {"Accept": "application/json"}
                response = await client.request(
                    "POST", url, data=dict(form), auth=auth, headers=headers, withhold_token=True
                )
        return Answer(status=response.status_code, headers=response.headers, content=response.content, url=url)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncOAuth2Client]:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        from jackfield.egress.httpx_transport import EgressTransport

        until = asyncio.get_running_loop().time() + EXCHANGE_S
        method = _METHODS.get(self.settings.client_auth) or ("client_secret_basic" if self.app.secret else "none")
        client = AsyncOAuth2Client(
            client_id=self.app.client_id,
            client_secret=self.app.secret.reveal() if self.app.secret else None,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            transport=EgressTransport(self.pool, deadline=until),
            timeout=EXCHANGE_S,
            follow_redirects=False,
            trust_env=False,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        if self.settings.client_auth == "private_key_jwt":
            from jackfield.credentials.oauth.assertions import client_assertion

            client.register_client_auth_method(client_assertion(self.settings, self.app, await self._token_url()))
            client.token_endpoint_auth_method = self.settings.client_auth
            client.revocation_endpoint_auth_method = self.settings.client_auth
        async with client:
            yield client

    def _mask(self, *secret: Secret) -> Callable[[str], str]:
        return Mask((*secret, *self.app.secrets)).text

    def _scope(self) -> dict[str, str]:
        scopes = self.settings.scopes
        return {"scope": self.settings.scope_separator.join(scopes)} if scopes else {}

    async def _token_url(self) -> str:
        url = self.settings.token_url or (await self._metadata()).get("token_endpoint", "")
        if not url:
            raise ExchangeFailed("no_token_endpoint", "the service names no token endpoint", kind="client")
        return str(url)

    async def _metadata(self, *, optional: bool = False) -> Mapping[str, Any]:
        if not self.settings.issuer:
            return {}
        try:
            return await self.discovery.metadata(self.settings.issuer, self.pool)
        except ExchangeFailed:
            if optional:
                return {}
            raise


def _basic(auth: Any, method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """HTTP Basic with both parts encoded as in forms, which Authlib leaves out; RFC 6749, section 2.3.1."""
    both = f"{quote_plus(auth.client_id)}:{quote_plus(auth.client_secret or '')}"
    headers["Authorization"] = f"Basic {b64encode(both.encode()).decode('ascii')}"
    return uri, headers, body


class _Judged:
    """An answer that was read already, in the form that Authlib wants to see."""

    status_code = 200

    def json(self) -> dict[str, str]:
        return {}


class _translated:  # noqa: N801  # it is used as a function
    """What goes wrong on the way becomes an `ExchangeFailed`, without secrets; what a policy forbids stays as it is."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, asyncio.CancelledError | JackfieldError):
            return
        if isinstance(error, ExchangeFailed):
            raise ExchangeFailed(
                self._mask(error.error),
                self._mask(error.reason),
                kind=error.kind,
                retry_after_s=error.retry_after_s,
                sent=error.sent,
                refresh=error.refresh,
            ) from None
        if isinstance(error, Exception):
            cause = error.__cause__
            known = cause if isinstance(cause, JackfieldError) else None
            code = known.code if known else "unreadable"
            sent = known is None or known.details.get("sent") != "no"
            words = known.message if known else f"the exchange could not be read ({type(error).__name__})"
            raise ExchangeFailed(code, self._mask(words), kind="passing", sent=sent) from None
