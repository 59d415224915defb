"""A connector class as a definition: fields from annotations, commands from methods, what is inherited and refused."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Literal

import pytest

from jackfield import Connector, Context, InvalidParams, Secret, command, field
from jackfield.definition.connection import connection_schema
from jackfield.definition.errors import InvalidDefinition, InvalidName, NamesFallTogether
from jackfield.definition.validation import ObjectValidator

from .shapes import Address, Colour, Money, Page


class Everything(
    Connector,
    name="def-everything",
    version="1.2.3",
    display_name="Every thing",
    category="utility",
    tags=["a", "b"],
    icon="box",
    default_command="list-messages",
    rate_limits={"requests_per_minute": 60},
):
    """Read and send messages.

    In workspaces.

    Attributes:
        mailbox: Where messages lie.
    """

    mailbox: str
    base_url: str = field("API address.", kind="url", default="https://acme.example", placeholder="https://…")
    api_key: Secret = field("Key.", label="API key", help_url="https://acme.example/keys", help_text="Like `ak_1`.")
    backup_key: Secret | None = None
    ratio: float = 0.5
    retries: int = field("Times.", default=3, minimum=0, maximum=9)
    verify: bool = True
    since: datetime.date = datetime.date(2024, 2, 29)
    region: Literal["us", "eu"] = "eu"
    colour: Colour = Colour.GREEN
    tint: Literal["warm", "cold"] | None = None
    note: str = field("Anything.", kind="textarea", default="")
    headers: dict[str, str] = field(default={})
    scopes: list[str] = field(default=[])
    home: Address | None = None
    page: Page = field(default={"size": 1})
    price: Money | None = field("What it costs.")
    anything: Any = field(kind="raw", default=None)
    auth: Literal["basic", "none"] = "none"
    user: str = field("User.", shown_when={"auth": "basic"})
    _cache: dict[str, int]
    limits: ClassVar[dict[str, int]] = {}

    @command
    async def list_messages(self, ctx: Context, channel: str) -> None: ...

    @command
    def test(self): ...


DEFINITION = Everything.definition
FIELDS = {f.name: f for f in DEFINITION.fields}


@pytest.mark.parametrize(
    ("name", "kind", "schema"),
    [
        ("mailbox", "string", {"type": "string"}),
        ("base_url", "url", {"type": "string", "format": "uri"}),
        ("api_key", "secret", {"type": "string", "format": "password", "writeOnly": True}),
        ("ratio", "number", {"type": "number"}),
        ("retries", "integer", {"type": "integer", "minimum": 0, "maximum": 9}),
        ("verify", "boolean", {"type": "boolean"}),
        ("since", "date", {"type": "string", "format": "date"}),
        ("region", "select", {"enum": ["us", "eu"]}),
        ("tint", "select", {"anyOf": [{"enum": ["warm", "cold"]}, {"type": "null"}]}),
        ("note", "textarea", {"type": "string"}),
        ("headers", "raw", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("scopes", "raw", {"type": "array", "items": {"type": "string"}}),
        ("anything", "raw", {}),
    ],
)
def test_each_annotated_attribute_is_one_field(name, kind, schema):
    """The class is the only place that describes the connection."""
    assert FIELDS[name].kind == kind
    assert FIELDS[name].schema == schema


@pytest.mark.parametrize(
    ("name", "kind"),
    [("backup_key", "secret"), ("colour", "select"), ("home", "raw"), ("page", "raw"), ("price", "raw")],
)
def test_models_and_optional_types_are_fields_too(name, kind):
    """Their schema refers to what it carries along."""
    assert FIELDS[name].kind == kind


def test_fields_keep_their_order():
    """It is the order of the form."""
    assert list(FIELDS)[:3] == ["mailbox", "base_url", "api_key"]
    assert list(FIELDS)[-2:] == ["auth", "user"]


@pytest.mark.parametrize("name", ["_cache", "limits", "definition", "handlers"])
def test_private_and_class_attributes_are_no_fields(name):
    """They belong to the code."""
    assert name not in FIELDS


@pytest.mark.parametrize(
    ("name", "required", "default"),
    [
        ("mailbox", True, ...),
        ("api_key", True, ...),
        ("base_url", False, "https://acme.example"),
        ("backup_key", False, None),
        ("since", False, "2024-02-29"),
        ("colour", False, "green"),
        ("page", False, {"size": 1}),
        ("price", False, ...),
        ("user", True, ...),
    ],
)
def test_a_field_is_required_unless_it_has_a_default_or_may_be_none(name, required, default):
    """As with the arguments of a function."""
    assert (FIELDS[name].required, FIELDS[name].default) == (required, default)


def test_words_for_people_are_kept():
    """Forms and docs show them."""
    key = FIELDS["api_key"]

    assert (key.label, key.description, key.help_url) == ("API key", "Key.", "https://acme.example/keys")
    assert key.help_text == "Like `ak_1`."
    assert FIELDS["base_url"].placeholder == "https://…"
    assert FIELDS["mailbox"].description == "Where messages lie."


def test_metadata_is_kept():
    """Catalogues list and filter by it."""
    assert (DEFINITION.name, DEFINITION.version, DEFINITION.display_name) == ("def-everything", "1.2.3", "Every thing")
    assert (DEFINITION.category, DEFINITION.tags, DEFINITION.icon) == ("utility", ("a", "b"), "box")
    assert DEFINITION.description.startswith("Read and send messages.\n\nIn workspaces.")
    assert DEFINITION.rate_limits == {"requests_per_minute": 60}
    assert DEFINITION.execution_model == "built_in"


def test_a_default_command_may_be_named_in_any_case_style():
    """Look-up ignores it everywhere."""
    assert DEFINITION.find_command(DEFINITION.default_command).name == "list_messages"


def test_a_command_called_test_tests():
    """Every connector has one, and nobody should have to say so."""
    assert DEFINITION.test_command == "test"


def test_another_command_may_test():
    """Some services have a call of their own for it."""

    class Pinged(Connector, name="def-pinged", test_command="ping"):
        @command
        def ping(self): ...

        @command
        def test(self): ...

    assert Pinged.definition.test_command == "ping"


@pytest.mark.parametrize(
    ("annotation", "given_field", "needed"),
    [
        (Secret, field("Key."), True),
        (Secret, field("Key.", default=""), False),
        (Secret | None, field("Key."), False),
        (Secret, field("Key.", shown_when={"auth": "key"}), False),
        (str, field("Address."), False),
    ],
)
def test_a_credential_is_needed_where_a_secret_is_required(annotation, given_field, needed):
    """Derived, as it is one more thing that could be said wrong."""
    body = {"__annotations__": {"auth": str, "key": annotation}, "auth": "none", "key": given_field}

    assert type(Connector)("Made", (Connector,), body, name="def-made").definition.auth_required is needed


def test_whether_a_credential_is_needed_can_be_said():
    """For services that have a free part."""

    class Free(Connector, name="def-free", auth_required=False):
        key: Secret = field("Key.")

    assert Free.definition.auth_required is False


class Base(Connector):
    """Shared by two types."""

    base_url: str = field("API address.", default="https://one.example")
    key: Secret = field("Key.")

    @command
    async def list(self, limit: int = 10): ...

    @command
    async def drop(self): ...

    @command
    async def keep(self): ...


class Derived(Base, name="def-derived"):
    """A type."""

    base_url: str = field("Another address.", default="https://two.example")
    extra: int = 1

    @command
    async def list(self, limit: int = 20): ...

    drop = None

    @command
    async def added(self): ...


class Further(Derived, name="def-further", version="2.0.0"):
    """A type that extends a type."""

    key: str = field("No secret any more.", default="")


def test_a_class_without_name_is_no_type():
    """It is a base for others."""
    assert "definition" not in vars(Base)


def test_fields_are_inherited_and_overridden():
    """As attributes are."""
    fields = {f.name: f for f in Derived.definition.fields}

    assert list(fields) == ["base_url", "key", "extra"]
    assert fields["base_url"].default == "https://two.example"
    assert fields["key"].secret


def test_commands_are_inherited_overridden_and_taken_away():
    """As methods are; those of the base stay in front."""
    commands = Derived.definition.commands

    assert list(commands) == ["list", "keep", "added"]
    assert commands["list"].properties["limit"]["default"] == 20


def test_a_type_may_extend_a_type():
    """Each is one of its own; the first is not changed."""
    assert Further.definition.version == "2.0.0"
    assert Further.definition.name == "def-further"
    assert {f.name: f.kind for f in Further.definition.fields}["key"] == "string"
    assert {f.name: f.kind for f in Derived.definition.fields}["key"] == "secret"
    assert Further.definition.auth_required is False


def test_commands_may_come_from_a_plain_mixin():
    """Shared methods need no connector of their own."""

    class Listing:
        @command
        def list(self, limit: int = 5): ...

    class Mixed(Listing, Connector, name="def-mixed"): ...

    assert list(Mixed.definition.commands) == ["list"]


def test_an_instance_can_be_made_without_anything():
    """`open` gets a bare one; a test may too."""
    assert isinstance(Everything(), Connector)


def make(name="def-slip", /, *, annotations=None, options=None, **body):
    annotated = {"__annotations__": annotations} if annotations else {}
    return type(Connector)(
        "Slip", (Connector,), {"__module__": __name__, **annotated, **body}, name=name, **(options or {})
    )


@command
def a_command(self): ...


@command(name="aCommand")
def the_same_command(self): ...


@command(name="a_command")
def its_twin(self): ...


SLIPS = {
    "version": ({"options": {"version": "1.0"}}, InvalidDefinition, "`1.0`"),
    "default command": ({"options": {"default_command": "lits"}}, InvalidDefinition, "`lits`"),
    "test command": ({"options": {"test_command": "ping"}}, InvalidDefinition, "`ping`"),
    "type without JSON form": ({"annotations": {"a": complex}}, InvalidDefinition, "`a`"),
    "unknown type": ({"annotations": {"a": "NotThere"}}, InvalidDefinition, "NotThere"),
    "unknown attribute": ({"annotations": {"a": "datetime.Dat"}}, InvalidDefinition, "Dat"),
    "no type at all": ({"annotations": {"a": "list["}}, InvalidDefinition, "list"),
    "default without JSON form": ({"annotations": {"a": Any}, "a": object()}, InvalidDefinition, "`a`"),
    "secret as default": ({"annotations": {"a": Secret}, "a": Secret("hunter2")}, InvalidDefinition, "`a`"),
    "field over `open`": ({"annotations": {"open": str}, "open": "x"}, InvalidDefinition, "`open`"),
    "field over `close`": ({"annotations": {"close": str}}, InvalidDefinition, "`close`"),
    "field over `error_map`": ({"annotations": {"error_map": str}}, InvalidDefinition, "`error_map`"),
    "field over the definition": ({"annotations": {"definition": str}}, InvalidDefinition, "`definition`"),
    "field over a command": (
        {"annotations": {"a_command": str}, "a_command": a_command},
        InvalidDefinition,
        "`a_command`",
    ),
    "condition on nothing": (
        {"annotations": {"a": str}, "a": field(shown_when={"b": 1})},
        InvalidDefinition,
        "`b`",
    ),
    "command twice": ({"a_command": a_command, "second": its_twin}, InvalidDefinition, "`a_command`"),
    "commands that fall together": (
        {"a_command": a_command, "second": the_same_command},
        NamesFallTogether,
        "`aCommand`",
    ),
    "fields that fall together": ({"annotations": {"baseUrl": str, "base_url": str}}, NamesFallTogether, "`base_url`"),
}


@pytest.mark.parametrize(("slip", "kind", "named"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_found_when_the_class_is_defined(slip, kind, named):
    """With the name that is wrong and what to do, before anything is configured."""
    with pytest.raises(kind) as refused:
        make(**slip)

    assert named in refused.value.message
    assert refused.value.hint
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize("name", ["", "1st", "a b", "a" * 101])
def test_a_bad_name_is_refused(name):
    """It becomes part of addresses."""
    with pytest.raises(InvalidName):
        make(name)


def test_a_misspelt_class_argument_is_refused():
    """`verson=` would leave the type at 1.0.0."""
    with pytest.raises(TypeError):
        make(options={"verson": "2.0.0"})


def test_a_missing_name_in_a_call_is_told_in_the_words_of_the_guide():
    """The schema of a signature leads to the message that the guide promises."""
    validator = ObjectValidator(DEFINITION.commands["list_messages"].params)
    error = InvalidParams(faults=validator.prepare({})[1], where="", hint="")

    assert error.message == "Missing required field(s): channel"


def test_the_schema_of_the_connection_stands_alone():
    """Types that several fields share are in it once."""
    schema = connection_schema(DEFINITION)

    assert set(schema["$defs"]) == {"Colour", "Address", "Page", "Currency"}
    assert ObjectValidator(schema).prepare({"mailbox": "m", "api_key": "k"})[1] == []


@pytest.mark.parametrize("hook", ["open", "close"])
def test_a_hook_that_is_no_coroutine_is_refused_when_it_is_defined(hook: str):
    """It would fail each call, after it ran."""
    with pytest.raises(InvalidDefinition, match=f"`{hook}` of .* is no coroutine"):
        type("Plain", (Connector,), {"__doc__": "Plain.", hook: lambda self: None}, name="plain")
