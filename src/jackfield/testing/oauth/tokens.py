"""Tokens: families of them, their generations, and what ends them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jackfield.testing.oauth.clock import Clock
from jackfield.testing.oauth.journal import Journal
from jackfield.testing.oauth.refusal import Refused, need
from jackfield.testing.oauth.rules import Rules


@dataclass(kw_only=True)
class Family:
    """Everything that comes of one grant.

    Attributes:
        id: `f1`, `f2`, ...
        generation: 1 for the first tokens; each exchange raises it.
        ended: Why nothing of it is good any more; `None` while it is.
        access: Its access tokens, oldest first.
    """

    id: str
    client: str
    account: str | None
    scopes: tuple[str, ...]
    generation: int = 0
    ended: str | None = None
    access: list[Token] = field(default_factory=list, repr=False)


@dataclass(kw_only=True)
class Token:
    """An access token or a refresh token.

    Attributes:
        label: Family and generation, such as `f1.2`: what logs say instead of the token.
        expires: By the server's clock; `None`: never.
        ended: Why it is no good; `None` while it is.
        used_at: When a refresh token was used up.
        answer: What was answered when it was used up, for who asks again within the grace.
    """

    text: str = field(repr=False)
    family: Family
    generation: int
    scopes: tuple[str, ...]
    expires: float | None
    ended: str | None = None
    used_at: float | None = None
    answer: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """Family and generation."""
        return f"{self.family.id}.{self.generation}"

    def trouble(self, now: float) -> str | None:
        """Why it is no good now; `None` if it is."""
        if self.expires is not None and now >= self.expires:
            return "expired"
        return self.family.ended or self.ended


class Tokens:
    """Every token that was ever given."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self.journal = journal
        self.families: dict[str, Family] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def open(
        self, *, client: str, account: str | None, scopes: Sequence[str], rules: Rules, refreshable: bool
    ) -> tuple[Family, Mapping[str, Any]]:
        """A new family, and its first answer."""
        family = Family(id=f"f{len(self.families) + 1}", client=client, account=account, scopes=tuple(scopes))
        self.families[family.id] = family
        return family, self._next(family, family.scopes, rules=rules, refreshable=refreshable)

    def renew(
        self, text: str, *, client: str, scopes: Sequence[str] | None, rules: Rules
    ) -> tuple[Mapping[str, Any], bool]:
        """Exchange a refresh token; whether the answer is one that was given before comes with it.

        Raises:
            Refused: It is no good, or what is asked for is more than was granted.

        Source: RFC 6749, section 6; RFC 9700, section 4.14.2 (rotation).
        """
        token = self.refresh.get(text)
        # Somebody else's token is told nothing about, and is not ended by who has no right to it.
        if token is None or token.family.client != client:
            raise Refused("invalid_grant", "the refresh token is unknown")
        trouble = token.trouble(self._clock.now())
        if token.used_at is not None and trouble is None:
            return self._again(token, rules), True
        need(trouble is None, "invalid_grant", f"the refresh token is no good: {trouble}")
        wanted = token.family.scopes if scopes is None else tuple(scopes)
        need(set(wanted) <= set(token.family.scopes), "invalid_scope", "more was asked for than was granted")
        if rules.ends_old_access:
            self.end_access("a refresh", family=token.family)
        answer = self._next(token.family, wanted, rules=rules, refreshable=rules.rotates)
        if rules.rotates:
            token.used_at, token.answer = self._clock.now(), answer
        return answer, False

    def end(self, family: Family, why: str) -> None:
        """End a family; one that has ended keeps its reason."""
        family.ended = family.ended or why

    def end_access(self, why: str, *, family: Family | None = None) -> int:
        """End the access tokens of one family or of all; how many were good until now."""
        now = self._clock.now()
        tokens = self.access.values() if family is None else family.access
        good = [token for token in tokens if token.trouble(now) is None]
        for token in good:
            token.ended = why
        return len(good)

    def remaining(self, family: Family) -> float:
        """Seconds that the newest good access token of a family still lives; 0 if there is none."""
        now = self._clock.now()
        good = [token for token in family.access if token.trouble(now) is None]
        return max((token.expires - now for token in good if token.expires is not None), default=0.0)

    def _again(self, token: Token, rules: Rules) -> Mapping[str, Any]:
        """The same answer within the grace; past it, whoever asks has a token that somebody else has used."""
        now = self._clock.now()
        if token.used_at is not None and rules.grace_s and now - token.used_at <= rules.grace_s:
            return self._shorter(token.answer, now)
        self.journal.reuses += 1
        if rules.reuse_revokes:
            self.journal.lost += 1
            self.end(token.family, "reuse")
        raise Refused("invalid_grant", "the refresh token was used before")

    def _shorter(self, answer: Mapping[str, Any], now: float) -> Mapping[str, Any]:
        """An answer that was given before, with the time that is left of it."""
        if "expires_in" not in answer:
            return answer
        expires = self.access[answer["access_token"]].expires
        return {**answer, "expires_in": max(0, int((expires or now) - now))}

    def _next(self, family: Family, scopes: tuple[str, ...], *, rules: Rules, refreshable: bool) -> dict[str, Any]:
        family.generation += 1
        now, number = self._clock.now(), family.generation
        access = f"at-{family.id}-{number}-{secrets.token_urlsafe(24)}"
        token = Token(
            text=access, family=family, generation=number, scopes=scopes, expires=now + rules.access_lifetime_s
        )
        self.access[access] = token
        family.access.append(token)
        answer: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "scope": " ".join(scopes)}
        if rules.tells_expiry:
            answer["expires_in"] = rules.access_lifetime_s
        if refreshable:
            refresh = f"rt-{family.id}-{number}-{secrets.token_urlsafe(24)}"
            lifetime = rules.refresh_lifetime_s
            self.refresh[refresh] = Token(
                text=refresh,
                family=family,
                generation=number,
                scopes=family.scopes,
                expires=None if lifetime is None else now + lifetime,
            )
            answer["refresh_token"] = refresh
        return answer
