"""A help desk whose commands are tools, in this process or at a server."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jackfield import Jackfield
from jackfield.settings import Settings
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

ITEMS = [{"id": number, "subject": f"Ticket {number}", "body": "x" * 40} for number in range(300)]

DESK: dict[str, Any] = {
    "name": "desk",
    "version": "1.0.0",
    "mocks": {"data": {"list_tickets": {"default": {"success": True, "payload": {"queue": "mocked"}}}}},
    "operations": [
        {
            "name": "list_tickets",
            "displayName": "List tickets",
            "description": "List the tickets of a queue.",
            "method": "GET",
            "path": "/tickets",
            "readsOnly": True,
            "parameters": {
                "properties": {
                    "queue": {"type": "string", "description": "Its name."},
                    "limit": {"type": "integer", "description": "At most so many."},
                    "labels": {"type": "array", "in": "query"},
                },
                "required": ["queue"],
                "additionalProperties": False,
            },
        },
        {
            "name": "reply",
            "description": "Reply to a ticket. " + "Politely. " * 200,
            "method": "POST",
            "path": "/replies",
            "parameters": {
                "properties": {
                    "text": {"type": "string"},
                    "config": {"type": "string"},
                    "as_user": {"type": "boolean"},
                },
                "required": ["text"],
                "additionalProperties": False,
            },
        },
        {"name": "broken", "method": "GET", "path": "/broken"},
        {"name": "hang", "method": "GET", "path": "/hang"},
    ],
}

LIST = "desk__list_tickets"
REPLY = "desk__reply"


class Hanging:
    """The request that is not answered before the test ends."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), threading.Event()

    def answer(self, asked: Asked) -> Answer:
        """What the desk answers."""
        if asked.path == "/hang":
            self.begun.set()
            self.over.wait(30)
        if asked.path == "/broken":
            return Answer(status=500, body={"error": "out of order"})
        if asked.path == "/replies":
            return Answer(status=201, body=asked.json())
        limit = int(asked.query.get("limit", ["300"])[0])
        queue = asked.query.get("queue", [""])[0]
        return Answer(body={"queue": queue, "tickets": ITEMS[:limit]})


@contextmanager
def desk_service() -> Iterator[tuple[Service, Hanging]]:
    """The service behind the commands."""
    hanging = Hanging()
    with serve(hanging.answer) as service:
        try:
            yield service, hanging
        finally:
            hanging.over.set()


def desk_file(folder: Path, service: Service) -> Path:
    """The connector as a file."""
    path = folder / "desk.json"
    path.write_text(json.dumps(DESK | {"baseUrl": service.url}))
    return path


@contextmanager
def desk_server(folder: Path, service: Service, template: Path) -> Iterator[str]:
    """A server that has the connector; its URL. Its token is `ADMIN_TOKEN`."""
    database = f"sqlite:///{shutil.copy(template, folder / 'jackfield.db')}"
    settings = Settings(
        data=folder,
        database_url=database,
        key=KEY,
        admin_token=ADMIN_TOKEN,
        port=0,
        connectors=(desk_file(folder, service),),
        egress_allow=service.address,
    )
    with served(settings) as started:
        yield started.url


def embedded_desk(folder: Path, service: Service) -> Jackfield:
    """The same in this process."""
    return Jackfield(folder=desk_file(folder, service), types=[], egress_allow=service.address)
