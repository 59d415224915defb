"""The server in another process."""

from __future__ import annotations

import http.client
import json
from typing import Any, Self
from urllib.parse import urlsplit

from jackfield.testing.oauth.controls import Controls


class RemoteControl(Controls):
    """What `FakeOAuth` does, for a server that another process runs."""

    @classmethod
    def connect(cls, url: str) -> Self:
        """The server at an address, which is what `python -m jackfield.testing.oauth` prints as `url`.

        Raises:
            OSError: Nobody listens there.
        """
        return cls(**_ask(url, "about", {}))

    def ask(self, operation: str, **arguments: Any) -> Any:
        """Carry out an operation, over HTTP.

        Raises:
            ValueError: There is none of this name, or it refuses.
            OSError: Nobody listens there.
        """
        return _ask(self.url, operation, arguments)


def _ask(url: str, operation: str, arguments: dict[str, Any]) -> Any:
    parts = urlsplit(url)
    # A connection a question: processes fork, threads share, and there are few questions.
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"/_control/{operation}", json.dumps(arguments), headers)
        said = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if "error" in said:
        raise ValueError(said["error"])
    return said["answer"]
