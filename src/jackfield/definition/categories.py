"""What connectors of one category have in common, as protocols for the type checker.

Optional: a connector that has these methods conforms without naming the protocol, and code that takes
`Communication` accepts any of them::

    def notify(service: Communication) -> None: ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from jackfield.definition.context import Context
from jackfield.definition.outcome import Outcome


class Communication(Protocol):
    """Sends and reads messages."""

    async def send_message(self, ctx: Context, channel: str, text: str) -> Outcome[Any]:
        """Send `text` to a channel or person."""

    async def list_messages(self, ctx: Context, channel: str, limit: int = ...) -> Outcome[Any]:
        """The newest messages of a channel."""


class Crm(Protocol):
    """Keeps contacts."""

    async def get_contact(self, ctx: Context, id: str) -> Outcome[Any]:
        """One contact."""

    async def list_contacts(self, ctx: Context, limit: int = ...) -> Outcome[Any]:
        """Contacts, newest first."""

    async def upsert_contact(self, ctx: Context, contact: dict[str, Any]) -> Outcome[Any]:
        """Create a contact, or change the one with the same address."""


class Storage(Protocol):
    """Keeps files."""

    async def list_files(self, ctx: Context, folder: str = ...) -> Outcome[Any]:
        """Names and sizes of the files of a folder."""

    async def read_file(self, ctx: Context, path: str) -> Outcome[Any]:
        """The content of a file."""

    async def write_file(self, ctx: Context, path: str, content: str) -> Outcome[Any]:
        """Create or replace a file."""


class Database(Protocol):
    """Answers queries."""

    async def query(self, ctx: Context, statement: str, values: Mapping[str, Any] = ...) -> Outcome[Any]:
        """The rows of a statement."""


class Ai(Protocol):
    """Generates text."""

    async def complete(self, ctx: Context, prompt: str, model: str = ...) -> Outcome[Any]:
        """The model's answer to a prompt."""


class Ticketing(Protocol):
    """Keeps tickets, issues or tasks."""

    async def create_ticket(self, ctx: Context, title: str, description: str = ...) -> Outcome[Any]:
        """Open a ticket."""

    async def get_ticket(self, ctx: Context, id: str) -> Outcome[Any]:
        """One ticket."""
