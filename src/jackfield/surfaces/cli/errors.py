"""What can go wrong on a terminal only."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class FileExists(JackfieldError):
    """A new connector would overwrite a file."""

    code = "file-exists"
    status = 409
    retry = "after_fix"

    def __init__(self, *, path: str) -> None:
        super().__init__(
            f"`{path}` exists already", hint="choose another name, or overwrite it with `--force`", path=path
        )
