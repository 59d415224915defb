"""What can go wrong between a definition and the request that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from jackfield.errors import JackfieldError

_SHOWN = 20
_SOURCE_SHOWN = 120


class TemplateRefused(JackfieldError):
    """A template is no expression, or asks for what templates may not do."""

    code = "template-refused"
    status = 422
    retry = "after_fix"

    def __init__(self, *, template: str, reason: str, hint: str = "") -> None:
        super().__init__(
            f"the template `{_short(template)}` is refused: {reason}",
            hint=hint or "templates are expressions: look values up, compute, use the allowed filters",
            template=_short(template),
            reason=reason,
        )


class TemplateVariableMissing(JackfieldError):
    """A template reads a variable that is not there."""

    code = "template-variable-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, template: str, variable: str, known: Iterable[str]) -> None:
        there = sorted(known)
        close = get_close_matches(variable.rpartition(".")[2], there, n=1)
        listed = ", ".join(f"`{name}`" for name in there[:_SHOWN]) or "nothing"
        more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
        hint = f"did you mean `{close[0]}`? " if close else "give it a value, or use `| default(...)`; "
        super().__init__(
            f"the template `{_short(template)}` reads `{variable}`, which is not there",
            hint=f"{hint}there is {listed}{more}",
            template=_short(template),
            variable=variable,
            known=there[:_SHOWN],
        )


class TemplateFailed(JackfieldError):
    """A template could not be computed with the values it got."""

    code = "template-failed"
    status = 422
    retry = "after_fix"

    def __init__(self, *, template: str, reason: str) -> None:
        super().__init__(
            f"the template `{_short(template)}` failed: {reason}",
            hint="check the values it reads, or convert them with `int`, `float` or `string`",
            template=_short(template),
            reason=reason,
        )


class PathEscape(JackfieldError):
    """A value would have led the request away from the path that the definition declares."""

    code = "path-escape"
    status = 422
    retry = "after_fix"

    def __init__(self, *, param: str, path: str, reason: str) -> None:
        super().__init__(
            f"`{param}` cannot be put into the path `{path}`: {reason}",
            hint=f"give `{param}` the name or id of one thing, not a path",
            param=param,
            path=path,
        )


class ParamUnplaceable(JackfieldError):
    """A value cannot be written where the definition puts it."""

    code = "param-unplaceable"
    status = 422
    retry = "after_fix"

    def __init__(self, *, param: str, place: str, reason: str, hint: str) -> None:
        super().__init__(f"`{param}` cannot be put into the {place}: {reason}", hint=hint, param=param, place=place)


class BaseUrlUnusable(JackfieldError):
    """The base URL of a connector is missing or no address that paths can be appended to."""

    code = "base-url-unusable"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, reason: str) -> None:
        super().__init__(
            f"the base URL of `{connector}` cannot be used: {reason}",
            hint="set the connection field `baseUrl` to an address such as `https://api.example.com/v1`",
            connector=connector,
        )


class ResponsePathMissing(JackfieldError):
    """The answer does not have the part that the definition takes from it."""

    code = "response-path-missing"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, path: str, missing: str) -> None:
        super().__init__(
            f"the answer has no `{missing}` of `{path}`",
            hint="compare `response` of the operation with the answer in `diagnostics.body`",
            path=path,
            missing=missing,
        )


class LegacyProtocol(JackfieldError):
    """A command answered with the keys of protocol 1.x."""

    code = "legacy-protocol"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, keys: Sequence[str]) -> None:
        named = ", ".join(f"`{key}`" for key in keys)
        super().__init__(
            f"the command answered with {named} of protocol 1.x; protocol 2.0 has `payload` (the result of a success), "
            "`diagnostics` (what led to a failure) and `variables`",
            hint='rename them as `docs/errors/legacy-protocol.md` shows, or let the connector say `protocol: "1.x"`',
            keys=list(keys),
        )


class MockSends(JackfieldError):
    """A mock script asked for a request."""

    code = "mock-sends"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, method: str) -> None:
        super().__init__(
            f"a mock script may send nothing, and asked for a `{method}` request",
            hint="let the script answer by itself, or call the command without a mock",
            method=method,
        )


def _short(template: str) -> str:
    return template if len(template) <= _SOURCE_SHOWN else f"{template[:_SOURCE_SHOWN]}..."
