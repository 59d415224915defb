"""What every file of the project keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Recorded answers and specifications are other people's text.
FOREIGN = "tests/fixtures"

SOURCES = {".py", ".ts", ".tsx"}

# Written in pieces, so that this file passes its own test.
LEFT_OPEN = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
REGISTRIES = re.compile(
    "|".join(["python" + "hosted", "py" + r"pi\.org", "registry" + r"\.npm", "npm" + r"js\.", r"deb\." + "debian"])
)


def own_places(root: Path) -> list[str]:
    """Folders that only this machine has: the checkout, the folder around it and the home of whoever runs this.

    A folder right under the file system's root, other than a home, has too common a name to be telling.
    """
    deep = [folder for folder in (root, root.parent) if len(folder.parts) > 2]
    home = [folder for folder in [Path.home()] if len(folder.parts) > 1]
    return [f"{folder}/" for folder in deep + home]


@pytest.fixture(scope="session")
def own_texts(root: Path, tracked: list[Path]) -> dict[str, str]:
    """The text files that the project itself wrote, by their path in the checkout."""
    texts = {}
    for path in tracked:
        name = path.relative_to(root).as_posix()
        data = path.read_bytes()
        if not name.startswith(FOREIGN) and b"\0" not in data:
            texts[name] = data.decode("utf-8")
    return texts


def places(texts: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    """Where `pattern` stands, as `file:line`."""
    return [
        f"{name}:{number}"
        for name, text in texts.items()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_place_on_somebodys_machine(root, own_texts):
    """It works there and nowhere else."""
    assert places(own_texts, re.compile("|".join(re.escape(place) for place in own_places(root)))) == []


def test_no_file_names_a_package_registry(own_texts):
    """Which mirror to install from is for the person who installs, and for pip's or npm's own settings."""
    assert places(own_texts, REGISTRIES) == []


def test_nothing_is_left_open_in_the_code(own_texts):
    """What is open belongs where open things are tracked; in the code nobody comes back to it."""
    assert places(own_texts, LEFT_OPEN) == []


def test_no_source_file_is_long(own_texts):
    """Past 600 lines there is a second idea in the file. Migrations are lists of all tables, which a program writes."""
    long = {
        name: lines
        for name, text in own_texts.items()
        if Path(name).suffix in SOURCES and "/migrations/" not in name and (lines := text.count("\n")) > 600
    }

    assert long == {}


def test_the_patterns_find_what_they_are_for(root):
    """Patterns in pieces are easily pieced together wrongly."""
    texts = {"a": f"see {root}/x", "b": "https://" + "py" + "pi.org/simple", "c": "# TO" + "DO: later", "d": "TODO_URL"}

    assert places(texts, LEFT_OPEN) == ["c:1"]
    assert places(texts, REGISTRIES) == ["b:1"]
    assert [place for place in own_places(root) if place in texts["a"]] != [] or len(root.parts) <= 2
