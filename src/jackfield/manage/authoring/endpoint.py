"""One endpoint as somebody described it, and reading a list of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import Schema

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
MOST = 100
"""Endpoints of one script."""

SCHEMA: Schema = {
    "type": "array",
    "maxItems": MOST,
    "description": "The endpoints, if they are not in the description.",
    "items": {
        "type": "object",
        "required": ["method", "path"],
        "additionalProperties": False,
        "properties": {
            "method": {"enum": [*METHODS]},
            "path": {"type": "string", "maxLength": 500, "description": "Such as `/customers/{id}`."},
            "name": {"type": "string", "maxLength": 100, "description": "Of the command, such as `listCustomers`."},
            "description": {"type": "string", "maxLength": 500},
            "query": {
                "type": ["array", "object"],
                "description": "Names of query params, required ones with `*` at the end; or a map to JSON Schemas.",
            },
            "body": {"type": ["array", "object"], "description": "Fields of the JSON body, likewise."},
        },
    },
}
"""Of a list of endpoints."""

_VARIABLE = re.compile(r"\{([^{}/]+)\}|(?<=/):(\w+)|<([^<>/]+)>")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,99}")
_WHOLE = frozenset({"limit", "offset", "page", "pagesize", "perpage", "count", "size", "skip", "top"})


@dataclass(frozen=True, kw_only=True)
class Param:
    """Something that a call of an endpoint gives.

    Attributes:
        name: As the service calls it.
        schema: JSON Schema; empty for any value.
        required: Whether there is no call without it.
    """

    name: str
    schema: Schema = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint.

    Attributes:
        method: Of the request, in capitals.
        path: With `{name}` for what a call gives.
        name: Of the command; empty where nobody has said it.
        description: In words; empty where there are none.
        query: Params in the query.
        body: Fields of the JSON body; `None` where it is not known what is in it.
        origin: `https://host` where it was written with the path; else empty.
    """

    method: str
    path: str
    name: str = ""
    description: str = ""
    query: tuple[Param, ...] = ()
    body: tuple[Param, ...] | None = None
    origin: str = ""

    @property
    def path_params(self) -> tuple[str, ...]:
        """Names in the path, in their order."""
        return tuple(dict.fromkeys(re.findall(r"\{([^{}]+)\}", self.path)))

    @property
    def sends_body(self) -> bool:
        """Whether requests like it have one."""
        return self.method in {"POST", "PUT", "PATCH"}


def read_endpoints(listed: Sequence[Mapping[str, Any]]) -> list[Endpoint]:
    """The endpoints of a list that matches `SCHEMA`.

    Raises:
        InvalidDefinition: A path is none.
    """
    return [_read(one, at) for at, one in enumerate(listed)]


def endpoint_at(method: str, address: str, *, at: str = "", **more: Any) -> Endpoint:
    """The endpoint at `address`: a path or a whole URL, perhaps with a query, in any of the usual ways to write params.

    Args:
        method: Of the request.
        address: As it was written.
        at: For errors: a JSON Pointer.
        more: Other attributes.

    Raises:
        InvalidDefinition: It is no address.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        raise _no_path(address, at) from None
    path = _VARIABLE.sub(lambda found: f"{{{next(filter(None, found.groups())).strip()}}}", parts.path or "/")
    if not path.startswith("/") or re.search(r"[\s?#\\]", path):
        raise _no_path(address, at)
    written = tuple(Param(name=name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""
    query = (*(_typed(one) for one in written if _NAME.fullmatch(one.name)), *more.pop("query", ()))
    endpoint = Endpoint(method=method.upper(), path=path, query=_once(query), origin=origin, **more)
    for name in endpoint.path_params:
        if not _NAME.fullmatch(name):
            raise _no_path(address, at)
    return endpoint


def read_params(said: Any, at: str = "") -> tuple[Param, ...]:
    """The params of a list of names or of a map from names to JSON Schemas.

    Raises:
        InvalidDefinition: A name is none.
    """
    if isinstance(said, Mapping):
        found = [_param(str(name), schema) for name, schema in said.items()]
    else:
        found = [_named(str(name)) for name in said or ()]
    for one in found:
        if not _NAME.fullmatch(one.name):
            fault = {"pointer": at, "message": "has a name that no param can have"}
            hint = "use letters, digits, `_`, `-` and `.`"
            raise InvalidDefinition(f"`{one.name[:80]}` is no name of a param", hint=hint, errors=[fault])
    return _once(tuple(found))


def _read(said: Mapping[str, Any], at: int) -> Endpoint:
    where = f"/endpoints/{at}"
    body = said.get("body")
    return endpoint_at(
        said["method"],
        said["path"],
        at=f"{where}/path",
        name=str(said.get("name") or ""),
        description=" ".join(str(said.get("description") or "").split()),
        query=read_params(said.get("query"), f"{where}/query"),
        body=None if body is None else read_params(body, f"{where}/body"),
    )


def _param(name: str, schema: Any) -> Param:
    kept = {key: value for key, value in schema.items() if key != "required"} if isinstance(schema, Mapping) else {}
    required = isinstance(schema, Mapping) and schema.get("required") is True
    return Param(name=name, schema=kept, required=required) if kept else _typed(Param(name=name, required=required))


def _named(name: str) -> Param:
    plain = name.strip().rstrip("*?").strip()
    return _typed(Param(name=plain, required=name.strip().endswith("*")))


def _typed(param: Param) -> Param:
    """With the type that params of that name have everywhere."""
    whole = re.sub(r"[-_]", "", param.name).lower() in _WHOLE
    return Param(name=param.name, required=param.required, schema={"type": "integer"}) if whole else param


def _once(params: Sequence[Param]) -> tuple[Param, ...]:
    return tuple({param.name: param for param in reversed(params)}.values())[::-1]


def _no_path(address: str, at: str) -> InvalidDefinition:
    fault = {"pointer": at, "message": "is no path"}
    hint = "write it like `/customers/{id}`"
    return InvalidDefinition(f"`{address[:120]}` is no path of an endpoint", hint=hint, errors=[fault])
