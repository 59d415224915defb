"""Databases with people in them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jackfield.storage.database import Database, open_database
from manage.importing import World, opened
from manage.people import settle


@pytest.fixture
async def world(database) -> Database:
    """A database with the people of `manage.people`."""
    await settle(database)
    return database


@pytest.fixture
async def other(world, database_url) -> AsyncIterator[Database]:
    """Another process with the same database, as far as the database can tell."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def here(world) -> AsyncIterator[World]:
    """A process that imports."""
    async with opened(world) as made:
        yield made
