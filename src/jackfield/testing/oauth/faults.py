"""What goes wrong, where, and how often: a script that a test writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Endpoint = Literal["metadata", "jwks", "page", "authorize", "token", "device", "verify", "revoke", "introspect", "api"]
Style = Literal["json", "form", "github", "slack", "html"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        grant: Only for token requests with this `grant_type`.
        status: Answer with this status.
        error: Answer with this code of an error.
        style: How the answer is written: as JSON; as a form; as JSON of GitHub (an error has status 200); as JSON
            of Slack (`ok`, and an error has status 200); as a page of HTML, whatever it was to say.
        body: Answer with this text, whatever it was to say.
        headers: Added to the answer, or in the place of its own.
        retry_after: Seconds that `Retry-After` asks for.
        retry_after_as: How it says so.
        redirect: Answer with a redirect to this address; `status` is 307 unless it is given.
        drop: Hang up instead of answering.
        hold: Name of a gate at which the request waits.
        delay_s: Seconds that it waits besides.
        when: Whether all this happens before the request has an effect, so that it has none, or after.
        changes: Members of the answer that are added or changed; of an answer to the browser, its query.
        without: Members that are left out.
        skew_s: Seconds by which `Date` is wrong, and by which `expires_at`, which the answer then has.
        size: Bytes by which the answer grows.
        refused: The access token that is given is no good from the start.
    """

    grant: str | None = None
    status: int | None = None
    error: str | None = None
    style: Style = "json"
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    redirect: str | None = None
    drop: bool = False
    hold: str | None = None
    delay_s: float = 0
    when: Literal["before", "after"] = "before"
    changes: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    skew_s: float = 0
    size: int = 0
    refused: bool = False

    @property
    def replaces(self) -> bool:
        """Whether it answers in the place of the server."""
        return self.style == "html" or any(
            value is not None for value in (self.status, self.error, self.body, self.redirect)
        )

    @property
    def prevents(self) -> bool:
        """Whether the request has no effect."""
        return self.when == "before" and (self.drop or self.replaces)

    @property
    def described(self) -> str:
        """What logs say of it: the attributes that were set."""
        plain = Fault()
        changed = [name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(plain, name)]
        return ", ".join(
            f"{name}={getattr(self, name)}" for name in changed if name not in {"changes", "body", "grant"}
        )


@dataclass(kw_only=True)
class Planned:
    """A fault in the script, and how many requests it still meets; `None`: all of them."""

    endpoint: Endpoint
    fault: Fault
    times: int | None = field(default=1)


class Script:
    """The faults to come. Those for some requests come before those for all, and older ones first."""

    def __init__(self) -> None:
        self.planned: list[Planned] = []

    def add(self, endpoint: Endpoint, fault: Fault, *, times: int | None) -> None:
        """Plan one.

        Raises:
            ValueError: There is no such endpoint.
        """
        if endpoint not in get_args(Endpoint):
            raise ValueError(f"there is no endpoint {endpoint!r}; there are {', '.join(get_args(Endpoint))}")
        self.planned.append(Planned(endpoint=endpoint, fault=fault, times=times))

    def clear(self, endpoint: Endpoint | None = None) -> None:
        """Forget those of one endpoint, or all."""
        self.planned = [plan for plan in self.planned if endpoint not in {None, plan.endpoint}]

    def take(self, endpoint: Endpoint, *, grant: str | None = None) -> Fault:
        """The fault that meets a request; one that does nothing if none is planned."""
        fitting = [plan for plan in self.planned if plan.endpoint == endpoint and plan.fault.grant in {None, grant}]
        for plan in sorted(fitting, key=lambda plan: plan.times is None):
            if plan.times is not None:
                plan.times -= 1
                self.planned = [other for other in self.planned if other.times != 0]
            return plan.fault
        return Fault()
