"""What a language model wrote, as the body of a connector. It is nobody's word: only what is looked for is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import find, folded
from jackfield.definition.openapi.reader import type_name
from jackfield.manage.authoring.model import LONGEST_ANSWER
from jackfield.manage.authoring.scaffold import Described
from jackfield.manage.errors import ModelAnswerUnusable

TAKEN = ("description", "defaultCommand", "configSchema", "scriptSource", "category", "tags")
"""Keys that are taken. Connection values, network rules, mocks and all else are a person's to give."""

_BLOCK = re.compile(r"```(?P<kind>[\w+-]*)[^\n]*\n(?P<text>.*?)```", re.DOTALL)
_URL = re.compile(r"https?://[A-Za-z0-9][^\s'\"`)<>{}]*")
_MOST_HOSTS = 10


def read_written(answer: str, described: Described) -> tuple[dict[str, Any], list[str]]:
    """A body for `POST /api/connectors`, and notes for whoever reviews it.

    Args:
        answer: Of the model: JSON, perhaps in a fence, or a fence with the script and one with what is said of it.
        described: What it was asked for.

    Raises:
        ModelAnswerUnusable: There is no script in it.
    """
    if len(answer) > LONGEST_ANSWER:
        raise ModelAnswerUnusable(reason=f"it has more than {LONGEST_ANSWER} characters")
    said = _document(answer)
    taken = {key: said[found] for key in TAKEN if (found := find(key, said)) and said[found] is not None}
    if not isinstance(taken.get("scriptSource"), str) or not taken["scriptSource"].strip():
        raise ModelAnswerUnusable(reason="it has no script")
    known = {folded(key) for key in (*TAKEN, "name", "displayName", "version", "executionModel")}
    left = sorted(str(key)[:40] for key in said if folded(str(key)) not in known)
    notes = [f"left out of the model's answer: {', '.join(f'`{key}`' for key in left[:10])}"] if left else []
    notes += _without_secrets(taken)
    body = {
        "name": described.name or type_name(described.title or "my service"),
        **({"displayName": described.title} if described.title else {}),
        "version": "1.0.0",
        "executionModel": "script",
        **taken,
    }
    return body, notes


def hosts_in(body: Mapping[str, Any]) -> list[str]:
    """The hosts that a script names itself, beside that of the connection's default address."""
    config = body.get("configSchema")
    usual = {urlsplit(url).netloc for url in _URL.findall(json.dumps(config))} if isinstance(config, Mapping) else set()
    found = dict.fromkeys(urlsplit(url).netloc for url in _URL.findall(str(body.get("scriptSource", ""))))
    return [host[:100] for host in found if host and host not in usual][:_MOST_HOSTS]


def _document(answer: str) -> Mapping[str, Any]:
    """The object in the answer, wherever it stands."""
    blocks = [(match["kind"].lower(), match["text"]) for match in _BLOCK.finditer(answer)]
    for text in (answer, *(text for _, text in blocks), answer[answer.find("{") : answer.rfind("}") + 1]):
        found = _object(text)
        if found is not None and find("scriptSource", found):
            return found
    scripts = [text for kind, text in blocks if kind in {"js", "javascript", "ts", ""} and _object(text) is None]
    if not scripts:
        raise ModelAnswerUnusable(reason="it is neither JSON nor a script")
    beside = next((found for _, text in blocks if (found := _object(text)) is not None), {})
    wrapped = beside if find("configSchema", beside) or not find("commands", beside) else {"configSchema": beside}
    return {**wrapped, "scriptSource": scripts[0]}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _without_secrets(taken: dict[str, Any]) -> list[str]:
    """Take values out of fields that are secret: what a model knows there, it has made up or should not know.

    Raises:
        InvalidDefinition: What is said of the connection is no object.
    """
    schema = taken.get("configSchema")
    if schema is None:
        return []
    fields = schema.get("connectionConfig") if isinstance(schema, Mapping) else ...
    if fields is not None and not isinstance(fields, Mapping):
        fault = {"pointer": "/configSchema/connectionConfig", "message": "must be an object"}
        raise InvalidDefinition("`configSchema` cannot be read", hint="it must be an object", errors=[fault])
    cleared = {name: _cleared(field) for name, field in (fields or {}).items()}
    taken["configSchema"] = {**schema, **({"connectionConfig": cleared} if fields is not None else {})}
    names = [str(name)[:80] for name, field in (fields or {}).items() if field != cleared[name]]
    return [f"a value for the secret field `{name}` was taken out: give it as a named secret" for name in names]


_VALUES = frozenset({"default", "example", "examples", "placeholder", "const", "enum", "options", "value"})


def _cleared(field: Any) -> Any:
    if not isinstance(field, Mapping):
        return field
    secret = field.get("secret") is True or field.get("type") in {"secret", "password"}
    return {key: value for key, value in field.items() if key not in _VALUES} if secret else field
