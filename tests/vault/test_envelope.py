"""What is sealed opens where it belongs, and nowhere else."""

from __future__ import annotations

import copy
import pickle
import traceback
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jackfield.vault.envelope import Envelope, key_id
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.sealed import SealContext

contexts = st.builds(SealContext, tenant=st.text(), kind=st.text(), id=st.text(), version=st.integers(0, 2**63))

RING = KeyRing.generate("main")
ENVELOPE = Envelope(RING)
each_sealer = pytest.mark.parametrize(
    "sealer", [ENVELOPE, LogSealer(ENVELOPE)], ids=["own data key", "shared data key"]
)


@each_sealer
@given(st.binary(max_size=200), contexts)
def test_what_was_sealed_opens(sealer, plaintext, context):
    """Empty values too, and whatever names rows have."""
    sealed = sealer.seal(plaintext, context)

    assert ENVELOPE.open(sealed, replace(context)) == sealer.open(sealed, context) == plaintext
    assert key_id(sealed) == "main"


@each_sealer
@given(contexts, contexts)
def test_it_opens_in_no_other_context(sealer, context, other):
    """Whoever can write to the database must not make one tenant's secret another's."""
    assume(context != other)
    sealed = sealer.seal(b"value", context)

    with pytest.raises(Undecryptable):
        ENVELOPE.open(sealed, other)


@given(contexts, contexts)
def test_no_two_contexts_are_bound_alike(one, other):
    """`a` + `bc` must not read as `ab` + `c`."""
    assert (one.encoded() == other.encoded()) == (one == other)


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": "other"},
        {"kind": "secret"},
        {"id": "c2"},
        {"version": 2},
        {"tenant": "defaul", "kind": "tcredential"},
        {"kind": "credentialc", "id": "1"},
        {"id": "c", "version": 13},
    ],
)
@each_sealer
def test_each_part_of_the_context_counts(sealer, context, other):
    """A random pair of contexts differs in all of them."""
    sealed = sealer.seal(b"value", context)

    with pytest.raises(Undecryptable, match="was changed, sealed for another row"):
        sealer.open(sealed, replace(context, **other))


@each_sealer
def test_no_byte_can_be_changed(sealer, context):
    """Head, key id, nonces, data key, content and tags: all of 8 bits of all of them."""
    sealed = sealer.seal(b"value", context)
    opened, named = [], set()
    for position in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[position] ^= 1 << bit
            try:
                opened.append((position, bit, sealer.open(bytes(changed), context)))
            except Undecryptable as error:
                named.add(error.details["what"])

    assert opened == []
    assert named == {"credential `c1` of tenant `default`"}


@each_sealer
@given(st.data())
def test_it_cannot_be_cut_or_lengthened(sealer, data):
    """Half a write, or two glued together."""
    context = SealContext(tenant="default", kind="credential", id="c1")
    sealed = sealer.seal(b"some value", context)
    cut = data.draw(st.integers(0, len(sealed) - 1))
    more = data.draw(st.binary(min_size=1, max_size=80))

    for changed in (sealed[:cut], sealed + more, more + sealed, sealed[:cut] + more + sealed[cut:]):
        with pytest.raises(Undecryptable):
            sealer.open(changed, context)


@given(st.binary(max_size=300))
def test_anything_else_is_refused_in_words(garbage):
    """Never an index error, never an empty value."""
    context = SealContext(tenant="default", kind="credential", id="c1")
    for use in (ENVELOPE.open, ENVELOPE.rewrap):
        with pytest.raises(Undecryptable) as refused:
            use(garbage, context)
        assert refused.value.message.isprintable()


def test_an_unknown_key_is_named(context):
    """So that whoever has it knows which one to give back."""
    sealed = Envelope(KeyRing.generate("old")).seal(b"value", context)

    for use in (ENVELOPE.open, ENVELOPE.rewrap):
        with pytest.raises(Undecryptable, match="its key `old` is not among `main`") as refused:
            use(sealed, context)
        assert refused.value.hint == "add the key `old` to `JACKFIELD_KEY`"
        assert refused.value.status == 503


def test_another_key_of_the_same_name_opens_nothing(context):
    """Names are labels, not proofs."""
    sealed = Envelope(KeyRing.generate("main")).seal(b"value", context)

    for use in (ENVELOPE.open, Envelope(KeyRing.generate("main")).open):
        with pytest.raises(Undecryptable, match="by another key `main`"):
            use(sealed, context)


def test_a_newer_format_says_so(context):
    """After a downgrade nothing is broken, and nobody should restore a backup."""
    sealed = ENVELOPE.seal(b"value", context)

    with pytest.raises(Undecryptable, match="a newer version of Jackfield sealed it"):
        ENVELOPE.open(bytes([2]) + sealed[1:], context)


@each_sealer
def test_a_rewrapped_value_keeps_its_content_bytes(sealer, context):
    """Rotation must not need the content, which may be large."""
    ring = KeyRing([("new", bytes(range(32))), ("main", bytes(range(50, 82)))])
    old = Envelope(KeyRing([("main", bytes(range(50, 82)))]))
    sealed = (old if sealer is ENVELOPE else LogSealer(old)).seal(b"a long value" * 99, context)
    rewrapped = Envelope(ring).rewrap(sealed, context)

    assert key_id(rewrapped) == "new"
    assert rewrapped.endswith(sealed[-99 * 12 - 28 :])
    assert Envelope(ring).open(rewrapped, context) == Envelope(ring).open(sealed, context) == b"a long value" * 99
    assert Envelope(ring).rewrap(rewrapped, context) is rewrapped


@each_sealer
def test_nothing_is_sealed_twice_alike(sealer, context):
    """Equal values must not show that they are equal, and no nonce may come twice under one key."""
    sealed = {sealer.seal(b"value", context) for _ in range(200)}
    nonces = {one[-(12 + 5 + 16) :][:12] for one in sealed}

    assert len(sealed) == len(nonces) == 200


@each_sealer
def test_nothing_sealed_shows_the_value(sealer, context, canary):
    """Neither does what seals: its repr, its copies, its errors."""
    sealed = sealer.seal(canary.text.encode(), context)
    with pytest.raises(Undecryptable) as refused:
        sealer.open(sealed, replace(context, id="c2"))

    assert not canary.in_(sealed)
    assert not canary.in_(repr(sealer))
    assert not canary.in_("".join(traceback.format_exception(refused.value)))
    assert not canary.in_(pickle.dumps(refused.value))
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(sealer)
