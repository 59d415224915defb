"""Secret fields are stored sealed, shown as stars, kept by an update and cleared on purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidParams
from jackfield.definition.secret import MASK, Secret
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.records import UNCHANGED, Record, Records, owner
from jackfield.vault.sealed import SealContext
from jackfield.vault.watch import SecretWatch

FIELDS = ["api_key", "password"]
FIRST = SealContext(tenant="default", kind="connector", id="c1", version=1)
SECOND = replace(FIRST, version=2)

secrets = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text != MASK)


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture
def records(envelope: Envelope, watch: SecretWatch) -> Records:
    return Records(envelope, watch)


@pytest.fixture
def stored(records: Records) -> Record:
    values = {"base_url": "https://acme.example", "api_key": "first-key-0", "password": Secret("first-word")}
    return records.seal(values, secret=FIELDS, context=FIRST)


def opened(records: Records, record: Record, context: SealContext = SECOND) -> dict[str, Any]:
    """All fields, secrets revealed."""
    values = records.open(record, context).items()
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values}


def test_secrets_are_sealed_and_the_rest_is_shown(records, stored):
    """Lists and forms need no key, and the database has no secret."""
    values = records.open(stored, FIRST)

    assert stored.shown == {"base_url": "https://acme.example", "api_key": MASK, "password": MASK}
    assert values == {
        "base_url": "https://acme.example",
        "api_key": Secret("first-key-0"),
        "password": Secret("first-word"),
    }


def test_a_row_without_secrets_needs_no_seal(records):
    """A connector that is configured later."""
    record = records.seal({"base_url": "x", "api_key": None}, secret=FIELDS, context=FIRST)

    assert record == Record(shown={"base_url": "x", "api_key": None}, sealed=None)
    assert opened(records, record, FIRST) == {"base_url": "x", "api_key": None}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {"api_key": "first-key-0", "password": "first-word"}),
        ({"api_key": UNCHANGED, "password": MASK}, {"api_key": "first-key-0", "password": "first-word"}),
        ({"api_key": Secret(MASK)}, {"api_key": "first-key-0", "password": "first-word"}),
        ({"api_key": "second-key"}, {"api_key": "second-key", "password": "first-word"}),
        ({"api_key": Secret("second-key")}, {"api_key": "second-key", "password": "first-word"}),
        ({"api_key": None}, {"api_key": None, "password": "first-word"}),
        ({"api_key": None, "password": None}, {"api_key": None, "password": None}),
    ],
)
def test_an_update_keeps_replaces_and_clears(records, stored, sent, expected):
    """What a form was shown comes back as it was; only null takes a secret away."""
    record = records.update(stored, {"region": "eu", **sent}, secret=FIELDS, before=FIRST, context=SECOND)

    assert opened(records, record) == {"region": "eu", **expected}
    assert record.shown == {"region": "eu", **{name: MASK if value else None for name, value in expected.items()}}


@given(st.dictionaries(st.sampled_from("abcd"), secrets), st.dictionaries(st.sampled_from("abcd"), secrets))
def test_an_update_is_what_a_dictionary_would_do(before, sent):
    """For any values: of any length, in any script."""
    records = Records(Envelope(KeyRing.generate()), SecretWatch())
    record = records.seal(before, secret="abcd", context=FIRST)
    record = records.update(record, sent, secret="abcd", before=FIRST, context=SECOND)

    assert opened(records, record) == before | sent


@pytest.mark.parametrize(
    ("values", "pointer", "problem"),
    [
        ({"api_key": ""}, "/api_key", "is empty"),
        ({"api_key": Secret("")}, "/api_key", "is empty"),
        ({"api_key": 12345678}, "/api_key", "must be a text"),
        ({"api_key": {"a": "b"}}, "/api_key", "must be a text"),
        ({"api_key": MASK}, "/api_key", "was sent as the mask, and there is no value to keep"),
        ({"api_key": "a\ud800bcdefghi"}, "/api_key", "has broken characters"),
        ({"note": MASK}, "/note", "is the mask, and no secret field"),
    ],
)
def test_what_is_no_secret_is_refused(records, values, pointer, problem):
    """Stars stored as a key would be sent as one; an empty text could mean to keep or to clear."""
    with pytest.raises(InvalidParams) as refused:
        records.seal(values, secret=FIELDS, context=FIRST)

    assert refused.value.details["errors"] == [{"pointer": pointer, "message": problem}]


def test_a_field_that_becomes_secret_is_sealed(records):
    """A new version of the type marks it, and forms show the mask from then on."""
    record = records.seal({"api_key": "was-in-the-clear"}, secret=[], context=FIRST)
    kept = records.update(record, {"api_key": MASK}, secret=["api_key"], before=FIRST, context=SECOND)

    assert kept.shown == {"api_key": MASK}
    assert opened(records, kept) == {"api_key": "was-in-the-clear"}


def test_a_field_that_is_no_longer_secret_is_not_disclosed(records, stored):
    """A type's author must not be able to publish the keys of all who use it."""
    record = records.update(stored, {"api_key": MASK}, secret=[], before=FIRST, context=SECOND)

    assert record.shown == {"api_key": MASK, "password": MASK}
    assert opened(records, record) == {"api_key": "first-key-0", "password": "first-word"}


@pytest.mark.parametrize(
    "broken",
    [
        lambda stored: replace(stored, sealed=None),
        lambda stored: replace(stored, sealed=b""),
        lambda stored: replace(stored, shown={**stored.shown, "token": MASK}),
        lambda stored: replace(stored, shown={**stored.shown, "api_key": "in the clear"}),
        lambda stored: replace(stored, shown={}),
    ],
)
def test_a_row_whose_halves_do_not_fit_is_refused(records, stored, broken):
    """A mask must never be sent as a key, nor a key be missing without a word."""
    with pytest.raises(Undecryptable, match="connector `c1` of tenant `default` cannot be decrypted"):
        records.open(broken(stored), FIRST)
    with pytest.raises(Undecryptable):
        records.update(broken(stored), {}, secret=FIELDS, before=FIRST, context=SECOND)


def test_an_earlier_version_does_not_open_as_the_present_one(records, stored):
    """Putting a revoked key back into the database does not bring it back."""
    with pytest.raises(Undecryptable):
        records.open(stored, SECOND)


def test_logs_are_watched_for_what_was_opened(records, stored, envelope):
    """From the moment that the value is in memory, until its owner is forgotten."""
    watch = SecretWatch()
    Records(envelope, watch).open(stored, FIRST)
    masked = watch.mask("first-key-0 first-word")
    watch.forget(owner(SECOND))

    assert masked == f"{MASK} {MASK}"
    assert len(watch) == 0


def test_nothing_stored_shown_or_raised_has_the_value(records, canary):
    """The canary is in the sealed half only, and there it cannot be seen."""
    record = records.seal({"api_key": canary.text}, secret=FIELDS, context=FIRST)
    with pytest.raises(InvalidParams) as refused:
        records.seal({"api_key": [canary.text]}, secret=FIELDS, context=FIRST)

    assert not canary.in_(record.sealed)
    assert not canary.in_(record)
    assert not canary.in_(records.open(record, FIRST))
    assert not canary.in_(refused.value.to_json())
