"""What tests do as a browser: it keeps cookies, and says which page asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.world import At, Said
from surfaces.served import ADMIN_TOKEN

HOST = "127.0.0.1:8321"


@dataclass
class Browser:
    """A browser with a page of a server open.

    Attributes:
        at: The server.
        host: As in the address of the page.
        origin: Of the page.
        csrf_token: What the page was told.
        cookies: By name.
    """

    at: At
    host: str = HOST
    origin: str = f"http://{HOST}"
    csrf_token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = b"", **headers: str) -> Said:
        """An answer, with what a browser sends along by itself. Underscores in names of headers are hyphens."""
        own = {"host": self.host, "sec-fetch-site": "same-origin"}
        if method not in {"GET", "HEAD"}:
            own |= {"origin": self.origin, "x-csrf-token": self.csrf_token}
        if self.cookies:
            own["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = own | {name.replace("_", "-"): value for name, value in headers.items()}
        said = nobody(self.at).ask(method, path, body, headers={name: text for name, text in given.items() if text})
        self._keep(said.headers)
        return said

    def sign_in(self, token: str = ADMIN_TOKEN) -> Said:
        """An answer to a token."""
        said = self.ask("POST", "/api/session", {"token": token}, content_type="application/json")
        if said.status == 201:
            self.csrf_token = said.json()["csrfToken"]
        return said

    def who(self) -> Said:
        """Who is signed in."""
        return self.ask("GET", "/api/session")

    def _keep(self, headers: Mapping[str, str]) -> None:
        if cookie := headers.get("set-cookie"):
            (name, _, value), attributes = cookie.partition(";")[0].partition("="), cookie.partition(";")[2]
            self.cookies.pop(name, None)
            if "Max-Age=0" not in attributes:
                self.cookies[name] = value


def nobody(at: At) -> At:
    """The same server, for somebody without a token."""
    return At(url=at.url, token="")


def signed_in(at: At, token: str = ADMIN_TOKEN) -> Browser:
    """A browser in which somebody is signed in."""
    browser = Browser(at)
    said = browser.sign_in(token)
    assert said.status == 201, said.body
    return browser
