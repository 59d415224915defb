"""Where an installation has its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from jackfield.settings import Settings
from jackfield.vault.errors import MissingKey
from jackfield.vault.key_file import load_key_file, load_or_create_key_file
from jackfield.vault.keys import SETTING, KeyRing, parse_keys

FILE_SETTING = "JACKFIELD_KEY_FILE"


@dataclass(frozen=True, kw_only=True)
class KeySource:
    """Where the keys are.

    Attributes:
        file: The key file; `None` where `JACKFIELD_KEY` has them.
        ours: Jackfield makes the file. One that people name has to be there: a new one in the place of a file that
            was not mounted would encrypt with a key that is lost with the container.
    """

    file: Path | None = None
    ours: bool = False

    @property
    def searched(self) -> list[str]:
        """The places where keys are looked for, in order."""
        return [SETTING] if self.file is None else [SETTING, str(self.file)]


def key_source(settings: Settings) -> KeySource | None:
    """Where the keys for `settings` are; `None` where they have to be given, and are not.

    Only a SQLite database in the data folder gets a key file by itself: whoever has chosen another place has also to
    choose one for the key.
    """
    if settings.key:
        return KeySource()
    if settings.key_file is not None:
        return KeySource(file=settings.key_file)
    file = default_key_file(settings)
    return None if file is None else KeySource(file=file, ours=True)


def default_key_file(settings: Settings) -> Path | None:
    """The key file that Jackfield makes; `None` where it makes none."""
    file = database_file(settings)
    if file is None or not file.parent.resolve().is_relative_to(settings.data.absolute().resolve()):
        return None
    return settings.data / "key"


def load_keys(settings: Settings, *, known: Mapping[str, str]) -> tuple[KeyRing, KeySource]:
    """The keys for `settings`, and where they were. Reads files, and makes the one that Jackfield makes.

    Args:
        known: The fingerprint of each key that has encrypted anything, by id.

    Raises:
        MissingKey: There is none.
        InvalidKey, KeyFileExposed, KeyFileUnusable: There is one, and it cannot be used.
    """
    source = key_source(settings)
    if source is None:
        raise MissingKey(keys=list(known), searched=[SETTING, FILE_SETTING])
    if source.file is None:
        return parse_keys(settings.key), source
    if source.ours:
        return load_or_create_key_file(source.file, known=known), source
    ring = load_key_file(source.file)
    if ring is None:
        raise MissingKey(keys=list(known), searched=source.searched)
    return ring, source


def database_file(settings: Settings) -> Path | None:
    """The file of the database, whether it is there or not; `None` where it is on a server or in memory."""
    if settings.keeps_nothing:
        return None
    url = make_url(settings.database)
    return Path(url.database).expanduser().absolute() if url.drivername == "sqlite" and url.database else None
