"""Documents of version 2.0 (Swagger) as documents of 3.0: the same requests, said in the newer words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.references import inside
from jackfield.definition.openapi.version2_bodies import Bodies
from jackfield.definition.openapi.version2_parameters import convert_header, convert_parameter
from jackfield.definition.openapi.version2_security import convert_scheme

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")

_MOVED = (
    ("#/definitions/", "#/components/schemas/"),
    ("#/parameters/", "#/components/parameters/"),
    ("#/responses/", "#/components/responses/"),
)
_KEPT = ("info", "tags", "security", "externalDocs")
_OPERATION_OUT = frozenset({"consumes", "produces", "schemes", "parameters", "responses"})


def convert(root: dict[str, Any], *, notices: Notices) -> dict[str, Any]:
    """`root`, of version 2.0, as 3.0 would say it.

    Source: OpenAPI 2.0 and 3.0.4, compared object by object.

    Args:
        root: Not changed.
        notices: What cannot be said in 3.0 is told here.
    """
    return _Conversion(root, notices).document()


def convert_references(value: Any) -> Any:
    """`value`, with each reference as 3.0 would have it. Its depth must have been checked."""
    if isinstance(value, dict):
        converted = {key: convert_references(inner) for key, inner in value.items()}
        if isinstance(reference := value.get("$ref"), str):
            converted["$ref"] = _moved(reference)
        return converted
    return [convert_references(inner) for inner in value] if isinstance(value, list) else value


def _moved(reference: str) -> str:
    file, hash_, fragment = reference.partition("#")
    for old, new in _MOVED:
        if (hash_ + fragment).startswith(old) and not file:
            return new + fragment.removeprefix(old[1:])
    return reference


class _Conversion:
    def __init__(self, root: dict[str, Any], notices: Notices) -> None:
        self.old: dict[str, Any] = convert_references(root)
        self.notices = notices
        self.parameters = _object(self.old.get("parameters"))

    def document(self) -> dict[str, Any]:
        old = self.old
        new: dict[str, Any] = {"openapi": "3.0.3", **{key: old[key] for key in _KEPT if key in old}}
        new |= {key: value for key, value in old.items() if key.startswith("x-")}
        if servers := self._servers():
            new["servers"] = servers
        new["paths"] = {path: self._path(path, item) for path, item in _object(old.get("paths")).items()}
        new["components"] = self._components()
        return new

    def _servers(self) -> list[dict[str, Any]]:
        """One for each scheme. Without a host they are relative to where the document came from."""
        host, base = self.old.get("host"), self.old.get("basePath")
        base = f"/{base.strip('/')}" if isinstance(base, str) and base.strip("/") else ""
        if not isinstance(host, str) or not host.strip():
            return [{"url": base}] if base else []
        said = self.old.get("schemes")
        schemes = [scheme for scheme in said if scheme in ("https", "http")] if isinstance(said, list) else []
        schemes = sorted(dict.fromkeys(schemes), reverse=True) or ["https"]  # the safe one is used first
        host = host.strip().rstrip("/")
        if "://" in host:
            self.notices.add("#/host", "the host holds a scheme, which is used as it stands")
            return [{"url": f"{host}{base}"}]
        return [{"url": f"{scheme}://{host}{base}"} for scheme in schemes]

    def _components(self) -> dict[str, Any]:
        old = self.old
        consumes = _texts(old.get("consumes"))
        bodies = {
            name: Bodies(consumes, inside("#/parameters", name), self.notices).of_body(parameter)
            for name, parameter in self.parameters.items()
            if isinstance(parameter, Mapping) and parameter.get("in") == "body"
        }
        plain = {
            name: convert_parameter(parameter)
            for name, parameter in self.parameters.items()
            if not (isinstance(parameter, Mapping) and parameter.get("in") in ("body", "formData"))
        }
        produces = _texts(old.get("produces"))
        responses = {name: self._response(one, produces) for name, one in _object(old.get("responses")).items()}
        schemes = _object(old.get("securityDefinitions"))
        return {
            "schemas": _object(old.get("definitions")),
            "parameters": plain,
            "requestBodies": bodies,
            "responses": responses,
            "securitySchemes": {name: convert_scheme(scheme) for name, scheme in schemes.items()},
        }

    def _path(self, path: str, item: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        place = inside("#/paths", path)
        shared = self._listed(item.get("parameters"))
        new = {key: value for key, value in item.items() if key.lower() not in METHODS and key != "parameters"}
        if plain := [
            convert_parameter(one) for one in shared if _location(self._meant(one)) not in ("body", "formData")
        ]:
            new["parameters"] = plain
        for method, operation in item.items():
            if method.lower() in METHODS:
                new[method] = self._operation(operation, shared, inside(place, method))
        return new

    def _operation(self, old: Any, shared: list[Any], place: str) -> Any:
        if not isinstance(old, Mapping):
            return old
        new = {key: value for key, value in old.items() if key not in _OPERATION_OUT}
        own = self._listed(old.get("parameters"))
        if plain := [convert_parameter(one) for one in own if _location(self._meant(one)) not in ("body", "formData")]:
            new["parameters"] = plain
        consumes = _texts(old.get("consumes", self.old.get("consumes")))
        if body := Bodies(consumes, place, self.notices).of_parameters(self._of_body(shared, own)):
            new["requestBody"] = body
        produces = _texts(old.get("produces", self.old.get("produces")))
        responses = _object(old.get("responses"))
        new["responses"] = {status: self._response(one, produces) for status, one in responses.items()}
        if servers := self._own_servers(old.get("schemes")):
            new["servers"] = servers
        return new

    def _own_servers(self, schemes: Any) -> list[dict[str, Any]]:
        if (
            not isinstance(schemes, list)
            or schemes == self.old.get("schemes")
            or not isinstance(self.old.get("host"), str)
        ):
            return []
        return _Conversion._servers(_with({**self.old, "schemes": schemes}, self.notices))

    def _of_body(self, shared: list[Any], own: list[Any]) -> list[Mapping[str, Any]]:
        """The parameters that make the body, each followed; an operation's own ones replace those of its path."""
        found: dict[tuple[object, object], Mapping[str, Any]] = {}
        for one in (*shared, *own):
            meant = self._meant(one)
            if _location(meant) in ("body", "formData"):
                key = ("body", "") if meant["in"] == "body" else ("formData", str(meant.get("name")))
                found[key] = meant
        return list(found.values())

    def _meant(self, parameter: Any) -> Mapping[str, Any]:
        """`parameter`, or the shared one that it names. References elsewhere are followed by whoever reads on."""
        if not isinstance(parameter, Mapping):
            return {}
        reference = parameter.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/parameters/"):
            name = reference.removeprefix("#/components/parameters/").replace("~1", "/").replace("~0", "~")
            return _object(self.parameters.get(name))
        return parameter

    def _listed(self, parameters: Any) -> list[Any]:
        return parameters if isinstance(parameters, list) else []

    def _response(self, old: Any, produces: list[str]) -> Any:
        if not isinstance(old, Mapping) or "$ref" in old:
            return old
        new = {key: value for key, value in old.items() if key not in ("schema", "examples", "headers")}
        examples = _object(old.get("examples"))
        content: dict[str, Any] = {}
        if isinstance(schema := old.get("schema"), Mapping):
            kinds = ["application/octet-stream"] if schema.get("type") == "file" and not produces else produces
            content = {kind: {"schema": schema} for kind in kinds or ["application/json"]}
        for kind, example in examples.items():
            content[kind] = {**content.get(kind, {}), "example": example}
        if content:
            new["content"] = content
        if isinstance(headers := old.get("headers"), Mapping):
            new["headers"] = {name: convert_header(header) for name, header in headers.items()}
        return new


def _with(root: dict[str, Any], notices: Notices) -> _Conversion:
    other = _Conversion.__new__(_Conversion)
    other.old, other.notices, other.parameters = root, notices, {}
    return other


def _location(parameter: Mapping[str, Any]) -> Any:
    location = parameter.get("in")
    return location if isinstance(location, str) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
