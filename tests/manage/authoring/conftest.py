"""A vendor for all tests of authoring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from manage.authoring.world import vendor
from servers import Service, serve


@pytest.fixture(scope="package")
def acme_for_all() -> Iterator[Service]:
    with serve(vendor) as running:
        yield running


@pytest.fixture
def acme(acme_for_all: Service) -> Service:
    """The vendor, which nobody has asked yet."""
    acme_for_all.asked.clear()
    return acme_for_all


@pytest.fixture(autouse=True)
def tables(sqlite_url: str) -> str:
    """Tables in the database that processes of these tests open, which would else be made for each."""
    return sqlite_url
