"""The links between pages lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .test_examples import PAGES, ROOT

LINK = re.compile(r"\]\((?!\w+:)(?P<target>[^)#\s]+)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "path",
    [*PAGES, *sorted(ROOT.glob("C*.md")), *sorted((ROOT / "bench").glob("*.md"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_relative_links_lead_to_files_that_exist(path):
    """A dead link in a clone is dead everywhere."""
    text = FENCED.sub("", path.read_text())
    dead = [link["target"] for link in LINK.finditer(text) if not Path(path.parent, link["target"]).exists()]

    assert dead == []
