"""What is said of each setting: its docstring, taken apart."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.definition.docstrings import read
from jackfield.settings import Settings

_DEFAULT = re.compile(r" Default (?P<words>(?:`[^`]*`|[^.`])*)\.(?= |$)")


@dataclass(frozen=True, kw_only=True)
class SettingWords:
    """What is said of one setting.

    Attributes:
        meaning: What it does, without its default.
        default: Its value where nobody sets it; `None` where it has none of its own.
        default_words: What is said of that; empty where nothing is.
    """

    name: str
    variable: str
    meaning: str
    default: Any
    default_words: str


def setting_words() -> Sequence[SettingWords]:
    """What is said of every setting, in their order."""
    said = read(Settings).args
    return [_words(field, said[field.name]) for field in dataclasses.fields(Settings) if field.compare]


def _words(field: dataclasses.Field[Any], said: str) -> SettingWords:
    variable, _, meaning = said.partition(": ")
    told = _DEFAULT.search(meaning)
    return SettingWords(
        name=field.name,
        variable=variable.strip("`"),
        meaning=meaning.replace(told[0], "") if told else meaning,
        default=None if field.default in ((), "", dataclasses.MISSING) else field.default,
        default_words=told["words"] if told else "",
    )
