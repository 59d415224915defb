"""Every example in the README and in `docs/` runs as a reader would run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .pages import run_page

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
@pytest.mark.usefixtures("reader")
def test_every_example_of_the_page_runs_as_printed(path, monkeypatch):
    """An example that does not work costs every reader more than it ever saved us."""
    run_page(path, monkeypatch)
