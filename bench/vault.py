"""What encryption and masking cost.

Sealing the 2 KB that are kept of a call is compared with bare AES-256-GCM under a key and nonce that are there already,
the least that any encryption costs. Masking is compared with a compiled expression of all forms, which is what `Mask`
does for the few secrets of one call; half of the values begin as others do. All is CPU time of the fastest round; what
is compared takes turns. Budget: 5 us for sealing a call's record.

    python bench/vault.py --rounds 7

Seen on 2 shared cores, in microseconds. 2 KB: bare 0.6, sealed for the log 1.8 (2.5 with its context made), in an
envelope of its own 3.6, opened 3.9; 32 bytes sealed 3.3, opened 3.6; 10,000 values rewrapped in 43 ms. A text of 2 KB:
the watch 37 for 100 values and 50 for 10,000, an expression 1,200 for 100 and 24,000 for 1,000. What lost or won:

- An automaton of whole forms: 3,810,000 nodes and 176 MB for 10,000 values, 1,250 ms to make it ready. Of the first 8
  characters of each form: 140,000 nodes, 7 MB, 13 ms, and searching takes the same time.
- Of 8 characters from three quarters of each form, where tokens that begin alike differ: twice the time to make ready,
  and 5 times that of searching where all values have one prefix (41 against 8), since any letter may begin one.
- One automaton for all: those 13 ms for each new value. With a young one of at most 128 before it 107 us, with 64
  values 125, with 256 143. The young one costs a second search, so it is emptied when no value has come for 256 texts.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.definition.secret import MASK, Secret
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.masking import forms
from jackfield.vault.rotation import SealedRow, rotate
from jackfield.vault.sealed import SealContext
from jackfield.vault.watch import SecretWatch

BUDGET_LOG_US = 5
ENTRY = os.urandom(2048)
TEXT = ("GET https://api.example.com/v1/items?cursor=abcdef answered 200 in 12 ms; " * 40)[:2048]
VALUES = (100, 500, 1_000, 10_000)
MOST_FOR_EXPRESSION = 1_000


def us(what: dict[str, Callable[[], object]], *, rounds: int, calls: int) -> dict[str, float]:
    """Microseconds of CPU for one call of each, the fastest of `rounds` turns."""
    best = dict.fromkeys(what, float("inf"))
    for _ in range(rounds):
        for name, call in what.items():
            started = time.process_time()
            for _ in range(calls):
                call()
            best[name] = min(best[name], (time.process_time() - started) / calls * 1e6)
    return best


def encryption(rounds: int) -> None:
    """Print what sealing and opening costs."""
    envelope = Envelope(KeyRing.generate("main"))
    log = LogSealer(envelope)
    context = SealContext(
        tenant="default", kind="execution.outcome", id="0193a1b2-7c4d-7e00-8a31-5f2c6d9e8b70", version=1
    )
    bare, nonce, data = AESGCM(os.urandom(32)), os.urandom(12), context.encoded()
    entry, value = log.seal(ENTRY, context), envelope.seal(b"x" * 32, context)
    figures = us(
        {
            "2 KB, bare AES-256-GCM": lambda: bare.encrypt(nonce, ENTRY, data),
            "2 KB, sealed for the log": lambda: log.seal(ENTRY, context),
            "2 KB, sealed for the log, new context": lambda: log.seal(
                ENTRY, SealContext(tenant="default", kind="execution.outcome", id=context.id)
            ),
            "2 KB, in an envelope of its own": lambda: envelope.seal(ENTRY, context),
            "2 KB, opened": lambda: envelope.open(entry, context),
            "32 bytes, sealed": lambda: envelope.seal(b"x" * 32, context),
            "32 bytes, opened": lambda: envelope.open(value, context),
        },
        rounds=rounds,
        calls=5_000,
    )
    base = figures["2 KB, bare AES-256-GCM"]
    print(f"{'encryption':42} {'us':>8} {'over bare':>10}")
    for name, figure in figures.items():
        print(f"{name:42} {figure:8.2f} {figure - base:10.2f}")
    verdict = "within" if figures["2 KB, sealed for the log"] <= BUDGET_LOG_US else "OVER"
    print(f"budget for what a call's record costs: {BUDGET_LOG_US} us; {verdict} it")
    print(f"longer by {len(entry) - len(ENTRY)} bytes\n")


def rotation(rounds: int) -> None:
    """Print what rewrapping 10,000 values costs, the database apart."""
    old, new = os.urandom(32), os.urandom(32)
    envelope, ring = Envelope(KeyRing([("old", old)])), KeyRing([("new", new), ("old", old)])
    contexts = [SealContext(tenant="default", kind="credential", id=str(number)) for number in range(10_000)]
    rows = [SealedRow(context=context, sealed=envelope.seal(b"x" * 32, context)) for context in contexts]
    figure = us({"rotate": lambda: sum(map(len, rotate(rows, ring)))}, rounds=rounds, calls=1)["rotate"]
    print(f"rotation of 10,000 values: {figure / 1000:.1f} ms\n")


def shapes() -> list[Iterator[str]]:
    """Secrets as vendors make them: with a prefix, without one, and tokens that begin alike and have many lengths."""
    return [
        iter(lambda: "sk-" + secrets.token_urlsafe(24), None),
        iter(lambda: secrets.token_urlsafe(32), None),
        iter(lambda: secrets.token_hex(20), None),
        iter(lambda: f"eyJhbGciOiJSUzI1NiJ9.{secrets.token_urlsafe(100 + secrets.randbelow(100))}", None),
    ]


def masking(rounds: int) -> None:
    """Print what finding any of many values in a text costs."""
    print(f"{'masking 2 KB without a secret':42} {'watch us':>9} {'expression us':>14} {'ratio':>7}")
    values = [next(shape) for shape in itertools.islice(itertools.cycle(shapes()), max(VALUES))]
    for count in VALUES:
        watch = SecretWatch()
        watch.add(*map(Secret, values[:count]))
        watch.mask(TEXT)
        what: dict[str, Callable[[], object]] = {"watch": lambda watch=watch: watch.mask(TEXT)}  # type: ignore[misc]
        found = us(what, rounds=rounds, calls=500)
        if count <= MOST_FOR_EXPRESSION:
            every = sorted({form for value in values[:count] for form in forms(value)}, key=len, reverse=True)
            pattern = re.compile("|".join(map(re.escape, every)))
            found |= us({"expression": lambda pattern=pattern: pattern.sub(MASK, TEXT)}, rounds=rounds, calls=5)  # type: ignore[misc]
        other = (
            f"{found['expression']:14.1f} {found['expression'] / found['watch']:6.0f}x" if "expression" in found else ""
        )
        print(f"{f'{count:,} values':42} {found['watch']:9.1f} {other}")
    watch = SecretWatch()
    started = time.process_time()
    for value in values:
        watch.add(Secret(value))
        watch.mask(TEXT[:100])
    spent = (time.process_time() - started) / len(values) * 1e6
    print(f"adding one of 10,000 values and masking a line after each: {spent:.0f} us")
    line = us({"line": lambda: watch.mask(TEXT[:100])}, rounds=rounds, calls=2_000)["line"]
    hit = us({"hit": lambda: watch.mask(f"token={values[-1]}")}, rounds=rounds, calls=2_000)["hit"]
    token = us({"token": lambda: watch.mask(f"token={values[3][:60]}")}, rounds=rounds, calls=2_000)["token"]
    print(f"a line with a token that begins as 2,500 secrets of 130 lengths do: {token:.1f} us")
    print(f"masking a line of 100 characters: {line:.1f} us; with a secret: {hit:.1f} us")


def main() -> None:
    """Run all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python bench/vault.py"
    )
    parser.add_argument("--rounds", type=int, default=7, help="turns of all per figure (default: 7)")
    rounds: int = parser.parse_args().rounds
    encryption(rounds)
    rotation(rounds)
    masking(rounds)


if __name__ == "__main__":
    main()
