"""A whole definition, as the body of a declarative connector."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.errors import InvalidDefinition, InvalidName, InvalidSchema
from jackfield.definition.floh import read_connection
from jackfield.definition.fluxturn.actions import Action, Around, LeftOut, places_of, read_action, read_actions
from jackfield.definition.fluxturn.addresses import BASE_KEYS, address_fault, base_of, with_fields
from jackfield.definition.fluxturn.fields import read_fields
from jackfield.definition.fluxturn.holes import names_in
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import Notes, without_secrets
from jackfield.definition.fluxturn.sign_in import CONFIG, kept_of
from jackfield.definition.fluxturn.signing import KINDS, Fields, Signing, read_signing
from jackfield.definition.model import ConnectionField
from jackfield.definition.model_said import SOURCES
from jackfield.definition.names import check_name, find, folded
from jackfield.definition.operations_command import open_operation, read_operation
from jackfield.definition.operations_reader import Faults
from jackfield.definition.validation import check_schema

ACTIONS = "supported_actions"

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_PASSED = (
    *("namespace", "type", "config", "enabled", "egress", "timeout", "mocks", "tags", "public", "autoBump", "id"),
    *("logLevel", "environments", "environment"),
    *("revision", "testCommand", "defaultCommand", "authRequired"),
)
"""Jackfield's own keys beside FluxTurn's: they say what they always say."""
_READ = (
    *("name", "display_name", "category", "description", "icon", "version", "auth", "auth_type", "auth_fields"),
    *("endpoints", "rate_limits", CONFIG, ACTIONS),
)
_INSTEAD = frozenset(folded(key) for key in (*SOURCES, "configSchema", "connectionConfig", "commands", "source"))
"""What describes a type in another form: of the two, one would be lost."""
_PROMISES: Mapping[str, str] = {
    "supported_triggers": "triggers are kept, and not carried out yet",
    "webhook_support": "webhooks are not carried out yet",
}
_TEXTS = {"display_name": "displayName", "category": "category", "description": "description", "icon": "icon"}


def is_fluxturn(document: Mapping[str, Any]) -> bool:
    """Whether `document` is a definition of FluxTurn's: it has `supported_actions`."""
    return find(ACTIONS, {str(key): None for key in document}) is not None


def converted(document: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a declarative connector that does what a definition says.

    What is not carried out is in its `imported`: `{format, warnings: [{pointer, message}], kept}`.

    Args:
        document: Plain JSON. Keys of Jackfield's own, such as `config`, stay as they are; `auth` decides how requests
            are signed.

    Raises:
        InvalidDefinition: Something at its top is wrong, or none of its actions can be carried out. All faults are in
            `details.errors`, with their places.
    """
    try:
        return _converted(document)
    except RecursionError:
        raise InvalidDefinition("a schema is nested too deeply", hint="make it flatter") from None


def _converted(document: Mapping[str, Any]) -> dict[str, Any]:
    faults, notes = Faults(), Notes()
    said, passed, rest = _sorted(document)
    for key in rest:
        if folded(key) in _INSTEAD:
            hint = f"leave `{key}` out, or `{ACTIONS}`"
            faults.add((key,), f"it says what `{ACTIONS}` says, in another form", hint=hint)
    body: dict[str, Any] = {**passed, **_about(said, faults, notes)}
    endpoints = _object(said, "endpoints", faults)
    kind = _kind(said, faults, notes)
    fields = read_fields(said.get("auth_fields"), ("auth_fields",), faults, notes)
    actions = read_actions(said[ACTIONS] or [], (ACTIONS,), faults, notes)
    headers = [action.headers for action in actions]
    own, config = _object(said, "auth", faults), _object(said, CONFIG, faults)
    signing = read_signing(kind, fields, headers, own=own, at=("auth_type",), notes=notes, config=config)
    base = _base(base_of(endpoints, [action.api for action in actions]), fields, faults, notes)
    around = Around(base=base, fields=Known(fields), signed=signing.signed)
    operations, left = _operations(actions, around, signing, faults, notes)
    limits = _limits(said, faults, notes)
    faults.raise_any(what=f"definition `{body.get('name', '')}`")
    body |= {
        "connectionConfig": fields,
        "auth": signing.auth,
        "baseUrl": base or None,
        "headers": {},
        "rateLimits": limits,
        "operations": operations,
    }
    signs_in = signing.auth.get("type") == "oauth2" and not own
    config = kept_of(config) if signs_in else config
    kept = {**rest, **({CONFIG: config} if config else {}), **_kept(endpoints, actions, left)}
    _promise(kept, notes)
    kept = without_secrets(kept, (), notes)
    return {**body, "imported": {"format": "fluxturn", "warnings": notes.to_json(), "kept": kept}}


def _sorted(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What is read, what says the same here, and the rest, which is kept."""
    read, own = {folded(key): key for key in _READ}, {folded(key): key for key in _PASSED}
    said: dict[str, Any] = {}
    passed: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in document.items():
        fold = folded(str(key))
        if fold in read:
            said[read[fold]] = value
        elif fold in own:
            passed[own[fold]] = value
        elif value is not None:
            rest[str(key)] = value
    return said, passed, rest


def _about(said: Mapping[str, Any], faults: Faults, notes: Notes) -> dict[str, Any]:
    name = said.get("name")
    if not isinstance(name, str) or not name:
        faults.missing(("name",), "a name, for example `acme`")
        name = ""
    else:
        try:
            check_name(name, what="connector type")
        except InvalidName as error:
            faults.add(("name",), error.message, hint=error.hint)
    about: dict[str, Any] = {"name": name}
    for key, ours in _TEXTS.items():
        if isinstance(said.get(key), str):
            about[ours] = said[key]
        elif said.get(key) is not None:
            faults.wrong((key,), said[key], "a text; quote it")
    if (version := said.get("version")) is not None:
        if _VERSION.fullmatch(str(version)):
            about["version"] = str(version)
        else:
            notes.add(("version",), f"`{str(version)[:40]}` is not of the form 1.2.3, and does not count")
    return about


def _object(said: Mapping[str, Any], key: str, faults: Faults) -> Mapping[str, Any]:
    value = said.get(key)
    if value is not None and not isinstance(value, Mapping):
        faults.wrong((key,), value, "an object")
    return value if isinstance(value, Mapping) else {}


def _kind(said: Mapping[str, Any], faults: Faults, notes: Notes) -> str:
    given = said.get("auth_type")
    if given is None:
        return "custom" if said.get("auth_fields") else "none"
    if not isinstance(given, str):
        faults.wrong(("auth_type",), given, "a text, such as `api_key`, `bearer_token`, `basic`, `oauth2` or `none`")
        return "none"
    kind = KINDS.get(folded(given).replace(".", ""))
    if kind is None:
        notes.add(("auth_type",), f"`{given[:80]}` is no way to sign requests that is known")
    return kind or "custom"


def _base(base: str, fields: Fields, faults: Faults, notes: Notes) -> str:
    at = ("endpoints", "base_url")
    if not base:
        notes.add(at, "there is none: the connection says where requests go")
    elif reason := address_fault(base):
        faults.add(at, f"it is no address: {reason}", hint="use one such as `https://api.example.com/v1`")
    url = with_fields(base, Known(fields))
    for name in names_in(url):
        if name not in fields:
            fields[name] = {"type": "string", "required": True}
            notes.add(at, f"it needs `{name}`, which is no field: the connection gets one")
    return url


def _operations(
    actions: list[Action], around: Around, signing: Signing, faults: Faults, notes: Notes
) -> tuple[dict[str, Any], list[Action]]:
    """The operations by name, and the actions that cannot be carried out."""
    operations: dict[str, Any] = {}
    reasons: list[LeftOut] = []
    left: list[Action] = []
    connection = _connection(signing.fields)
    silent = [action for action in actions if not action.api]
    for action in actions:
        if not action.api:
            left.append(action)
            continue
        try:
            operations[action.name] = _operation(action, around, connection, notes)
        except LeftOut as error:
            left.append(action)
            reasons.append(error)
            notes.add(error.at, f"{error.why}; the action is left out")
    if silent:
        named = ", ".join(f"`{action.name}`" for action in silent[:20]) + (" and more" if len(silent) > 20 else "")
        notes.add((ACTIONS,), f"nothing says what to send for {named}, without an `api`: left out")
    if not operations:
        for reason in reasons:
            faults.add(reason.at, reason.why, hint="correct it: no action can be carried out")
        if not reasons:
            faults.add((ACTIONS,), "no action has an `api`", hint="say what is sent: `api: {endpoint, method}`")
    return operations, left


def _operation(action: Action, around: Around, connection: tuple[ConnectionField, ...], notes: Notes) -> dict[str, Any]:
    """One operation, that the http model can carry out.

    Raises:
        LeftOut: It cannot.
    """
    operation = read_action(action, around, notes)
    if base := operation.get("baseUrl"):
        operation["baseUrl"] = with_fields(base, around.fields)
    faults = Faults()
    reader = open_operation(operation, at=action.at, faults=faults, places=places_of(action))
    read = read_operation(reader, action.name, connection)
    if faults.found or read is None:
        at, what, hint = (faults.found or [(action.at, "it cannot be read", "")])[0]
        raise LeftOut(at, f"{what.partition(': ')[2] or what} ({hint})")
    try:
        # Without the rules of params that are shown at times: they ask for what is given later.
        check_schema({key: part for key, part in read.command.params.items() if key != "allOf"}, where="it")
    except InvalidSchema as error:
        raise LeftOut((*action.at, "inputSchema"), error.message) from None
    return operation


def _connection(fields: Fields) -> tuple[ConnectionField, ...]:
    return tuple(replace(f, shown_when={}) for f in read_connection(fields))


def _limits(said: Mapping[str, Any], faults: Faults, notes: Notes) -> dict[str, int]:
    limits = {}
    for name, limit in _object(said, "rate_limits", faults).items():
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            limits[str(name)] = limit
        elif limit is not None:
            notes.add(("rate_limits", str(name)), "it is no whole number above 0, and does not count")
    return limits


def _kept(endpoints: Mapping[str, Any], actions: list[Action], left: list[Action]) -> dict[str, Any]:
    """What the definition says and nothing here stands for, so that it can be carried out one day."""
    gone = {action.name for action in left}
    rest = {action.name: action.rest for action in actions if action.rest and action.name not in gone}
    paths = {key: value for key, value in endpoints.items() if key not in BASE_KEYS}
    kept = {"endpoints": paths, "actions": rest, "leftOut": [dict(action.said) for action in left]}
    return {key: value for key, value in kept.items() if value}


def _promise(kept: Mapping[str, Any], notes: Notes) -> None:
    """What users of the definition would miss."""
    for key, what in _PROMISES.items():
        spelled = find(key, kept)
        if spelled is not None and kept[spelled]:
            notes.add((spelled,), what)
