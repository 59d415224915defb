"""Several places of secrets: the first that has one gives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.definition.secret import Secret
from jackfield.vault.backends.files import FileSecrets
from jackfield.vault.backends.layered import LayeredSecrets
from jackfield.vault.errors import SecretUnreadable
from jackfield.vault.secrets import MemorySecrets

WHO = {"tenant": "default", "user": "ada"}


@pytest.fixture
def files(tmp_path: Path) -> FileSecrets:
    return FileSecrets(tmp_path, tenant="default")


async def test_the_first_place_that_has_a_secret_gives_it(tmp_path, files):
    """What is given on the spot wins over what is mounted."""
    (tmp_path / "BOTH").write_text("from the file")
    (tmp_path / "FILE").write_text("from the file")
    store = LayeredSecrets([MemorySecrets({"BOTH": "from memory"}, tenant="default"), files])

    assert await store.find("BOTH", **WHO) == Secret("from memory")
    assert await store.find("FILE", **WHO) == Secret("from the file")
    assert await store.find("NONE", **WHO) is None


def test_all_places_are_listed_in_order(tmp_path, files):
    """Somebody whose secret is missing looks there, once each."""
    memory = MemorySecrets({}, tenant="default")
    store = LayeredSecrets([memory, files, LayeredSecrets([files, memory])])

    assert store.places("KEY") == [*memory.places("KEY"), f"`{tmp_path / 'KEY'}`"]


async def test_a_place_that_cannot_answer_is_not_passed_over(tmp_path, files):
    """The next one may have the value from before the rotation."""
    (tmp_path / "KEY").mkdir()
    store = LayeredSecrets([files, MemorySecrets({"KEY": "old"}, tenant="default")])

    with pytest.raises(SecretUnreadable, match="it is not a file"):
        await store.find("KEY", **WHO)


async def test_what_is_open_is_closed_and_what_is_not_is_left(files):
    """Most places hold nothing open."""

    class Open(MemorySecrets):
        closed = 0

        async def close(self) -> None:
            self.closed += 1

    held = Open({}, tenant="default")
    await LayeredSecrets([files, LayeredSecrets([held])]).close()

    assert held.closed == 1
