"""A language model on loopback that says what a test has written down for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from servers import Answer, Asked, Service, serve

Line = str | Answer | Callable[[Asked], Answer]
"""What is answered: a text of the model, a whole answer, or what makes one."""


@dataclass(frozen=True, kw_only=True)
class FakeModel:
    """A running model.

    Attributes:
        url: As `JACKFIELD_MODEL_URL`.
    """

    url: str
    service: Service

    @property
    def asked(self) -> Sequence[Any]:
        """Bodies of the requests so far."""
        return [asked.json() for asked in self.service.asked]


@contextmanager
def model(*lines: Line) -> Iterator[FakeModel]:
    """A service with chat completions that answers with `lines`, one after the other, and then with 500."""
    left = list(lines)

    def answer(asked: Asked) -> Answer:
        if asked.path != "/v1/chat/completions" or not left:
            return Answer(status=500, body={"error": {"message": "nothing is left to say"}})
        line = left.pop(0)
        if isinstance(line, str):
            message = {"role": "assistant", "content": line}
            return Answer(body={"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]})
        return line if isinstance(line, Answer) else line(asked)

    with serve(answer) as running:
        yield FakeModel(url=f"{running.url}/v1", service=running)
