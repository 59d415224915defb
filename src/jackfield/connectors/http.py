"""Any HTTP request."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, Literal

from jackfield import (
    ApiKey,
    Authorizer,
    AwsSigV4,
    Basic,
    Bearer,
    ClientCertificate,
    Connector,
    Context,
    Digest,
    Outcome,
    Secret,
    command,
    fail,
    field,
    succeed,
)

Scheme = Literal["none", "bearer", "basic", "api_key", "digest", "aws_sigv4", "mtls"]

_BY_NAME = {"auth": ("basic", "digest")}
_AWS = {"auth": "aws_sigv4"}

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Http(
    Connector,
    name="http",
    version="1.0.0",
    display_name="HTTP",
    category="utility",
    icon="globe",
    default_command="request",
):
    """Send any HTTP request, for a service that has no connector of its own.

    It does not follow pages and does not know what an answer means: 4xx and 5xx are answers like others.
    """

    base_url: str = field(
        "Put before a `url` that begins with `/`. A credential is sent to addresses below it only.",
        default="",
        label="Base URL",
        placeholder="https://api.example.com/v1",
    )
    auth: Scheme = field("How the service knows the caller.", default="none")
    token: Secret = field("Bearer token.", shown_when={"auth": "bearer"})
    username: str = field("User name.", shown_when=_BY_NAME)
    password: Secret = field("Password.", shown_when=_BY_NAME)
    api_key: Secret = field("API key.", label="API key", shown_when={"auth": "api_key"})
    api_key_name: str = field("Name of the header, query parameter or cookie.", default="X-API-Key")
    api_key_location: Literal["header", "query", "cookie"] = field("Where the API key goes.", default="header")
    access_key_id: str = field("Access key ID.", label="Access key ID", shown_when=_AWS)
    secret_access_key: Secret = field("Secret access key.", shown_when=_AWS)
    session_token: Secret = field("Goes with temporary keys.", default="", shown_when=_AWS)
    region: str = field("AWS region, such as `eu-central-1`.", shown_when=_AWS)
    service: str = field("As AWS calls it in signatures, such as `execute-api` or `s3`.", shown_when=_AWS)
    certificate: str = field("Certificate and those above it, in PEM.", shown_when={"auth": "mtls"})
    private_key: Secret = field("Its private key, in PEM.", shown_when={"auth": "mtls"})
    passphrase: Secret = field("Of the private key, where it has one.", default="")

    @command(outputs=["status", "headers", "body"])
    async def request(
        self,
        ctx: Context,
        url: str = field("Whole address, or a path below the base URL."),
        method: Method = "GET",
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
    ) -> Outcome:
        """Send one request and answer `status`, `headers` and `body`.

        The body is parsed JSON, else text, else `base64` with its `contentType`.

        Args:
            method: HTTP method.
            query: Added to the address; a list repeats the name.
            headers: Added to the request.
            body: An object, list, number or boolean is sent as JSON, text as it is.
        """
        sent: dict[str, Any] = {"content": body} if isinstance(body, str) else {} if body is None else {"json": body}
        base = self.base_url.rstrip("/")
        address = base + url if url.startswith("/") else url
        if self.auth != "none" and not _is_below(address, base):
            # Whoever may call this connector must not be able to send its credential to a host of their own.
            return fail(
                "the credential belongs to the base URL, and this address is not below it", code="not-below-base-url"
            )
        answer = await ctx.http.request(method, address, query=query, headers=headers, auth=self._credential(), **sent)
        body = answer.body
        if isinstance(body, bytes):  # an outcome is JSON
            kind = answer.headers.get("content-type", "application/octet-stream")
            body = {"base64": b64encode(body).decode(), "contentType": kind}
        return succeed({"status": answer.status, "headers": dict(answer.headers), "body": body})

    def _credential(self) -> Authorizer | None:
        made: dict[str, Callable[[], Authorizer]] = {
            "bearer": lambda: Bearer(self.token),
            "basic": lambda: Basic(self.username, self.password),
            "api_key": lambda: ApiKey(self.api_key, name=self.api_key_name, location=self.api_key_location),
            "digest": lambda: Digest(self.username, self.password),
            "aws_sigv4": self._aws,
            "mtls": lambda: ClientCertificate(self.certificate, self.private_key, self.passphrase),
        }
        return made[self.auth]() if self.auth in made else None

    def _aws(self) -> AwsSigV4:
        return AwsSigV4(
            self.access_key_id,
            self.secret_access_key,
            region=self.region,
            service=self.service,
            session_token=self.session_token,
        )


def _is_below(address: str, base: str) -> bool:
    if not base or ".." in address or "%2e" in address.lower() or "\\" in address:
        return False
    return address == base or address.startswith((f"{base}/", f"{base}?"))
