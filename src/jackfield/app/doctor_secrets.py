"""The places of secrets: which there are, in which order, and whether each can be asked. No secret is shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from jackfield.app.doctor_files import failed
from jackfield.app.secret_backends import hashicorp_client, require_backends
from jackfield.errors import JackfieldError
from jackfield.settings import SECRET_PREFIX, Settings
from jackfield.surfaces.diagnosis import Check
from jackfield.vault.watch import SecretWatch


async def checks(settings: Settings, environ: Mapping[str, str], *, kept: int = 0) -> Sequence[Check]:
    """One for each place, in the order in which they are asked.

    Args:
        kept: How many secrets are in the database, as far as that is known.
    """
    try:
        require_backends(settings)
    except JackfieldError as error:
        return [failed("secrets from", error)]
    looks: Mapping[str, Callable[[], Awaitable[Check]]] = {
        "vault": lambda: _vault(settings),
        "environment": lambda: _environment(environ),
        "files": lambda: _files(settings),
        "hashicorp": lambda: _hashicorp(settings),
    }
    found = [await looks[backend]() for backend in settings.secrets_from]
    if kept and "vault" not in settings.secrets_from:
        note = f"{kept} {_many('secret', kept)} in the database, which no call gets"
        hint = "name `vault` in `JACKFIELD_SECRETS_FROM`, or delete them"
        found.append(Check(name="vault", value="not asked", note=note, status="warning", hint=hint))
    return found


async def _vault(settings: Settings) -> Check:
    if settings.keeps_nothing:
        return Check(name="vault", value="not used", note="nothing is kept")
    return Check(name="vault", value="the database", note="encrypted")


async def _environment(environ: Mapping[str, str]) -> Check:
    found = sum(1 for name, value in environ.items() if name.startswith(SECRET_PREFIX) and value)
    return Check(name="environment", value=f"{found} {_many('variable', found)}", note=f"`{SECRET_PREFIX}<NAME>`")


async def _files(settings: Settings) -> Check:
    folder = settings.secrets_folder
    assert folder is not None  # noqa: S101 - as `require_backends` has seen
    try:
        found = sum(1 for entry in os.scandir(folder) if not entry.name.startswith(".") and entry.is_file())
    except OSError as error:
        said = (error.strerror or type(error).__name__).lower()
        hint = "mount it, and let Jackfield's user read it"
        return Check(name="files", value=str(folder), note=f"cannot be read: {said}", status="error", hint=hint)
    return Check(name="files", value=str(folder), note=f"{found} {_many('file', found)}")


async def _hashicorp(settings: Settings) -> Check:
    client = hashicorp_client(settings, SecretWatch())
    try:
        policies = await asyncio.to_thread(client.policies)
        lease = await asyncio.to_thread(client.lease)
        is_kv_2 = None if policies is None else await asyncio.to_thread(client.is_kv_2)
    except JackfieldError as error:
        check = failed("hashicorp", error)
        return replace(check, hint="see what that server has in its log") if "doctor" in check.hint else check
    finally:
        client.close()
    if policies is None:
        hint = "see whether it lives: `vault token lookup` with it; one without the policy `default` cannot look"
        note = "the token has ended, or may not look at itself"
        return Check(name="hashicorp", value=settings.hashicorp_url, note=note, status="warning", hint=hint)
    if is_kv_2 is False:
        hint = "correct `JACKFIELD_HASHICORP_PATH`, or `vault kv enable-versioning` the engine"
        note = f"`{settings.hashicorp_path}` is in no KV engine of version 2"
        return Check(name="hashicorp", value=settings.hashicorp_url, note=note, status="error", hint=hint)
    ends = (
        f"ends in {lease.ttl_s:.0f} s{', and is renewed' if lease.renewable else ''}" if lease.ttl_s else "does not end"
    )
    note = f"token accepted: policies {', '.join(policies)}; {ends}"
    return Check(name="hashicorp", value=settings.hashicorp_url, note=note)


def _many(what: str, count: int) -> str:
    return what if count == 1 else f"{what}s"
