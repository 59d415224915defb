"""What the server was asked, and what became of it: the numbers that tests assert."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request to the token endpoint.

    Attributes:
        number: 1 for the first.
        at: The server's time.
        grant: The `grant_type`.
        client: Who asked.
        outcome: What happened at the server: `ok`; `repeated` within the grace; `none`, since a fault came before;
            or the code of the refusal.
        fault: What went wrong besides; empty if nothing did.
        family: What it belongs to, such as `f1`; `None` if that is not known.
        generation: That of the refresh token that was brought.
        given: The generation of the tokens that were made.
        remaining_s: Seconds that the newest access token still had to live.
        why: The reason of a refusal.
    """

    number: int
    at: float
    grant: str
    client: str | None
    outcome: str
    fault: str = ""
    family: str | None = None
    generation: int | None = None
    given: int | None = None
    remaining_s: float = 0
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How often what happened.

    Attributes:
        exchanges: By `grant_type`, then by outcome, as in `Exchange`.
        by_token: The same by the refresh token that was brought, such as `f1.2` for family and generation.
        repeats: Answers that were given again within the grace.
        reuses: How often a used-up refresh token of a grant that was still good came again, past the grace.
        lost: Grants that ended by that.
        revoked: Grants that ended otherwise, since the start.
        api: Calls of the API: `ok`, `refused`, `fault`.
        api_by_token: The same by access token, or `unknown`.
        requests: Requests by endpoint, whatever became of them.
    """

    exchanges: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    by_token: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    repeats: int = 0
    reuses: int = 0
    lost: int = 0
    revoked: int = 0
    api: Mapping[str, int] = field(default_factory=dict)
    api_by_token: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)

    def exchanged(self, grant: str, outcome: str = "ok") -> int:
        """How often a grant had an outcome."""
        return self.exchanges.get(grant, {}).get(outcome, 0)


class Journal:
    """Everything since the start, or since it was forgotten."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.reuses = 0
        self.lost = 0
        self.requests: Counter[str] = Counter()
        self.api: Counter[str] = Counter()
        self.api_by_token: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def called(self, token: str, outcome: str) -> None:
        """Write down a call of the API."""
        self.api[outcome] += 1
        self.api_by_token[token][outcome] += 1

    def by_token(self) -> dict[str, dict[str, int]]:
        """Exchanges by the refresh token that was brought, and outcome."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for exchange in self.exchanges:
            if exchange.generation is not None:
                found[f"{exchange.family}.{exchange.generation}"][exchange.outcome] += 1
        return {label: dict(outcomes) for label, outcomes in found.items()}

    def by_grant(self) -> dict[str, dict[str, int]]:
        """Exchanges by `grant_type` and outcome."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for exchange in self.exchanges:
            found[exchange.grant][exchange.outcome] += 1
        return {grant: dict(outcomes) for grant, outcomes in found.items()}
