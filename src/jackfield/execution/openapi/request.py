"""From a plan and params to the bytes of a request, without sending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.openapi.plan import OperationPlan
from jackfield.definition.wire import Authorizer, Outgoing
from jackfield.egress.urls import with_query
from jackfield.execution.built import Built
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.accepted import accept_header
from jackfield.execution.openapi.addresses import path_and_query, server_url, without
from jackfield.execution.openapi.bodies import write_body
from jackfield.execution.openapi.encoding import query_part
from jackfield.execution.openapi.parameters import Written, write_parameters

# Documents name it, and what goes out always has the right one.
_COUNTED = "content-length"


def build(
    plan: OperationPlan,
    params: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    base_url: str,
    connector: str = "",
    places: Mapping[str, str] | None = None,
) -> Built:
    """The request that `plan` describes, with the values of one call and without a credential.

    Args:
        plan: Of the operation.
        params: Validated.
        config: The connection.
        base_url: Of the connection. Its `{name}` are filled from connection fields.
        connector: For messages.
        places: Where the caller put params that the document does not name: `query` or `body`.

    Raises:
        PathEscape, ParamUnplaceable: A value cannot be written where it belongs.
        BaseUrlUnusable: There is no address to send to.
    """
    written = write_parameters(plan.parameters, params)
    body = _undeclared(plan, params, written, places or {})
    base = server_url(plan.server, base_url=base_url, config=config, connector=connector)
    path, fixed = path_and_query(plan.path, written.path)
    content, media_type = write_body(plan.body, params, body) if plan.body else (None, "")
    query = "&".join([*without(fixed, written.query), *written.query])
    return Built(
        method=plan.method.upper(),
        url=f"{base}{path}?{query}" if query else base + path,
        headers=_headers(written, accept=accept_header(plan.accept), media_type=media_type),
        content=content,
    )


async def signed(built: Built, credential: Authorizer | None) -> Built:
    """`built` as it goes out with a credential.

    Raises:
        CredentialInvalid: The credential cannot be sent.
    """
    if credential is None:
        return built
    request = Outgoing(method=built.method, url=built.url, headers=dict(built.headers), content=built.content)
    await credential.sign(request)
    return replace(built, url=with_query(request.url, request.query), headers=request.headers, content=request.content)


def _undeclared(
    plan: OperationPlan, params: Mapping[str, Any], written: Written, places: Mapping[str, str]
) -> dict[str, Any]:
    """Members of the body that the document does not name. Others go into the query if the caller said so."""
    body = plan.body
    known = {parameter.param for parameter in plan.parameters}
    if body is not None:
        known |= {body.param, body.choice, *body.properties}
    found: dict[str, Any] = {}
    for name in [name for name in params if name not in known]:
        if places.get(name) == "query":
            every = styles.pairs(name, params[name], style="form", explode=True, param=name, place="query")
            written.query.extend(query_part(pair, allow_reserved=False) for pair in every)
        elif body is not None and not body.param:
            found[name] = params[name]
        else:
            hint = "leave it out, or say `query` if the service knows it although its document does not"
            raise ParamUnplaceable(param=name, place="request", reason="the document does not name it", hint=hint)
    return found


def _headers(written: Written, *, accept: str, media_type: str) -> dict[str, str]:
    found = {"Accept": accept} if accept else {}
    for name, text in written.headers.items():
        if name.lower() != _COUNTED:
            _set(found, name, text)
    if media_type:
        _set(found, "Content-Type", media_type)
    if written.cookies:
        before = [text for name, text in found.items() if name.lower() == "cookie"]
        _set(found, "Cookie", "; ".join([*before, *written.cookies]))
    return found


def _set(headers: dict[str, str], name: str, text: str) -> None:
    for other in [other for other in headers if other.lower() == name.lower()]:
        del headers[other]
    headers[name] = text
