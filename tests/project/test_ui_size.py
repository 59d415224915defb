"""How much a browser loads of the web UI. Bytes are no figure that depends on the machine, so they are promises."""

from __future__ import annotations

import gzip
import re

import pytest

ENTRY_JS, ENTRY_CSS, CHUNK = 200_000, 40_000, 175_000
"""Bytes as they are sent, compressed. A page on a slow telephone is there in a few seconds."""


@pytest.fixture
def assets(root):
    """The built files."""
    folder = root / "src" / "jackfield" / "_ui"
    if not (folder / "index.html").is_file():
        pytest.skip("the web UI is not built")
    return folder


def sent(path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_first_page_loads_little(assets):
    page = (assets / "index.html").read_text()
    names = re.findall(r'(?:src|href)="/ui/(assets/[^"]+)"', page)

    assert sum(sent(assets / name) for name in names if name.endswith(".js")) <= ENTRY_JS
    assert sum(sent(assets / name) for name in names if name.endswith(".css")) <= ENTRY_CSS


def test_no_part_is_large(assets):
    """What is loaded when it is needed is waited for."""
    large = {path.name: sent(path) for path in (assets / "assets").glob("*.js") if sent(path) > CHUNK}

    assert large == {}


def test_nothing_comes_from_elsewhere_or_is_run_from_the_page(assets):
    """The content security policy would refuse it."""
    page = (assets / "index.html").read_text()

    assert re.findall(r'(?:src|href)="(?!/ui/)[^"]*"', page) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
