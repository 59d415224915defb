"""The same from programs, with a server and without: `jackfield.manage.sign_ins`, `connect_links`, `oauth_apps`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield import Jackfield
from jackfield.credentials.oauth.errors import SignInNotOffered
from jackfield.manage.errors import UnknownConnectLink, UnknownOAuthApp, UnknownSignIn
from jackfield.surfaces.server_errors import OnlyAtTheServer
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN

ORIGIN = "https://jackfield.example"


@pytest.fixture(params=["embedded", "remote"])
def jf(request: pytest.FixtureRequest, service: FakeOAuth, tmp_path: Path) -> Iterator[Jackfield]:
    """A Jackfield that has the connector `acme`."""
    if request.param == "remote":
        here: World = request.getfixturevalue("here")
        with Jackfield(url=here.at.url, token=ADMIN_TOKEN) as made:
            yield made
        return
    url: str = request.getfixturevalue("sqlite_url")
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    patch.setenv("JACKFIELD_KEY", KEY)
    patch.setenv("JACKFIELD_DATABASE_URL", url)
    with Jackfield(url="", egress_allow=service.address) as made:
        made.manage.connectors.create(acme(service))
        yield made


def test_apps_links_and_devices_are_managed_alike(jf: Jackfield, service: FakeOAuth):
    """Each with the same answers and the same errors."""
    manage = jf.manage
    app = manage.oauth_apps.put("acme", client_id=service.client_id, client_secret=service.client_secret)
    link = manage.connect_links.make("acme", end_user="customer", origin=ORIGIN)
    device = manage.sign_ins.start_device("acme", name="phone")

    assert app.token_url == service.token_url
    assert app in manage.oauth_apps.list()
    assert "/connect/" in link.url
    assert [each.id for each in manage.connect_links.list(connector="default/acme")] == [link.id]
    assert manage.connect_links.revoke(link.id) is None
    assert manage.connect_links.get(link.id).state == "revoked"
    assert manage.sign_ins.poll_device(device.id).state == manage.sign_ins.status(device.id).state == "open"
    assert manage.sign_ins.redirect_uri("acme", origin=ORIGIN).redirect_uri.endswith("/api/oauth/callback/acme")
    assert manage.oauth_apps.delete("acme") is None
    with pytest.raises(UnknownOAuthApp):
        manage.oauth_apps.delete("acme")
    with pytest.raises(UnknownConnectLink):
        manage.connect_links.get("nothing")
    with pytest.raises(UnknownSignIn):
        manage.sign_ins.status("nothing")
    with pytest.raises(SignInNotOffered):
        manage.sign_ins.start_device("delay")


def test_a_browser_that_does_not_ask_itself_cannot_come_back_to_a_server(here: World):
    """A program gets a link instead, which any browser opens."""
    refused = pytest.raises(OnlyAtTheServer, match="beginning a sign-in")
    with Jackfield(url=here.at.url, token=ADMIN_TOKEN) as jf, refused:
        jf.manage.sign_ins.start("acme")
