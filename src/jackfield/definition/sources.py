"""What scripts, external services and OpenAPI documents are, as their definition keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import ExecutionModelName
from jackfield.definition.operations_paths import base_fault
from jackfield.definition.operations_reader import Reader

MAX_SCRIPT_BYTES = 1024 * 1024
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

DOCUMENT_KEYS = ("spec", "select", "files", "at", "location")
"""What an imported type keeps: the arguments of `openapi.reader.read_openapi`."""

SCRIPT_KEYS = ("scriptSource", "protocol", "limits")
"""What the type of a script keeps."""

UPSTREAM_KEYS = ("mcpServer", "tools")
"""What the type of an MCP server keeps."""

_LIMITS = {"memoryMb": (8, 4096), "cpuMs": (10, 300_000), "wallMs": (10, 300_000)}
_PROTOCOLS = ("2.0", "1.x")
_DOCUMENT = "an OpenAPI document, as an object or as JSON or YAML text"


def read_source(reader: Reader, model: ExecutionModelName) -> dict[str, Any]:
    """`ConnectorDefinition.source` of a script, an OpenAPI document, an MCP server, and of whatever is described."""
    if model == "script":
        return _read_script(reader)
    if model == "external":
        return _read_endpoint(reader)
    if model == "mcp":
        from jackfield.definition.mcp.reading import read_upstream

        return read_upstream(reader)
    return _read_document(reader) if model == "openapi" else {}


def _read_script(reader: Reader) -> dict[str, Any]:
    script, at = reader.text("scriptSource"), reader.place("scriptSource")
    if not script.strip():
        reader.faults.missing(at, "JavaScript with one function for each command")
    if len(script.encode()) > MAX_SCRIPT_BYTES:
        reader.faults.add(at, "the script is too large", hint=f"keep to {MAX_SCRIPT_BYTES} bytes")
    protocol = reader.text("protocol", "2.0")
    if protocol not in _PROTOCOLS:
        reader.faults.wrong(reader.place("protocol"), protocol, "`2.0` or `1.x`")
    found: dict[str, Any] = {"scriptSource": script} | ({"protocol": protocol} if protocol != "2.0" else {})
    return found | ({"limits": limits} if (limits := _read_limits(reader)) else {})


def _read_limits(reader: Reader) -> dict[str, int]:
    """How much one execution may use; what the installation allows at most is its own business."""
    at = reader.place("limits")
    inner = Reader(reader.mapping("limits"), at=at, faults=reader.faults, known=tuple(_LIMITS))
    found = {name: inner.value(name) for name in _LIMITS if inner.value(name) is not None}
    for name, value in found.items():
        least, most = _LIMITS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            reader.faults.wrong(inner.place(name), value, f"a whole number from {least} to {most}")
    return found


def _read_endpoint(reader: Reader) -> dict[str, Any]:
    url, at = reader.text("endpointUrl"), reader.place("endpointUrl")
    if not url:
        reader.faults.missing(at, "an address such as `https://connector.example.com`")
    elif reason := base_fault(url):  # the address is not told: it may hold a password
        hint = "use one such as `https://connector.example.com`; secrets go into connection fields"
        reader.faults.add(at, f"it is no address of a service: {reason}", hint=hint)
    return {"endpointUrl": url}


def _read_document(reader: Reader) -> dict[str, Any]:
    given, at = reader.value("spec"), reader.place("spec")
    if isinstance(given, str):
        _check_text(reader, given)
    elif isinstance(given, Mapping):
        _check_object(reader, given)
    else:
        reader.faults.missing(at, _DOCUMENT) if given is None else reader.faults.wrong(at, given, _DOCUMENT)
    found: dict[str, Any] = {"spec": given}
    if reader.value("select") is not None:
        found["select"] = list(reader.texts("select"))
    if reader.value("files") is not None:
        found |= {"files": dict(reader.mapping("files")), "at": reader.text("at")}
    return found | ({"location": location} if (location := reader.text("location")) else {})


def _check_text(reader: Reader, text: str) -> None:
    at, start = reader.place("spec"), text.lstrip("\ufeff \t\r\n")
    if start.lower().startswith(("http://", "https://")) and "\n" not in start.strip():
        hint = "give the address as `specUrl` to `POST /api/connectors/parse-openapi`, and send the draft it answers"
        reader.faults.add(at, "it is the address of a document and not the document", hint=hint)
    elif "openapi" not in start and "swagger" not in start:
        reader.faults.add(at, "the text is no OpenAPI document: it has no `openapi`", hint=f"give {_DOCUMENT}")
    _check_size(reader, len(text.encode()))


def _check_object(reader: Reader, document: Mapping[str, Any]) -> None:
    import orjson

    if not {"openapi", "swagger"} & document.keys():
        hint = f"give {_DOCUMENT}"
        reader.faults.add(reader.place("spec"), "the object is no OpenAPI document: it has no `openapi`", hint=hint)
    _check_size(reader, len(orjson.dumps(document)))


def _check_size(reader: Reader, size: int) -> None:
    if size > MAX_DOCUMENT_BYTES:
        what = f"the document has {size} bytes"
        reader.faults.add(reader.place("spec"), what, hint=f"keep to {MAX_DOCUMENT_BYTES} bytes")
