"""The secret fields of a row, apart from the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.secret import MASK, Secret
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.sealed import SealContext
from jackfield.vault.watch import SecretWatch

UNCHANGED = MASK
"""Sent for a secret field, it keeps the value: what a form was shown comes back as it was."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row's fields, as they are stored.

    Attributes:
        shown: Every field, a mask in place of each secret. What is stored in the clear, and what is shown.
        sealed: The secrets; `None` when there are none.
    """

    shown: Mapping[str, Any]
    sealed: bytes | None


class Records:
    """Seals the secret fields of rows, all of one row in one envelope."""

    def __init__(self, envelope: Envelope, watch: SecretWatch) -> None:
        self._envelope = envelope
        self._watch = watch

    def seal(self, values: Mapping[str, Any], *, secret: Collection[str], context: SealContext) -> Record:
        """A new row.

        Args:
            values: Its fields.
            secret: The names of those that are never shown, each a text or a `Secret`. `None` is none.
            context: Of the row.

        Raises:
            InvalidParams: A secret is no text, is empty, or is the mask, which can only stand for a stored one.
        """
        return self._seal(values, stored={}, secret=secret, context=context)

    def update(
        self,
        record: Record,
        values: Mapping[str, Any],
        *,
        secret: Collection[str],
        before: SealContext,
        context: SealContext,
    ) -> Record:
        """The row after an update.

        A secret that is left out, or sent as the mask, stays; `None` clears it; anything else replaces it. A field
        once secret stays so while it has its value, and one that has become secret is sealed.

        Args:
            record: The row as it is.
            values: All of its fields: others than the secret ones are gone if they are left out.
            secret: The names of the secret fields.
            before: The context of the row as it is.
            context: Of the row as it will be, with its next version.

        Raises:
            InvalidParams: As `seal`.
            Undecryptable: The row as it is cannot be read.
        """
        stored = self._secrets(record, before)
        in_the_clear = {name: value for name in secret if name not in stored and (value := record.shown.get(name))}
        stored |= {name: value for name, value in in_the_clear.items() if isinstance(value, str)}
        return self._seal(values, stored=stored, secret={*secret, *stored}, context=context)

    def open(self, record: Record, context: SealContext) -> dict[str, Any]:
        """All fields, secrets as `Secret`. Logs are watched for them from now on.

        Raises:
            Undecryptable: The secrets cannot be read, or are not those of `shown`.
        """
        secrets = {name: Secret(value) for name, value in self._secrets(record, context).items()}
        self._watch.add(*secrets.values(), owner=owner(context))
        return {**record.shown, **secrets}

    def _secrets(self, record: Record, context: SealContext) -> dict[str, str]:
        opened: dict[str, str] = {}
        if record.sealed is not None:
            opened = orjson.loads(self._envelope.open(record.sealed, context))
        masked = {name for name, value in record.shown.items() if value == MASK}
        if lost := sorted(masked ^ opened.keys()):
            # A mask must never be taken for a value and sent as one.
            reason = f"its masks and its secrets do not fit each other at {', '.join(f'`{name}`' for name in lost)}"
            raise Undecryptable(what=str(context), reason=reason, hint="restore it from a backup, or enter it again")
        return opened

    def _seal(
        self, values: Mapping[str, Any], *, stored: Mapping[str, str], secret: Collection[str], context: SealContext
    ) -> Record:
        kept: dict[str, str] = {}
        faults: list[Fault] = []
        for name in secret:
            value = values.get(name, UNCHANGED if name in stored else None)
            if isinstance(value, Secret):
                value = value.reveal()
            if value == UNCHANGED and name in stored:
                kept[name] = stored[name]
            elif problem := _problem(value):
                faults.append(Fault(pointer=pointer([name]), message=problem))
            elif value is not None:
                kept[name] = value
        plain = {name: value for name, value in values.items() if name not in secret}
        masked = [name for name, value in plain.items() if value == MASK]
        faults += [Fault(pointer=pointer([name]), message="is the mask, and no secret field") for name in masked]
        if faults:
            hint = f"leave a secret out or send `{MASK}` to keep it, and send null to clear it"
            raise InvalidParams(faults=faults, where=str(context), hint=hint)
        shown = plain | {name: MASK if name in kept else None for name in secret if name in kept or name in values}
        self._watch.add(*map(Secret, kept.values()), owner=owner(context))
        return Record(shown=shown, sealed=self._envelope.seal(orjson.dumps(kept), context) if kept else None)


def owner(context: SealContext) -> str:
    """By what the watch knows whose values they are, to forget them: the row, whatever its version."""
    return f"{context.tenant}\0{context.kind}\0{context.id}"


def _problem(value: Any) -> str:
    """What keeps `value` from being a new secret. Never shows it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return "must be a text"
    if value == UNCHANGED:
        return "was sent as the mask, and there is no value to keep"
    if not value:
        return "is empty"
    return "" if value.isascii() or value.encode("utf-8", "ignore").decode() == value else "has broken characters"
