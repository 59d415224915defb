"""The secrets of connections, sealed apart from the other fields."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidParams
from jackfield.definition.secret import MASK
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.registry.connection import StoredConnections
from jackfield.registry.sealing import ConnectionSealer, context_of
from jackfield.registry.sealing_environments import seal
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.records import Record, Records
from jackfield.vault.watch import SecretWatch

SECRET = {"type": "string", "format": "password", "writeOnly": True}
LOGIN = {"type": "object", "properties": {"user": {"type": "string"}, "password": SECRET, "pin": SECRET}}
SCHEMA = {
    "type": "object",
    "properties": {
        "url": {"type": "string"},
        "key": SECRET,
        "login": LOGIN,
        "hosts": {"type": "array", "items": LOGIN},
    },
}
CONFIG = {
    "url": "https://acme.example",
    "key": "key-of-acme",
    "login": {"user": "ann", "password": "password-of-ann", "pin": {"secret": "PIN"}},
    "hosts": [{"user": "bob", "password": "password-of-bob"}, {"user": "eve", "password": "password-of-eve"}],
}
SHOWN = {
    "url": "https://acme.example",
    "key": MASK,
    "login": {"user": "ann", "password": MASK, "pin": {"secret": "PIN"}},
    "hosts": [{"user": "bob", "password": MASK}, {"user": "eve", "password": MASK}],
}
FIRST, SECOND = (context_of(tenant="default", id="c1", revision=revision) for revision in (1, 2))


def sealer_of(key: int = 1, watch: SecretWatch | None = None) -> ConnectionSealer:
    ring = KeyRing([(f"k{key}", bytes([key, *range(1, 32)]))])
    return ConnectionSealer(Records(Envelope(ring), SecretWatch() if watch is None else watch))


@pytest.fixture
def sealer() -> ConnectionSealer:
    return sealer_of()


def changed(sealer: ConnectionSealer, **fields: Any) -> dict[str, Any]:
    """The connection after an update of `CONFIG`, opened."""
    record = sealer.seal(CONFIG, SCHEMA, FIRST)
    return sealer.open(sealer.update(record, fields, SCHEMA, before=FIRST, context=SECOND), SECOND)


def refused(sealer: ConnectionSealer, **fields: Any) -> list[str]:
    """The places that an update of `CONFIG` is refused for."""
    record = sealer.seal(CONFIG, SCHEMA, FIRST)
    with pytest.raises(InvalidParams) as caught:
        sealer.update(record, fields, SCHEMA, before=FIRST, context=SECOND)
    return [error["pointer"] for error in caught.value.details["errors"]]


def test_secrets_are_sealed_wherever_they_are(sealer: ConnectionSealer):
    """H05: in objects and lists too; what is no secret stays readable, and so do references."""
    record = sealer.seal(CONFIG, SCHEMA, FIRST)

    assert record.shown == SHOWN
    assert record.sealed is not None
    assert b"-of-" not in record.sealed
    assert sealer.open(record, FIRST) == CONFIG


def test_a_connection_without_secrets_has_nothing_sealed(sealer: ConnectionSealer):
    """So it opens without any key."""
    record = sealer.seal({"url": "u", "key": {"secret": "ACME"}}, SCHEMA, FIRST)

    assert (record.shown, record.sealed) == ({"url": "u", "key": {"secret": "ACME"}}, None)
    assert sealer_of(2).open(record, FIRST) == {"url": "u", "key": {"secret": "ACME"}}


def test_secrets_open_only_for_their_connector_and_revision(sealer: ConnectionSealer):
    """H08: put into another row, or put back after a change, they are not used."""
    record = sealer.seal(CONFIG, SCHEMA, FIRST)

    for elsewhere in (SECOND, context_of(tenant="acme", id="c1", revision=1)):
        with pytest.raises(Undecryptable):
            sealer.open(record, elsewhere)


def test_a_lost_or_foreign_secret_is_loud(sealer: ConnectionSealer):
    """H08: a mask is never sent to a service as if it were a secret."""
    record = sealer.seal(CONFIG, SCHEMA, FIRST)
    for broken in (
        Record(shown=record.shown, sealed=None),
        Record(shown=record.shown | {"key": "in the clear"}, sealed=record.sealed),
        Record(shown=record.shown | {"url": MASK}, sealed=record.sealed),
    ):
        with pytest.raises(Undecryptable):
            sealer.open(broken, FIRST)


def test_what_is_left_out_stays(sealer: ConnectionSealer):
    """A partial update of any field, secret or not."""
    assert changed(sealer, url="https://new.example") == CONFIG | {"url": "https://new.example"}


def test_a_mask_keeps_what_is_there(sealer: ConnectionSealer):
    """H11: a form sends back what it was shown."""
    assert changed(sealer, **SHOWN) == CONFIG


def test_null_clears(sealer: ConnectionSealer):
    """H11: secrets and others, and whole objects with secrets."""
    kept = changed(sealer, key=None, url=None, login=None)

    assert kept == {"hosts": CONFIG["hosts"]}


def test_null_clears_inside_too(sealer: ConnectionSealer):
    """The rest of the object stays as it was given."""
    kept = changed(sealer, login={"user": "ann", "password": None})

    assert kept["login"] == {"user": "ann", "password": None, "pin": {"secret": "PIN"}}


def test_a_secret_left_out_of_its_object_stays(sealer: ConnectionSealer):
    """Whoever changes the user's name has not got the password at hand. References stay likewise."""
    assert changed(sealer, login={"user": "anna"})["login"] == CONFIG["login"] | {"user": "anna"}


def test_anything_else_replaces(sealer: ConnectionSealer):
    """A new secret, a reference in its place, a secret in place of a reference."""
    kept = changed(sealer, key={"secret": "ACME"}, login={"user": "ann", "password": "new-password", "pin": "1234"})

    assert kept["key"] == {"secret": "ACME"}
    assert kept["login"] == {"user": "ann", "password": "new-password", "pin": "1234"}


def test_an_item_keeps_its_secret_when_the_list_changes(sealer: ConnectionSealer):
    """By what else it has, not by where it is."""
    kept = changed(sealer, hosts=[{"user": "new", "password": "password-of-new"}, SHOWN["hosts"][1], SHOWN["hosts"][0]])

    assert kept["hosts"] == [{"user": "new", "password": "password-of-new"}, CONFIG["hosts"][1], CONFIG["hosts"][0]]
    assert changed(sealer, hosts=[SHOWN["hosts"][1]])["hosts"] == [CONFIG["hosts"][1]]


def test_no_item_gets_the_secret_of_another(sealer: ConnectionSealer):
    """It would be sent to a host that it was never meant for."""
    assert refused(sealer, hosts=[{"user": "mallory", "password": MASK}]) == ["/hosts/0/password"]


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"url": MASK}, ["/url"]),
        ({"key": ""}, ["/key"]),
        ({"key": 7}, ["/key"]),
        ({"key": {"secret": "A", "more": 1}}, ["/key"]),
        ({"login": {"password": ["x"]}}, ["/login/password"]),
        ({"key": "\ud800"}, ["/key"]),
    ],
)
def test_what_is_no_secret_is_refused(sealer: ConnectionSealer, fields: dict[str, Any], places: list[str]):
    """With its place, and without its value."""
    assert refused(sealer, **fields) == places


def test_a_new_connection_cannot_begin_with_a_mask(sealer: ConnectionSealer):
    """There is nothing that it could stand for."""
    with pytest.raises(InvalidParams):
        sealer.seal({"key": MASK}, SCHEMA, FIRST)


def test_an_unreadable_connection_can_be_filled_in_again(sealer: ConnectionSealer):
    """The hint of the error says so: when every secret is new, none has to be opened."""
    record = sealer.seal({"url": "u", "key": "lost"}, SCHEMA, FIRST)
    other = sealer_of(2)
    with pytest.raises(Undecryptable):
        other.update(record, {"url": "v"}, SCHEMA, before=FIRST, context=SECOND)

    filled = other.update(record, {"key": "new-key"}, SCHEMA, before=FIRST, context=SECOND)

    assert other.open(filled, SECOND) == {"url": "u", "key": "new-key"}


def test_a_field_that_is_no_longer_secret_stays_sealed_while_it_has_its_value(sealer: ConnectionSealer):
    """A new version of the type must not bring a secret into the open."""
    opened = {"type": "object", "properties": {"key": {"type": "string"}, "url": {"type": "string"}}}
    record = sealer.seal({"url": "u", "key": "secret-key"}, SCHEMA, FIRST)
    updated = sealer.update(record, {"url": "v"}, opened, before=FIRST, context=SECOND)

    assert updated.shown == {"url": "v", "key": MASK}
    assert sealer.open(updated, SECOND) == {"url": "v", "key": "secret-key"}


def test_a_field_that_became_secret_is_sealed_with_the_next_change(sealer: ConnectionSealer):
    """What was stored in the clear goes."""
    open_schema = {"type": "object", "properties": {"key": {"type": "string"}}}
    record = sealer.seal({"key": "was-open"}, open_schema, FIRST)
    updated = sealer.update(record, {}, SCHEMA, before=FIRST, context=SECOND)

    assert (updated.shown, sealer.open(updated, SECOND)) == ({"key": MASK}, {"key": "was-open"})


def test_opened_secrets_are_kept_out_of_logs():
    """H12: from the moment at which they are in memory."""
    watch = SecretWatch()
    record = sealer_of().seal(CONFIG, SCHEMA, FIRST)
    sealer_of(watch=watch).open(record, FIRST)

    assert "password-of-eve" not in watch.mask("it was password-of-eve")


def test_one_that_cannot_be_read_keeps_no_other_from_working(sealer: ConnectionSealer):
    """H08: connectors are opened one by one, when they are called."""
    values = {"tenant": "default", "type": "acme", "type_id": "t"}
    stored = seal(sealer, CONFIG, {}, SCHEMA, FIRST)
    good = ConfiguredConnector(id="c1", name="good", config=stored.config, sealed=stored.sealed, **values)
    bad = ConfiguredConnector(id="c2", name="bad", config=stored.config, sealed=stored.sealed, **values)
    connections = StoredConnections(sealer)

    assert connections.open(good).config == CONFIG
    with pytest.raises(Undecryptable):
        connections.open(bad)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text != MASK)
HOSTS = st.fixed_dictionaries({"user": TEXTS, "password": TEXTS})
CONNECTIONS = st.fixed_dictionaries({"url": TEXTS, "hosts": st.lists(HOSTS, max_size=3)}, optional={"key": TEXTS})


@given(CONNECTIONS)
def test_whatever_is_sealed_opens_as_it_was(config: dict[str, Any]):
    """And what is shown sent back changes nothing."""
    sealer = sealer_of()
    record = sealer.seal(config, SCHEMA, FIRST)
    same = sealer.update(record, record.shown, SCHEMA, before=FIRST, context=SECOND)

    assert sealer.open(record, FIRST) == sealer.open(same, SECOND) == config
