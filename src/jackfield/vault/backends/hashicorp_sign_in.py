"""How a process signs in to HashiCorp Vault."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jackfield.definition.secret import Secret
from jackfield.vault.errors import SecretStoreRefused

if TYPE_CHECKING:
    import hvac
    import requests

MAX_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A token.

    Attributes:
        ttl_s: Seconds that it lives from when it was given or renewed; 0 where it does not end, or nobody knows.
        renewable: Whether it can be made to live longer.
    """

    token: str = field(repr=False)
    ttl_s: float = 0.0
    renewable: bool = False


@dataclass(frozen=True, kw_only=True)
class GivenToken:
    """A token of the settings."""

    token: Secret

    hint = "put one that lives into `JACKFIELD_HASHICORP_TOKEN`"

    def given(self) -> str:
        """That token."""
        return self.token.reveal()


@dataclass(frozen=True, kw_only=True)
class TokenFile:
    """A file in which another program, such as Vault Agent, keeps a token that lives."""

    path: Path

    hint = "see why the program that writes `JACKFIELD_HASHICORP_TOKEN_FILE` does not"

    def given(self) -> str:
        """The token that is in the file now.

        Raises:
            SecretStoreRefused: There is none.
        """
        try:
            with self.path.open("rb") as file:
                text = file.read(MAX_BYTES).decode().strip()
            problem = "" if text else "it is empty"
        except OSError as error:
            text, problem = "", (error.strerror or type(error).__name__).lower()
        except UnicodeDecodeError:
            text, problem = "", "it is not UTF-8 text"
        if problem:
            problem = f"cannot be asked, as the token file `{self.path}` is of no use: {problem}"
            raise SecretStoreRefused(store="hashicorp", problem=problem, hint=self.hint)
        return text


@dataclass(frozen=True, kw_only=True)
class AppRole:
    """A role for programs, whose id and secret id are given for a token."""

    role_id: str
    secret_id: Secret

    hint = "correct `JACKFIELD_HASHICORP_ROLE_ID`, and put a new secret id into `JACKFIELD_HASHICORP_SECRET_ID`"

    def ask(self, client: hvac.Client) -> requests.Response:
        """A new token.

        Source: https://developer.hashicorp.com/vault/api-docs/auth/approle#login-with-approle
        """
        answer: requests.Response = client.auth.approle.login(
            self.role_id, secret_id=self.secret_id.reveal(), use_token=False
        )
        return answer


SignIn: TypeAlias = GivenToken | TokenFile | AppRole
"""A token that is there already, or what the server is asked for one with."""
