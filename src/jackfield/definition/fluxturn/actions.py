"""`supported_actions`: each with an `api` becomes an operation of a declarative connector."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.fluxturn.addresses import own_address, split_address
from jackfield.definition.fluxturn.contents import (
    MULTIPART,
    content_type,
    is_text,
    mark_files,
    mark_whole,
    name_in_json,
)
from jackfield.definition.fluxturn.holes import HOLE, names_in
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import Notes
from jackfield.definition.fluxturn.params import object_schema
from jackfield.definition.names import folded
from jackfield.definition.operations_mapping import BODILESS, Name
from jackfield.definition.operations_reader import Faults, Place, entries

_SEGMENT = re.compile(r"(?<=/):([A-Za-z_]\w*)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_BAD_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_READ = frozenset(
    {"id", "name", "description", "category", "inputSchema", "outputSchema", "api", "verified", "tags", "aiDescription"}
)
_READ_OF_API = frozenset({"endpoint", "path", "method", "baseUrl", "headers", "paramMapping", "contentType"})


class LeftOut(Exception):
    """An action that cannot be carried out; says where and why."""

    def __init__(self, at: Place, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


@dataclass(frozen=True, kw_only=True)
class Around:
    """What an action finds around it.

    Attributes:
        base: The address of the connector.
        fields: Names of the connection fields.
        signed: Headers that are added by the credential, in lower case.
    """

    base: str
    fields: Known
    signed: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action, as it was written.

    Attributes:
        name: Of the command.
        at: Where it is.
        said: What it says.
    """

    name: str
    at: Place
    said: Mapping[str, Any]

    @property
    def api(self) -> Mapping[str, Any]:
        """What is sent; nothing where it does not say that."""
        api = self.said.get("api")
        return api if isinstance(api, Mapping) else {}

    @property
    def headers(self) -> Mapping[str, Any]:
        """Its static headers."""
        headers = self.api.get("headers")
        return headers if isinstance(headers, Mapping) else {}

    @property
    def rest(self) -> dict[str, Any]:
        """What it says beside what is carried out."""
        api = {key: value for key, value in self.api.items() if key not in _READ_OF_API}
        said = {key: value for key, value in self.said.items() if key not in _READ}
        return said | ({"api": api} if api else {})


def read_actions(raw: Any, at: Place, faults: Faults, notes: Notes) -> list[Action]:
    """The actions, each with a name of its own; a list, or a map by `id`."""
    found: list[Action] = []
    taken, numbers = Known(), Counter[str]()
    for place, said, key in entries(raw, at=at, faults=faults):
        if not isinstance(said, Mapping):
            notes.add(place, "it is no object, and left out")
            continue
        wanted = said.get("id") or key or said.get("name")
        name = _BAD_NAME.sub("_", str(wanted or "")).strip("_-")[:90]
        if not name[:1].isalpha():
            notes.add((*place, "id"), "it is no name that a command can have, and the action is left out")
            continue
        unique = name
        while taken.find(unique) is not None:
            numbers[folded(name)] += 1
            unique = f"{name}_{numbers[folded(name)] + 1}"
        if unique != wanted:
            notes.add((*place, "id"), f"the command is called `{unique}`")
        taken.add(unique)
        found.append(Action(name=unique, at=place, said=said))
    return found


def read_action(action: Action, around: Around, notes: Notes) -> dict[str, Any]:
    """The operation that an action is.

    Raises:
        LeftOut: It cannot be carried out.
    """
    api, at = action.api, (*action.at, "api")
    method = _method(api, at, notes)
    base, path = _address(api, at, around)
    parameters = object_schema(action.said.get("inputSchema"), (*action.at, "inputSchema"), notes)
    names = _names(api, at, parameters, notes)
    path = _path(path, parameters, names, around)
    headers = _headers(action, parameters, names, around, notes)
    named: Mapping[str, Name] = names
    if method.upper() not in BODILESS:
        named = _body(action, parameters, headers, names, path, notes)
    operation = {
        "method": method,
        "path": path,
        "parameters": parameters,
        "names": {param: name for param, name in named.items() if name != param and param not in names_in(path)},
        "headers": headers,
        **({"baseUrl": base} if base else {}),
    }
    return {**operation, **_about(action, notes)}


def places_of(action: Action) -> dict[str, Place]:
    """Where in FluxTurn's definition the keys of an operation come from."""
    api = (*action.at, "api")
    said = {"method": "method", "path": "endpoint", "names": "paramMapping", "headers": "headers", "baseUrl": "baseUrl"}
    of_api = {key: (*api, name) for key, name in said.items()}
    return of_api | {"parameters": (*action.at, "inputSchema"), "mapping": (*api, "paramMapping")}


def _method(api: Mapping[str, Any], at: Place, notes: Notes) -> str:
    method = api.get("method")
    if method is None:
        notes.add((*at, "method"), "it is missing: the action is sent with `GET`")
        return "GET"
    return str(method)


def _address(api: Mapping[str, Any], at: Place, around: Around) -> tuple[str, str]:
    """The base URL of its own that an action has, if any, and its path."""
    endpoint = api.get("endpoint", api.get("path"))
    if not isinstance(endpoint, str):
        raise LeftOut((*at, "endpoint"), "it is missing, so nothing says where to send it")
    base, path = split_address(endpoint)
    said = api.get("baseUrl")
    if not base and said is not None and not isinstance(said, str):
        raise LeftOut((*at, "baseUrl"), "it is no text")
    return own_address(base or said or "", path, around.base)


def _names(api: Mapping[str, Any], at: Place, parameters: dict[str, Any], notes: Notes) -> dict[str, str]:
    """What the service calls each param. A param that only the mapping knows is one too, of any type."""
    raw = api.get("paramMapping")
    if not isinstance(raw, Mapping):
        if raw is not None:
            notes.add((*at, "paramMapping"), "it is no object: the service gets the params by their own names")
        return {}
    found: dict[str, str] = {}
    params = Known(parameters["properties"])
    for param, name in raw.items():
        place = (*at, "paramMapping", str(param))
        if not isinstance(name, str) or not name:
            notes.add(place, "it is no text: the service gets the param by its own name")
            continue
        known = params.find(str(param))
        if known is None:
            parameters["properties"][str(param)] = {}
            params.add(str(param))
        found[known or str(param)] = name
    return found


def _path(path: str, parameters: Mapping[str, Any], names: Mapping[str, str], around: Around) -> str:
    """The path with the names of params in its holes: `:id`, `${id}` and `{wire_name}` are holes of guides."""
    params, by_wire = Known(parameters["properties"]), {name: param for param, name in names.items()}

    def hole(name: str) -> str:
        known = name if name in parameters["properties"] else by_wire.get(name) or params.find(name)
        return f"{{{known or around.fields.find(name) or name}}}"

    return HOLE.sub(lambda found: hole(found[1] or found[2]), _SEGMENT.sub(r"{\1}", path))


def _headers(
    action: Action, parameters: dict[str, Any], names: dict[str, str], around: Around, notes: Notes
) -> dict[str, str]:
    """Static headers, as templates; one that is a param alone becomes the place of that param."""
    found: dict[str, str] = {}
    properties = parameters["properties"]
    params = Known(properties)
    for name, value in action.headers.items():
        at = (*action.at, "api", "headers", str(name))
        if str(name).lower() == "content-type" or (str(name).lower() in around.signed):
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            notes.add(at, "it is no text, and not sent")
            continue
        text = str(value)
        known = {hole: params.find(hole) or around.fields.find(hole) for hole in names_in(text)}
        rest = HOLE.sub("", text)
        if any(each is None or not _NAME.fullmatch(each) for each in known.values()) or "{{" in rest or "{%" in rest:
            notes.add(at, "it is not sent: what is in its braces is neither a param nor a field")
        elif len(known) == 1 and not rest.strip() and (param := params.find(next(iter(known)))):
            properties[param] = {**properties[param], "in": "header"}
            names[param] = str(name)
        else:
            found[str(name)] = _template(text, known)
    return found


def _template(text: str, known: Mapping[str, str | None]) -> str:
    return HOLE.sub(lambda hole: f"{{{{ {known[hole[1] or hole[2]]} }}}}", text)


def _body(
    action: Action,
    parameters: dict[str, Any],
    headers: dict[str, str],
    names: Mapping[str, str],
    path: str,
    notes: Notes,
) -> dict[str, Name]:
    """What the service calls each param; the content type goes into `headers`, files and texts into `parameters`.

    Raises:
        LeftOut: No such body can be made.
    """
    properties, (content, at) = parameters["properties"], _content(action)
    in_body = [name for name in properties if name not in names_in(path) and "in" not in properties[name]]
    if content:
        headers["Content-Type"] = content
    if content == MULTIPART:
        mark_files(properties, action.said.get("inputSchema"))
    if is_text(content) and _sends(action) and (why := mark_whole(properties, in_body, content)):
        raise LeftOut(at, why)
    if content or not _sends(action):
        return dict(names)
    mapping = (*action.at, "api", "paramMapping")
    return {p: name_in_json(n, (*mapping, p), notes) if p in in_body else n for p, n in names.items()}


def _sends(action: Action) -> bool:
    """Whether its params go into a body where nothing else is said; of `DELETE` they go to the query."""
    return str(action.api.get("method")).upper() != "DELETE"


def _content(action: Action) -> tuple[str, Place]:
    """The content type of the body, and where it is said; nothing for JSON.

    Raises:
        LeftOut: No such body can be made.
    """
    header = next((value for name, value in action.headers.items() if str(name).lower() == "content-type"), None)
    own = action.api.get("contentType")
    said, at = (
        str(own or header or ""),
        (*action.at, "api", *(("contentType",) if own else ("headers", "Content-Type"))),
    )
    found = content_type(said)
    if found is None:
        raise LeftOut(at, f"a body of the type `{said[:80]}` cannot be sent; JSON, forms, multipart and text can")
    return found, at


_TEXTS = {"displayName": "name", "description": "description", "aiDescription": "aiDescription"}


def _about(action: Action, notes: Notes) -> dict[str, Any]:
    """What people see of the command."""
    said = action.said
    texts = {key: said.get(of) for key, of in _TEXTS.items()}
    about: dict[str, Any] = {key: text for key, text in texts.items() if isinstance(text, str) and text}
    tags = said.get("tags") if isinstance(said.get("tags"), list) else [said.get("category")]
    about["tags"] = [tag for tag in tags or [] if isinstance(tag, str) and tag]
    about["verified"] = said.get("verified") is True
    if (output := said.get("outputSchema")) is not None:
        schema = object_schema(output, (*action.at, "outputSchema"), notes)
        about |= {"outputSchema": schema, "outputs": list(schema["properties"])} if schema["properties"] else {}
    return about
