"""API keys in the query and in cookies are really sent, whoever calls; a digest is answered, and shown to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from servers import Service
from surfaces.conftest import EVERY_SURFACE, SURFACES, Surface

API_KEY = "sk-everywhere-0123456789"

AUTH: dict[str, dict[str, Any]] = {
    "query": {"type": "api_key", "secret": "EVERYWHERE_KEY", "name": "k", "location": "query"},
    "cookie": {"type": "api_key", "secret": "EVERYWHERE_KEY", "name": "sid", "location": "cookie"},
    "hmac": {"type": "hmac", "secret": "EVERYWHERE_KEY", "text": "{method}"},
}


@pytest.fixture(params=EVERY_SURFACE)
def surface(request: pytest.FixtureRequest, folder: Path, keeping: str, monkeypatch: pytest.MonkeyPatch) -> Surface:
    """A way to call connectors of files, one for each place of a key."""
    monkeypatch.setenv("JACKFIELD_SECRET_EVERYWHERE_KEY", API_KEY)
    for name, auth in AUTH.items():
        said = {
            **{"name": name, "baseUrl": request.getfixturevalue("service").url},
            "operations": [{"name": "seen", "method": "GET", "path": "/seen"}],
            "auth": auth,
        }
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(said))
    return SURFACES[request.param](folder)


def test_a_key_goes_where_the_type_says(surface: Surface, service: Service):
    """Z08: it was accepted and ignored elsewhere."""
    said = {name: surface(name, "seen", {}) for name in AUTH}

    by_name = dict(zip(said, service.asked, strict=True))

    assert all(each.success for each in said.values()), said
    assert by_name["query"].query == {"k": [API_KEY]}
    assert by_name["cookie"].headers["cookie"] == f"sid={API_KEY}"
    assert len(by_name["hmac"].headers["x-signature"]) == 64
    assert API_KEY not in str(said)
