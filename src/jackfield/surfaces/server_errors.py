"""What can go wrong on the way to a Jackfield server and back."""

from __future__ import annotations

from typing import Literal

from jackfield.errors import JackfieldError

Sent = Literal["no", "maybe"]
Asked = Literal["call", "keyed call", "change", "look"]
"""What a request wants: a call, one with an idempotency key, another change, or none at all."""

_HINTS: dict[Asked, str] = {
    "call": "look at `jackfield executions list` before you repeat it; with an idempotency key repeating does no harm",
    "keyed call": "repeat it with the same idempotency key: it happens once, and is answered alike",
    "change": "look whether it was done before you repeat it",
    "look": "ask again",
}


class ServerUnreachable(JackfieldError):
    """The Jackfield server did not answer."""

    code = "server-unreachable"
    status = 503
    retry = "later"

    def __init__(self, *, url: str, reason: str, sent: Sent = "no", asked: Asked = "look") -> None:
        """Args:
        url: Of the server.
        reason: What happened on the way.
        sent: `maybe` once the server may have seen the request.
        asked: What the request wanted.
        """
        where = "check `JACKFIELD_URL`, and that `jackfield serve` runs there"
        super().__init__(
            f"the Jackfield server `{url}` did not answer: {reason}{_doubt(sent, asked)}",
            hint=_HINTS[asked] if sent == "maybe" else where,
            url=url,
            reason=reason,
            sent=sent,
        )


class ServerAnswerUnreadable(JackfieldError):
    """What answered in place of the Jackfield server is none, or is of another time."""

    code = "server-answer-unreadable"
    status = 502
    retry = "later"

    def __init__(
        self, *, url: str, problem: str, answered: int | None = None, sent: Sent = "no", asked: Asked = "look"
    ) -> None:
        """Args:
        url: Of the server.
        problem: What is wrong with the answer. Nothing of its body: nobody knows what is in it.
        answered: Its status.
        sent: `maybe` if a Jackfield server behind it may have seen the request.
        asked: What the request wanted.
        """
        where = "check that `JACKFIELD_URL` is the address of a Jackfield server, and what proxies stand before it"
        super().__init__(
            f"`{url}` does not answer as a Jackfield server: {problem}{_doubt(sent, asked)}",
            hint=f"{_HINTS[asked]}; {where}" if sent == "maybe" and asked != "look" else where,
            url=url,
            answered=answered,
            sent=sent,
        )


class OnlyAtTheServer(JackfieldError):
    """Something was asked of a server that is done on its machine only."""

    code = "only-at-the-server"
    status = 409
    retry = "after_fix"

    def __init__(self, *, what: str, instead: str) -> None:
        super().__init__(f"{what} cannot be done through a server", hint=instead, what=what)


def _doubt(sent: Sent, asked: Asked) -> str:
    if sent == "no" or asked == "look":
        return ""
    return "; the call may have been made" if asked != "change" else "; the change may have been made"
