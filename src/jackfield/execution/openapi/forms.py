"""Bodies of the type application/x-www-form-urlencoded.

Source: OpenAPI 3.1.1, sections 4.8.14.4 and 4.8.15, and its appendix E.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jackfield.definition.openapi.plan import PartPlan
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.encoding import form_part, query_part
from jackfield.execution.openapi.media import TEXT
from jackfield.execution.openapi.styles import Pair
from jackfield.execution.openapi.texts import decoded, to_bytes
from jackfield.execution.values import as_text


def write_form(value: Mapping[str, Any], plans: Mapping[str, PartPlan], *, names: Mapping[str, str]) -> bytes:
    """The body: `name=value`, joined by `&`. Nulls are left out.

    Args:
        value: The properties by name on the wire.
        plans: Of those that the document says something about.
        names: Names of the params, for messages, by name on the wire.

    Raises:
        ParamUnplaceable: A value cannot be written.
    """
    found: list[str] = []
    for name, member in value.items():
        if member is not None:
            found.extend(_property(name, member, plans.get(name, PartPlan()), param=names.get(name, name)))
    return "&".join(found).encode()


def _property(name: str, value: Any, plan: PartPlan, *, param: str) -> list[str]:
    name = as_text(name, param=param, place="body")
    if plan.style is not None:
        found = styles.pairs(name, value, style=plan.style, explode=plan.explode, param=param, place="body")
        return [query_part(pair, allow_reserved=True) if plan.allow_reserved else form_part(pair) for pair in found]
    media_type = plan.media_types[0] if plan.media_types else TEXT
    every = value if isinstance(value, list | tuple) else [value]
    return [_text(name, item, plan, media_type, param) for item in every if item is not None]


def _text(name: str, value: Any, plan: PartPlan, media_type: str, param: str) -> str:
    if plan.binary:
        content = decoded(value, param=param, base64=plan.base64)
        return f"{quote(name, safe='')}={quote(content, safe='')}"
    return form_part(Pair(name, (to_bytes(value, media_type=media_type, param=param).decode(),)))
