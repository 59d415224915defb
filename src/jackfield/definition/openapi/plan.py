"""How one operation is sent: plain data between whoever reads a document and whoever sends requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Location: TypeAlias = Literal["path", "query", "header", "cookie"]

Style: TypeAlias = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "content"
]
"""Of a parameter. `content` is one that is written as a media type. Source: OpenAPI 3.1.1, section 4.8.12.2."""

Schema: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ParameterPlan:
    """Where a param of the command goes, and how it is written.

    Attributes:
        param: Its name in the command's params.
        name: Its name on the wire, never converted.
        allow_reserved: In a query, the reserved characters of RFC 3986 stay as they are.
        media_type: Of style `content`.
        required: The document says so; a path parameter always is.
    """

    param: str
    name: str
    location: Location
    style: Style
    explode: bool
    allow_reserved: bool = False
    media_type: str = ""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class PartPlan:
    """How one property of a form or of a multipart body is written.

    Attributes:
        media_types: Of a part, in the order of preference; empty for the usual one of its value.
        style: Of a form's property, when the document gives it one; with `explode` and `allow_reserved`.
        headers: Fixed headers of a part, where the document gives them one value each.
        binary: The value is bytes: text is base64 where `base64` is set, else sent as UTF-8.
    """

    media_types: tuple[str, ...] = ()
    style: Style | None = None
    explode: bool = True
    allow_reserved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    binary: bool = False
    base64: bool = False


@dataclass(frozen=True, kw_only=True)
class BodyPlan:
    """The body of a request.

    Attributes:
        media_types: What the document offers, the one to be sent first; a `*/*` or `image/*` is kept as it is.
        param: Of the command, with the whole body; empty where the properties of the body are params themselves.
        properties: Name on the wire by the name of the param, where the properties are params themselves.
        parts: By name on the wire, for forms and multipart.
        own_parts: The same by media type, of those that have other ones.
        required: A body always goes out, as `{}` if need be.
        choice: Name of the param that chooses among several media types; empty where there is none.
        binary: The whole body is bytes, base64 in the param.
    """

    media_types: tuple[str, ...]
    param: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, PartPlan] = field(default_factory=dict)
    own_parts: Mapping[str, Mapping[str, PartPlan]] = field(default_factory=dict)
    required: bool = False
    choice: str = ""
    binary: bool = False

    def parts_of(self, media_type: str) -> Mapping[str, PartPlan]:
        """How the properties are written in one of `media_types`."""
        return self.own_parts.get(media_type, self.parts)


@dataclass(frozen=True, kw_only=True)
class ServerPlan:
    """Where requests go.

    Attributes:
        url: A template: absolute, or relative to the connection's base URL; `{name}` are variables.
        variables: Name of the connection field by the name of the variable.
    """

    url: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OperationPlan:
    """How one operation is sent.

    Attributes:
        path: As the document has it, with `{name}`; it may have a fixed query (`/?Action=List`), and a fragment that
            only tells operations apart.
        parameters: In the order of the document.
        server: Of this operation; `None` for the connection's base URL.
        security: Alternatives, each a set of names of security schemes that go together; `()` inside means none is
            needed. The first that the connection has everything for is used.
        scopes: That a token needs where one of the type's own `auth` signs the request.
        accept: Media types that are understood, as the document has them.
    """

    method: str
    path: str
    parameters: tuple[ParameterPlan, ...] = ()
    body: BodyPlan | None = None
    server: ServerPlan | None = None
    security: tuple[tuple[str, ...], ...] = ()
    scopes: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SchemePlan:
    """A security scheme of a document, and the connection fields that fill it in.

    Attributes:
        kind: `apiKey`, `bearer`, `basic`, `oauth2` or `openIdConnect`; others are reported and left out.
        location, name: Of an API key.
        fields: Connection field by what it is: `key`; `token`; `username`, `password`; `clientId`, `clientSecret`.
        signed_in: Tokens of the type's own `auth` are good for it.
    """

    scheme: str
    kind: Literal["apiKey", "bearer", "basic", "oauth2", "openIdConnect"]
    location: Literal["query", "header", "cookie", ""] = ""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    signed_in: bool = False
