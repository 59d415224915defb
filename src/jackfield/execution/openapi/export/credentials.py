"""Who asks: what the connection has for it, as JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jackfield.definition.openapi.plan import SchemePlan
from jackfield.execution.openapi.credentials import fields_of
from jackfield.execution.openapi.export.words import comment, key, member, quoted

Alternatives = Sequence[Sequence[str]]

_CONFIG = "floh.config"


@dataclass(frozen=True, kw_only=True)
class CredentialCode:
    """A function that finds the credential of some operations.

    Attributes:
        name: Of the function; empty where none is needed.
        source: Of the function.
        in_headers: It gives headers; otherwise an object that may have `headers`, `query` and `cookies`.
        query, cookies: Some way to sign a request puts something there.
    """

    name: str = ""
    source: str = ""
    in_headers: bool = True
    query: bool = False
    cookies: bool = False


def credential_code(security: Alternatives, schemes: Mapping[str, SchemePlan], *, number: int) -> CredentialCode:
    """The function for operations with these requirements.

    Args:
        security: The alternatives.
        schemes: By name.
        number: Of the function: there may be several.
    """
    known = [[schemes[name] for name in alternative if name in schemes] for alternative in security]
    ways = [way for way in known if way]
    if not ways:
        return CredentialCode()
    places = {scheme.location if scheme.kind == "apiKey" else "header" for way in ways for scheme in way}
    in_headers = places == {"header"}
    name = ("credentialHeaders" if in_headers else "credentialParts") + (str(number) if number > 1 else "")
    lines = [f"  if ({_met(way)}) return {_signed(way, in_headers=in_headers)};" for way in ways]
    lines.append("  return {};" if len(ways) < len(known) else f"  return {_missing(ways)};")
    what = (
        "What says who asks, as headers." if in_headers else "What says who asks: headers, pairs of the query, cookies."
    )
    return CredentialCode(
        name=name,
        source="\n".join([comment([what]), f"const {name} = () => {{", *lines, "};"]),
        in_headers=in_headers,
        query="query" in places,
        cookies="cookie" in places,
    )


def _met(way: Sequence[SchemePlan]) -> str:
    """Whether the connection has something for each scheme."""
    each = [" || ".join(member(_CONFIG, field) for field in fields_of(scheme).values()) for scheme in way]
    return each[0] if len(each) == 1 else " && ".join(f"({one})" if "||" in one else one for one in each)


def _signed(way: Sequence[SchemePlan], *, in_headers: bool) -> str:
    headers, query, cookies = [], [], []
    for scheme in way:
        if scheme.kind != "apiKey":
            headers.append(f"Authorization: {_authorization(scheme)}")
            continue
        value = member(_CONFIG, fields_of(scheme)["key"])
        if scheme.location == "query":
            query.append(f"queryPairs({quoted(scheme.name)}, {value})")
        elif scheme.location == "cookie":
            cookies.append(f"{quoted(f'{scheme.name}=')} + {value}")
        else:
            headers.append(f"{key(scheme.name)}: {value}")
    if in_headers:
        return f"{{ {', '.join(headers)} }}"
    parts = [f"headers: {{ {', '.join(headers)} }}"] if headers else []
    parts += [f"query: [{', '.join(query)}].flat()" if len(query) > 1 else f"query: {query[0]}"] if query else []
    parts += [f"cookies: [{', '.join(cookies)}]"] if cookies else []
    return f"{{ {', '.join(parts)} }}"


def _authorization(scheme: SchemePlan) -> str:
    fields = fields_of(scheme)
    if scheme.kind == "basic":
        username, password = (member(_CONFIG, fields[what]) for what in ("username", "password"))
        return f'"Basic " + toBase64(new TextEncoder().encode(({username} ?? "") + ":" + ({password} ?? "")))'
    return f'"Bearer " + {member(_CONFIG, fields["token"])}'


def _missing(ways: Sequence[Sequence[SchemePlan]]) -> str:
    fields = [" and ".join(f"`{f}`" for scheme in way for f in fields_of(scheme).values()) for way in ways]
    said = f"the connection has no credential: fill in {' or '.join(dict.fromkeys(fields))}"
    return f'cannotSend({quoted(said)}, "credential-missing")'
