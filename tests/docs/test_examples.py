"""Every example in the README and in `docs/` runs as a reader would run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .pages import run_page

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def page(path: Path) -> object:
    """A page to run; slow where its examples start processes."""
    marks = [pytest.mark.slow] if "```console" in path.read_text(encoding="utf-8") else []
    return pytest.param(path, id=path.relative_to(ROOT).as_posix(), marks=marks)


@pytest.mark.parametrize("path", [page(path) for path in PAGES])
@pytest.mark.usefixtures("reader", "asked_server")
def test_every_example_of_the_page_runs_as_printed(path, monkeypatch):
    """An example that does not work costs every reader more than it ever saved us."""
    run_page(path, monkeypatch)
