"""What the command line asks of a server, and what it hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jackfield.errors import JackfieldError


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a server is to run.

    Attributes:
        paths: Files and folders with connectors, instead of those of the settings.
        settings: By name, as written on the command line; they win over all others.
        demo: With the connector `demo` and the small service that it calls.
    """

    paths: Sequence[Path] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class Started:
    """A server that takes requests.

    Attributes:
        url: Its address.
        database: Where everything is kept, without a password.
        first_token: Of an administrator, made just now: to be shown once. `None` where there was one already.
        types: How many connector types can be called.
        connectors: Full names of the connectors of files and of the demo.
        demo: Whether the connector `demo` is there.
        problems: What could not be loaded.
    """

    url: str
    database: str
    first_token: str | None = field(repr=False)
    types: int
    connectors: Sequence[str]
    demo: bool
    problems: Sequence[JackfieldError]


class Serve(Protocol):
    """Runs a server until it is stopped."""

    def __call__(self, wanted: Wanted, /, *, started: Callable[[Started], None]) -> None:
        """Run, and tell `started` once requests are taken.

        Raises:
            AddressInUse: Somebody else listens there.
            JackfieldError: What is kept cannot be opened.
        """


@dataclass(frozen=True, kw_only=True)
class WantedMcp:
    """What a client on stdin is offered.

    Attributes:
        paths: Files and folders with connectors, instead of those of the settings.
        gateway: The tools of this one; empty for all.
        connectors: Only those of these; empty for all.
        reads_only: Only those that change nothing.
        authoring: Whether connectors can be made; `None` for what is set.
    """

    paths: Sequence[Path] = ()
    gateway: str = ""
    connectors: Sequence[str] = ()
    reads_only: bool = False
    authoring: bool | None = None


class SpeakMcp(Protocol):
    """Answers a client on stdin until that is closed."""

    def __call__(self, wanted: WantedMcp, /) -> None:
        """Answer.

        Raises:
            JackfieldError: What is wanted is not there, or what is kept cannot be opened.
        """
