"""Every spelling of a call that the guides know, read into one `Call`. Nothing behind this file knows them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson

from jackfield.access.principal import Principal
from jackfield.agents.ids import plain_id
from jackfield.definition.names import folded
from jackfield.dispatch.call import Call, Origin
from jackfield.dispatch.errors import InvalidOption
from jackfield.dispatch.options import read_options
from jackfield.surfaces.errors import BodyUnclear, BodyUnreadable

_BESIDE = {folded(name): name for name in ("options", "plan", "credentialId", "idempotencyKey")}
"""What may stand beside `command` and `params`."""
_KEY = folded("idempotencyKey")
MAX_DEPTH = 250
"""Levels of a body. What is written as JSON here has 254 at most, and Python itself goes down a thousand."""
_OTHERS = {
    b"\x1f\x8b": "it is compressed with gzip",
    codecs.BOM_UTF8: "it begins with a byte order mark",
    codecs.BOM_UTF16_LE: "it is UTF-16",
    codecs.BOM_UTF16_BE: "it is UTF-16",
}
"""What else bodies are, by how they begin: in none of them an editor shows line 1, column 1 as wrong."""
_RESOURCE = frozenset({"resource", "data", "options"})
_ACTION = frozenset({"action", "parameters", "options"})

ORIGIN = Origin(trigger="api")
_CLIENTS = {
    "sdk": Origin(trigger="sdk"),
    "cli": Origin(trigger="cli", text_only=True),
    "mcp": Origin(trigger="mcp"),
}
"""By the header `X-Jackfield-Client`: nothing that a caller could not do anyway hangs on it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a body asks for, before its options are read."""

    command: str | None
    params: Mapping[str, Any]
    options: Mapping[str, Any]


def origin_of(client: str | None) -> Origin:
    """Where a call comes from: Jackfield's own SDK or command line, whose params may all be texts, or anywhere."""
    return ORIGIN if client is None else _CLIENTS.get(client, ORIGIN)


def origin_of_tool(chat: str | None, call: str | None) -> Origin:
    """Where the call of a model's tool comes from, which a program makes.

    Args:
        chat: The header `X-Jackfield-Chat`: the id of the conversation, percent-encoded.
        call: The header `X-Jackfield-Tool-Call`: the id that the model gave its call, likewise.
    """
    ids = [plain_id(unquote(text)) if text else None for text in (chat, call)]
    return Origin(trigger="agent", chat_id=ids[0], tool_call_id=ids[1])


def read_json(content: bytes) -> Any:
    """The JSON of a body; an empty one is an empty object.

    Raises:
        BodyUnreadable: It is none.
    """
    if not content:
        return {}
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        other = next((what for start, what in _OTHERS.items() if content.startswith(start)), None)
        place = f"it is not JSON (line {error.lineno}, column {error.colno})"
        raise BodyUnreadable(problem=other or place) from None
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH and _is_deeper(document, MAX_DEPTH):
        raise BodyUnreadable(problem=f"it is nested deeper than {MAX_DEPTH} levels")
    return document


def _is_deeper(document: Any, limit: int) -> bool:
    """Whether `document` has more levels. Level by level, as Python would not go down a thousand of them."""
    level = [document]
    for _ in range(limit + 1):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def read_call(
    body: Any,
    *,
    principal: Principal,
    target: str,
    command: str | None = None,
    key: str | None = None,
    origin: Origin = ORIGIN,
) -> Call:
    """The call that a body asks for.

    Three styles: `{command, params, options?, plan?, credentialId?, idempotencyKey?}`, or flat with every key beside
    `command` a param; `{resource, data, options?}`; `{action, parameters, options?}`.

    Args:
        body: JSON.
        principal: Who calls.
        target: From the path.
        command: From the path, where it stands there; the body is then `{params, ...}` or flat.
        key: From the header `Idempotency-Key`.
        origin: Where it comes from.

    Raises:
        BodyUnreadable: It is no object, or a part of it has the wrong type.
        BodyUnclear: It mixes styles.
        InvalidOption: An option is wrong, or given twice.
    """
    if not isinstance(body, dict):
        raise BodyUnreadable(problem=f"it is {_kind(body)}, not an object")
    asked = _asked(body) if command is None else _of_command(command, body)
    options = read_options(_with_key(asked.options, key))
    return Call(
        principal=principal,
        target=target,
        command=asked.command,
        params=asked.params,
        options=options,
        origin=origin,
    )


def _asked(body: dict[str, Any]) -> Asked:
    keys = body.keys()
    if "command" not in keys:
        if "resource" in keys and keys <= _RESOURCE:
            return _styled(body, command="resource", params="data")
        if "action" in keys and keys <= _ACTION:
            return _styled(body, command="action", params="parameters")
        return Asked(command=None, params=body, options={})
    rest = {key: value for key, value in body.items() if key != "command"}
    return _of_command(_text(body, "command"), rest)


def _styled(body: dict[str, Any], *, command: str, params: str) -> Asked:
    return Asked(command=_text(body, command), params=_object(body, params), options=_object(body, "options"))


def _of_command(command: str | None, body: dict[str, Any]) -> Asked:
    """Structured if it has an object `params`, else flat."""
    if "params" not in body:
        return Asked(command=command, params=body, options={})
    stray = [key for key in body if key != "params" and folded(key) not in _BESIDE]
    if stray:
        named = ", ".join(f"`{key[:60]}`" for key in stray[:5])
        raise BodyUnclear(problem=f"beside `params` the body has {named}", keys=stray[:5])
    if not isinstance(body["params"], dict | None):
        raise BodyUnclear(problem=f"`params` is {_kind(body['params'])}, not an object", keys=["params"])
    return Asked(command=command, params=body["params"] or {}, options=_options(body))


def _options(body: dict[str, Any]) -> dict[str, Any]:
    """The options of a structured body, those that stand beside them included.

    Raises:
        InvalidOption: One is there twice.
    """
    beside = [(_BESIDE[folded(key)], value) for key, value in body.items() if key != "params" and value is not None]
    options: dict[str, Any] = {}
    for name, value in beside:
        for option, chosen in (_object({name: value}, name) if name == "options" else {name: value}).items():
            if chosen is None:
                continue
            if (option := _BESIDE.get(folded(option), option)) in options:
                raise InvalidOption(option=option, problem="is given twice", hint="give it once, best inside `options`")
            options[option] = chosen
    return options


def _with_key(options: Mapping[str, Any], key: str | None) -> Mapping[str, Any]:
    """The options with the key of the header, which is quoted in the draft of the header and often not in fact."""
    if key is None:
        return options
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    same = [name for name in options if folded(name) == _KEY]
    if any(options[name] not in (None, key) for name in same):
        problem = "is another one in the header `Idempotency-Key`"
        raise InvalidOption(option="idempotencyKey", problem=problem, hint="give it once")
    return {**{name: value for name, value in options.items() if name not in same}, "idempotencyKey": key}


def _text(body: dict[str, Any], key: str) -> str | None:
    value = body[key]
    if not isinstance(value, str | None):
        raise BodyUnreadable(problem=f"`{key}` is {_kind(value)}, not a text")
    return value or None


def _object(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BodyUnreadable(problem=f"`{key}` is {_kind(value)}, not an object")
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "an object")
