"""The reference says what the source says."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

import jackfield
from jackfield.settings import Settings, variable

from .test_examples import ROOT

REFERENCE = ROOT / "docs" / "reference"
PUBLIC_NAMES = [name for name in jackfield.__all__ if name != "__version__"]


def test_the_generated_pages_are_current():
    """A reference that lags behind is worse than none: people believe it."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_every_public_name_is_described(name):
    """What can be imported from the root is a promise, and promises are written down."""
    text = (REFERENCE / "python.md").read_text()
    described = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]

    assert f"| [`{name}`](#{name.lower()}" in text
    assert described.strip()


SETTINGS = [field for field in dataclasses.fields(Settings) if field.compare]


@pytest.mark.parametrize("field", SETTINGS, ids=lambda field: field.name)
def test_every_setting_is_described(field):
    """Nobody reads the source to find a switch."""
    text = (REFERENCE / "settings.md").read_text()

    assert f"| `{variable(field.name)}` | " in text
    assert f"| `{field.name}` |" in text
