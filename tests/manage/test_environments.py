"""K11: one connector, several environments; what is kept of them, and what is shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from jackfield.definition.errors import InvalidDefinition, InvalidName, InvalidParams, NamesFallTogether
from jackfield.definition.secret import MASK
from jackfield.manage.views import to_json
from jackfield.registry.connection import StoredConnections
from jackfield.registry.environments import MAX_ENVIRONMENTS
from jackfield.registry.errors import NameTaken, UnknownEnvironment
from jackfield.registry.resolve import resolve
from jackfield.registry.stored import StoredCatalogue
from jackfield.storage import connectors as rows
from jackfield.storage.changes import Changes
from jackfield.vault.errors import Undecryptable
from manage.desk import KEY, bytes_of, connectors_of, process, sealer_of
from manage.people import ADMIN, ANN
from registry.stored import check

NEVER_S = 3600.0
STAGING_KEY = "key-of-staging-that-nobody-may-see"
CRM = {
    "name": "my-crm",
    "type": "managed-crm",
    "config": {"region": "eu", "apiKey": KEY},
    "environments": {
        "staging": {"config": {"baseUrl": "https://staging.example", "apiKey": STAGING_KEY}, "credential": "robot"},
        "other": {"config": {"region": "us"}},
    },
}


@pytest.fixture
def manage(world):
    return connectors_of(world)


@pytest.fixture
async def catalogue(world):
    """What calls see."""
    changes = Changes(world, scan_s=NEVER_S)
    await changes.start()
    yield StoredCatalogue(process(), world, changes, check)
    await changes.close()


async def opened(catalogue):
    """The connection and its environments as calls get them."""
    if catalogue.is_stale("default"):
        await catalogue.refresh("default")
    found = StoredConnections(sealer_of()).open(resolve(catalogue, "my-crm", tenant="default").connector)
    return {"": found.config, **found.environments}


def places(error) -> list[str]:
    return [fault["pointer"] for fault in error.value.details["errors"]]


async def test_environments_are_kept_and_their_secrets_are_not_shown(manage, world, catalogue):
    """H05 and H11 hold in them too: not in rows, not in the audit log, not in answers."""
    made = await manage.create(ANN, CRM | {"environment": "Staging"})

    assert made.environments == {
        "other": {"config": {"region": "us"}, "credential": ""},
        "staging": {"config": {"base_url": "https://staging.example", "api_key": MASK}, "credential": "robot"},
    }
    assert made.environment == "staging"
    assert await opened(catalogue) == {
        "": {"region": "eu", "api_key": KEY},
        "staging": {"base_url": "https://staging.example", "api_key": STAGING_KEY},
        "other": {"region": "us"},
    }
    for table in ("connector", "audit"):
        assert STAGING_KEY not in await bytes_of(world, table)
    assert STAGING_KEY not in f"{made!r}{to_json(made)}"


async def test_what_was_shown_can_be_sent_back(manage, catalogue):
    """People read a connector, change one line, and send the whole."""
    made = await manage.create(ANN, CRM)
    before = await opened(catalogue)
    body = {key: value for key, value in to_json(made).items() if key not in {"configSchema", "revision"}}
    changed = await manage.update(ANN, "my-crm", body | {"description": "Ours."})

    assert (changed.description, changed.environments) == ("Ours.", made.environments)
    assert await opened(catalogue) == before


async def test_what_is_left_out_stays_and_null_clears(manage, catalogue):
    """As in `config`: of environments, of what is said of one, and of its fields."""
    await manage.create(ANN, CRM)
    first = await manage.update(ANN, "my-crm", {"environments": {"STAGING": {"config": {"region": "us"}}}})
    assert first.environments["staging"] == {
        "config": {"base_url": "https://staging.example", "api_key": MASK, "region": "us"},
        "credential": "robot",
    }

    cleared = {"config": {"api_key": None, "base_url": None}, "credential": None}
    second = await manage.update(ANN, "my-crm", {"environments": {"staging": cleared, "other": None}})
    assert second.environments == {"staging": {"config": {"region": "us"}, "credential": ""}}
    assert await opened(catalogue) == {"": {"region": "eu", "api_key": KEY}, "staging": {"region": "us"}}


async def test_the_connection_can_change_without_them_and_they_without_it(manage, catalogue):
    """All of their secrets are sealed together, and none is lost by a change of the others."""
    await manage.create(ANN, CRM)
    await manage.update(ANN, "my-crm", {"config": {"apiKey": f"new-{KEY}"}})
    await manage.update(ANN, "my-crm", {"environments": {"other": {"config": {"apiKey": f"other-{KEY}"}}}})
    await manage.update(ANN, "my-crm", {"enabled": False})
    found = await opened(catalogue)

    assert [found[name]["api_key"] for name in ("", "staging", "other")] == [f"new-{KEY}", STAGING_KEY, f"other-{KEY}"]


async def test_an_environment_that_gets_another_name_keeps_its_secrets(manage, catalogue):
    """Nobody has to type them again, and whoever renames never sees them. The default stays the default."""
    await manage.create(ANN, CRM | {"environment": "staging"})
    swapped = {"staging": {"name": "other", "config": {"api_key": MASK}}, "other": {"name": "staging"}}
    changed = await manage.update(ANN, "my-crm", {"environments": swapped})

    assert changed.environment == "other"
    assert await opened(catalogue) == {
        "": {"region": "eu", "api_key": KEY},
        "other": {"base_url": "https://staging.example", "api_key": STAGING_KEY},
        "staging": {"region": "us"},
    }


async def test_no_environment_gets_the_secret_of_another(manage):
    """A mask stands for what is there, and for nothing else: not for the connector's own, not for that of one gone."""
    await manage.create(ANN, CRM)
    masked = {"config": {"api_key": MASK}}
    for environments in ({"other": masked}, {"new": masked}, {"staging": None, "new": masked}):
        with pytest.raises(InvalidParams) as caught:
            await manage.update(ANN, "my-crm", {"environments": environments})
        (name,) = [name for name, said in environments.items() if said]
        assert places(caught) == [f"/environments/{name}/config/api_key"]
    with pytest.raises(InvalidParams):
        await manage.create(ANN, CRM | {"name": "second", "environments": {"new": masked}})


async def test_old_values_of_an_environment_cannot_be_put_back(manage, world, catalogue):
    """H08: whoever can write into the database cannot bring back a revoked key, nor move one to another address."""
    made = await manage.create(ANN, CRM)
    old = await world.read(partial(rows.get, tenant="default", id=made.id))
    await manage.update(ANN, "my-crm", {"environments": {"staging": {"config": {"apiKey": "new-key-of-staging"}}}})
    now = await world.read(partial(rows.get, tenant="default", id=made.id))
    moved = {**now.environments, "elsewhere": now.environments["staging"]}
    del moved["staging"]
    for changed in (replace(now, sealed=old.sealed), replace(now, environments=moved)):
        present = await world.read(partial(rows.get, tenant="default", id=made.id))
        await world.write(partial(rows.save, row=replace(changed, revision=present.revision)))
        with pytest.raises(Undecryptable):
            await opened(catalogue)


async def test_deleting_forgets_their_secrets_for_good(manage, world):
    """As those of the connection."""
    made = await manage.create(ANN, CRM)
    await manage.delete(ANN, "my-crm")
    row = await world.read(partial(rows.get, tenant="default", id=made.id))

    assert row.sealed is None
    assert row.environments["staging"]["config"]["api_key"] is None


@pytest.mark.parametrize(
    ("environments", "code", "said"),
    [
        ({"": {}}, InvalidName, "environment"),
        ({"a b": {}}, InvalidName, "environment"),
        ({"x" * 65: {}}, InvalidName, "environment"),
        ({"new": {"name": "no name"}}, InvalidName, "environment"),
        ({"Qa": {}, "qa": {}}, NamesFallTogether, "case style"),
        ({"other": {"name": "STAGING"}}, NamesFallTogether, "case style"),
        ({"other": {"name": "staging"}}, NameTaken, "staging"),
        ({"new": 1}, InvalidDefinition, "is no object"),
        ({"new": {"confg": {}}}, InvalidDefinition, "`confg`"),
        ({"new": {"config": ["x"]}}, InvalidDefinition, "no object"),
        ({"new": {"credential": "c" * 201}}, InvalidDefinition, "credential"),
        ({"new": {"credential": 1}}, InvalidDefinition, "credential"),
        ({f"e{number}": {} for number in range(MAX_ENVIRONMENTS)}, InvalidDefinition, "52 environments"),
    ],
    ids=str,
)
async def test_what_is_no_environment_is_refused(manage, environments, code, said):
    """Before anything is changed."""
    made = await manage.create(ANN, CRM)
    with pytest.raises(code, match=said):
        await manage.update(ANN, "my-crm", {"environments": environments})

    assert (await manage.get(ANN, "my-crm")).revision == made.revision


async def test_a_field_of_an_environment_is_named_by_its_place_in_the_body(manage):
    """A form puts what is wrong at the field that it is about."""
    body = CRM | {"environments": {"staging": {"config": {"region": 1}}}}
    with pytest.raises(InvalidParams) as caught:
        await manage.create(ANN, body)
    assert places(caught) == ["/environments/staging/config/region"]

    with pytest.raises(InvalidParams) as caught:
        await manage.create(ANN, CRM | {"environments": {"staging": {"config": {"nothing": 1}}}})
    assert places(caught) == ["/environments/staging/config/nothing"]


async def test_a_default_environment_is_one_that_there_is(manage):
    """The default never changes by itself: calls would go elsewhere without anybody having said so."""
    with pytest.raises(UnknownEnvironment, match="no environment `qa`"):
        await manage.create(ANN, CRM | {"environment": "qa"})
    await manage.create(ANN, CRM | {"environment": "staging"})
    with pytest.raises(UnknownEnvironment) as caught:
        await manage.update(ANN, "my-crm", {"environments": {"staging": None}})
    assert "it is the default" in caught.value.hint

    gone = await manage.update(ANN, "my-crm", {"environments": {"staging": None}, "environment": None})
    assert (gone.environment, list(gone.environments)) == ("", ["other"])


async def test_a_default_environment_can_complete_a_connection(manage):
    """What is shown as missing is what calls lack that name no environment."""
    body = CRM | {"config": {"region": "eu"}, "environment": "staging"}
    made = await manage.create(ANN, body)
    assert (made.configured, made.missing) == (True, [])

    changed = await manage.update(ANN, "my-crm", {"environment": "other"})
    assert (changed.configured, changed.missing) == (False, ["api_key"])


@pytest.mark.parametrize(
    "change",
    [
        {"environments": {"staging": {"config": {"base_url": "https://evil.example"}}}},
        {"environments": {"new": {"config": {"base_url": "https://evil.example"}}}},
        {"environments": {"new": {}}},
        {"environments": {"staging": {"config": {"api_key": "another"}}}},
        {"environments": {"staging": {"config": {"base_url": None}}}},
        {"environments": {"staging": {"credential": "of-the-boss"}}},
        {"environments": {"staging": {"name": "stage"}}},
        {"environments": {"staging": None}},
        {"environment": "staging"},
    ],
    ids=str,
)
async def test_the_approval_falls_when_somebody_else_changes_an_environment(manage, change):
    """Decision 0010: an administrator stands for where requests go, and an environment says that."""
    await manage.create(ANN, CRM)
    await manage.approve(ADMIN, "my-crm")
    shown = to_json(await manage.get(ANN, "my-crm"))
    same = {"environments": shown["environments"], "environment": shown["environment"], "displayName": "CRM"}
    assert (await manage.update(ANN, "my-crm", same)).approved

    assert (await manage.update(ANN, "my-crm", change)).approved is False


async def test_an_administrator_who_changes_an_environment_stands_for_it(manage):
    """As with the connection."""
    await manage.create(ADMIN, CRM)

    assert (await manage.update(ADMIN, "my-crm", {"environment": "staging"})).approved


async def test_two_who_change_different_environments_lose_nothing(manage, catalogue):
    """One of them is told to read again, or both are kept: no secret is lost by a race."""
    await manage.create(ANN, CRM)

    def change(name: str):
        return manage.update(ANN, "my-crm", {"environments": {name: {"config": {"apiKey": f"new-key-of-{name}"}}}})

    done = await asyncio.gather(change("staging"), change("other"), return_exceptions=True)
    found = await opened(catalogue)

    for name, each in zip(("staging", "other"), done, strict=True):
        if not isinstance(each, Exception):
            assert found[name]["api_key"] == f"new-key-of-{name}"
    assert found["staging"]["api_key"] in {STAGING_KEY, "new-key-of-staging"}
