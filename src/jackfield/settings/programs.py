"""Programs of this machine that its operator lists: the only ones that Jackfield ever starts for a connector."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from jackfield.settings.errors import NOT_SHOWN, InvalidSetting

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WANTED = "`name=/absolute/path --option`, several of them separated by `;`"


@dataclass(frozen=True, kw_only=True)
class Program:
    """A listed program.

    Attributes:
        name: By which definitions and callers know it.
        path: Absolute.
        arguments: That it always gets, before all others.
        variables: Of the environment of this process that it gets too. It gets no others.
    """

    name: str
    path: str
    arguments: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As it is shown to people: without arguments, which may be secret."""
        return f"{self.name}={self.path}"

    def environment(self, own: Mapping[str, str]) -> dict[str, str]:
        """What it is started with: a plain path and language, and what the operator names of `own`."""
        plain = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        return plain | {name: own[name] for name in self.variables if name in own}


def read_programs(setting: str, text: str) -> tuple[Program, ...]:
    """The programs in `name=[VARIABLE ...] /path [argument ...]; other=...`. No shell ever sees it.

    Words before the path name variables of the environment that the program gets.

    Raises:
        InvalidSetting: It cannot be read, or a name is there twice.
    """
    found: dict[str, Program] = {}
    for part in _parts(setting, text):
        program = _read(setting, part)
        if program.name.lower() in found:
            raise InvalidSetting(name=setting, value=program.name, wanted="names that are there once")
        found[program.name.lower()] = program
    return tuple(found.values())


def _parts(setting: str, text: str) -> list[str]:
    """What stands between semicolons that are not quoted."""
    lexer = shlex.shlex(text, posix=False, punctuation_chars=";")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise InvalidSetting(name=setting, value=NOT_SHOWN, wanted=f"{_WANTED}; {error}".lower()) from None
    parts: list[list[str]] = [[]]
    for word in words:
        if set(word) == {";"}:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _read(setting: str, part: str) -> Program:
    name, equals, rest = part.partition("=")
    name = name.strip()
    words = shlex.split(rest)
    at = next((number for number, word in enumerate(words) if not _VARIABLE.fullmatch(word)), len(words))
    if not equals or not _NAME.fullmatch(name) or at == len(words) or not PurePath(words[at]).is_absolute():
        raise InvalidSetting(name=setting, value=name[:100] or NOT_SHOWN, wanted=_WANTED)
    return Program(name=name, path=words[at], arguments=tuple(words[at + 1 :]), variables=tuple(words[:at]))
