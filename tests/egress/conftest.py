from __future__ import annotations

import ssl

import pytest
import trustme

from .world import World


@pytest.fixture
async def world():
    world = World()
    yield world
    await world.close()


@pytest.fixture(scope="session")
def authority():
    """A certificate authority that nobody else trusts."""
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority):
    """A client's side that trusts `authority` only."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="session")
def certified(authority):
    """Makes the server's side for some names."""

    def make(*names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(context)
        return context

    return make
