"""H09, Z17: the credential that a call names, and nobody else's: the same on every surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from jackfield.access.principal import LOCAL
from jackfield.credentials.stored import context_of
from jackfield.storage import credentials
from jackfield.storage.credentials import CredentialRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import parse_keys
from jackfield.vault.records import Records
from jackfield.vault.watch import SecretWatch
from servers import Service
from surfaces.kept import KEY, Kept

OTHERS = ("another-connector", "another-tenant", "another-user")


@pytest.fixture
def desk(kept: Kept, service: Service) -> dict[str, str]:
    """A connector with a key of its own and three credentials, one of them the default; their ids by name."""
    config = {"base_url": service.url, "api_key": "sk-own-0123456789"}
    body = {"name": "desk", "type": "trial", "config": config}
    id_ = kept.manage(lambda manage: manage.connectors.create(LOCAL, body)).id
    eve = kept.manage(lambda manage: manage.users.add(LOCAL, name="eve")).user.id
    rows = {
        name: CredentialRow(
            tenant="default", connector_id=id_, name=name, author=LOCAL.id, approved=True, is_default=name == "usual"
        )
        for name in ("usual", "robot")
    }
    of: list[dict[str, Any]] = [{"connector_id": "another"}, {"tenant": "globex"}, {"owner": eve}]
    rows |= {name: replace(rows["robot"], id=f"cred-{name}", name=name, **of[at]) for at, name in enumerate(OTHERS)}
    for row in rows.values():
        kept.change(partial(_add, row=row))
    return {name: row.id for name, row in rows.items()}


def _add(connection: Connection, *, row: CredentialRow) -> None:
    records = Records(Envelope(parse_keys(KEY)), SecretWatch())
    sealed = records.seal({"api_key": f"sk-{row.name}-0123456789"}, secret=["api_key"], context=context_of(row))
    credentials.add(connection, replace(row, shown=sealed.shown, sealed=sealed.sealed))


def test_a_call_uses_the_credential_that_it_names(
    desk: dict[str, str], surface_on_kept: Callable[..., Any], service: Service
):
    """By its name or its id; the default without one. Its key is in no answer."""
    wanted = (None, "robot", "Robot", desk["robot"])
    said = [surface_on_kept("desk", "shown", {}, credential_id=name) for name in wanted]

    keys = ("usual", "robot", "robot", "robot")
    assert [asked.headers["authorization"] for asked in service.asked] == [
        f"Bearer sk-{key}-0123456789" for key in keys
    ]
    assert all(each.success for each in said)
    assert "0123456789" not in repr(said)


@pytest.mark.parametrize("whose", [*OTHERS, "nobody"])
def test_what_is_not_the_callers_is_not_there(
    desk: dict[str, str], surface_on_kept: Callable[..., Any], service: Service, whose: str
):
    """Not replaced by another one either: nothing is sent."""
    said = surface_on_kept("desk", "shown", {}, credential_id=desk.get(whose, "cred-nobody"))

    assert (said.started, said.code) == (False, "unknown-credential")
    assert not [name for name in OTHERS if f"`{name}`" in said.hint], said.hint
    assert service.asked == []
