"""The stem of an English word, so that `deletes`, `deleted` and `deleting` find the same."""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiou]|(?<=[^aeiou])y")
_MEASURE = re.compile(r"v+c")
_SHORT_END = re.compile(r"cvc$")

_LONG = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
)  # fmt: skip
_MIDDLE = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_LAST = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "sion", "tion", "ism", "ate", "iti", "ous", "ive",
    "ize", "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The stem of `word`, which is in lower case; others than plain letters, and up to two of them, stay as they are.

    A stem is not always a word: `repository` and `repositories` are both `repositori`.

    Source: M. F. Porter, "An algorithm for suffix stripping", 1980, with its two later changes (`bli`, `logi`).
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    word = _participles(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return _tidy(_last(_replaced(_replaced(word, _LONG), _MIDDLE)))


def _shape(word: str) -> str:
    """`c` and `v` for each letter; a `y` behind a consonant is a vowel."""
    marks = ["c"] * len(word)
    for found in _VOWELS.finditer(word):
        marks[found.start()] = "v"
    return "".join(marks)


def _measure(word: str) -> int:
    """How often consonants follow vowels: 0 in `tree`, 1 in `trouble`, 2 in `troubles`."""
    return len(_MEASURE.findall(_shape(word)))


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _short_end(word: str) -> bool:
    """It ends as `hop` does, which `hoping` and `hopping` are told apart by."""
    return bool(_SHORT_END.search(_shape(word))) and word[-1] not in "wxy"


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _participles(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for suffix in ("ed", "ing"):
        rest = word.removesuffix(suffix)
        if rest != word:
            return _mended(rest) if _has_vowel(rest) else word
    return word


def _mended(rest: str) -> str:
    """What a participle was made of: `creat` of `create`, `hopp` of `hop`."""
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if len(rest) > 1 and rest[-1] == rest[-2] and _shape(rest)[-1] == "c" and rest[-1] not in "lsz":
        return rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _short_end(rest) else rest


def _replaced(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for suffix, other in pairs:
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            return rest + other if _measure(rest) else word
    return word


def _last(word: str) -> str:
    for suffix in _LAST:
        if word.endswith(suffix):
            kept = 1 if suffix in {"sion", "tion"} else 0
            rest = word[: len(word) - len(suffix) + kept]
            return rest if _measure(rest) > 1 else word
    return word


def _tidy(word: str) -> str:
    """Without a last `e` or a doubled `l` that longer words can spare."""
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _short_end(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
