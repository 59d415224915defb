"""A shared secret is its author's and the administrators' to change, through whichever surface somebody tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from click.testing import CliRunner

from jackfield import Jackfield, JackfieldError
from jackfield.app.embedded import Embedded
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.sdk.remote.runtime import Remote
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

VALUE, OTHER = "the-key-that-all-rely-on", "the-key-of-somebody-else"

Try = Callable[..., str]
"""Carries out one attempt; what was said against it, or nothing."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What somebody tries with the shared secret `KEY`, in the words of each surface."""

    id: str
    rest: tuple[str, str, dict[str, Any] | None]
    sdk: Callable[[Any], object]
    cli: tuple[str, ...]
    stdin: str = ""


ATTEMPTS = [
    Attempt(
        id="overwrite",
        rest=("PUT", "/api/secrets/KEY", {"value": OTHER}),
        sdk=lambda secrets: secrets.put("KEY", OTHER),
        cli=("set", "KEY"),
        stdin=OTHER,
    ),
    Attempt(
        id="describe",
        rest=("PUT", "/api/secrets/KEY", {"description": "mine"}),
        sdk=lambda secrets: secrets.put("KEY", description="mine"),
        cli=("set", "KEY", "--keep", "--description", "mine"),
    ),
    Attempt(
        id="delete",
        rest=("DELETE", "/api/secrets/KEY", None),
        sdk=lambda secrets: secrets.delete("KEY"),
        cli=("delete", "KEY", "--yes"),
    ),
    Attempt(
        id="delete the shared one",
        rest=("DELETE", "/api/secrets/KEY?visibility=shared", None),
        sdk=lambda secrets: secrets.delete("KEY", visibility="shared"),
        cli=("delete", "KEY", "--shared", "--yes"),
    ),
]


@dataclass(frozen=True, kw_only=True)
class World:
    """A server, the installation below it, and how people reach either."""

    url: str
    here: Settings

    def there(self, token: str) -> Settings:
        """For a program that uses the server."""
        return Settings(url=self.url, token=token)

    def tries(self, surface: str, token: str) -> Callable[[Attempt], str]:
        """What the owner of `token` is told through a surface."""
        local = Settings(data=self.here.data, database_url=self.here.database_url, key=KEY, token=token)
        ways: dict[str, Callable[[Attempt], str]] = {
            "rest": lambda attempt: self._rest(attempt, token),
            "sdk": lambda attempt: _sdk(attempt, local),
            "remote sdk": lambda attempt: _sdk(attempt, self.there(token)),
            "cli": lambda attempt: _cli(attempt, lambda paths=(): Embedded(local, types=(), kind="cli")),
            "remote cli": lambda attempt: _cli(attempt, lambda paths=(): Remote(self.there(token))),
        }
        return ways[surface]

    def _rest(self, attempt: Attempt, token: str) -> str:
        method, path, body = attempt.rest
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            answer = client.request(method, path, json=body)
        return "" if answer.is_success else answer.json()["detail"]


def _sdk(attempt: Attempt, settings: Settings) -> str:
    with Jackfield(**({} if settings.url else {"types": [], "folder": []}), settings=settings) as jackfield:
        try:
            attempt.sdk(jackfield.manage.secrets)
        except JackfieldError as error:
            return error.message
    return ""


def _cli(attempt: Attempt, runtime: Callable[..., Any]) -> str:
    done = CliRunner().invoke(cli, ["secrets", *attempt.cli], obj=runtime, input=attempt.stdin)
    assert OTHER not in done.output
    return done.stderr.partition("\n")[0].removeprefix("error: ") if done.exit_code else ""


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    settings = Settings(data=tmp_path, database_url=sqlite_url, key=KEY, admin_token=ADMIN_TOKEN, port=0)
    with served(settings) as started:
        yield World(url=started.url, here=settings)


@contextmanager
def administrator(world: World) -> Iterator[Any]:
    with Jackfield(settings=world.there(ADMIN_TOKEN)) as jackfield:
        yield jackfield.manage


@pytest.mark.slow
@pytest.mark.parametrize("surface", ["rest", "sdk", "remote sdk", "cli", "remote cli"])
def test_nobody_else_overwrites_or_deletes_a_shared_secret(world, surface):
    """H04, Z10: each attempt is refused with the same words, changes nothing, and is in the audit log."""
    with administrator(world) as manage:
        before = manage.secrets.put("KEY", VALUE, description="of all").secret
        bob = manage.users.add(name="bob").token.text
        tries = world.tries(surface, bob)
        said = {attempt.id: tries(attempt) for attempt in ATTEMPTS}
        denied = [entry.action for entry in manage.audit.list(verdict="denied", limit=50).items]

        assert set(said.values()) == {"secret `KEY` is not `bob`'s to change"}
        assert manage.secrets.get("KEY") == before
        assert sorted(denied) == ["secret.delete"] * 2 + ["secret.put"] * 2


@pytest.mark.slow
@pytest.mark.parametrize("surface", ["rest", "sdk", "remote sdk", "cli", "remote cli"])
def test_who_may_not_manage_changes_not_even_their_own(world, surface):
    """The token says so, not the user."""
    with administrator(world) as manage:
        ann = manage.users.add(name="ann")
        with Jackfield(settings=world.there(ann.token.text)) as theirs:
            theirs.manage.secrets.put("KEY", VALUE)
        narrow = manage.tokens.create(user=ann.user.name, name="narrow", scopes=["read", "execute"]).text
        tries = world.tries(surface, narrow)
        said = {attempt.id: tries(attempt) for attempt in ATTEMPTS}

        assert all("`manage`" in each for each in said.values()), said
        assert manage.secrets.get("KEY").author_name == "ann"


@pytest.mark.slow
@pytest.mark.parametrize("surface", ["rest", "sdk", "remote sdk", "cli", "remote cli"])
def test_its_author_and_an_administrator_may(world, surface):
    """The same attempts, so that it is not the attempt that is wrong."""
    with administrator(world) as manage:
        bob = manage.users.add(name="bob").token.text
        for token in (bob, ADMIN_TOKEN):
            tries = world.tries(surface, token)
            with Jackfield(settings=world.there(bob)) as theirs:
                for attempt in ATTEMPTS:
                    theirs.manage.secrets.put("KEY", VALUE)

                    assert tries(attempt) == "", attempt.id
                    if attempt.id.startswith("delete"):
                        assert manage.secrets.list() == []
                    else:
                        manage.secrets.delete("KEY")
