"""What tests of signing in do: a service to sign in at, a connector to it, and a person with a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from server.browser import Browser, signed_in
from server.world import At, Said, at, settings
from surfaces.served import ADMIN_TOKEN, served

ACCOUNT_PATH = "email"


def acme(service: FakeOAuth, *, name: str = "acme", **auth: Any) -> dict[str, Any]:
    """A connector to a service at which people sign in; `auth` is laid over, and `None` takes something out."""
    usual = {
        "type": "oauth2",
        "authorizationUrl": service.authorization_url,
        "tokenUrl": service.token_url,
        "revocationUrl": service.revocation_url,
        "deviceAuthorizationUrl": service.device_url,
        "scopes": ["read"],
        "account": {"url": f"{service.api_url}/me", "path": ACCOUNT_PATH},
    }
    said = {key: value for key, value in (usual | auth).items() if value is not None}
    operations = [{"name": "me", "method": "GET", "path": "/me", "readsOnly": True}]
    return {"name": name, "baseUrl": service.api_url, "operations": operations, "auth": said, "testCommand": "me"}


@dataclass(kw_only=True)
class World:
    """A server, a service, and the app that the one has at the other."""

    at: At
    service: FakeOAuth
    browsers: list[Browser] = field(default_factory=list)

    @property
    def host(self) -> str:
        """As a browser writes it."""
        return self.at.url.removeprefix("http://")

    def callback(self, slug: str = "acme") -> str:
        """Where the service sends people back to."""
        return f"{self.at.url}/api/oauth/callback/{slug}"

    def user(self, name: str, **more: Any) -> At:
        """The server, for a user of its own that was made just now."""
        said = self.at.ask("POST", "/api/users", {"name": name, **more})
        assert said.status == 201, said.body
        return At(url=self.at.url, token=said.json()["token"]["text"])

    def browser(self, token: str = ADMIN_TOKEN) -> Browser:
        """A browser in which somebody is signed in to Jackfield."""
        browser = Browser(self.at, host=self.host, origin=self.at.url)
        said = browser.sign_in(token)
        assert said.status == 201, said.body
        return browser

    def stranger(self) -> Browser:
        """A browser in which nobody is."""
        return Browser(self.at, host=self.host, origin=self.at.url)

    def start(self, browser: Browser, connector: str = "acme", **body: Any) -> dict[str, Any]:
        """A sign-in that began."""
        said = browser.ask("POST", "/api/oauth/sign-ins", {"connector": connector, **body})
        assert said.status == 201, said.body
        found: dict[str, Any] = said.json()
        return found

    def agree(self, started: Mapping[str, Any], **how: Any) -> str:
        """Where the service sends the browser of somebody who agrees: path and query at this server."""
        location = self.service.sign_in(started["authorizationUrl"], **how)
        assert location.startswith(self.at.url), location
        return location.removeprefix(self.at.url)

    def connect(self, browser: Browser, connector: str = "acme", **body: Any) -> dict[str, Any]:
        """How a sign-in ended that went well, or not."""
        started = self.start(browser, connector, **body)
        self.come_back(browser, self.agree(started))
        return self.status(browser, started["id"])

    def come_back(self, browser: Browser, address: str) -> str:
        """The page that says how a sign-in ended to a browser that a service sends back."""
        said = browser.ask("GET", address, sec_fetch_site="cross-site")
        assert said.status == 303, said.body
        location = urljoin(address, said.headers["location"])
        return browser.ask("GET", location).body.decode()

    def status(self, browser: Browser, id: str) -> dict[str, Any]:
        """How a sign-in goes."""
        said = browser.ask("GET", f"/api/oauth/sign-ins/{id}")
        assert said.status == 200, said.body
        found: dict[str, Any] = said.json()
        return found

    def call(self, command: str = "me", connector: str = "acme", **options: Any) -> Said:
        """A call with the connected account."""
        return self.at.ask(
            "POST", f"/api/connectors/{connector}/execute", {"command": command, "params": {}, **options}
        )


def changed(address: str, **changes: str | None) -> str:
    """An address with other parameters; `None` takes one out."""
    path, _, query = address.partition("?")
    params = {name: value for name, value in (dict(parse_qsl(query)) | changes).items() if value is not None}
    return f"{path}?{urlencode(params)}"


def params(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(address).query))


@contextmanager
def world(folder: Path, database_url: str, service: FakeOAuth, **more: Any) -> Iterator[World]:
    """A server that has a connector `acme` to `service`, and an app there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACME_OAUTH_CLIENT_ID", service.client_id)
        patch.setenv("ACME_OAUTH_CLIENT_SECRET", service.client_secret)
        allowed = {"egress_allow": service.address} | more
        with served(settings(folder, database_url=database_url, **allowed)) as started:
            made = World(at=at(started), service=service)
            register(made, service)
            said = made.at.ask("POST", "/api/connectors", acme(service))
            assert said.status == 201, said.body
            yield made


def register(made: World, service: FakeOAuth, slug: str = "acme") -> None:
    """Register this server's address with the app that is there from the start."""
    service.register_client(service.client_id, secret=service.client_secret, redirect_uris=[made.callback(slug)])


__all__ = ["World", "acme", "changed", "params", "register", "signed_in", "world"]
