"""What can be looked at and changed, from plain and from asynchronous code."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

NAMES = (
    *("secrets", "users", "tokens", "connectors", "imports", "tests", "trials", "types", "drafts", "executions"),
    *(
        "keys",
        "audit",
        "settings",
        "upstreams",
        "authoring",
        "tools",
        "gateways",
        "sign_ins",
        "connect_links",
        "oauth_apps",
    ),
    *("credentials", "sign_ins", "connect_links", "oauth_apps"),
)

Run = Callable[[Callable[[Any, Any], Coroutine[Any, Any, Any]]], Any]
"""Runs work with the resources and the caller; gives its result, or what is awaited for it."""


class Managed:
    """`manage.secrets.put("ACME_KEY", value)`: the methods of `jackfield.manage`, without their first argument.

    The caller is whoever the Jackfield acts for: the local user, or the user of its token.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getattr__(self, name: str) -> _Resource:
        if name not in NAMES:
            raise AttributeError(f"there is no `{name}`; there are {', '.join(f'`{known}`' for known in NAMES)}")
        return _Resource(self._run, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *NAMES]


class _Resource:
    def __init__(self, run: Run, name: str) -> None:
        self._run = run
        self._name = name

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)

        def call(*arguments: Any, **keywords: Any) -> Any:
            async def work(resources: Any, principal: Any) -> Any:
                return await getattr(getattr(resources, self._name), method)(principal, *arguments, **keywords)

            return self._run(work)

        call.__name__ = method
        return call
