"""The database of an installation and its keys, as far as they can be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jackfield.app.doctor_files import failed, mode_of, size
from jackfield.app.keys import FILE_SETTING, KeySource, database_file, default_key_file, key_source
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.inspection import Contents, Inspection, inspect
from jackfield.storage.migrate import HEAD
from jackfield.storage.tables.base import EVERYBODY
from jackfield.surfaces.diagnosis import Check
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import MissingKey
from jackfield.vault.installation import context
from jackfield.vault.key_file import load_key_file
from jackfield.vault.keys import SETTING, KeyRing, parse_keys, require_keys

SHORT_HOST = 40
REACH = "start it, or correct `JACKFIELD_DATABASE_URL`; what it says is above"
RIGHTS = "check the place, and the rights of this user to it"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found.

    Attributes:
        keeps: Whether anything is kept at all.
        inspection: `None` where there is no database, or none that can be reached.
        unreachable: Why it cannot be.
    """

    settings: Settings
    keeps: bool
    inspection: Inspection | None = None
    unreachable: JackfieldError | None = None

    @property
    def contents(self) -> Contents | None:
        """What is in the database, if that is known."""
        return self.inspection.contents if self.inspection else None

    @property
    def is_new(self) -> bool:
        """Whether nothing can be encrypted yet, because there is no schema."""
        return self.keeps and self.unreachable is None and (self.inspection is None or not self.inspection.revision)


async def look(settings: Settings) -> Looked:
    """Look at the database, if there is one. Makes none."""
    if settings.keeps_nothing:
        return Looked(settings=settings, keeps=False)
    try:
        file = database_file(settings)
        if file is not None and not file.exists():
            return Looked(settings=settings, keeps=True)
        return Looked(settings=settings, keeps=True, inspection=await inspect(settings.database))
    except JackfieldError as error:
        return Looked(settings=settings, keeps=True, unreachable=error)
    except Exception as error:
        # Of an unexpected one only what the system says is shown: nobody knows what else it holds.
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        unreachable = DatabaseUnavailable(place=settings.database_shown, reason=reason.lower(), hint=RIGHTS)
        return Looked(settings=settings, keeps=True, unreachable=unreachable)


def database(found: Looked) -> list[Check]:
    """Where it is, what it is, and what is in it."""
    if not found.keeps:
        return [Check(name="database", value="none", note="everything is gone when the process ends")]
    if found.unreachable is not None:
        check = failed("database", found.unreachable)
        return [replace(check, hint=REACH) if "jackfield doctor" in check.hint else check]
    if found.inspection is None:
        return [
            Check(name="database", value=found.settings.database_shown, note="not there yet; made at the first call")
        ]
    seen = found.inspection
    system = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[seen.dialect]
    return [
        Check(name="database", value=seen.place, note=f"{system} {seen.server}, {size(seen.bytes)}"),
        _schema(seen),
        *(_contents(seen.contents) if seen.contents else []),
    ]


def _schema(seen: Inspection) -> Check:
    if seen.revision == HEAD:
        return Check(name="schema", value=HEAD, note="the newest")
    if not seen.revision:
        return Check(name="schema", value="none yet", note="made at the first call")
    if seen.revision < HEAD:
        return Check(name="schema", value=seen.revision, note=f"older; the next call brings it to {HEAD}")
    hint = "install the Jackfield that wrote it, or a newer one"
    note = f"newer than {HEAD}, the newest that is known here"
    return Check(name="schema", value=seen.revision, note=note, status="error", hint=hint, code="schema-too-new")


def _contents(contents: Contents) -> list[Check]:
    total = sum(contents.executions.values())
    checks = [Check(name="executions", value=f"{total}", note=f"{contents.open} open")]
    if contents.unknown:
        hint = "look at them: a write may have had its effect, or not, and it is never sent again by itself"
        checks.append(Check(name="unknown outcomes", value=f"{contents.unknown}", status="warning", hint=hint))
    else:
        checks.append(Check(name="unknown outcomes", value="none"))
    checks += [Check(name=kind, value=f"{contents.rows[kind]}") for kind in ("secrets", "users")]
    processes = [f"{each.kind} {each.pid} on {each.host[:SHORT_HOST]}" for each in contents.alive]
    checks.append(Check(name="processes", value=", ".join(processes) or "none", note="that stay, or hold a write"))
    return checks


def keys(found: Looked) -> list[Check]:
    """Where they are, which they are, and whether they open what is kept."""
    if not found.keeps:
        return [Check(name="keys", value="not needed", note="nothing is kept")]
    known: Mapping[str, str] = found.contents.keys if found.contents else {}
    source = key_source(found.settings)
    if source is None:
        return [failed("keys", MissingKey(keys=list(known), searched=[SETTING, FILE_SETTING]))]
    try:
        ring = parse_keys(found.settings.key) if source.file is None else load_key_file(source.file)
    except JackfieldError as error:
        return [failed("keys", error)]
    if ring is None:
        return [_absent(source, known, found)]
    place = [Check(name="keys from", value=SETTING)]
    if source.file is not None:
        place = [Check(name="keys from", value=str(source.file), note=f"mode {mode_of(source.file)}")]
    return [*place, *_ring(ring, known), _readable(ring, known, source, found)]


def _absent(source: KeySource, known: Mapping[str, str], found: Looked) -> Check:
    if source.ours and found.is_new:
        return Check(name="keys from", value=str(source.file), note="not there yet; made at the first call")
    return failed("keys", MissingKey(keys=list(known), searched=source.searched))


def _ring(ring: KeyRing, known: Mapping[str, str]) -> list[Check]:
    checks = []
    for key in ring.ids:
        note = "encrypts" if key == ring.primary else "decrypts" if key in known else "nothing needs it here"
        checks.append(Check(name=f"key {key}", value=f"fingerprint {ring.fingerprint(key)}", note=note))
    return checks


def _readable(ring: KeyRing, known: Mapping[str, str], source: KeySource, found: Looked) -> Check:
    name = "what is kept"
    if found.is_new:
        return Check(name=name, value="nothing is encrypted yet")
    if found.contents is None:
        hint = "mend the database first"
        return Check(name=name, value="not known whether it can be read", status="warning", hint=hint)
    try:
        require_keys(ring, known, searched=source.searched)
        envelope = Envelope(ring)
        for sealed_name, sealed in found.contents.sealed.items():
            envelope.open(sealed, context(tenant=EVERYBODY, name=sealed_name))
    except MissingKey as error:
        file = default_key_file(found.settings)
        if source.file is not None or file is None or not file.exists():
            return failed(name, error)
        hint = f"it may be the line in `{file}`, which made place for `{SETTING}`: put that after the new key there"
        return replace(failed(name, error), hint=hint)
    except JackfieldError as error:
        return failed(name, error)
    return Check(name=name, value="can be read", note="every key that has encrypted anything is there")
