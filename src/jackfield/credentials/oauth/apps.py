"""Platform apps: clients that whoever runs the installation has registered at services, for everybody to sign in with.

A type's author decides which server gets an app's secret, so an app is lent only to connectors for which an
administrator stands; and one of the settings only with the token endpoint that it was put in for.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Protocol

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.credentials.oauth.app import App
from jackfield.definition.names import slug
from jackfield.definition.secret import Secret

_PARTS = ("CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI")


class Apps(Protocol):
    """Where platform apps are."""

    async def find(self, type_name: str, *, tenant: str, token_url: str) -> App | None:
        """The app for connectors of that type; `None` where there is none.

        Args:
            token_url: Where its secret would go: the token endpoint, or the issuer by which that is found.

        Raises:
            Undecryptable: It cannot be read.
        """


class EnvironmentApps:
    """Apps of `<NAME>_OAUTH_CLIENT_ID`, `<NAME>_OAUTH_CLIENT_SECRET` and `<NAME>_OAUTH_REDIRECT_URI`.

    `NAME` is the type's in capitals: `GOOGLE_SHEETS_OAUTH_CLIENT_ID` for `google-sheets`.
    """

    def __init__(self, *, tenant: str = DEFAULT_TENANT) -> None:
        self._tenant = tenant

    async def find(self, type_name: str, *, tenant: str, token_url: str) -> App | None:
        """The app that the environment has."""
        prefix = variable_prefix(type_name)
        client_id, secret, redirect_uri = (os.environ.get(prefix + part, "").strip() for part in _PARTS)
        if not client_id or tenant != self._tenant:
            return None
        return App(
            client_id=client_id,
            secret=Secret(secret) if secret else None,
            redirect_uri=redirect_uri,
            place=f"`{prefix}CLIENT_ID`",
        )


class LayeredApps:
    """Several places as one: the first that has an app gives it."""

    def __init__(self, *places: Apps) -> None:
        self._places = places

    async def find(self, type_name: str, *, tenant: str, token_url: str) -> App | None:
        """The app from the first place that has one."""
        for place in self._places:
            if (found := await place.find(type_name, tenant=tenant, token_url=token_url)) is not None:
                return found
        return None


@lru_cache(maxsize=1024)
def variable_prefix(type_name: str) -> str:
    """How the variables of a type's app begin: `GOOGLE_SHEETS_OAUTH_`."""
    return re.sub(r"[^A-Z0-9]+", "_", slug(type_name).upper()) + "_OAUTH_"
