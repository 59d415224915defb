"""The command line over a database of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from jackfield.app.embedded import Embedded
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli


@dataclass
class Terminal:
    """Runs commands on what is kept in a folder, each in a runtime of its own, as processes would.

    Attributes:
        folder: The data folder.
        settings: What else is set.
    """

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, arguments, obj=self.runtime, input=stdin)

    def as_user(self, token: str) -> Terminal:
        """The same, for whoever has `token`."""
        return Terminal(self.folder, settings={**self.settings, "token": token})

    def runtime(self, paths: Sequence[Path] = ()) -> Embedded:
        """As `__main__` makes one."""
        return Embedded(Settings(data=self.folder, **self.settings), types=(), kind="cli")
