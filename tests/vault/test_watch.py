"""Every decrypted value is found in every text, however many there are and whenever they came."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import random
import threading
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.secret import MASK, Secret
from jackfield.vault.masking import MIN_LENGTH, Mask, forms
from jackfield.vault.watch import QUIET, YOUNG, SecretWatch

# Few letters, so that values contain, overlap and repeat each other.
values = st.text("ab%+", min_size=MIN_LENGTH, max_size=16) | st.text(min_size=MIN_LENGTH, max_size=40)


def watching(*secrets: str, limit: int = 10_000) -> SecretWatch:
    watch = SecretWatch(limit=limit)
    watch.add(*map(Secret, secrets))
    return watch


@given(st.lists(values, max_size=6), st.data())
def test_no_form_of_any_value_is_left(secrets, data):
    """Plain, URL-encoded, quoted, base64: whatever `masking` knows."""
    watch = watching(*secrets)
    everything = sorted({form for secret in secrets for form in forms(secret)}) or ["nothing at all"]
    text = "".join(data.draw(st.lists(st.sampled_from(everything) | st.text("ab%+= ", max_size=9), max_size=9)))
    left = watch.mask(text).split(MASK)

    assert not any(form in part for part in left for form in everything if secrets)


@given(st.lists(values, max_size=4), st.text("ab%+ ", max_size=60) | st.text())
def test_it_masks_all_that_a_mask_masks_and_nothing_else(secrets, text):
    """Both must agree on what is a secret; where secrets overlap, the watch hides all of them."""
    masked = watching(*secrets).mask(text)

    assert (masked == text) == (Mask(map(Secret, secrets)).text(text) == text)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 3)), max_size=60))
def test_values_come_and_go_in_any_order(steps):
    """Two rows may have the same secret: it is watched until both have let it go."""
    names = [f"secret-number-{number:02}" for number in range(41)]
    watch, model = SecretWatch(), {owner: set() for owner in range(4)}
    for number, add, owner in steps:
        if add:
            watch.add(Secret(names[number]), owner=str(owner))
            model[owner].add(names[number])
        else:
            watch.forget(str(owner))
            model[owner].clear()
        expected = " ".join(MASK if any(name in held for held in model.values()) else name for name in names)

        assert watch.mask(" ".join(names)) == expected
    assert len(watch) == len(set().union(*model.values()))


def test_overlapping_secrets_are_one_row_of_stars():
    """A mask over the first would leave the end of the second."""
    assert watching("abcdefgh12", "gh12stuvwxyz").mask("<abcdefgh12stuvwxyz>") == f"<{MASK}>"
    assert watching("abcdefgh12", "bcdefgh1").mask("<abcdefgh12> bcdefgh1") == f"<{MASK}> {MASK}"


@pytest.mark.parametrize(
    "shape", ["{}", "prefix-{}", "eyJhbGciOiJSUzI1NiJ9.{}.c2lnbmF0dXJl", "-----BEGIN KEY-----\n{}\n-----END KEY-----"]
)
def test_more_values_than_the_young_automaton_holds_are_all_found(shape):
    """Tokens of one issuer and keys of one kind share most of their characters."""
    numbers = random.Random(1)
    secrets = [shape.format(numbers.randbytes(12).hex()) for _ in range(YOUNG + 50)]
    watch = SecretWatch()
    missed = []
    for position, secret in enumerate(secrets):
        watch.add(Secret(secret))
        if position % 100 == 99:
            missed += [known for known in secrets[: position + 1] if watch.mask(f"x{known}y") != f"x{MASK}y"]
    missed += [known for known in secrets if quote(known) in watch.mask(quote(known))]

    assert missed == []
    assert watch.mask(shape.format("0" * 24)) == shape.format("0" * 24)


def test_values_are_found_and_forgotten_after_a_long_time_without_new_ones():
    """Then the automata have become one."""
    watch = SecretWatch()
    watch.add(Secret("secret-of-the-first"), owner="first")
    watch.add(Secret("secret-of-the-other"), owner="other")
    masked = {watch.mask("secret-of-the-first secret-of-the-other") for _ in range(QUIET + 2)}
    watch.forget("first")
    watch.add(Secret("a-later-secret"))

    assert masked == {f"{MASK} {MASK}"}
    assert watch.mask("secret-of-the-first secret-of-the-other a-later-secret") == f"secret-of-the-first {MASK} {MASK}"


def test_beyond_the_limit_the_oldest_are_forgotten():
    """Memory is bounded; how many were dropped is known."""
    names = [f"secret-number-{number:03}" for number in range(100)]
    watch = watching(*names[:64], limit=64)
    watch.add(Secret(names[0]))
    watch.add(*map(Secret, names[64:66]))

    assert watch.mask(names[0]) == watch.mask(names[64]) == watch.mask(names[65]) == MASK
    assert watch.mask(names[1]) == names[1]
    assert len(watch) == 60
    assert watch.dropped == 6


def test_what_was_dropped_can_be_forgotten_and_added_again():
    """Its owner does not know that it was dropped."""
    watch = SecretWatch(limit=2)
    for number in range(6):
        watch.add(Secret(f"secret-number-{number}"), owner=str(number))
    for number in range(6):
        watch.forget(str(number))
    left = len(watch)
    watch.add(Secret("secret-number-0"))

    assert left == 0
    assert watch.mask("secret-number-0 secret-number-5") == f"{MASK} secret-number-5"


def test_short_values_are_left_alone():
    """`on` or `42` as a secret would destroy every log line."""
    watch = watching("42", "1234567", "")

    assert watch.mask("42 1234567") == "42 1234567"
    assert len(watch) == 0


def test_a_text_without_secrets_is_the_same_object():
    """So that a filter can tell cheaply that there is nothing to do."""
    text = "nothing to see here"

    assert watching("a-secret-value").mask(text) is text
    assert SecretWatch().mask(text) is text


def test_threads_add_forget_and_mask_at_once():
    """Calls decrypt in one thread while others log."""
    watch, failures = watching("a-secret-that-stays"), []

    def work(worker: int) -> None:
        try:
            for number in range(60):
                secret = f"secret-{worker}-{number:04}"
                watch.add(Secret(secret), owner=str(worker))
                if watch.mask(f"a-secret-that-stays {secret}") != f"{MASK} {MASK}":
                    failures.append(secret)
                if number % 7 == 0:
                    watch.forget(str(worker))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_fork_while_another_thread_masks_does_not_stop_the_child():
    """It would inherit a lock that nobody opens, and stand still at its first log line."""
    watch, stop = watching("a-secret-that-stays"), threading.Event()

    def keep_busy() -> None:
        while not stop.is_set():
            watch.mask("a-secret-that-stays " * 50)

    thread = threading.Thread(target=keep_busy)
    thread.start()
    statuses = []
    for _ in range(10):
        if (child := os.fork()) == 0:
            os._exit(0 if watch.mask("a-secret-that-stays") == MASK else 1)
        statuses.append(os.waitpid(child, 0)[1])
    stop.set()
    thread.join()

    assert statuses == [0] * 10


def test_a_watch_does_not_show_what_it_watches_for(canary):
    """It holds all secrets of the process in one place."""
    watch = watching(canary.text)

    assert not canary.in_(repr(watch))
    for write in (pickle.dumps, copy.deepcopy, copy.copy):
        with pytest.raises(TypeError) as refused:
            write(watch)
        assert not canary.in_(refused.value)


def test_escaped_forms_are_found():
    """A private key has line breaks, which logs and JSON show as `\\n`."""
    key = '-----BEGIN KEY-----\nMIIEvQ"IBADANBg\n-----END KEY-----\n'
    watch = watching(key, "pässwört-ünd-mehr", "a/b c/d e/f")

    assert watch.mask(repr(key)) == f"'{MASK}'"
    assert watch.mask(f"{Secret(key).reveal()!r:>80}").strip() == f"'{MASK}'"
    assert watch.mask('{"a": "p\\u00e4ssw\\u00f6rt-\\u00fcnd-mehr"}') == f'{{"a": "{MASK}"}}'
    assert watch.mask("x=a%2fb%20c%2fd%20e%2ff") == f"x={MASK}"
    assert MASK in watch.mask(base64.b64encode(b"user:" + "pässwört-ünd-mehr".encode()).decode())
