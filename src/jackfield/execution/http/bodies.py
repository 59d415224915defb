"""The body of a declarative operation: its params as JSON, as a form or as parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jackfield.egress.bodies import encode_json
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.http.plan import Plan
from jackfield.execution.multipart import Part, joined
from jackfield.execution.values import as_text, as_texts, from_base64

_OCTETS = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A param that goes into the body.

    Attributes:
        name: To the service; of a member inside of others, the names from the outermost to its own.
    """

    param: str
    name: str | tuple[str, ...]
    value: Any


def body_options(plan: Plan, members: Sequence[Member]) -> tuple[dict[str, Any], str]:
    """One of `json` and `content`, as the client takes them; and a content type that replaces the static one.

    Raises:
        ParamUnplaceable: A value cannot be written into a form or a part.
    """
    if plan.body == "json":
        return {"json": _nested(members)}, ""
    if plan.body == "form":
        return {"content": _form(members)}, ""
    content, media_type = joined([part for member in members for part in _parts(member, plan)])
    return {"content": content}, media_type


def _form(members: Sequence[Member]) -> bytes:
    """Spaces are `%20`, which every server reads, and not `+`, which some do not."""
    pairs = [(_flat(member), text) for member in members for text in _texts(member)]
    return "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs).encode()


def _nested(members: Sequence[Member]) -> dict[str, Any]:
    """`message.text` and `message.channel` make one object `message`.

    Raises:
        ParamUnplaceable: A caller gives something that no operation declares, and it is called as that object is.
    """
    found: dict[str, Any] = {}
    made: dict[tuple[str, ...], dict[str, Any]] = {(): found}
    for member in sorted(members, key=lambda member: isinstance(member.name, tuple)):
        *outer, name = (member.name,) if isinstance(member.name, str) else member.name
        for end in range(1, len(outer) + 1):
            steps = tuple(outer[:end])
            if steps not in made:
                if steps[-1] in made[steps[:-1]]:
                    raise _given_twice(".".join(steps), member.param)
                made[steps] = made[steps[:-1]].setdefault(steps[-1], {})
        made[tuple(outer)][name] = member.value
    return found


def _given_twice(name: str, param: str) -> ParamUnplaceable:
    hint = f"leave `{name}` out, or `{param}`"
    return ParamUnplaceable(
        param=param, place="body", reason=f"`{name}` is given too, which it is inside of", hint=hint
    )


def _flat(member: Member) -> str:
    return member.name if isinstance(member.name, str) else ".".join(member.name)


def _texts(member: Member) -> list[str]:
    return as_texts(member.value, param=member.param, place="form")


def _parts(member: Member, plan: Plan) -> Iterator[Part]:
    """A part for each item of a list; nothing for null. What is no file and no text is JSON."""
    name, value = _flat(member), member.value
    for item in value if isinstance(value, list | tuple) else [value]:
        if member.param in plan.files and isinstance(item, str):
            content = from_base64(item, param=member.param, place="body")
            # Servers tell files from fields by the name of the file; it is the only name there is.
            yield Part(name=name, content=content, media_type=_OCTETS, filename=name)
        elif isinstance(item, dict | list | tuple):
            yield Part(name=name, content=encode_json(item), media_type="application/json")
        elif item is not None:
            yield Part(name=name, content=as_text(item, param=member.param, place="body").encode())
