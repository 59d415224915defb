"""A fake OAuth server for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jackfield.testing import FakeOAuth
from oauth_client import BACK


@pytest.fixture
def oauth() -> Iterator[FakeOAuth]:
    with FakeOAuth(redirect_uris=[BACK]) as server:
        yield server
