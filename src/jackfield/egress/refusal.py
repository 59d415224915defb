"""Which answers mean that a service does not take the credential any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.wire import Answer, Authorizer


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The signs of a refused credential.

    Attributes:
        statuses: HTTP statuses.
        path: Where the body of an answer has a code, with dots; empty where none tells.
        codes: The codes that mean it, whatever the status.
    """

    statuses: frozenset[int] = frozenset({401})
    path: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()

    def means(self, answer: Answer) -> bool:
        """Whether `answer` is one."""
        return answer.status in self.statuses or (bool(self.codes) and _at(answer.body, self.path) in self.codes)


USUAL = Refusal()


def is_refused(authorizer: Authorizer, answer: Answer) -> bool:
    """Whether `answer` says that the credential of `authorizer` is not taken: 401, where it names no other signs."""
    if (rule := getattr(authorizer, "refusal", None)) is None:
        return answer.status == 401
    return bool(rule.means(answer))


def tell(authorizer: Authorizer, answer: Answer) -> None:
    """Let `authorizer` learn whether what it has renewed was taken, if it wants to know."""
    if (judge := getattr(authorizer, "judge", None)) is not None:
        judge(accepted=not is_refused(authorizer, answer))


def _at(body: Any, path: tuple[str, ...]) -> str | None:
    for name in path:
        if not isinstance(body, Mapping):
            return None
        body = body.get(name)
    return str(body) if isinstance(body, str | int) and not isinstance(body, bool) else None
