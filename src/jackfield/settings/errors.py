"""What can go wrong with settings. No message ever holds the value of a secret one."""

from __future__ import annotations

from typing import ClassVar

from jackfield.errors import JackfieldError, Retry

NOT_SHOWN = "(not shown)"


class InvalidSetting(JackfieldError):
    """A setting has a value that cannot be used."""

    code: ClassVar[str] = "invalid-setting"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "after_fix"

    def __init__(self, *, name: str, value: str, wanted: str) -> None:
        """Args:
        name: Of the variable.
        value: As it was given, or `NOT_SHOWN`.
        wanted: What it must be.
        """
        super().__init__(
            f"setting `{name}` is `{value}`",
            hint=f"it must be {wanted}",
            name=name,
            value=value,
        )
