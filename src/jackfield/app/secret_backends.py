"""Which places secrets come from, and in which order."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.secret import Secret
from jackfield.settings import Settings, secrets_from_environment, variable
from jackfield.vault.backends.layered import LayeredSecrets
from jackfield.vault.errors import SecretBackendUnusable
from jackfield.vault.secrets import MemorySecrets, SecretStore
from jackfield.vault.watch import SecretWatch

if TYPE_CHECKING:
    from jackfield.vault.backends.hashicorp_client import HashicorpClient

WAYS_IN: Mapping[str, tuple[str, ...]] = {
    "a token": ("hashicorp_token",),
    "a token file": ("hashicorp_token_file",),
    "an AppRole": ("hashicorp_role_id", "hashicorp_secret_id"),
}
"""To sign in to HashiCorp Vault, and the settings of each."""


def secrets_of(
    settings: Settings, given: MemorySecrets, watch: SecretWatch, *, kept: SecretStore | None = None
) -> LayeredSecrets:
    """The secrets of a runtime: those given by the program, then the places that the settings name, in their order.

    Args:
        watch: Is told of all that are used, so that logs are masked.
        kept: Those of the database; `None` where nothing is kept.

    Raises:
        SecretBackendUnusable: See `require_backends`.
    """
    require_backends(settings)

    def environment() -> SecretStore:
        found = MemorySecrets(secrets_from_environment(), tenant=DEFAULT_TENANT, place="`JACKFIELD_SECRET_{name}`")
        watch.add(*found)
        return found

    make: Mapping[str, Callable[[], SecretStore | None]] = {
        "vault": lambda: kept,
        "environment": environment,
        "files": lambda: _files(settings, watch),
        "hashicorp": lambda: _hashicorp(settings, watch),
    }
    watch.add(*given)
    stores = [make[backend]() for backend in settings.secrets_from]
    return LayeredSecrets([given, *(store for store in stores if store is not None)])


def require_backends(settings: Settings) -> None:
    """Do nothing if every place that the settings name can be used. None is asked.

    Raises:
        SecretBackendUnusable: One lacks a setting, or its library.
    """
    if "files" in settings.secrets_from and settings.secrets_folder is None:
        raise SecretBackendUnusable(
            backend="files",
            problem="`JACKFIELD_SECRETS_FOLDER` is not set",
            hint="set it to the folder, or take `files` out of `JACKFIELD_SECRETS_FROM`",
        )
    if "hashicorp" in settings.secrets_from and (wrong := _wrong_with_hashicorp(settings)):
        problem, hint = wrong
        raise SecretBackendUnusable(backend="hashicorp", problem=problem, hint=hint)


def _wrong_with_hashicorp(settings: Settings) -> tuple[str, str] | None:
    """What is, and what to do about it."""
    if not settings.hashicorp_url:
        return (
            "`JACKFIELD_HASHICORP_URL` is not set",
            "set it, or take `hashicorp` out of `JACKFIELD_SECRETS_FROM`",
        )
    begun = {way: names for way, names in WAYS_IN.items() if any(getattr(settings, name) for name in names)}
    if not begun:
        one = "set `JACKFIELD_HASHICORP_TOKEN`, `JACKFIELD_HASHICORP_TOKEN_FILE`, or both "
        return "there is nothing to sign in with", f"{one}`JACKFIELD_HASHICORP_ROLE_ID` and `..._SECRET_ID`"
    if len(begun) > 1:
        return f"{' and '.join(begun)} are given", "keep one of them"
    absent = [variable(name) for names in begun.values() for name in names if not getattr(settings, name)]
    if absent:
        return f"`{absent[0]}` is not set", "an AppRole needs its role id and its secret id"
    if importlib.util.find_spec("hvac") is None:
        return "`hvac` is not installed", "pip install 'jackfield[hashicorp]'"
    return None


def _files(settings: Settings, watch: SecretWatch) -> SecretStore:
    from jackfield.vault.backends.files import FileSecrets  # most have none

    assert settings.secrets_folder is not None  # noqa: S101 - as `require_backends` has seen
    return FileSecrets(settings.secrets_folder, tenant=DEFAULT_TENANT, watch=watch)


def _hashicorp(settings: Settings, watch: SecretWatch) -> SecretStore:
    from jackfield.vault.backends.hashicorp import HashicorpSecrets

    return HashicorpSecrets(hashicorp_client(settings, watch), tenant=DEFAULT_TENANT, watch=watch)


def hashicorp_client(settings: Settings, watch: SecretWatch) -> HashicorpClient:
    """What asks the server. Nothing is sent yet."""
    from jackfield.vault.backends.hashicorp_client import HashicorpClient, Place
    from jackfield.vault.backends.hashicorp_sign_in import AppRole, GivenToken, SignIn, TokenFile

    if settings.hashicorp_token_file is not None:
        sign_in: SignIn = TokenFile(path=settings.hashicorp_token_file)
    elif settings.hashicorp_token:
        sign_in = GivenToken(token=Secret(settings.hashicorp_token))
    else:
        sign_in = AppRole(role_id=settings.hashicorp_role_id, secret_id=Secret(settings.hashicorp_secret_id))
    place = Place(url=settings.hashicorp_url, path=settings.hashicorp_path, namespace=settings.hashicorp_namespace)
    return HashicorpClient(place, sign_in, watch=watch)
