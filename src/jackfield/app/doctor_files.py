"""Folders and files of an installation: who may read and change them, and how much room there is."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from jackfield.app.keys import database_file, key_source
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.surfaces.diagnosis import Check, CheckStatus

ENOUGH_BYTES = 200 * 1024 * 1024
POSIX = os.name == "posix"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def checks(settings: Settings) -> list[Check]:
    """The data folder, the database file and the room that is left."""
    if settings.keeps_nothing:
        return [Check(name="data folder", value="not used", note="nothing is kept")]
    file, source = database_file(settings), key_source(settings)
    found = [_folder("data folder", settings.data)]
    if file is None and (source is None or source.file is None or not source.ours):
        found = [Check(name="data folder", value="not used", note="the database is on a server, and the key elsewhere")]
    if file is not None:
        if file.parent != settings.data.absolute():
            found.append(_folder("folder of the database", file.parent))
        found += _database_file(file)
        found.append(_room(file.parent))
    return found


def failed(name: str, error: JackfieldError) -> Check:
    """A check that met `error`."""
    return Check(name=name, value=error.message, status="error", hint=error.hint, code=error.code)


def size(count: int) -> str:
    """A number of bytes in words."""
    amount = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def mode_of(path: Path) -> str:
    """The permissions of `path`, as `chmod` takes them."""
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


def _folder(name: str, path: Path) -> Check:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Check(name=name, value=str(path), note="not there yet; made at the first call")
    except OSError as error:
        return _unreadable(name, path, error)
    status, said, hint = _judged_folder(path, mode)
    note = ": ".join(part for part in (f"mode {mode_of(path)}", said) if part)
    return Check(name=name, value=str(path), note=note, status=status, hint=hint)


def _judged_folder(path: Path, mode: int) -> tuple[CheckStatus, str, str]:
    if not stat.S_ISDIR(mode):
        return "error", "no folder", "give another path as `JACKFIELD_DATA_DIR`"
    if not os.access(path, os.W_OK | os.X_OK):
        return "error", "this user cannot write there", f"`chown {os.geteuid()} {path}`, or give another path"
    if POSIX and mode & OTHERS_WRITE and not mode & stat.S_ISVTX:
        hint = f"`chmod 700 {path}`: whoever may write there can put another key or database in place"
        return "error", "others can write there", hint
    if POSIX and mode & OTHERS:
        return "warning", "others can look in", f"`chmod 700 {path}`"
    return "ok", "", ""


def _database_file(path: Path) -> list[Check]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return []
    except OSError as error:
        return [_unreadable("database file", path, error)]
    return [_judged_file("database file", path, mode)]


def _judged_file(name: str, path: Path, mode: int) -> Check:
    note, hint = f"mode {mode_of(path)}", f"`chmod 600 {path}`"
    if POSIX and mode & OTHERS_WRITE:
        return Check(name=name, value=str(path), note=f"{note}: others can change it", status="error", hint=hint)
    if POSIX and mode & OTHERS:
        hint += ": names and times in it are not encrypted"
        return Check(name=name, value=str(path), note=f"{note}: others can read it", status="warning", hint=hint)
    return Check(name=name, value=str(path), note=note)


def _room(folder: Path) -> Check:
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), None)
    if there is None:
        return Check(name="free space", value="not known")
    free = shutil.disk_usage(there).free
    if free < ENOUGH_BYTES:
        hint = "make room: what cannot be written down is not sent"
        return Check(name="free space", value=size(free), status="warning", hint=hint)
    return Check(name="free space", value=size(free))


def _unreadable(name: str, path: Path, error: OSError) -> Check:
    said = (error.strerror or type(error).__name__).lower()
    return Check(name=name, value=str(path), note=said, status="error", hint="check the place and the rights to it")
