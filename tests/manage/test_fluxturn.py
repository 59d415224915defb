"""FluxTurn's definitions among the types and connectors that are kept."""

from __future__ import annotations

import pytest

from jackfield.definition.secret import MASK
from manage.desk import connectors_of, types_in
from manage.people import ADMIN, ANN
from registry.fluxturn import ACME, KEY, acme, action

MORE = acme(
    *ACME["supported_actions"], action("/c/{id}", id="show", method="GET", api_paramMapping={"size": "per_page"})
)


@pytest.fixture
def manage(world):
    return connectors_of(world)


@pytest.fixture
def types(world):
    return types_in(world)


async def test_a_connector_is_changed_by_the_definition_that_made_it(manage, types):
    """Sent again with one action more: a new version of its type, and the key stays."""
    made = await manage.create(ANN, ACME | {"config": {"apiKey": KEY}})
    changed = await manage.update(ANN, "acme", MORE)
    same = await manage.update(ANN, "acme", MORE)

    assert (made.type_version, made.configured) == ("1.0.0", True)
    assert changed.config["apiKey"] == MASK
    assert [version.version for version in await types.versions(ANN, "acme")] == ["1.0.0", "1.1.0"]
    assert same.warnings == []


async def test_a_second_connector_shares_the_type_of_the_first(manage, types):
    """The same definition under another name of a connector, by `type`."""
    await manage.create(ANN, ACME)
    other = await manage.create(ANN, ACME | {"name": "acme-test", "type": "acme"})

    assert (other.type, len([info for info in await types.list(ANN) if info.name.startswith("acme")])) == ("acme", 1)


async def test_what_is_kept_of_a_definition_outlives_a_change_of_the_type(types):
    """Sent back as it is shown nothing changes; a change of the commands keeps names and what was imported."""
    await types.create(ADMIN, MORE)
    shown = (await types.get(ADMIN, "acme")).definition
    same = await types.update(ADMIN, "acme", shown)
    commands = shown["configSchema"]["commands"]
    await types.update(ADMIN, "acme", {"configSchema": {"commands": commands}, "description": "Other"})
    after = (await types.get(ADMIN, "acme")).definition

    assert same.version == "1.0.0"
    assert after["source"]["imported"] == shown["source"]["imported"]
    assert after["source"]["operations"]["show"]["names"] == {"size": "per_page"}


async def test_warnings_are_gone_once_somebody_has_seen_to_them(types):
    """`auth` says how the key is sent, and `imported: null` clears what was told."""
    made = await types.create(ADMIN, ACME)
    changed = await types.update(ADMIN, "acme", {"auth": {"type": "api_key", "field": "apiKey"}, "imported": None})

    assert len(made.warnings) == 1
    assert changed.warnings == []
