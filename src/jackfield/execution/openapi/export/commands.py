"""One operation as a function."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from jackfield.definition.model import CommandDefinition
from jackfield.definition.openapi.plan import OperationPlan
from jackfield.execution.openapi.accepted import accept_header
from jackfield.execution.openapi.export.addresses import address
from jackfield.execution.openapi.export.bodies import BodyCode, body_code
from jackfield.execution.openapi.export.credentials import CredentialCode
from jackfield.execution.openapi.export.described import doc_comment
from jackfield.execution.openapi.export.parameters import PARAMS, cookie_pairs, header_text
from jackfield.execution.openapi.export.words import key, listed, quoted

_WITHOUT_BODY = {"GET": "get", "DELETE": "delete"}
_WITH_BODY = {"POST": "post", "PUT": "put", "PATCH": "patch"}
_COUNTED = "content-length"


def command_source(
    command: CommandDefinition, plan: OperationPlan, *, credential: CredentialCode, base_url: str
) -> str:
    """The function of a command.

    Args:
        command: Its name is that of the function.
        plan: How it is sent.
        credential: Who asks.
        base_url: Of the document.
    """
    body = body_code(plan.body) if plan.body else None
    headers, doubtful = _headers(plan, body, credential)
    before, pairs, after = address(plan, base_url=base_url, credential="auth.query" if credential.query else "")
    lines = [f"const url = {listed(before, pairs, after) if pairs else before};"]
    lines += body.statements if body else ()
    if headers:
        lines.append(f"const headers = {_listed_headers(headers, doubtful=doubtful)};")
    lines.append(f"const answer = {_sent(plan.method.upper(), has_headers=bool(headers), has_body=body is not None)};")
    lines.append("return toOutcome(answer);")
    if not credential.in_headers:
        lines.insert(0, f"const auth = {credential.name}();")
    if any(f"{PARAMS}." in line or f"{PARAMS}[" in line or f"({PARAMS}," in line for line in lines):
        lines.insert(0, f"const {PARAMS} = floh.params;")
    inner = textwrap.indent("\n".join(lines), "  ")
    return f"{doc_comment(command, plan)}\nfunction {command.name}() {{\n{inner}\n}}"


def _headers(plan: OperationPlan, body: BodyCode | None, credential: CredentialCode) -> tuple[list[str], bool]:
    """Members of an object with the headers, and whether one may be `undefined`."""
    found: dict[str, str] = {}
    accept = accept_header(plan.accept)
    if accept:
        found["Accept"] = quoted(accept)
    given = [one for one in plan.parameters if one.location == "header" and one.name.lower() != _COUNTED]
    for parameter in given:
        _set(found, parameter.name, header_text(parameter))
    if body is not None:
        _set(found, "Content-Type", body.media_type)
    cookies = [cookie_pairs(one) for one in plan.parameters if one.location == "cookie"]
    cookies += ["auth.cookies"] if credential.cookies else []
    if cookies:
        own = next((name for name in found if name.lower() == "cookie"), "Cookie")
        before = [found.pop(own)] if own in found else []
        found[own] = f"cookieHeader({', '.join([*before, *cookies])})"
    items = [f"{key(name)}: {text}" if name != text else name for name, text in found.items()]
    if credential.name:
        items.append(f"...{credential.name}()" if credential.in_headers else "...auth.headers")
    return items, bool(given or cookies or (body is not None and body.optional))


def _set(headers: dict[str, str], name: str, text: str) -> None:
    for other in [other for other in headers if other.lower() == name.lower()]:
        del headers[other]
    headers[name] = text


def _listed_headers(headers: Sequence[str], *, doubtful: bool) -> str:
    literal = listed("{", headers, "}")
    return f"onlyGiven({literal})" if doubtful else literal


def _sent(method: str, *, has_headers: bool, has_body: bool) -> str:
    if method in _WITHOUT_BODY and not has_body:
        said = ["url", *(["headers"] if has_headers else [])]
        return f"floh.http.{_WITHOUT_BODY[method]}({', '.join(said)})"
    if method in _WITH_BODY:
        said = ["url", "body" if has_body else "undefined", *(["headers"] if has_headers else [])]
        return f"floh.http.{_WITH_BODY[method]}({', '.join(said)})"
    parts = ["url", *(["headers"] if has_headers else []), *(["body"] if has_body else [])]
    return f"floh.http.request({{ method: {quoted(method)}, {', '.join(parts)} }})"
