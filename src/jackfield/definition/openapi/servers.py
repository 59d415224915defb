"""Where requests go: the base URL of a connection, its variables, and what paths and operations say otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from jackfield.definition.model import ConnectionField
from jackfield.definition.openapi.document import Document
from jackfield.definition.openapi.field_names import FieldNames
from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.plan import ServerPlan
from jackfield.definition.openapi.references import inside

BASE_URL = "baseUrl"
"""The connection field with the address that paths are appended to. Its `{name}` are other connection fields."""

_HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class _Server:
    """A server of the document, its variables named after connection fields."""

    url: str
    fields: tuple[ConnectionField, ...] = ()
    variables: Mapping[str, str]


class Servers:
    """The servers of one document.

    Attributes:
        base_url: Of the first one, its variables written as the names of connection fields; empty where there is none.
        fields: The base URL and the variables; those of paths and operations among them.
    """

    def __init__(self, document: Document, found: list[Found], names: FieldNames, *, location: str = "") -> None:
        """Read the servers of `document` and of its operations.

        Args:
            document: Its notices are added to.
            found: All operations.
            names: Those that are taken by other connection fields.
            location: Address that the document came from; relative servers are relative to it.
        """
        self._notices, self._names, self._location = document.notices, names, location
        self._fields: dict[str, ConnectionField] = {}
        self._by_server: dict[tuple[str, str], _Server] = {}
        server = self._first(document.root.get("servers"), "#/servers", own=False)
        self.base_url = self._absolute(server.url) if server else ""
        if server is None and location:
            self.base_url = self._absolute("/")
        self._own = {operation.place: self._of_operation(operation) for operation in found}
        self.fields = (_base_field(self.base_url), *self._fields.values())

    def plan(self, operation: Found) -> ServerPlan | None:
        """Where requests of an operation go; `None` for the base URL of the connection."""
        return self._own[operation.place]

    def _of_operation(self, operation: Found) -> ServerPlan | None:
        for level, place in ((operation.operation, operation.place), (operation.item, operation.item_place)):
            if "servers" in level:
                server = self._first(level["servers"], inside(place, "servers"), own=True)
                if server is not None:
                    return self._plan(server)
        return None

    def _plan(self, server: _Server) -> ServerPlan | None:
        url = self._absolute(server.url)
        if url == self.base_url:
            return None
        return ServerPlan(url=url, variables=server.variables)

    def _first(self, servers: Any, place: str, *, own: bool) -> _Server | None:
        """The first server of a list; the others are named in a notice, once for the whole document."""
        if servers is None or servers == []:
            return None
        listed = servers if isinstance(servers, list) else [servers]
        for at, server in enumerate(listed):
            if isinstance(server, Mapping) and isinstance(server.get("url"), str):
                if not own and len(listed) > 1:
                    what = f"of {len(listed)} servers `{server['url']}` is the default of `{BASE_URL}`"
                    self._notices.add(place, what)
                return self._read(server, inside(place, at))
            self._notices.add(inside(place, at), "the server has no `url`, so it is left out")
        return None

    def _read(self, server: Mapping[str, Any], place: str) -> _Server:
        url = server["url"].strip()
        key = (url, repr(server.get("variables")))
        if key not in self._by_server:
            self._by_server[key] = self._new(url, server.get("variables"), inside(place, "variables"))
        return self._by_server[key]

    def _new(self, url: str, variables: Any, place: str) -> _Server:
        said = variables if isinstance(variables, Mapping) else {}
        called: dict[str, str] = {}
        for name in dict.fromkeys(_HOLE.findall(url)):
            about = said.get(name)
            if not isinstance(about, Mapping):
                self._notices.add(place, f"the variable `{name}` of `{url}` is not described; any text is taken")
                about = {}
            called[name] = self._field(name, about, inside(place, name))
        for name in said:
            if name not in called:
                self._notices.add(inside(place, str(name)), f"`{name}` does not occur in `{url}`, so it is left out")
        renamed = _HOLE.sub(lambda hole: f"{{{called[hole[1]]}}}", url)
        return _Server(url=renamed, variables={field: field for field in called.values()})

    def _field(self, name: str, about: Mapping[str, Any], place: str) -> str:
        """The name of the connection field for a variable; servers that say the same of it share one."""
        new = _variable_field(name, about, place, self._notices)
        for known in self._fields.values():
            if replace(known, name=name) == new and known.label == new.label:
                return known.name
        called = self._names.take(name or "variable", more="server")
        self._fields[called] = replace(new, name=called)
        return called

    def _absolute(self, url: str) -> str:
        """`url` with what it lacks from the address of the document, if that is known."""
        if _HOLE.match(url) or urlsplit(_HOLE.sub("x", url)).scheme:
            return url
        if self._location:
            parts = urlsplit(self._location)
            if url.startswith("{"):
                return url
            return urljoin(f"{parts.scheme}://{parts.netloc}{parts.path}", url)
        return f"https:{url}" if url.startswith("//") else url


def is_absolute(url: str) -> bool:
    """Whether requests can be sent to `url` as it is, its variables filled in."""
    return "://" in url or (url.startswith("{") and "}" in url)


def _base_field(url: str) -> ConnectionField:
    usable = url if is_absolute(url) else ""
    where = f" The document gives only `{url}`, so it has to end with that." if url.strip("/") and not usable else ""
    return ConnectionField(
        name=BASE_URL,
        kind="url",
        schema={"type": "string", "minLength": 1},
        label="Base URL",
        description=f"Address that the paths of the operations are appended to.{where}",
        required=not usable,
        default=usable or ...,
    )


def _variable_field(name: str, about: Mapping[str, Any], place: str, notices: Notices) -> ConnectionField:
    default, enum = about.get("default"), about.get("enum")
    values = [str(value) for value in enum] if isinstance(enum, list) else []
    default = str(default) if isinstance(default, str | int | float) and not isinstance(default, bool) else None
    if default is None:
        notices.add(place, f"the variable `{name}` has no default" + ("; the first value is taken" if values else ""))
        default = values[0] if values else None
    elif values and default not in values:
        notices.add(place, f"the default `{default}` of the variable `{name}` is none of its values; it is one now")
        values.append(default)
    described = about.get("description")
    return ConnectionField(
        name=name,
        kind="select" if values else "string",
        schema={"type": "string"} | ({"enum": values} if values else {}),
        label=name,
        description=described if isinstance(described, str) else "",
        required=default is None,
        default=... if default is None else default,
    )
