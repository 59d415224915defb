"""The request of one call: each param in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """What is handed to the client. `options` has at most one of `json` and `content`."""

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
    query = [(name, [text], "") for name, text in request.query]
    for param, value in _ordered(plan, params):
        place, name = plan.locations.get(param) or _asked(places.get(param), plan), plan.name_of(param)
        if place == "body":
            body.append(Member(param=param, name=plan.names.get(param, param), value=value))
        elif place == "query":
            query.append((name, as_texts(value, param=param, place="query"), plan.joined.get(param, "")))
        elif place == "header":
            _set_header(request.headers, name, as_header(value, param=param))
        elif place == "cookie":
            texts = as_texts(value, param=param, place="cookies")
            cookies.extend(f"{name}={quote(text, safe=_COOKIE)}" for text in texts)
        elif place == "content":
            _set_content(request, param, value)
    _set_query(plan, request, query)
    if cookies:
        _set_header(request.headers, "Cookie", "; ".join([*_existing(request.headers, "Cookie"), *cookies]))
    _set_body(plan, request, body)


def _set_body(plan: Plan, request: Request, body: Sequence[Member]) -> None:
    if body or plan.sends_body:
        request.options, media_type = body_options(plan, body)
        if media_type:
            _set_header(request.headers, "Content-Type", media_type)
    if plan.body_optional and not request.options:
        _drop_header(request.headers, "Content-Type")


def _ordered(plan: Plan, params: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """In the order of the definition, whatever that of the call: equal calls are equal requests."""
    declared = [name for name in plan.locations if name in params]
    return [(name, params[name]) for name in [*declared, *(name for name in params if name not in plan.locations)]]


def _set_query(plan: Plan, request: Request, query: Sequence[tuple[str, list[str], str]]) -> None:
    if not plan.joined:
        request.query = [(name, text) for name, texts, _ in query for text in texts]
        return
    parts = [part for name, texts, joint in query for part in _written(name, texts, joint)]
    request.query = []
    request.url += "?" + "&".join(parts) if parts else ""


def _written(name: str, texts: Sequence[str], joint: str) -> list[str]:
    """Parts of a query. A comma between items stays one: inside an item it is encoded."""
    encoded = [quote(text, safe="") for text in texts]
    if joint and encoded:
        encoded = [(joint if joint == "," else quote(joint, safe="")).join(encoded)]
    return [f"{quote(name, safe='')}={text}" for text in encoded]


def _asked(place: str | None, plan: Plan) -> str:
    """Where an undeclared param goes: where its caller put it, if a request of that method has such a place."""
    return place if place == "query" or (place == "body" and plan.method not in {"GET", "HEAD"}) else plan.rest


def _set_header(headers: dict[str, str], name: str, text: str | None) -> None:
    """A param wins over a static header, whatever the case of their names."""
    if text is not None:
        _drop_header(headers, name)
        headers[name] = text


def _drop_header(headers: dict[str, str], name: str) -> None:
    for other in [other for other in headers if other.lower() == name.lower()]:
        del headers[other]


def _existing(headers: Mapping[str, str], name: str) -> list[str]:
    return [text for other, text in headers.items() if other.lower() == name.lower()]


def _set_content(request: Request, name: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        request.options = {"content": as_text(value, param=name, place="body")}
    else:
        request.options = {"json": value}
