"""How long a new token works: so many seconds, or until a time."""

from __future__ import annotations

import time
from typing import Annotated

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.functional_validators import BeforeValidator

from jackfield.manage.views import read_moment
from jackfield.surfaces.rest.bodies import Body


def _read(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("is no time such as `2026-11-21T06:45:53Z`")
    return read_moment(value)


Moment = Annotated[int, BeforeValidator(_read), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A time of RFC 3339, in microseconds since 1970."""


class Lifetime(Body):
    """How long a new token works. For ever where nothing is said, but never longer than the caller's own."""

    expires_in: float | None = Field(default=None, description="Seconds, at most ten years.")
    expires: Moment | None = Field(default=None, description="Instead of `expiresIn`: until when.")

    @model_validator(mode="after")
    def _said_once(self) -> Lifetime:
        if self.expires_in is not None and self.expires is not None:
            raise ValueError("`expires` and `expiresIn` say the same; use one of them")
        return self

    def seconds(self) -> float | None:
        """From now on; `None` for as long as may be."""
        return self.expires_in if self.expires is None else self.expires / 1_000_000 - time.time()
