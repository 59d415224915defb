"""The secrets of a connector's connection, sealed apart from its other fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import Schema
from jackfield.definition.places import Place, leaves, look, put
from jackfield.definition.references import is_reference
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import secret_places
from jackfield.vault.records import Record, Records
from jackfield.vault.sealed import SealContext

KIND = "connector"


def context_of(*, tenant: str, id: str, revision: int, name: str = "") -> SealContext:
    """Where the secrets of a connector belong.

    Args:
        name: For people; it may change.
    """
    return SealContext(tenant=tenant, kind=KIND, id=id, version=revision, name=name)


class ConnectionSealer:
    """Takes the secrets out of connections, wherever they are in them, and puts them back."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def seal(self, config: Mapping[str, Any], schema: Schema, context: SealContext) -> Record:
        """A connection as it is stored.

        Args:
            config: Secrets as plain text. References to named secrets stay as they are.
            schema: Of the connection; says what is secret.
            context: Of the row.

        Raises:
            InvalidParams: A secret is no text, is empty, or is the mask.
        """
        return self._seal(config, schema, context, kept={})

    def open(self, record: Record, context: SealContext) -> dict[str, Any]:
        """The connection with its secrets as plain text. Logs are watched for them from now on.

        What is secret is told by the masks, not by the type: that may have changed since.

        Raises:
            Undecryptable: The secrets cannot be read, or do not fit the masks.
        """
        opened = self._opened(record, context)
        return dict(put(record.shown, {at: secret.reveal() for at, secret in opened.items()}))

    def update(
        self,
        record: Record,
        given: Mapping[str, Any],
        schema: Schema,
        *,
        before: SealContext,
        context: SealContext,
    ) -> Record:
        """The connection after an update: what is left out or sent as the mask stays, `None` clears, others replace.

        That goes for every field; one whose value is an object or a list is replaced whole, but for the secrets inside.
        A secret that is left out of an object stays. In a list, a mask stands for the secret of the item whose other
        values are the same, wherever it was: a secret never goes to an item that was not its own.

        The secrets are not opened when none of them stays, so a connection that can no longer be read can be
        filled in again.

        Args:
            record: As it is.
            given: The fields to change, by their names in the type.
            schema: Of the connection.
            before: The context of the row as it is.
            context: Of the row with its next revision.

        Raises:
            InvalidParams: As `seal`; or a mask stands where there is no secret to keep.
            Undecryptable: The secrets that stay cannot be read.
        """
        changed = laid_over(record.shown, given, schema)
        return self.replace(record, changed, schema, before=before, context=context)

    def replace(
        self,
        record: Record,
        changed: Mapping[str, Any],
        schema: Schema,
        *,
        before: SealContext,
        context: SealContext,
        shown: Mapping[str, Any] | None = None,
        came_from: Callable[[Place], Place] = lambda place: place,
    ) -> Record:
        """As `update`, with all that there is from now on: a mask keeps the secret that is there.

        Args:
            record: As it is.
            changed: As it is to be.
            shown: Of `record`, with what moves where it is from now on.
            came_from: From such a place to the one before.
        """
        shown = record.shown if shown is None else shown
        stored = [place for place, value in leaves(shown) if value == MASK]
        origins = _origins(changed, shown, stored, str(context))
        if not origins:
            return self._seal(changed, schema, context, kept={})
        opened = self._opened(record, before)
        kept = {at: opened[pointer(came_from(origin))].reveal() for at, origin in origins.items()}
        return self._seal(dict(put(changed, kept)), schema, context, kept=kept)

    def _opened(self, record: Record, context: SealContext) -> dict[str, Secret]:
        masked = {pointer(place): MASK for place, value in leaves(record.shown) if value == MASK}
        if not masked and record.sealed is None:
            return {}
        return self._records.open(Record(shown=masked, sealed=record.sealed), context)

    def _seal(
        self, config: Mapping[str, Any], schema: Schema, context: SealContext, *, kept: Mapping[str, str]
    ) -> Record:
        secrets = checked_secrets(config, schema, what=str(context), kept=kept)
        if not secrets:
            return Record(shown=dict(config), sealed=None)
        sealed = self._records.seal(secrets, secret=secrets.keys(), context=context).sealed
        return Record(shown=dict(put(config, dict.fromkeys(secrets, MASK))), sealed=sealed)


def laid_over(shown: Mapping[str, Any], given: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """A connection with changes over it, masks in the places of secrets that stay; see `ConnectionSealer.update`."""
    stored = [place for place, value in leaves(shown) if value == MASK]
    merged = {name: value for name, value in {**shown, **given}.items() if value is not None}
    return dict(put(merged, _left_out(shown, given, stored, schema)))


def checked_secrets(
    config: Mapping[str, Any], schema: Schema, *, what: str, kept: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The secrets of a connection by the JSON Pointers of where they are; references to named ones are none.

    Args:
        config: Secrets as plain text.
        schema: Of the connection; says what is secret.
        what: For errors.
        kept: What was secret when it was filled in stays so, whatever its type says by now.

    Raises:
        InvalidParams: A secret is no text, is empty, or is the mask.
    """
    secrets = {pointer(place): value for place, value in _secrets(config, schema)}
    secrets |= {at: value for at, value in (kept or {}).items() if at not in secrets}
    masked = {pointer(place) for place, value in leaves(config) if value == MASK}
    faults = [Fault(pointer=at, message=said) for at, value in secrets.items() if (said := _problem(value))]
    faults += [Fault(pointer=at, message="is the mask, and no secret field") for at in sorted(masked - {*secrets})]
    if faults:
        raise _refused(faults, what)
    return secrets


def _secrets(config: Mapping[str, Any], schema: Schema) -> Iterator[tuple[Place, Any]]:
    return ((at, value) for at, value in secret_places(config, schema).items() if not is_reference(value))


def _left_out(
    shown: Mapping[str, Any], given: Mapping[str, Any], stored: Sequence[Place], schema: Schema
) -> dict[str, Any]:
    """The secrets, and references to some, that the objects in `given` do not speak of."""
    named = [place for place, value in secret_places(shown, schema).items() if is_reference(value)]
    inside = [place for place in [*stored, *named] if len(place) > 1 and place[0] in given and not _in_list(place)]
    return {pointer(place): look(shown, place) for place in inside if look(given, place) is ...}


def _origins(
    merged: Mapping[str, Any], shown: Mapping[str, Any], stored: Sequence[Place], what: str
) -> dict[str, Place]:
    """From where each mask in `merged` gets its secret.

    Raises:
        InvalidParams: There is none for one of them.
    """
    origins: dict[str, Place] = {}
    faults: list[Fault] = []
    for place in [place for place, value in leaves(merged) if value == MASK]:
        origin = _origin(place, merged, shown, stored)
        if origin is None:
            faults.append(Fault(pointer=pointer(place), message="was sent as the mask, and there is no value to keep"))
        else:
            origins[pointer(place)] = origin
    if faults:
        raise _refused(faults, what)
    return origins


def _origin(place: Place, merged: Mapping[str, Any], shown: Mapping[str, Any], stored: Sequence[Place]) -> Place | None:
    if not _in_list(place):
        return place if place in stored else None
    at = next(index for index, part in enumerate(place) if isinstance(part, int))
    items, item, inside = look(shown, place[:at]), look(merged, place[: at + 1]), place[at + 1 :]
    if not isinstance(items, list | tuple):
        return None
    alike = [index for index, present in enumerate(items) if present == item]
    # Two items that are alike but for their secrets can only be told apart by where they are.
    index = place[at] if place[at] in alike else alike[0] if len(alike) == 1 else None
    origin = None if index is None else (*place[:at], index, *inside)
    return origin if origin in stored else None


def _in_list(place: Place) -> bool:
    return any(isinstance(part, int) for part in place)


def _problem(value: Any) -> str:
    """What keeps `value` from being a secret. Never shows it."""
    if not isinstance(value, str):
        return 'must be a text, or `{"secret": NAME}` with the name of a stored secret'
    if value == MASK:
        return "is the mask, and there is no value to keep"
    if not value:
        return "is empty"
    return "" if value.encode("utf-8", "ignore").decode() == value else "has broken characters"


def _refused(faults: Sequence[Fault], what: str) -> InvalidParams:
    hint = f"leave a secret out or send `{MASK}` to keep it, and send null to clear it"
    return InvalidParams(faults=list(faults), where=what, hint=hint)
