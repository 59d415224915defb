"""What can go wrong with keys and with what they seal. No message ever holds a key or a sealed value."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.errors import JackfieldError

_MAKE = "`openssl rand -base64 32` makes a key"


class InvalidKey(JackfieldError):
    """An encryption key is not written as it must be."""

    code = "invalid-key"
    status = 500
    retry = "after_fix"

    def __init__(self, *, where: str, problem: str) -> None:
        super().__init__(
            f"{where} {problem}",
            hint=f"write it as `name:<base64 of 32 random bytes>`; {_MAKE}",
            where=where,
            problem=problem,
        )


class MissingKey(JackfieldError):
    """A key is needed, for what is encrypted already or for what is to be, and it is not there."""

    code = "missing-key"
    status = 503
    retry = "after_fix"

    def __init__(self, *, keys: Sequence[str], searched: Sequence[str]) -> None:
        """Args:
        keys: The ids of those that have encrypted something; empty when nothing is encrypted yet.
        searched: Where keys were looked for, in order.
        """
        named = ", ".join(f"`{key}`" for key in keys)
        places = ", ".join(f"`{place}`" for place in searched)
        message = f"data is encrypted with {'keys' if len(keys) > 1 else 'the key'} {named}, not found in {places}"
        hint = f"put {'them' if len(keys) > 1 else 'it'} back: a new key cannot read what another has encrypted"
        if not keys:
            message = f"there is no key to encrypt with in {places}"
            hint = (
                "set `JACKFIELD_KEY` to `main:<base64 of 32 random bytes>`, and keep a copy apart from the database; "
            )
            hint += _MAKE
        super().__init__(message, hint=hint, keys=list(keys), searched=list(searched))


class WrongKey(JackfieldError):
    """A key has the name of the one that encrypted the data, and is another."""

    code = "wrong-key"
    status = 503
    retry = "after_fix"

    def __init__(self, *, key: str) -> None:
        super().__init__(
            f"the key `{key}` is not the one of that name which encrypted the data",
            hint=f"give the first `{key}` back, and the new key another name before it",
            key=key,
        )


class KeyFileExposed(JackfieldError):
    """Others than its owner can read or change the key file."""

    code = "key-file-exposed"
    status = 500
    retry = "after_fix"

    def __init__(self, *, path: str, problem: str, hint: str) -> None:
        super().__init__(f"the key file `{path}` {problem}", hint=hint, path=path, problem=problem)


class KeyFileUnusable(JackfieldError):
    """The key file cannot be read or written."""

    code = "key-file-unusable"
    status = 500
    retry = "after_fix"

    def __init__(self, *, path: str, problem: str) -> None:
        super().__init__(
            f"the key file `{path}` cannot be used: {problem}",
            hint="mend that, or give the key as `JACKFIELD_KEY`",
            path=path,
            problem=problem,
        )


class Undecryptable(JackfieldError):
    """Something encrypted cannot be read."""

    code = "undecryptable"
    status = 503
    retry = "after_fix"

    def __init__(self, *, what: str, reason: str, hint: str, key: str | None = None) -> None:
        super().__init__(f"{what} cannot be decrypted: {reason}", hint=hint, what=what, reason=reason, key=key)


class SecretUnreadable(JackfieldError):
    """A secret is there, and cannot be read."""

    code = "secret-unreadable"
    status = 503
    retry = "after_fix"

    def __init__(
        self,
        *,
        name: str,
        place: str,
        problem: str,
        hint: str = "it must be a small text file that Jackfield's user may read",
    ) -> None:
        super().__init__(
            f"the secret `{name}` in `{place}` cannot be read: {problem}",
            hint=hint,
            name=name,
            place=place,
            problem=problem,
        )


class SecretBackendUnusable(JackfieldError):
    """A place of secrets that is asked for cannot be used."""

    code = "secret-backend-unusable"
    status = 500
    retry = "after_fix"

    def __init__(self, *, backend: str, problem: str, hint: str) -> None:
        """Args:
        backend: As `JACKFIELD_SECRETS_FROM` has it.
        """
        super().__init__(f"the secrets of `{backend}` cannot be used: {problem}", hint=hint, backend=backend)


class SecretStoreUnavailable(JackfieldError):
    """A server with secrets cannot say now whether it has one."""

    code = "secret-store-unavailable"
    status = 503
    retry = "later"

    def __init__(self, *, store: str, problem: str) -> None:
        """Args:
        store: Its address.
        problem: What it does, such as `is sealed`.
        """
        super().__init__(
            f"the secret store `{store}` {problem}",
            hint="look at that server, then try again; `jackfield doctor` says when it can be asked",
            store=store,
            problem=problem,
        )


class SecretStoreRefused(JackfieldError):
    """A server with secrets does not give them to this process."""

    code = "secret-store-refused"
    status = 503
    retry = "after_fix"

    def __init__(self, *, store: str, problem: str, hint: str) -> None:
        """Args:
        store: Its address, or the file that should let this process in.
        problem: What it does, such as `does not accept the token`.
        """
        super().__init__(f"the secret store `{store}` {problem}", hint=hint, store=store, problem=problem)
