"""Described commands as JSON, with a tag by which whoever has them already learns that nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import orjson

from jackfield.agents.describing import Answered, Described, Lookup, cut
from jackfield.definition.floh import command_json, read_commands
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.errors import JackfieldError, from_json

_TAG = 32


def answered_json(answered: Answered, wanted: Lookup, *, tag: str = "") -> dict[str, Any]:
    """One answer: `{tag, described: [...]}`, `{tag, unchanged: true}` where its tag is `tag`, or `{error}`."""
    if isinstance(answered, JackfieldError):
        return {"error": answered.to_json()}
    described = [_described_json(cut(one, wanted.command)) for one in answered]
    now = hashlib.sha256(orjson.dumps(described)).hexdigest()[:_TAG]
    return {"tag": now, "unchanged": True} if now == tag else {"tag": now, "described": described}


def read_answered(document: Mapping[str, Any]) -> Answered:
    """What `answered_json` has written, unless that is `unchanged`.

    Raises:
        ValueError: It is something else.
        InvalidDefinition: A command of it cannot be read.
    """
    if isinstance(document.get("error"), dict):
        return from_json(document["error"])
    described = document.get("described")
    if not isinstance(described, list):
        raise ValueError("it describes nothing")
    return [_read(one) for one in described]


def _described_json(described: Described) -> dict[str, Any]:
    definition = described.definition
    return {
        "connector": described.connector,
        "type": definition.name,
        "version": definition.version,
        "executionModel": definition.execution_model,
        "commands": {name: command_json(command) for name, command in definition.commands.items()},
    }


def _read(one: Any) -> Described:
    texts: Sequence[str] = ("connector", "type", "version", "executionModel")
    if not isinstance(one, dict) or not all(isinstance(one.get(name), str) for name in texts):
        raise ValueError("it describes no connector")
    if one["executionModel"] not in get_args(ExecutionModelName):
        raise ValueError("it has an unknown execution model")
    return Described(
        connector=one["connector"],
        definition=ConnectorDefinition(
            name=one["type"],
            version=one["version"],
            execution_model=one["executionModel"],
            commands=read_commands(one.get("commands")),
        ),
    )
