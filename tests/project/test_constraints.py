"""The pinned packages: all of them, each by its hashes, from anywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def constraints(root: Path) -> str:
    return (root / "constraints.txt").read_text()


@pytest.fixture(scope="module")
def pins(constraints: str) -> dict[str, tuple[str, list[str]]]:
    """The version and the hashes of each pinned package."""
    found = PIN.finditer(constraints)
    return {
        canonicalize_name(pin["name"]): (pin["version"], re.findall(r"--hash=sha256:[0-9a-f]{64}", pin["rest"]))
        for pin in found
    }


def requirements(root: Path) -> list[Requirement]:
    """Everything that `pyproject.toml` asks for, with every extra, to run and to build."""
    described = tomllib.loads((root / "pyproject.toml").read_text())
    project = described["project"]
    extras = [line for lines in project.get("optional-dependencies", {}).values() for line in lines]
    return [Requirement(line) for line in [*project["dependencies"], *extras, *described["build-system"]["requires"]]]


def test_every_dependency_is_pinned_to_a_version_it_allows(root, pins):
    """What was tested is what is installed, today and in a year."""
    wrong = [
        f"{requirement} is pinned to {pins.get(canonicalize_name(requirement.name), ('nothing', []))[0]}"
        for requirement in requirements(root)
        if canonicalize_name(requirement.name) != "jackfield"
        and not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), ("0", []))[0])
    ]

    assert wrong == []


def test_every_pin_has_its_hashes(pins):
    """A changed download is refused, wherever it came from."""
    assert pins
    assert [name for name, (_, hashes) in pins.items() if not hashes] == []


def test_every_line_is_a_pin_or_one_of_its_hashes(constraints):
    """Options such as an index address would be followed on every machine; versions without `==` would drift."""
    line = re.compile(r"[A-Za-z0-9._-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    strange = [text for text in constraints.splitlines() if not line.fullmatch(text)]

    assert strange == []
