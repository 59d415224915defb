"""A connection and those of its environments, sealed as one: none of them can be put back without the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jackfield.definition.model import Schema
from jackfield.definition.places import Place
from jackfield.registry.environments import Environment, Laid
from jackfield.registry.sealing import ConnectionSealer, laid_over
from jackfield.vault.records import Record
from jackfield.vault.sealed import SealContext

CONFIG, ENVIRONMENTS = "config", "environments"


@dataclass(frozen=True, kw_only=True)
class SealedConnection:
    """As it is stored.

    Attributes:
        config: A mask in place of each secret.
        environments: Likewise.
        sealed: The secrets of all of them; `None` where there are none.
    """

    config: Mapping[str, Any]
    environments: Mapping[str, Environment] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)

    def opened(
        self, sealer: ConnectionSealer, context: SealContext
    ) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
        """The connection, and that of each environment, with secrets as plain text.

        Raises:
            Undecryptable: The secrets cannot be read, or do not fit the masks.
        """
        document = sealer.open(self._record(), context)
        return document[CONFIG], {name: each[CONFIG] for name, each in document[ENVIRONMENTS].items()}

    def changed(
        self,
        sealer: ConnectionSealer,
        given: Mapping[str, Any],
        laid: Laid,
        schema: Schema,
        *,
        before: SealContext,
        context: SealContext,
    ) -> SealedConnection:
        """As it is after a change, of which `ConnectionSealer.update` tells what it means for each field.

        Args:
            sealer: Opens and seals.
            given: The fields of the connection that change, by their names in the type.
            laid: What becomes of its environments, their fields likewise. Secrets go along with a new name.
            schema: Of the connection.
            before: The context of the row as it is.
            context: Of the row with its next revision.

        Raises:
            InvalidParams, Undecryptable: As `ConnectionSealer.update`.
        """
        configs = {
            name: laid_over(each.config, laid.given.get(name, {}), schema) for name, each in laid.environments.items()
        }
        changed = _document(laid_over(self.config, given, schema), configs)
        moved = _document(self.config, {new: self.environments[old].config for new, old in laid.was.items()})

        def came_from(place: Place) -> Place:
            if place[0] != ENVIRONMENTS:
                return place
            return (ENVIRONMENTS, laid.was[str(place[1])], *place[2:])

        record = sealer.replace(
            self._record(),
            changed,
            _schema_of(schema),
            before=before,
            context=context,
            shown=moved,
            came_from=came_from,
        )
        return _from_record(record, laid.environments)

    def _record(self) -> Record:
        configs = {name: each.config for name, each in self.environments.items()}
        return Record(shown=_document(self.config, configs), sealed=self.sealed)


def seal(
    sealer: ConnectionSealer,
    config: Mapping[str, Any],
    environments: Mapping[str, Environment],
    schema: Schema,
    context: SealContext,
) -> SealedConnection:
    """A connection as it is stored. Raises as `ConnectionSealer.seal`."""
    configs = {name: each.config for name, each in environments.items()}
    record = sealer.seal(_document(config, configs), _schema_of(schema), context)
    return _from_record(record, environments)


def document_of(
    config: Mapping[str, Any], environments: Mapping[str, Environment], schema: Schema
) -> tuple[dict[str, Any], Schema]:
    """What is sealed, as one document with its schema: its places are those of a body that is sent."""
    return _document(config, {name: each.config for name, each in environments.items()}), _schema_of(schema)


def _document(config: Mapping[str, Any], environments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {CONFIG: config, ENVIRONMENTS: {name: {CONFIG: each} for name, each in environments.items()}}


def _schema_of(schema: Schema) -> Schema:
    one = {"type": "object", "properties": {CONFIG: schema}}
    every = {"type": "object", "additionalProperties": one}
    definitions = schema.get("$defs")
    return {
        "type": "object",
        "properties": {CONFIG: schema, ENVIRONMENTS: every},
        **({"$defs": definitions} if definitions else {}),
    }


def _from_record(record: Record, environments: Mapping[str, Environment]) -> SealedConnection:
    shown = record.shown
    return SealedConnection(
        config=shown[CONFIG],
        environments={
            name: replace(each, config=shown[ENVIRONMENTS][name][CONFIG]) for name, each in environments.items()
        },
        sealed=record.sealed,
    )
