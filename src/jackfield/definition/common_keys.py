"""The keys that the documents of all execution models share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from jackfield.definition.auth import auth_faults
from jackfield.definition.model import CommandDefinition, ConnectionField
from jackfield.definition.names import find
from jackfield.definition.operations_command import read_name
from jackfield.definition.operations_reader import Reader, named
from jackfield.definition.places import parts
from jackfield.errors import JackfieldError

T = TypeVar("T")

COMMON_KEYS = (
    *("name", "namespace", "displayName", "description", "version", "category", "tags", "icon", "executionModel"),
    *("auth", "authRequired", "connectionConfig", "commands", "defaultCommand", "testCommand", "rateLimits"),
)
COMMON_ALIASES = {"fields": "connectionConfig", "rateLimit": "rateLimits"}

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


def read_metadata(reader: Reader) -> dict[str, Any]:
    """Version, and what people see of the type."""
    version = reader.text("version", "1.0.0")
    if not _VERSION.fullmatch(version):
        reader.faults.wrong(reader.place("version"), version, "three numbers such as `1.0.0`")
    if reader.value("namespace") is not None:
        read_name(reader, key="namespace", what="namespace")
    return {
        "version": version,
        "display_name": reader.text("displayName"),
        "description": reader.text("description"),
        "category": reader.text("category"),
        "tags": reader.texts("tags"),
        "icon": reader.text("icon"),
    }


def read_command_name(reader: Reader, key: str, commands: Collection[str]) -> str | None:
    """The command that `key` names."""
    wanted = reader.text(key)
    if not wanted:
        return None
    name = find(wanted, dict.fromkeys(commands))
    if name is None:
        reader.faults.wrong(reader.place(key), wanted, f"the name of a command: {named(commands) or 'there are none'}")
    return name


def read_limits(reader: Reader) -> dict[str, int]:
    """How often commands may be called."""
    limits = reader.mapping("rateLimits")
    for name, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            reader.faults.wrong((*reader.place("rateLimits"), name), limit, "a whole number above 0")
    return dict(limits)


def read_auth(reader: Reader, fields: tuple[ConnectionField, ...]) -> dict[str, Any]:
    """`auth` as it was given. Values are not shown: a careless author may have put a secret there."""
    auth, at = reader.mapping("auth"), reader.place("auth")
    named, hidden = [f.name for f in fields], [f.name for f in fields if f.secret]
    for place, what, hint in auth_faults(auth, fields=named, secret_fields=hidden):
        reader.faults.add((*at, *place), what, hint=hint)
    return dict(auth)


def read_fields(reader: Reader) -> tuple[ConnectionField, ...]:
    """The declared connection. Everybody sees a definition, so it is no place for a secret, not even as a default."""
    from jackfield.definition.floh import read_connection

    fields = _read_floh(reader, "connectionConfig", read_connection) or ()
    for f in fields:
        if f.secret and f.default not in (..., None, ""):
            at = (*reader.place("connectionConfig"), f.name, "default")
            hint = "leave it out, and fill it in at the connector (`config`)"
            reader.faults.add(at, "a definition is no place for a secret", hint=hint)
    return fields


def read_floh_commands(reader: Reader) -> Mapping[str, CommandDefinition]:
    """The commands of Floh's map."""
    from jackfield.definition.floh import read_commands

    return _read_floh(reader, "commands", read_commands) or {}


def _read_floh(reader: Reader, key: str, read: Callable[..., T]) -> T | None:
    raw, at = reader.mapping(key), reader.place(key)
    if not raw:
        return None
    try:
        return read(raw, path=at)
    except JackfieldError as error:
        told = error.details.get("errors") or [{"pointer": ""}]
        reader.faults.note(parts(told[0]["pointer"]) or at, error.message, hint=error.hint)
        return None
