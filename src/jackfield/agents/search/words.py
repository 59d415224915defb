"""The words of a text or of an identifier, as they are looked up: split, folded and stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from jackfield.agents.search.stem import stem

LONGEST = 64
"""Characters of a word that count: what is longer is no word, and would be kept for nobody."""

_RUN = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[^\W\d_A-Za-z]+")
_NUMBERED = re.compile(r"([a-z]{3,})[0-9]+")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")

_COMMON_WORDS = """
a about also am an and any are as at be been being but by can could did do does each for from had has have he her
here him his how i if in into is it its just let like may me might must my need no not of on or our out over
please s shall she should so some such t than that the their them then there these they this those to too up us
use used using very want was we were what when where which who whom why will with would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def words(text: str) -> list[str]:
    """The stems of all words of `text`, in order and as often as they are there.

    `getV2User`, `get-v2-user` and `get_v2_user` are the same. Where two words are written as one (`GitHub`), that one
    is there too, since others write `github`. Accents and case make no difference. Chinese and Japanese, which put
    no spaces between words, become pairs of characters.
    """
    return [stem(word) for word in _split(text)]


def telling(text: str) -> list[str]:
    """`words` without those that nearly every sentence has, such as `the` and `please`, and without numbers.

    A number in a question is what a tool is called with, not what it is called.
    """
    return [stem(word) for word in _split(text) if word not in _COMMON and not word.isdecimal()]


def folded(name: str) -> str:
    """What is left of a name without case and whatever stands between its words."""
    return "".join(_RUN.findall(name)).casefold()


def _split(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text if text.isascii() else _plain(text)):
        run = found.group()
        if not run.isascii() and _NO_SPACES.search(run):
            yield from _pairs(run)
        elif run.islower() or run.isdigit():
            yield from _numbered(run[:LONGEST].casefold())
        else:
            yield from _parts(run[:LONGEST])


def _parts(run: str) -> Iterator[str]:
    """The words of a run that has capitals. A letter alone belongs to what follows: `OAuth` is no `o` and `auth`."""
    parts = [part.casefold() for part in _PART.findall(run)]
    words, letter = [], ""
    for part in parts:
        if len(part) == 1 and part.isalpha() and not letter:
            letter = part
            continue
        words += [letter + part, part] if letter else [part]
        letter = ""
    words += [letter] if letter else []
    if len(parts) == 2:
        words.append("".join(parts))
    for word in dict.fromkeys(words):
        yield from _numbered(word)


def _numbered(word: str) -> Iterator[str]:
    """`oauth2` is also `oauth`; `v2` and `s3` mean something only as they are."""
    yield word
    if found := _NUMBERED.fullmatch(word):
        yield found[1]


def _pairs(run: str) -> Iterator[str]:
    """Each two characters that follow one another, of a script without spaces; one alone is itself."""
    for piece in re.findall(rf"{_NO_SPACES.pattern}|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+", run):
        if _NO_SPACES.match(piece):
            yield from (piece[at : at + 2] for at in range(max(1, len(piece) - 1)))
        else:
            yield piece[:LONGEST].casefold()


def _plain(text: str) -> str:
    """Without accents, and with one way to write what has several."""
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))
