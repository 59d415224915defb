"""The values that a credential may have: of its connector's connection fields, and of what its type signs with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.auth import Part, canonical, open_parts
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import ConnectionField, ConnectorDefinition
from jackfield.definition.names import closest, find
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import has_secrets
from jackfield.registry.connection import read_connection
from jackfield.vault.records import Record, Records
from jackfield.vault.sealed import SealContext

MAX_BYTES = 64 * 1024
MAX_LIFE_S = 10 * 365 * 86_400

TOKENS = ("accessToken", "refreshToken", "expiresIn")
"""Of a token that is pasted."""

_HINT = "give the values that the connector's type asks for: `jackfield types show` names its fields"


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A token that somebody has got elsewhere.

    Attributes:
        lives_s: How long it lives, in seconds; `None` where nobody knows.
    """

    access: Secret
    refresh: Secret | None = None
    lives_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Values:
    """What is given for a credential, by the names that its type has. `None` clears, the mask keeps.

    Attributes:
        secret: Names of those that are never shown.
        pasted: A token, where one is given.
    """

    given: Mapping[str, Any] = field(repr=False)
    secret: frozenset[str]
    pasted: Pasted | None = None


def read_values(
    definition: ConnectorDefinition, given: Mapping[str, Any], *, mode: str, before: Mapping[str, Any] | None = None
) -> Values:
    """What `given` says, if a credential of that type may have it.

    Args:
        definition: Of the connector's type.
        given: As somebody wrote it, in any case style.
        mode: Of the credential: `token` may have `accessToken`, `refreshToken` and `expiresIn`.
        before: What a credential that is changed has, as it is shown. What its type no longer knows may be cleared.

    Raises:
        InvalidParams: Something in it is wrong. All faults at once; none shows a value.
    """
    auth = canonical(definition.auth)
    fields = {f.name: f for f in definition.fields}
    pastes = auth.get("type") == "oauth2" and mode == "token"
    parts = {name: part for name, part in open_parts(auth).items() if name != "accessToken" or auth["type"] != "oauth2"}
    known = (*fields, *(name for name in parts if name not in fields), *(TOKENS if pastes else ()))
    faults: list[Fault] = []
    named = _named(given, known, dict(before or {}), faults)
    values = {name: value for name, value in named.items() if name not in TOKENS or not pastes}
    said = {name: value for name, value in values.items() if value is not None and value != MASK}
    for name, value in said.items():
        if message := _problem(name, value, fields.get(name), parts.get(name)):
            faults.append(Fault(pointer=pointer(["values", name]), message=message))
    pasted = _pasted({name: named[name] for name in TOKENS if name in named}, faults) if pastes else None
    if faults:
        raise InvalidParams(faults=faults, where="the credential", hint=_HINT)
    read_connection(definition, {name: value for name, value in said.items() if name in fields}, place="/values")
    secret = {name for name, f in fields.items() if f.secret} | {
        name for name, part in parts.items() if part.secret and name not in fields
    }
    return Values(given=values, secret=frozenset(secret), pasted=pasted)


def sealed_new(values: Values, records: Records, context: SealContext) -> Record:
    """The values of a new credential, as they are stored.

    Raises:
        InvalidParams: A secret is the mask, and there is none to keep.
    """
    given = {name: value for name, value in values.given.items() if value is not None}
    return _placed(lambda: records.seal(given, secret=values.secret & given.keys(), context=context))


def sealed_again(record: Record, values: Values, records: Records, before: SealContext, after: SealContext) -> Record:
    """The values of a credential after a change: what is left out or sent as the mask stays, `None` clears.

    Secrets are not opened where none of them stays, so that what cannot be read any more can be entered again.

    Raises:
        InvalidParams: A secret is the mask, and there is none to keep.
        Undecryptable: One that stays cannot be read.
    """
    given = {name: value for name, value in values.given.items() if value != MASK or name in values.secret}
    merged = {**record.shown, **given}
    stays = [name for name, value in record.shown.items() if value == MASK and given.get(name, MASK) == MASK]
    if stays:
        present = {name: value for name, value in merged.items() if value is not None or name in record.shown}
        secret = values.secret & present.keys()
        made = _placed(lambda: records.update(record, present, secret=secret, before=before, context=after))
    else:
        present = {name: value for name, value in merged.items() if value is not None}
        made = _placed(lambda: records.seal(present, secret=values.secret & present.keys(), context=after))
    return Record(shown={name: value for name, value in made.shown.items() if value is not None}, sealed=made.sealed)


def _placed(work: Any) -> Record:
    """What `work` gives; its faults are told from the body that they were sent in."""
    try:
        made: Record = work()
    except InvalidParams as error:
        faults = [
            Fault(pointer=f"/values{fault['pointer']}", message=fault["message"]) for fault in error.details["errors"]
        ]
        raise InvalidParams(faults=faults, where="the credential", hint=error.hint) from None
    return Record(shown={name: value for name, value in made.shown.items() if value is not None}, sealed=made.sealed)


def _named(
    given: Mapping[str, Any], known: Iterable[str], before: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Any]:
    """`given` by the names of the type."""
    names, named = dict.fromkeys(known), dict[str, Any]()
    for key, value in given.items():
        name = find(str(key), names)
        if name is None and key in before and value in (None, before[key]):
            name = key
        if name is None:
            faults.append(Fault(pointer=pointer(["values", str(key)[:100]]), message=_unknown(str(key), list(names))))
        elif name in named:
            faults.append(Fault(pointer=pointer(["values", str(key)[:100]]), message="is there twice"))
        else:
            named[name] = value.reveal() if isinstance(value, Secret) else value
    return named


def _unknown(name: str, known: list[str]) -> str:
    if close := closest(name, known):
        return f"is not known; did you mean `{close}`?"
    return f"is not known; there are {', '.join(f'`{one}`' for one in known)}" if known else "is not known"


def _problem(name: str, value: Any, field: ConnectionField | None, part: Part | None) -> str:
    """What keeps `value` from being one. Never shows it."""
    if isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return f"has more than {MAX_BYTES} bytes"
    if field is None:
        return "" if part is None or (isinstance(value, str) and value) else "must be a text that is not empty"
    if field.secret:
        return "" if isinstance(value, str) else "must be a text; a credential names no stored secrets"
    return "has secrets inside, and is set at the connector only" if has_secrets(field.schema) else ""


def _pasted(given: Mapping[str, Any], faults: list[Fault]) -> Pasted | None:
    """The token that is given, if one is; the mask is none."""
    tokens = {name: given[name] for name in TOKENS[:2] if given.get(name) not in (None, MASK)}
    for name, value in tokens.items():
        if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
            faults.append(Fault(pointer=f"/values/{name}", message="must be a token, without line breaks"))
    life = given.get("expiresIn")
    if life is not None and (isinstance(life, bool) or not isinstance(life, int | float) or not 0 < life <= MAX_LIFE_S):
        faults.append(Fault(pointer="/values/expiresIn", message=f"must be seconds, at most {MAX_LIFE_S}"))
    if "accessToken" not in tokens:
        if "refreshToken" in tokens or life is not None:
            faults.append(Fault(pointer="/values/accessToken", message="is required", missing="accessToken"))
        return None
    if faults:
        return None
    refresh = tokens.get("refreshToken")
    return Pasted(
        access=Secret(tokens["accessToken"]),
        refresh=Secret(refresh) if refresh else None,
        lives_s=None if life is None else float(life),
    )
