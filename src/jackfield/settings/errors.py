"""What can go wrong with settings. No message ever holds the value of a secret one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import ClassVar

from jackfield.errors import JackfieldError, Retry

NOT_SHOWN = "(not shown)"


class InvalidSetting(JackfieldError):
    """A setting has a value that cannot be used."""

    code: ClassVar[str] = "invalid-setting"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "after_fix"

    def __init__(self, *, name: str, value: str, wanted: str, file: str = "") -> None:
        """Args:
        name: Of the variable, or of the key in `file`.
        value: As it was given, or `NOT_SHOWN`.
        wanted: What it must be.
        """
        super().__init__(
            f"setting `{name}`{f' in `{file}`' if file else ''} is `{value}`",
            hint=f"it must be {wanted}",
            name=name,
            value=value,
            file=file,
        )


class UnknownSetting(JackfieldError):
    """A settings file has a key that is no setting."""

    code = "unknown-setting"
    status = 500
    retry = "after_fix"

    def __init__(self, *, file: str, name: str, known: Sequence[str]) -> None:
        """Args:
        name: As it is written there.
        known: What can stand there.
        """
        close = get_close_matches(name.lower().removeprefix("jackfield_").replace("-", "_"), known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"it can have {', '.join(f'`{each}`' for each in known)}"
        super().__init__(
            f"there is no setting `{name}`, which `{file}` has", hint=hint, file=file, name=name, known=list(known)
        )


class SettingsFileUnusable(JackfieldError):
    """The settings file cannot be read."""

    code = "settings-file-unusable"
    status = 500
    retry = "after_fix"

    def __init__(self, *, file: str, problem: str, hint: str = "mend it, or take it away") -> None:
        super().__init__(f"the settings file `{file}` {problem}", hint=hint, file=file, problem=problem)


class SettingsFileExposed(JackfieldError):
    """Others can change the settings file, or can read secrets in it."""

    code = "settings-file-exposed"
    status = 500
    retry = "after_fix"

    def __init__(self, *, file: str, problem: str, hint: str) -> None:
        super().__init__(f"the settings file `{file}` {problem}", hint=hint, file=file, problem=problem)


class SettingsFileNotChosen(JackfieldError):
    """A settings file sets what counts only in one that was named, and it only lies in the working directory."""

    code = "settings-file-not-chosen"
    status = 500
    retry = "after_fix"

    def __init__(self, *, file: str, name: str) -> None:
        """Args:
        name: Of the setting, as it is written there.
        """
        super().__init__(
            f"`{file}` sets `{name}`, and was only found in the working directory",
            hint=f"read it, and if you trust it set `JACKFIELD_CONFIG={file}`",
            file=file,
            name=name,
        )
