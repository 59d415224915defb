"""Models of answers. They are made of the views that are answered, so that both say the same.

They are for the document alone: an answer is written straight from its view.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, Optional, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model

from jackfield.manage.views import INSTANTS, TIMES, camel

_ATTRIBUTE = re.compile(r"^    (?:    )?(\w+(?:, \w+)*): (.+(?:\n {8,}.+)*)", re.MULTILINE)
_MICROSECONDS = re.compile(r",? ?(?:in )?[Mm]icroseconds since 1970(?:; so is `\w+`, which is|;|,)? ?")


@cache
def shown(
    view: Any, name: str, without: Collection[str] = frozenset(), spelt: Callable[[str], str] = camel
) -> type[BaseModel]:
    """The model of what `to_json` makes of a view.

    Args:
        view: A dataclass.
        name: Of the model in the document.
        without: Fields that are left out.
        spelt: From the name of a field to that of its key.
    """
    hints, told = get_type_hints(view), _attributes(view.__doc__ or "")
    fields: dict[str, Any] = {
        each.name: (_type(each.name, hints[each.name]), Field(alias=spelt(each.name), description=told.get(each.name)))
        for each in dataclasses.fields(view)
        if each.name not in without
    }
    first = (view.__doc__ or "").strip().splitlines()[0]
    return create_model(name, __doc__=first, **fields)


@cache
def page_of(item: type[BaseModel], *, cursor: bool = False, spelt: Callable[[str], str] = camel) -> type[BaseModel]:
    """The model of a list of `item`.

    Args:
        cursor: It can be continued where it ended, and need not be counted.
        spelt: As in `shown`.
    """
    number: Any = int | None if cursor else int
    fields: dict[str, Any] = {
        "items": (list[item], Field()),  # type: ignore[valid-type]  # made just now
        "total": (number, Field(description="How many there are in all; null where they were not counted.")),
        "page": (number, Field(description="From 1; null after a cursor.")),
        "page_size": (int, Field(alias=spelt("page_size"), description="At most so many items.")),
    }
    if cursor:
        told = "Give it as `cursor` to go on; there is none at the end."
        fields["next_cursor"] = (str, Field(default="", alias=spelt("next_cursor"), description=told))
    return create_model(f"{item.__name__}Page", __doc__="A part of a list.", **fields)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="`urn:jackfield:error:` and the code.")
    title: str = Field(description="What kind of problem it is.")
    status: int
    detail: str = Field(description="What happened.")
    code: str = Field(description="For programs; the documentation explains each.", examples=["not-owner"])
    hint: str = Field(description="What to do about it.")
    retry: Literal["never", "later", "after_fix"] = Field(description="Whether the same request can succeed.")
    details: dict[str, Any]
    request_id: str = Field(alias="requestId", description="Also in the server's log.")
    errors: list[Fault] = Field(description="Everything that is wrong with what was sent.")


class Fault(BaseModel):
    """One thing wrong with what was sent."""

    pointer: str = Field(description="Where: a JSON Pointer (RFC 6901).")
    message: str


Problem.model_rebuild()


def _type(name: str, hint: Any) -> Any:
    inner = [one for one in get_args(hint) if one is not NoneType]
    if NoneType in get_args(hint):
        return Optional[_type(name, inner[0])]  # noqa: UP045 - found out now
    if hint is int and name in TIMES | INSTANTS:
        return datetime
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return shown(hint, _name(hint))
    if get_origin(hint) is Sequence:
        return list[_type("", inner[0])]  # type: ignore[misc]  # known only now
    return dict[str, Any] if get_origin(hint) is Mapping else hint


def _name(view: Any) -> str:
    return str(view.__name__).removesuffix("View").removesuffix("Info")


def _attributes(docstring: str) -> dict[str, str]:
    """What a docstring says of each attribute. Times are shown as text, so nothing is said of their unit."""
    _, _, section = docstring.partition("Attributes:")
    found: dict[str, str] = {}
    for names, told in _ATTRIBUTE.findall(section):
        words = _MICROSECONDS.sub("", " ".join(told.split())).strip()
        found |= {name: words[0].upper() + words[1:] for name in names.split(", ") if words.strip(" .")}
    return found
