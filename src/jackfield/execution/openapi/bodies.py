"""The body of a request, of any kind that a document can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.openapi.media_types import essence, is_range
from jackfield.definition.openapi.plan import BodyPlan
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi.encoding import header_text
from jackfield.execution.openapi.forms import write_form
from jackfield.execution.openapi.media import concrete, is_form, is_json, is_multipart
from jackfield.execution.openapi.multipart import write_multipart
from jackfield.execution.openapi.texts import decoded, to_bytes

_NONE = object()
_JSON = "application/json"


def write_body(
    plan: BodyPlan, params: Mapping[str, Any], extra: Mapping[str, Any] | None = None
) -> tuple[bytes | None, str]:
    """The bytes, and their media type; `None` and nothing where there is no body.

    Args:
        plan: Of the body.
        params: Of the command.
        extra: Members of the body that the document does not name.

    Raises:
        ParamUnplaceable: A value cannot be written in the media type.
    """
    value = _value(plan, params, extra or {})
    if value is _NONE:
        return None, ""
    media_type = _media_type(plan, params, value)
    if value is None and (plan.binary or not is_json(media_type)):
        return (b"", media_type) if plan.required else (None, "")
    if is_form(media_type) or is_multipart(media_type):
        return _fields(plan, value, media_type)
    param = plan.param or "body"
    if plan.binary and isinstance(value, str) and (is_range(media_type) or not is_json(media_type)):
        content = decoded(value, param=param)
        return content, concrete(media_type, content)
    content = to_bytes(value, media_type=media_type, param=param)
    return content, _with_charset(concrete(media_type, content, usual=_usual(value)), content)


def _value(plan: BodyPlan, params: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    if plan.param:
        value = params.get(plan.param, _NONE)
    else:
        named = {wire: params[param] for param, wire in plan.properties.items() if param in params}
        value = {**extra, **named} or _NONE
    # A service refuses a call without the body that it requires, even if every property is optional.
    return {} if value is _NONE and plan.required else value


def _media_type(plan: BodyPlan, params: Mapping[str, Any], value: Any) -> str:
    chosen = params.get(plan.choice) if plan.choice else None
    if isinstance(chosen, str) and chosen:
        return header_text(chosen, param=plan.choice)
    first = plan.media_types[0] if plan.media_types else _JSON
    if plan.binary or not is_range(essence(first)) or not is_json(first):
        return first
    return _JSON if "json" in first else _usual(value)


def _usual(value: Any) -> str:
    """Of a value whose media type the document leaves open."""
    return "text/plain; charset=utf-8" if isinstance(value, str) else _JSON


def _with_charset(media_type: str, content: bytes) -> str:
    """Text says that it is UTF-8 where that makes a difference: the usual reading of `text/plain` is another one."""
    silent = essence(media_type).startswith("text/") and "charset" not in media_type.lower()
    return f"{media_type}; charset=utf-8" if silent and not content.isascii() else media_type


def _fields(plan: BodyPlan, value: Any, media_type: str) -> tuple[bytes, str]:
    names = {wire: param for param, wire in plan.properties.items()}
    if isinstance(value, str) and is_form(media_type):
        # Somebody wrote the form out.
        return to_bytes(value, media_type="text/plain", param=plan.param), media_type
    if not isinstance(value, Mapping):
        hint = f"give `{plan.param}` as an object"
        raise ParamUnplaceable(param=plan.param, place="body", reason=f"`{media_type}` has names", hint=hint)
    if is_form(media_type):
        return write_form(value, plan.parts_of(media_type), names=names), media_type
    return write_multipart(value, plan.parts_of(media_type), media_type=media_type, names=names)
