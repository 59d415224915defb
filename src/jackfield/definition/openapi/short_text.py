"""What a param says of itself, no longer than it needs to tell what to put in.

Of a long description the first sentence stays, and what says how a value is written or which values there are. The
story around it is in the document, and in what `Commands.in_full` gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jackfield.definition.openapi.plain_text import plain_text
from jackfield.definition.openapi.telling import Tells, item_name, tells

ROOM: tuple[tuple[Tells, int], ...] = (("fact", 260), ("use", 100), ("story", 60))
"""Characters up to which sentences of each kind stay. They were measured: see decision 0013."""

MOST = 260
"""Characters of a first sentence."""

NAMES = 300
"""Characters for the names in a list whose explanations do not fit."""

READ = 10_000
"""Characters that are looked at."""

CUT = " ..."
_ENDED = r"(?:(?<![eE]\.g\.)(?<!i\.e\.)(?<! vs\.)(?<! no\.)(?<!etc\.)(?<=[.!?])|(?<=[.!?][\"')\]]))"
_END = re.compile(_ENDED + r" +(?=[\"'`(\[*]*[A-Z0-9`])|(?<=[\u3002\uff01\uff1f])")


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """One sentence, or one item of a list, which begins with `- `."""

    line: int
    text: str
    tells: Tells


def short_text(text: str, *, known: tuple[str, ...] = (), default: str = "") -> str:
    """`text` as plain text of some hundred characters; ` ...` at its end says that something was left out.

    That it only points to another page is left out without a word.

    Args:
        text: Markdown or HTML.
        known: Values that the schema lists: they need not be listed again.
        default: What the schema has for one, as text: it need not be told again.
    """
    return _short(text[: READ + 1], known, default)


@lru_cache(maxsize=1024)  # most commands of a document have some params in common
def _short(text: str, known: tuple[str, ...], default: str) -> str:
    told = _told(plain_text(text[:READ]), frozenset(known), default)
    if not told:
        return ""
    kept = _kept(told)
    short = _joined([told[number] for number in sorted(kept)])
    names = _names([one for number, one in enumerate(told) if number not in kept], known)
    if len(short) > MOST:
        return (short[:MOST].rpartition(" ")[0] or short[:MOST]) + names + CUT
    return short + names + (CUT if len(kept) < len(told) or len(text) > READ else "")


def _told(plain: str, known: frozenset[str], default: str) -> list[_Sentence]:
    """The sentences that say anything. The first is always one of them."""
    found: list[_Sentence] = []
    for number, line in enumerate(plain.split("\n")):
        for text in filter(None, [line] if line.startswith("- ") else _END.split(line)):
            kind = tells(text, known=known, default=default)
            if kind == "story" and found and found[-1].tells == "fact" and found[-1].text.endswith(":"):
                kind = "fact"  # "Valid values are:", and on the next line which ones
            found.append(_Sentence(line=number, text=text, tells=kind))
    return found[:1] + [one for one in found[1:] if one.tells != "nothing"]


def _kept(told: Sequence[_Sentence]) -> set[int]:
    """The first, then what tells most, as far as there is room for its kind."""
    kept, size = {0}, len(told[0].text)
    for kind, room in ROOM:
        for number, one in enumerate(told):
            if number not in kept and one.tells == kind and size + 1 + len(one.text) <= room:
                kept.add(number)
                size += 1 + len(one.text)
    return kept


def _names(left: Sequence[_Sentence], known: Sequence[str]) -> str:
    """What the items of a list that do not fit begin with: often the values that may be given."""
    names, size = list[str](), 0
    for one in left:
        name = item_name(one.text)
        if name and name.strip("`") not in known and size + len(name) + 2 <= NAMES:
            names.append(name)
            size += len(name) + 2
    return f"\n- {', '.join(names)}" if names else ""


def _joined(sentences: Sequence[_Sentence]) -> str:
    made, line = "", -1
    for one in sentences:
        made += ("" if line < 0 else " " if line == one.line else "\n") + one.text
        line = one.line
    return made
