"""The web UI is built when its sources have changed, and only then."""

from __future__ import annotations

import importlib.util
import json
import shutil
from types import ModuleType

import pytest


@pytest.fixture
def build(root, tmp_path) -> ModuleType:
    """`ui/build.py` of a checkout of its own, with one page."""
    ui = tmp_path / "ui"
    (ui / "src").mkdir(parents=True)
    (ui / "package.json").write_text("{}")
    (ui / "src" / "main.tsx").write_text("page\n")
    shutil.copy(root / "ui" / "build.py", ui)
    spec = importlib.util.spec_from_file_location("ui_build_of_the_test", ui / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(build: ModuleType) -> None:
    build.STAMP.parent.mkdir(parents=True, exist_ok=True)
    build.STAMP.write_text(build.fingerprint())


def test_what_was_built_from_these_sources_is_not_built_again(build):
    """The second start of a developer takes no longer than before there was a UI."""
    assert not build.is_fresh()

    built(build)

    assert build.is_fresh()


@pytest.mark.parametrize(
    "change",
    [
        lambda ui: (ui / "src" / "main.tsx").write_text("another page\n"),
        lambda ui: (ui / "src" / "other.tsx").write_text(""),
        lambda ui: (ui / "src" / "main.tsx").rename(ui / "src" / "renamed.tsx"),
        lambda ui: (ui / "package.json").write_text('{"private": true}'),
    ],
    ids=["changed", "added", "renamed", "packages"],
)
def test_any_change_of_the_sources_is_seen(build, change):
    built(build)

    change(build.UI)

    assert not build.is_fresh()


def test_what_the_build_itself_writes_is_no_change(build):
    built(build)
    (build.UI / "node_modules").mkdir()
    (build.UI / "node_modules" / "left.js").write_text("")
    build.GENERATED.parent.mkdir(parents=True)
    build.GENERATED.write_text("types")

    assert build.is_fresh()


def test_line_ends_of_another_system_are_no_change(build):
    built(build)
    (build.UI / "src" / "main.tsx").write_bytes(b"page\r\n")

    assert build.is_fresh()


def test_it_can_be_left_out(build, monkeypatch):
    """A machine without a way to npm's packages still runs the rest."""
    monkeypatch.setenv("JACKFIELD_SKIP_UI", "1")

    assert build.is_fresh()


def test_without_node_it_says_what_to_install(build, monkeypatch):
    monkeypatch.setenv("PATH", str(build.UI))
    monkeypatch.setattr(build, "node_of_package", lambda: None)

    with pytest.raises(build.BuildFailed, match=r"install Node 22\.12 or newer"):
        build.build()


def test_the_lock_names_no_place_to_download_from(root):
    """A lock that names one host cannot be used behind another."""
    lock = json.loads((root / "ui" / "package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if name and not package.get("integrity")] == []


def test_every_package_is_pinned_exactly(root):
    """The versions that were tried are the versions that are built in."""
    package = json.loads((root / "ui" / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert [name for name, version in versions.items() if not version[0].isdigit()] == []
    assert {version for name, version in versions.items() if name.startswith("@mantine/")} == {"9.7.3"}
