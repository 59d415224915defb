"""What a command answers: one shape for all execution models and all surfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic

from typing_extensions import TypeVar

from jackfield import errors
from jackfield.definition.errors import SLOTS, BadOutcome, CommandFailed

T_co = TypeVar("T_co", covariant=True, default=Any)

DEFAULT_FAILURE = "command-failed"

_KINDS: Mapping[str, tuple[Any, str]] = {
    "success": (bool, "true or false"),
    "variables": (Mapping, "an object"),
    "diagnostics": (Mapping, "an object"),
    "error": ((str, type(None)), "text"),
    "code": ((str, type(None)), "text"),
    "metadata": (Mapping, "an object"),
}
_LEGACY = {"data": "payload (on success) or diagnostics (on failure)", "outputVariables": "variables"}


@dataclass(frozen=True, slots=True, eq=True)
class Outcome(Generic[T_co]):
    """The result of one command call.

    Its own attributes are the ones below, `data`, `raise_on_error()` and `to_json()`; every other attribute
    and every `[item]` is looked up in the payload, so `outcome.data["id"]`, `outcome["id"]` and `outcome.id`
    agree. Use `[item]` where the payload has a key called like one of the own attributes.

    Attributes:
        success: Whether the command did what it was asked.
        payload: The result. Any JSON; `None` when there is none.
        variables: Merged flat into a run's variables, on success and on failure.
        diagnostics: Why it failed. Empty on success.
        error: What went wrong, in words. `None` on success.
        code: Stable name of the failure. `None` on success.
        metadata: Facts about the call: executionId, connector, command, durationMs, status ...
    """

    success: bool
    payload: T_co | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    code: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> T_co | None:
        """The payload, under the name that envelopes use."""
        return self.payload

    def raise_on_error(self) -> Outcome[T_co]:
        """This outcome, if it is a success.

        Raises:
            JackfieldError: The typed error of `code`; `CommandFailed` where the code is the connector's own.
        """
        if self.success:
            return self
        kind = errors.find_error(self.code or "")
        if kind is None or not kind.ran:
            raise CommandFailed(outcome=self.to_json())
        message = self.error or "the command failed"
        details = {**self.diagnostics, "outcome": self.to_json()}
        hint = self.diagnostics.get("hint", "")
        raise errors.from_json({"code": self.code, "detail": message, "hint": hint, "details": details})

    def to_json(self) -> dict[str, Any]:
        """The envelope, with the slots that apply.

        Shape: `{success, payload, variables, metadata}` or
        `{success, error, code, diagnostics, variables, metadata}`.
        """
        shared = {"variables": dict(self.variables), "metadata": dict(self.metadata)}
        if self.success:
            return {"success": True, "payload": self.payload, **shared}
        failure = {"error": self.error, "code": self.code, "diagnostics": dict(self.diagnostics)}
        kept = {} if self.payload is None else {"payload": self.payload}
        return {"success": False, **kept, **failure, **shared}

    def __getattr__(self, name: str) -> Any:
        # Python asks for many dunder names (copy, pickle, notebooks); they are never the payload's.
        if not name.startswith("__") and isinstance(self.payload, Mapping) and name in self.payload:
            return self.payload[name]
        raise AttributeError(self._absent(name))

    def __getitem__(self, key: Any) -> Any:
        payload: Any = self.payload
        if payload is None:
            raise KeyError(self._absent(key))
        return payload[key]

    def __contains__(self, key: object) -> bool:
        payload: Any = self.payload
        return payload is not None and key in payload

    def __iter__(self) -> Iterator[Any]:
        payload: Any = self.payload
        return iter(() if payload is None else payload)

    def _absent(self, name: Any) -> str:
        if not self.success:
            return f"no `{name}`: the command failed with `{self.code}`: {self.error}"
        if isinstance(self.payload, Mapping):
            return f"the payload has no `{name}`; it has {', '.join(f'`{key}`' for key in self.payload) or 'no keys'}"
        return f"no `{name}`: the payload is {type(self.payload).__name__}"


def succeed(payload: Any = None, *, variables: Mapping[str, Any] | None = None) -> Outcome[Any]:
    """A successful outcome."""
    return Outcome(success=True, payload=payload, variables=dict(variables or {}))


def fail(
    error: str,
    *,
    code: str | None = None,
    diagnostics: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Outcome[Any]:
    """A failed outcome: an expected refusal, as opposed to an exception, which is a surprise.

    Args:
        error: What went wrong, in words that a person can act on.
        code: Stable kebab-case name; `command-failed` without one.
        diagnostics: Facts that help to find the cause. Shown to operators, never merged into variables.
        variables: Merged into the run's variables although the command failed.
    """
    return Outcome(
        success=False,
        error=error,
        code=code or DEFAULT_FAILURE,
        diagnostics=dict(diagnostics or {}),
        variables=dict(variables or {}),
    )


def read_outcome(envelope: Any) -> Outcome[Any]:
    """The outcome that `Outcome.to_json` wrote as `envelope`.

    Raises:
        ValueError: It is none.
    """
    slots = envelope if isinstance(envelope, Mapping) else {}
    said = {slot: slots[slot] for slot in SLOTS if slots.get(slot) is not None}
    if "success" not in said or any(not isinstance(value, _KINDS[s][0]) for s, value in said.items() if s in _KINDS):
        raise ValueError("it is no outcome")
    return Outcome(**said)


def normalise(returned: object) -> Outcome[Any]:
    """The outcome that a handler meant by what it returned.

    An `Outcome` is kept. A mapping is read as the slots of one: with `error` and no `success` it is a failure.
    Anything else is a success without payload, as a command that is called for its effect returns nothing.

    Raises:
        BadOutcome: A mapping holds keys that are no slots (dropping them would lose the result silently), or
            a slot holds something of the wrong kind.
    """
    if isinstance(returned, Outcome):
        return _tidy(returned)
    if isinstance(returned, Mapping):
        return _tidy(_from_literal(returned))
    return Outcome(success=True)


def _from_literal(literal: Mapping[str, Any]) -> Outcome[Any]:
    if legacy := [key for key in _LEGACY if key in literal]:
        raise BadOutcome(keys=legacy, hint="; ".join(f"use {_LEGACY[key]} for `{key}`" for key in legacy))
    if unknown := [str(key) for key in literal if key not in SLOTS]:
        raise BadOutcome(keys=unknown, hint="return `succeed({...})`, or put the result under `payload`")
    return Outcome(
        success=literal.get("success", literal.get("error") is None),
        payload=literal.get("payload"),
        variables=literal.get("variables") or {},
        diagnostics=literal.get("diagnostics") or {},
        error=literal.get("error"),
        code=literal.get("code"),
        metadata=literal.get("metadata") or {},
    )


def _tidy(outcome: Outcome[Any]) -> Outcome[Any]:
    """Diagnostics, error and code belong to failures only. A payload of a failure, which is rare, is kept."""
    for slot, (kind, wanted) in _KINDS.items():
        if not isinstance(getattr(outcome, slot), kind):
            raise BadOutcome(keys=[slot], hint=f"`{slot}` must be {wanted}")
    if outcome.success:
        stray = outcome.diagnostics or outcome.error is not None or outcome.code is not None
        return replace(outcome, diagnostics={}, error=None, code=None) if stray else outcome
    return outcome if outcome.code else replace(outcome, code=DEFAULT_FAILURE)
