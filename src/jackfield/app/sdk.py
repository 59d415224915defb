"""Jackfield for programs: in their own process, or that of a server. The same code works with both."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jackfield.errors import JackfieldError, WrongUse
from jackfield.registry.discovery import is_loading
from jackfield.settings import Settings, from_environment
from jackfield.settings.values import READERS
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.sdk.client import Client

if TYPE_CHECKING:
    from jackfield.app.embedded import Embedded
    from jackfield.definition.connector import Connector

Folder = str | Path | Sequence[str | Path]


class Jackfield(Client):
    """Jackfield in this process, or with a `url` that of a server.

    Use it as a context manager, plain or asynchronous, or call `close()`.

    Example::

        with Jackfield(connectors=[{"name": "acme-prod", "type": "acme", "config": {"api_key": "..."}}]) as jf:
            outcome = jf.connector("acme-prod", "list_messages", {"channel": "general"})
    """

    def __init__(
        self,
        *,
        folder: Folder | None = None,
        connectors: Iterable[Mapping[str, Any]] = (),
        types: Iterable[type[Connector]] | None = None,
        secrets: Mapping[str, str] | None = None,
        egress_allow: str | None = None,
        mock: bool | None = None,
        url: str | None = None,
        token: str | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Args:
        folder: Files and folders with connectors (`*.py`, `*.yaml`, `*.json`, `*.js`), instead of
            `JACKFIELD_CONNECTORS` or the folder `connectors` of the working directory.
        connectors: Configured connectors as dicts, with the keys of a YAML entry.
        types: Connector classes to offer; without it, all that this process has defined or imported.
        secrets: Named secrets, beside those of `JACKFIELD_SECRET_<NAME>`.
        egress_allow: Private addresses that may be reached, instead of `JACKFIELD_EGRESS_ALLOW`.
        mock: Answer every call from mocks, instead of `JACKFIELD_MOCK`.
        url: Address of a Jackfield server that does all the work, instead of `JACKFIELD_URL`; empty for this process,
            whatever is set. With a server, the five arguments from `folder` to `egress_allow` are its business.
        token: An API token, instead of `JACKFIELD_TOKEN`, which goes to `JACKFIELD_URL` and nowhere else.
        settings: Instead of the environment's.

        Raises:
            JackfieldError: A setting or one of `connectors` is wrong. Files that cannot be loaded are
                reported in the log, and everything else is there.
        """
        chosen = _with_server(settings or from_environment(), url, token)
        entries = list(connectors)
        here = {
            "folder": folder is not None,
            "connectors": bool(entries),
            "types": types is not None,
            "secrets": bool(secrets),
            "egress_allow": egress_allow is not None,
        }
        if chosen.url and any(here.values()):
            raise _belongs_there(chosen.url, [name for name, given in here.items() if given])
        chosen = _settings(chosen, folder, egress_allow, mock)
        self._embedded: Embedded | None = None

        async def make() -> Runtime:
            self.runtime = await (_remote(chosen) if chosen.url else self._made(chosen, types, secrets, entries))
            return self.runtime

        super().__init__(make)

    async def _made(
        self,
        settings: Settings,
        types: Iterable[type[Connector]] | None,
        secrets: Mapping[str, str] | None,
        entries: Sequence[Mapping[str, Any]],
    ) -> Runtime:
        from jackfield.app.embedded import Embedded

        runtime = Embedded(settings, types=types, secrets=secrets)
        await runtime.load()
        for entry in entries:
            await runtime.add(entry)
        self._embedded = runtime
        return runtime

    @property
    def problems(self) -> list[JackfieldError]:
        """What could not be loaded in this process."""
        return self._embedded.problems if self._embedded else []


_default: list[Jackfield] = []
_making = threading.Lock()


def default() -> Jackfield:
    """The Jackfield behind the functions of the root package, made from the environment at first use.

    Made anew when it was closed, and in a process that was forked.
    """
    if is_loading():  # whoever makes the default one may be waiting for this very file
        return Jackfield()
    with _making:
        if _default and _default[0].closed:
            _default.clear()
        if not _default:
            _default.append(Jackfield())
        return _default[0]


def _after_fork() -> None:
    global _making  # noqa: PLW0603 - the old lock may be held by a thread that the child does not have
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


async def _remote(settings: Settings) -> Runtime:
    from jackfield.surfaces.sdk.remote.runtime import Remote

    return Remote(settings)


def _with_server(settings: Settings, url: str | None, token: str | None) -> Settings:
    """The settings with another server, or another token."""
    if url is not None:
        url = READERS["url"]("url", url) if url else ""
        if url and url != settings.url and token is None:
            raise WrongUse(
                "`url` is given without `token`",
                hint="give both: the token that is set is for the server that is set, and goes nowhere else",
            )
        settings = replace(settings, url=url)
    return settings if token is None else replace(settings, token=token)


def _belongs_there(url: str, given: Sequence[str]) -> WrongUse:
    named = ", ".join(f"`{name}`" for name in given)
    return WrongUse(
        f"{named} cannot be given to the Jackfield server `{url}`, which has its own",
        hint='configure it there; or work in this process, with `Jackfield(url="", ...)`',
    )


def _settings(settings: Settings, folder: Folder | None, egress_allow: str | None, mock: bool | None) -> Settings:
    if folder is not None:
        given = [folder] if isinstance(folder, str | Path) else folder
        settings = replace(settings, connectors=tuple(Path(path) for path in given))
    if egress_allow is not None:
        settings = replace(settings, egress_allow=egress_allow)
    return settings if mock is None else replace(settings, mock=mock)
