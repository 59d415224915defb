"""What an installation keeps, from Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield import Connector, Jackfield, JackfieldError, Outcome, Secret, command, field, succeed
from jackfield.settings import Settings


class Vendor(Connector, name="vendor"):
    """Says with which key it was opened."""

    key: Secret = field("Key.")

    async def open(self) -> None:
        """Remember."""
        self.opened_with = self.key.reveal()

    @command(reads_only=True)
    async def last(self) -> Outcome:
        """The end of the key, which is no secret by itself."""
        return succeed({"ends": self.opened_with[-3:]})


@pytest.fixture
def jackfield(tmp_path: Path) -> Iterator[Jackfield]:
    with Jackfield(types=[Vendor], folder=[], settings=Settings(data=tmp_path)) as opened:
        yield opened


def test_a_secret_is_put_and_found_but_never_shown(jackfield: Jackfield):
    """H01, H02."""
    first = jackfield.manage.secrets.put("VENDOR_KEY", "first-key-0123456789")
    again = jackfield.manage.secrets.put("VENDOR_KEY", "second-key-0123456789")
    (found,) = jackfield.manage.secrets.list()

    assert (first.created, again.created) == (True, False)
    assert found.name == "VENDOR_KEY"
    assert "0123456789" not in repr(found)


async def test_asynchronous_code_manages_too(jackfield: Jackfield):
    """The same methods, awaited."""
    await jackfield.manage_async.secrets.put("VENDOR_KEY", "first-key-0123456789")

    assert [secret.name for secret in await jackfield.manage_async.secrets.list()] == ["VENDOR_KEY"]


def test_a_connection_may_name_a_secret_and_gets_its_newest_value(jackfield: Jackfield):
    """What was opened with the old value is not used any more."""
    jackfield.manage.connectors.create({"name": "v", "type": "vendor", "config": {"key": {"secret": "VENDOR_KEY"}}})
    with pytest.raises(JackfieldError, match="VENDOR_KEY") as caught:
        jackfield.connector("v", "last", {})
    assert caught.value.code == "credential-missing"
    said = []
    for value in ("first-key-0123456-one", "second-key-012345-two"):
        jackfield.manage.secrets.put("VENDOR_KEY", value)
        said.append(jackfield.connector("v", "last", {}).payload["ends"])

    assert said == ["one", "two"]


def test_each_user_calls_with_the_own_private_secret(jackfield: Jackfield, tmp_path: Path):
    """H03: private before shared, and nobody gets what was opened with another's."""
    jackfield.manage.connectors.create({"name": "v", "type": "vendor", "config": {"key": {"secret": "VENDOR_KEY"}}})
    jackfield.manage.secrets.put("VENDOR_KEY", "shared-key-0123456-all")
    token = jackfield.manage.users.add(name="ann").token.text
    settings = Settings(data=tmp_path, token=token)
    with Jackfield(types=[Vendor], folder=[], settings=settings) as anns:
        before = anns.connector("v", "last", {}).payload["ends"]
        anns.manage.secrets.put("VENDOR_KEY", "private-key-0123456-ann", visibility="private")
        after = anns.connector("v", "last", {}).payload["ends"]

    assert (before, after) == ("all", "ann")
    assert jackfield.connector("v", "last", {}).payload["ends"] == "all"


def test_users_see_their_own_calls_and_administrators_all(jackfield: Jackfield, tmp_path: Path):
    """Q07."""
    jackfield.connector("delay", None, {"delayMs": 0})
    token = jackfield.manage.users.add(name="ann").token.text
    with Jackfield(types=[], folder=[], settings=Settings(data=tmp_path, token=token)) as anns:
        anns.connector("delay", None, {"delayMs": 0})
        (own,) = anns.manage.executions.list().items
        everything = jackfield.manage.executions.list().items
        foreign = next(view.id for view in everything if view.id != own.id)
        with pytest.raises(JackfieldError) as caught:
            anns.manage.executions.get(foreign)

    assert len(everything) == 2
    assert caught.value.code == "unknown-execution"


def test_what_is_not_kept_says_so(tmp_path: Path):
    """In place of a list that looks empty."""
    with (
        Jackfield(types=[], folder=[], settings=Settings(data=tmp_path, database_url="memory")) as jackfield,
        pytest.raises(JackfieldError, match="keeps nothing"),
    ):
        jackfield.manage.secrets.list()


def test_a_name_that_nothing_has_is_said_at_once(jackfield: Jackfield):
    """With those that there are."""
    with pytest.raises(AttributeError, match="`secrets`"):
        jackfield.manage.secretz  # noqa: B018 - the access is what is tested
