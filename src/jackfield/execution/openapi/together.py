"""Several credentials for one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jackfield.definition.wire import Answer, Authorizer, Outgoing
from jackfield.egress.refusal import USUAL, is_refused


@dataclass(frozen=True, slots=True)
class Together:
    """Several credentials that a service wants at once. What one of them can do when it is refused, all can."""

    parts: tuple[Authorizer, ...]

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that hold secrets; egress takes them out of redirects."""
        names: frozenset[str] = frozenset()
        return names.union(*(getattr(part, "query_names", names) for part in self.parts))

    @property
    def refusal(self) -> Any:
        """Which answers mean that one is not taken: what the one that says so says."""
        return next((part.refusal for part in self.parts if hasattr(part, "refusal")), USUAL)

    @property
    def granted(self) -> tuple[str, ...] | None:
        """The scopes of the token among them; `None` where nobody knows."""
        return next((part.granted for part in self.parts if hasattr(part, "granted")), None)

    async def sign(self, request: Outgoing) -> None:
        """Add each.

        Raises:
            CredentialInvalid: One cannot be sent.
        """
        for part in self.parts:
            await part.sign(request)

    async def on_refused(self, answer: Answer) -> bool:
        """Whether one of them was renewed; the others would be refused again."""
        return any([await part.on_refused(answer) for part in self.parts if is_refused(part, answer)])

    def judge(self, *, accepted: bool) -> None:
        """Tell those that want to know whether what they have renewed was taken."""
        for part in self.parts:
            if (judge := getattr(part, "judge", None)) is not None:
                judge(accepted=accepted)
