"""One body, both databases: a test that takes `database` or `database_url` runs on each."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from databases import (
    EMPTY,
    drop_database,
    in_a_loop_of_its_own,
    make_tables,
    new_database,
    on_server,
    require_postgresql,
)
from jackfield.storage.database import Database, open_database
from nothing_lost import register

# How long an example takes is no promise of ours, and depends on what else the machine does.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Nothing is kept in the data folder of whoever runs the tests: those that are about what is kept have their own.
os.environ["JACKFIELD_DATABASE_URL"] = "memory"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A file with all tables, to be copied: that is faster than migrating one for each test."""
    path = tmp_path_factory.mktemp("template") / "jackfield.db"
    in_a_loop_of_its_own(make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    """The URL of a database with all tables, for this session alone."""
    require_postgresql()
    url = new_database()
    try:
        in_a_loop_of_its_own(make_tables(url))
        yield url
    finally:
        drop_database(url)


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The URL of a SQLite file with empty tables."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"


@pytest.fixture
def postgresql_url(postgresql_database) -> str:
    """The URL of a PostgreSQL database with empty tables."""
    in_a_loop_of_its_own(on_server(EMPTY, url=postgresql_database))
    return postgresql_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request) -> str:
    """The URL of a database with empty tables."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def database(database_url) -> AsyncIterator[Database]:
    """An open database with empty tables."""
    opened = await open_database(database_url)
    yield opened
    await asyncio.wait_for(opened.close(), 10)


def pytest_configure(config: pytest.Config) -> None:
    """Let no test be lost."""
    register(config)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Names of tests are the same in every process that runs a part of them, whatever bytes hold."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Spell out halves of characters that a test has logged or printed.

    A report with one cannot be sent from a process of `pytest-xdist` to the next: that process ends without a word, and
    the rest of its tests is not run.
    """
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report
