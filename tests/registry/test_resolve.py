"""From what a caller wrote to what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.definition.floh import from_json
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.registry.errors import AmbiguousConnector, CommandMissing, NameTaken, UnknownCommand, UnknownConnector
from jackfield.registry.resolve import command_of, resolve

KEY = ConnectionField(name="api_key", kind="secret", schema={"type": "string"}, required=True)


def kind(name: str, *, fields: tuple[ConnectionField, ...] = (), auth: bool = False, **more: Any) -> ConnectorType:
    commands = {"list_items": CommandDefinition(name="list_items"), "getItem": CommandDefinition(name="getItem")}
    definition = ConnectorDefinition(name=name, fields=fields, commands=commands, auth_required=auth, **more)
    return ConnectorType(definition=definition, place=name)


def connector(full_name: str, *, type: str = "acme", tenant: str = "default") -> ConfiguredConnector:
    namespace, _, name = full_name.rpartition("/")
    owner = "" if tenant == "default" else f" of {tenant}"
    return ConfiguredConnector(id=f"id-of-{full_name}{owner}", tenant=tenant, namespace=namespace, name=name, type=type)


def catalogue(*connectors: ConfiguredConnector) -> MemoryCatalogue:
    made = MemoryCatalogue()
    made.add_type(kind("acme", fields=(KEY,), auth=True))
    made.add_type(kind("public"))
    for added in connectors:
        made.add_connector(added)
    return made


@pytest.mark.parametrize(
    "wanted", ["id-of-crm/acme-prod", "crm/acme-prod", "acme-prod", "acme_prod", "acmeProd", "CRM/AcmeProd"]
)
def test_a_connector_is_found_by_id_full_name_name_and_slug(wanted: str):
    """K10: whatever a caller has at hand."""
    found = resolve(catalogue(connector("crm/acme-prod")), wanted, tenant="default")

    assert found.name == "crm/acme-prod"


def test_an_ambiguous_name_lists_what_it_fits():
    """K10: guessing would call the wrong company's account."""
    with pytest.raises(AmbiguousConnector) as caught:
        resolve(catalogue(connector("crm/mail"), connector("hr/mail")), "mail", tenant="default")

    assert caught.value.message == "`mail` fits 2 connectors: `crm/mail`, `hr/mail`"


def test_a_bare_name_means_the_default_namespace_first():
    """Adding a connector elsewhere must not break calls that worked."""
    found = resolve(catalogue(connector("crm/mail"), connector("default/mail")), "mail", tenant="default")

    assert found.name == "default/mail"


def test_an_exact_name_wins_over_one_that_differs_in_case_style():
    """K10."""
    made = catalogue(connector("a/list-mail"), connector("b/listMail"))

    assert resolve(made, "listMail", tenant="default").name == "b/listMail"
    assert resolve(made, "list-mail", tenant="default").name == "a/list-mail"


def test_a_type_without_auth_is_called_without_a_connector():
    """K09: public services need no setting up."""
    found = resolve(catalogue(), "public", tenant="default")

    assert (found.connector, found.name) == (None, "public")


def test_a_connector_is_preferred_to_a_type_of_the_same_name():
    """K09: instance first, then template."""
    found = resolve(catalogue(connector("default/public", type="public")), "public", tenant="default")

    assert found.name == "default/public"


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [("acme", "`acme` is a connector type that needs `api_key`"), ("acme-pord", "did you mean `default/acme-prod`?")],
)
def test_a_type_that_needs_a_credential_is_not_a_connector(wanted: str, hint: str):
    """K09: a mistyped slug must not fall through to a call without credential."""
    with pytest.raises(UnknownConnector) as caught:
        resolve(catalogue(connector("default/acme-prod")), wanted, tenant="default")

    assert hint in caught.value.hint


def test_names_resolve_inside_the_tenant_only():
    """V02: another tenant's connector does not exist."""
    made = catalogue(connector("default/acme-prod", tenant="other"))

    for wanted in ("acme-prod", "id-of-default/acme-prod"):
        with pytest.raises(UnknownConnector) as caught:
            resolve(made, wanted, tenant="default")
        assert "default/acme-prod" not in caught.value.details["known"]


def test_a_name_is_taken_once_per_namespace_and_tenant():
    """A02."""
    made = catalogue(connector("default/mail"))
    made.add_connector(connector("crm/mail"))
    made.add_connector(connector("default/mail", tenant="other"))

    with pytest.raises(NameTaken):
        made.add_connector(connector("default/Mail"))


@pytest.mark.parametrize("wanted", ["list_items", "listItems", "list-items"])
def test_a_command_is_found_in_any_case_style(wanted: str):
    """Guides write camel case, snake case and slugs."""
    assert command_of(resolve(catalogue(), "public", tenant="default"), wanted).name == "list_items"


def test_an_unknown_command_suggests_the_closest():
    """A typo is the likeliest cause."""
    with pytest.raises(UnknownCommand) as caught:
        command_of(resolve(catalogue(), "public", tenant="default"), "get_itm")

    assert caught.value.hint == "did you mean `getItem`?"


def test_without_a_name_the_default_command_is_meant():
    """A13."""
    made = MemoryCatalogue()
    made.add_type(kind("delay", default_command="getItem"))
    made.add_type(kind("other"))

    assert command_of(resolve(made, "delay", tenant="default"), None).name == "getItem"
    with pytest.raises(CommandMissing):
        command_of(resolve(made, "other", tenant="default"), None)


def test_a_slug_survives_a_new_display_name():
    """A04: callers use the slug, people change the words."""
    before = {"name": "crm", "configSchema": {"commands": {"getCustomers": {"displayName": "Get customers"}}}}
    after = {"name": "crm", "configSchema": {"commands": {"getCustomers": {"displayName": "All our clients"}}}}

    for document in (before, after):
        made = MemoryCatalogue()
        made.add_type(ConnectorType(definition=from_json(document)))
        assert command_of(resolve(made, "crm", tenant="default"), "get-customers").slug == "get-customers"
