"""Where a connector does not sign requests as the document of its operations wants them signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jackfield.manage.import_views import DocumentWarning

if TYPE_CHECKING:
    from jackfield.definition.openapi.plan import SchemePlan
    from jackfield.definition.openapi.reader import Read

_SHOWN = 3
_BEARERS = frozenset({"bearer", "caller_token", "oauth2", "sinas_token"})
_TOKENS = frozenset({"bearer", "oauth2", "openIdConnect"})


def credential_warnings(read: Read, auth: Mapping[str, Any], names: Sequence[str]) -> Iterator[DocumentWarning]:
    """One for each way in which the document and the connector differ.

    Args:
        read: The document.
        auth: Of the connector; see `definition.auth`.
        names: The commands that it gets.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if problem := _problem(read.plan(name).security, read.schemes, auth):
            found[problem].append(name)
    for problem, concerned in found.items():
        some = ", ".join(f"`{name}`" for name in concerned[:_SHOWN])
        more = f" and {len(concerned) - _SHOWN} more" if len(concerned) > _SHOWN else ""
        yield DocumentWarning(pointer="/security", message=f"{problem}: {some}{more}")


def _problem(security: Sequence[Sequence[str]], schemes: Mapping[str, SchemePlan], auth: Mapping[str, Any]) -> str:
    """What is different for an operation; empty where the connector does what the document wants."""
    kind = str(auth.get("type", "none"))
    own = "no credential" if kind == "none" else f"the connector's `{kind}` credential"
    if any(len(way) == 1 and way[0] in schemes and _is_signed(schemes[way[0]], auth) for way in security):
        return ""
    if not security and not schemes:
        return ""  # a document without a word on who may call
    if not security or () in [tuple(way) for way in security]:
        return "" if kind == "none" else f"{own} goes out, and the document asks for none"
    wanted = " or ".join(dict.fromkeys(" and ".join(_words(name, schemes) for name in way) for way in security))
    return f"{own} goes out, and the document asks for {wanted}"


def _is_signed(scheme: SchemePlan, auth: Mapping[str, Any]) -> bool:
    kind = str(auth.get("type", "none"))
    if scheme.kind in _TOKENS:
        return kind in _BEARERS
    if scheme.kind == "basic" or kind != "api_key":
        return kind == scheme.kind
    name = str(auth.get("name") or auth.get("header") or "X-API-Key")
    location = str(auth.get("location") or auth.get("in") or auth.get("position") or "header")
    same = name.lower() == scheme.name.lower() if location == "header" else name == scheme.name
    return same and location == (scheme.location or "header")


def _words(name: str, schemes: Mapping[str, SchemePlan]) -> str:
    scheme = schemes.get(name)
    if scheme is None:
        return f"`{name}`"
    if scheme.kind == "apiKey":
        return f"an API key in the {scheme.location or 'header'} `{scheme.name}`"
    return "a basic credential" if scheme.kind == "basic" else "a bearer token"
