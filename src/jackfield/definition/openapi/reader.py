"""An OpenAPI document, read: what it offers as commands, what a connection to it holds, how requests are sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectionField, ConnectorDefinition
from jackfield.definition.names import RESERVED, closest, find, slug
from jackfield.definition.openapi.command_names import command_names, snake
from jackfield.definition.openapi.commands import Commands
from jackfield.definition.openapi.document import Document, open_document
from jackfield.definition.openapi.field_names import FieldNames
from jackfield.definition.openapi.notices import Notice
from jackfield.definition.openapi.operations import Found, find_operations
from jackfield.definition.openapi.plan import OperationPlan, SchemePlan
from jackfield.definition.openapi.references import References
from jackfield.definition.openapi.security import Security
from jackfield.definition.openapi.servers import BASE_URL, Servers

SELECT = "select"
"""The key that names the chosen operations, beside `spec`, where not all are wanted."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A document, read.

    Attributes:
        name: For the type: given, or made of the title.
        version: Of the API, as the document has it; no version of the type.
        declared: Of OpenAPI, as the document has it: `3.0.3`.
        base_url: The default of the connection's `baseUrl`, with the names of connection fields as `{name}`; empty
            or without a host where the document does not say.
        fields: The connection: base URL, variables of servers, credentials.
        auth: Where the document signs people or programs in; see `definition.auth`.
        auth_required: Some command needs a credential.
        schemes: How credentials are sent, by the name of the scheme.
        commands: By name. Each is made when it is first asked for.
        selected: The names that were chosen; `None` for all.
        offered: How many operations the document has, chosen or not.
        source: What it was read from, so that it can be read again: see `sources.DOCUMENT_KEYS`.
    """

    name: str
    title: str
    description: str
    version: str
    declared: str
    base_url: str
    fields: tuple[ConnectionField, ...]
    auth: Mapping[str, Any]
    auth_required: bool
    schemes: Mapping[str, SchemePlan]
    commands: Commands
    selected: tuple[str, ...] | None
    offered: int
    source: Mapping[str, Any]
    document: Document = field(repr=False)

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What was left out or weakened, as far as it is known. Commands add to it when they are made."""
        return tuple(self.document.notices)

    def plan(self, name: str) -> OperationPlan:
        """How a command is sent.

        Raises:
            KeyError: There is no command of this very name.
        """
        return self.commands.plan(name)

    def make_all(self) -> Read:
        """Itself, with every command made: now `warnings` are all there are."""
        for name in self.commands:
            self.commands[name]
        return self

    def definition(self) -> ConnectorDefinition:
        """The connector type. Its commands are made when they are asked for."""
        return ConnectorDefinition(
            name=self.name,
            execution_model="openapi",
            display_name=self.title,
            description=self.description,
            fields=self.fields,
            commands=self.commands,
            auth=self.auth,
            auth_required=self.auth_required,
            source=self.source,
        )


def read_openapi(
    source: Mapping[str, Any] | str | bytes,
    *,
    name: str | None = None,
    select: Iterable[str] | None = None,
    keep: Iterable[str] = (),
    bundle: Mapping[str, Mapping[str, Any] | str | bytes] | None = None,
    at: str = "",
    location: str = "",
) -> Read:
    """What a document offers. Flaws of single items are warnings, and cost no other item anything.

    Args:
        source: OpenAPI 3.x or Swagger 2.0: an object, or JSON or YAML text.
        name: Of the type; made of the title by default.
        select: Commands that are wanted, by their names or `operationId`s; all by default.
        keep: Commands that are wanted beside those, as far as the document has them.
        bundle: Other files that the document may refer to, by path. No others are read.
        at: Path of `source` in the bundle.
        location: Address that the document came from, for servers relative to it. Nothing is fetched.

    Raises:
        OpenApiInvalid: It is no OpenAPI document.
        InvalidDefinition: `select` names what there is not.
        InvalidName: `name` cannot be one.
    """
    document = open_document(source, bundle=bundle, at=at)
    references = References(document)
    found = find_operations(references)
    names = command_names(found, document.notices)
    taken = FieldNames()
    taken.take(BASE_URL)
    by_name = dict(zip(names, found, strict=True))
    chosen = _chosen(select, keep, by_name)
    wanted = list(chosen.values())
    security = Security(references, wanted, taken, silent=not _says_who(document, found))
    servers = Servers(document, wanted, taken, location=location)
    raw_info = document.root.get("info")
    info = raw_info if isinstance(raw_info, Mapping) else {}
    title = _text(info, "title")
    commands = Commands(chosen, references=references, servers=servers, security=security)
    return Read(
        name=name or type_name(title),
        title=title,
        description=_text(info, "description") or _text(info, "summary"),
        version=str(info.get("version", "")),
        declared=document.declared,
        base_url=servers.base_url,
        fields=commands.fields,
        auth=commands.auth,
        auth_required=commands.auth_required,
        schemes=commands.schemes,
        commands=commands,
        selected=None if select is None else tuple(chosen),
        offered=len(by_name),
        source=_kept(document, select, chosen, at, location),
        document=document,
    )


def read_again(source: Mapping[str, Any], *, name: str) -> Read:
    """What the document of a type offers.

    Args:
        source: `ConnectorDefinition.source`: as `Read.source` was, or only `spec`.
        name: Of the type.

    Raises:
        OpenApiInvalid: It is no OpenAPI document.
        InvalidDefinition: It selects operations that there are not.
    """
    return read_openapi(
        source.get("spec") or "",
        name=name,
        select=source.get(SELECT),
        bundle=source.get("files"),
        at=source.get("at") or "",
        location=source.get("location") or "",
    )


def draft(read: Read) -> dict[str, Any]:
    """A body for `POST /api/connectors`, to be reviewed and sent.

    Shape: `{name, displayName, description, executionModel, spec, select?, source?: {files?, at?, location?}}`.
    """
    beside = {key: value for key, value in read.source.items() if key not in {"spec", SELECT}}
    return {
        "name": read.name,
        "displayName": read.title,
        "description": read.description,
        "executionModel": "openapi",
        **{key: value for key, value in read.source.items() if key not in beside},
        **({"source": beside} if beside else {}),
    }


def type_name(title: str) -> str:
    """The name of a type for a title: `GitHub v3 REST API` is `github-v3-rest-api`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub("[^a-z0-9]+", "-", plain)[:64].strip("-")
    if not name or slug(name) in RESERVED:
        return f"{name}-api".strip("-") if name else "openapi"
    return name if name[0].isalpha() else f"api-{name}"


def _kept(
    document: Document, select: Iterable[str] | None, chosen: Mapping[str, Found], at: str, location: str
) -> dict[str, Any]:
    """What to read again. Parsed: a large text of YAML takes seconds, in each process that starts."""
    kept: dict[str, Any] = {"spec": document.given}
    if select is not None:
        kept[SELECT] = list(chosen)
    if document.given_files:
        kept |= {"files": dict(document.given_files), "at": at}
    return kept | ({"location": location} if location else {})


def _chosen(select: Iterable[str] | None, keep: Iterable[str], by_name: dict[str, Found]) -> dict[str, Found]:
    if select is None:
        return by_name
    by_id = {str(found.operation.get("operationId")): name for name, found in reversed(by_name.items())}
    wanted, unknown = {find(name, by_name) for name in keep}, []
    for asked in select:
        name = asked if asked in by_name else by_id.get(asked) or find(asked, by_name)
        if name is None:
            unknown.append(asked)
        else:
            wanted.add(name)
    if unknown:
        raise InvalidDefinition(f"the document has no operation `{unknown[0]}`", hint=_near(unknown[0], by_name))
    return {name: found for name, found in by_name.items() if name in wanted}


def _says_who(document: Document, found: Iterable[Found]) -> bool:
    """Whether a document says anywhere who may call."""
    return "security" in document.root or any("security" in one.operation for one in found)


def _near(wanted: str, names: Collection[str]) -> str:
    close = closest(snake(wanted), names)
    if close:
        return f"did you mean `{close}`?"
    shown = ", ".join(f"`{name}`" for name in list(names)[:20])
    return f"it has {shown}" + (f" and {len(names) - 20} more" if len(names) > 20 else "") if names else "it has none"


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value.strip() if isinstance(value, str) else ""
