"""What is published: people who install it get the web UI, and need nothing to build it with."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def build(folder: Path, kind: str, out: Path, **environment: str) -> Path:
    """A distribution of what is in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (made,) = out.iterdir()
    return made


def test_a_wheel_made_of_the_source_distribution_has_the_web_ui_without_node(root, tmp_path):
    """Whoever installs from source need not have Node, nor fetch it."""
    source = build(root, "sdist", tmp_path / "sdist")
    with tarfile.open(source) as archive:
        newer = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # before 3.11.4 there is none
        archive.extractall(tmp_path / "unpacked", **newer)
    (folder,) = (tmp_path / "unpacked").iterdir()
    nothing = tmp_path / "no-programs"
    nothing.mkdir()
    wheel = build(folder, "wheel", tmp_path / "wheel", PATH=str(nothing))
    names = zipfile.ZipFile(wheel).namelist()

    assert "jackfield/_ui/index.html" in names
    assert [name for name in names if name.startswith("jackfield/_ui/assets/") and name.endswith(".js")]
    assert not [name for name in names if "node_modules" in name]
