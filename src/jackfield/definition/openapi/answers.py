"""What an operation answers: the media types, the schema of the payload, and the examples for mocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.openapi.media_types import is_json, preferred
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.references import References, inside


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One way in which an operation answers when all is well.

    Attributes:
        status: As the document has it: `200`, `2XX`, `default`.
        place: Of the Media Type Object.
    """

    status: str
    media_type: str
    media: Mapping[str, Any]
    place: str

    @property
    def is_json(self) -> bool:
        """Whether its schema describes the payload."""
        return is_json(self.media_type) or self.media_type.strip() == "*/*"


def read_answers(found: Found, references: References) -> list[Answer]:
    """The answers for success, the likeliest first: 200, 201, the others of 2xx, and `default` where there are none."""
    responses = found.operation.get("responses")
    if not isinstance(responses, Mapping):
        return []
    by_status = {str(status): response for status, response in responses.items()}
    wanted = sorted(status for status in by_status if status.upper()[:1] == "2") or ["default"]
    answers: list[Answer] = []
    for status in wanted:
        if status in by_status:
            at = inside(found.place, "responses", status)
            answers += _of_response(status, by_status[status], at, references)
    return answers


def accepted(answers: list[Answer]) -> tuple[str, ...]:
    """The media types of the answers, each once."""
    return tuple(dict.fromkeys(answer.media_type for answer in answers))


def payload(answers: list[Answer]) -> Answer | None:
    """The answer whose schema describes the payload; `None` where none does."""
    return next((answer for answer in answers if answer.is_json and "schema" in answer.media), None)


def _of_response(status: str, response: Any, place: str, references: References) -> Iterator[Answer]:
    followed = references.follow(response, place)
    content = followed.value.get("content") if isinstance(followed.value, Mapping) else None
    if not isinstance(content, Mapping):
        return
    medias = {str(name): media for name, media in content.items() if isinstance(media, Mapping)}
    for name in preferred(medias):
        at = inside(followed.place, "content", name)
        yield Answer(status=status, media_type=name, media=medias[name], place=at)
