"""The request of one call: each param in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from jackfield.definition.names import find
from jackfield.definition.operations import BASE_URL
from jackfield.execution.errors import BaseUrlUnusable
from jackfield.execution.http.bodies import Member, body_options
from jackfield.execution.http.paths import fill_base
from jackfield.execution.http.plan import Plan
from jackfield.execution.values import as_header, as_text, as_texts

# RFC 6265, section 4.1.1 (cookie-octet) without `%`, which encodes all else.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"


@dataclass(kw_only=True)
class Request:
    """What is handed to the client. `options` has at most one of `json`, `form` and `content`."""

    method: str
    url: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)


def variables_of(config: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """What templates of an operation see: `params`, `config`, and both by bare name, params first."""
    return {**config, **params, "params": params, "config": config}


def build_request(
    plan: Plan,
    *,
    connector: str,
    config: Mapping[str, Any],
    params: Mapping[str, Any],
    places: Mapping[str, str] | None = None,
) -> Request:
    """The request that `plan` describes, with the values of one call.

    Args:
        plan: Of the operation.
        connector: For messages.
        config: The connection.
        params: Validated.
        places: Where the caller put undeclared params: `query` or `body`. What the operation declares wins.

    Raises:
        PathEscape, ParamUnplaceable: A value cannot be written where it belongs.
        BaseUrlUnusable: There is no address to send to.
        TemplateVariableMissing, TemplateRefused, TemplateFailed: A template cannot be rendered.
    """
    variables = variables_of(config, params)
    base = fill_base(plan.base or _base(config, connector), config, connector=connector)
    request = Request(
        method=plan.method,
        url=base + plan.path.fill(variables),
        query=plan.path.fill_query(variables),
        headers=_static(plan, variables),
    )
    _place(plan, params, request, places or {})
    return request


def _base(config: Mapping[str, Any], connector: str) -> str:
    base = config.get(find(BASE_URL, config) or BASE_URL)
    if not isinstance(base, str) or not base:
        raise BaseUrlUnusable(connector=connector, reason="it has none")
    return base


def _static(plan: Plan, variables: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, template in plan.headers:
        text = as_header(template.render(variables, reveal=True), param=name)
        if text is not None:
            found[name] = text
    return found


def _place(plan: Plan, params: Mapping[str, Any], request: Request, places: Mapping[str, str]) -> None:
    body: list[Member] = []
    cookies: list[str] = []
    for param, value in params.items():
        place = plan.locations.get(param) or _asked(places.get(param), plan)
        name = plan.name_of(param)
        if place == "body":
            body.append(Member(param=param, name=plan.names.get(param, param), value=value))
        elif place == "query":
            request.query.extend((name, text) for text in as_texts(value, param=param, place="query"))
        elif place == "header":
            _set_header(request.headers, name, as_header(value, param=param))
        elif place == "cookie":
            cookies.extend(
                f"{name}={quote(text, safe=_COOKIE)}" for text in as_texts(value, param=param, place="cookies")
            )
        elif place == "content":
            _set_content(request, param, value)
    if cookies:
        _set_header(request.headers, "Cookie", "; ".join([*_existing(request.headers, "Cookie"), *cookies]))
    if body or plan.sends_body:
        request.options, media_type = body_options(plan, body)
        if media_type:
            _set_header(request.headers, "Content-Type", media_type)


def _asked(place: str | None, plan: Plan) -> str:
    """Where an undeclared param goes: where its caller put it, if a request of that method has such a place."""
    return place if place == "query" or (place == "body" and plan.method not in {"GET", "HEAD"}) else plan.rest


def _set_header(headers: dict[str, str], name: str, text: str | None) -> None:
    """A param wins over a static header, whatever the case of their names."""
    if text is None:
        return
    for other in [other for other in headers if other.lower() == name.lower()]:
        del headers[other]
    headers[name] = text


def _existing(headers: Mapping[str, str], name: str) -> list[str]:
    return [text for other, text in headers.items() if other.lower() == name.lower()]


def _set_content(request: Request, name: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        request.options = {"content": as_text(value, param=name, place="body")}
    else:
        request.options = {"json": value}
