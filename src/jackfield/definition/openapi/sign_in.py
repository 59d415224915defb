"""Where a document signs people or programs in: its OAuth 2.0 flows as the `auth` of a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from jackfield.definition.auth import auth_faults
from jackfield.definition.auth.oauth2_faults import is_scope
from jackfield.definition.auth.templates import holes_in

_GRANTS = {
    "authorizationCode": "authorization_code",
    "deviceAuthorization": "device_code",
    "clientCredentials": "client_credentials",
}
"""By preference: where a person can sign in, what is done is done in the person's name."""

_URLS = ("authorizationUrl", "tokenUrl", "deviceAuthorizationUrl")
_NEEDED = {
    "authorization_code": ("authorizationUrl", "tokenUrl"),
    "device_code": ("deviceAuthorizationUrl", "tokenUrl"),
    "client_credentials": ("tokenUrl",),
}
_FORBIDDEN = {
    "implicit": "the implicit flow shows tokens to whoever reads an address (RFC 9700, section 2.1.2)",
    "password": "the password flow hands a person's password on (RFC 9700, section 2.4)",
}
_WELL_KNOWN = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One way to get a token.

    Attributes:
        urls: `authorizationUrl`, `tokenUrl`, `deviceAuthorizationUrl`, `issuer`, as far as the document gives them.
        scopes: Those that the document offers.
    """

    grant: str
    urls: Mapping[str, str]
    scopes: tuple[str, ...] = ()

    def gives_what(self, other: Flow) -> bool:
        """Whether a token of one will do where one of the other is asked for."""
        place = ("tokenUrl", "issuer")
        return self.grant == other.grant and all(self.urls.get(key) == other.urls.get(key) for key in place)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What one scheme offers.

    Attributes:
        flows: Those that can be carried out, the preferred one first.
        left_out: Why others cannot.
    """

    flows: tuple[Flow, ...] = ()
    left_out: tuple[str, ...] = ()


NO_OFFER = Offer()


def read_offer(raw: Mapping[str, Any]) -> Offer:
    """What a scheme of type `oauth2` or `openIdConnect` offers.

    Source: OpenAPI 3.2.0, section 4.31.
    """
    issuer = _issuer(raw.get("openIdConnectUrl") or raw.get("oauth2MetadataUrl"))
    offered = {str(key): flow for key, flow in _mapping(raw.get("flows")).items() if isinstance(flow, Mapping)}
    flows = [
        flow for name, grant in _GRANTS.items() if name in offered and (flow := _flow(grant, offered[name], issuer))
    ]
    if not flows and issuer:
        flows = [Flow(grant="authorization_code", urls={"issuer": issuer})]
    return Offer(flows=tuple(flows), left_out=tuple(_left_out(offered, has_others=bool(flows))))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _flow(grant: str, raw: Mapping[str, Any], issuer: str) -> Flow | None:
    urls = {key: raw[key].strip() for key in _URLS if isinstance(raw.get(key), str) and raw[key].strip()}
    urls = {key: url for key, url in urls.items() if key in _NEEDED[grant]}
    if issuer:
        urls["issuer"] = issuer
    elif len(urls) < len(_NEEDED[grant]):
        return None
    return Flow(grant=grant, urls=urls, scopes=tuple(dict.fromkeys(_words(_mapping(raw.get("scopes"))))))


def _left_out(offered: Mapping[str, Any], *, has_others: bool) -> Iterator[str]:
    for name in offered:
        if name in _FORBIDDEN:
            instead = "the other flow is used" if has_others else "fill in an access token, or give an own `auth`"
            yield f"{_FORBIDDEN[name]}, so it is not carried out: {instead}"
        elif name in _GRANTS and not has_others:
            yield f"the flow `{name}` does not say where tokens are got, so it is not carried out"


def _words(listed: Any) -> Iterator[str]:
    """Scopes: some documents write several as one."""
    for each in listed:
        yield from (word for word in str(each).split() if is_scope(word))


def _issuer(url: Any) -> str:
    """The issuer whose metadata are at `url`.

    Source: RFC 8414, section 3.1; OpenID Connect Discovery 1.0, section 4.
    """
    if not isinstance(url, str) or "://" not in url:
        return ""
    for known in _WELL_KNOWN:
        before, found, behind = url.strip().partition(known)
        if found:
            return f"{before}{behind}".rstrip("/")
    return url.strip().rstrip("/")


def needed_scopes(requirements: Any, signed: frozenset[str]) -> tuple[str, ...]:
    """The scopes that an operation needs of the schemes in `signed`: those of the first way that has one of them."""
    for requirement in requirements if isinstance(requirements, list) else ():
        if isinstance(requirement, Mapping) and signed & set(map(str, requirement)):
            lists = [listed for name, listed in requirement.items() if str(name) in signed and isinstance(listed, list)]
            return tuple(dict.fromkeys(word for listed in lists for word in _words(listed)))
    return ()


def auth_of(flow: Flow, fields: Mapping[str, str], scopes: tuple[str, ...], *, base_url: str) -> dict[str, Any]:
    """The `auth` of a type.

    Args:
        fields: Of the connection, by what they are: `clientId`, `clientSecret`, `token`.
        scopes: That operations need; those that are offered where it is empty.
        base_url: Relative addresses are relative to it.

    Raises:
        ValueError: An address is of no use; in words.
    """
    wanted = list(scopes or flow.scopes)
    auth: dict[str, Any] = {
        "type": "oauth2",
        "optional": True,
        "grant": flow.grant,
        **{key: _absolute(url, base_url) for key, url in flow.urls.items()},
        **({"scopes": wanted} if wanted else {}),
        "clientId": {"field": fields["clientId"]},
        "clientSecret": {"field": fields["clientSecret"]},
        "field": fields["token"],
    }
    for at, what, _ in auth_faults(auth, fields=[*fields.values(), *holes_in(base_url)]):
        shown = auth.get(at[0]) if at else None
        raise ValueError(f"`{shown}` is no address for signing in: {what}" if isinstance(shown, str) else what)
    return auth


def _absolute(url: str, base_url: str) -> str:
    if "://" in url or "://" not in base_url:
        return url
    return urljoin(f"{base_url.rstrip('/')}/", url)
