"""`@command`: a signature as a schema, a docstring as help, and slips found when the class is defined."""

from __future__ import annotations

import asyncio
import datetime
import functools
from collections.abc import Callable
from typing import Any, Literal

import pytest

from jackfield import Connector, Context, Outcome, Secret, SyncContext, command, fail, field, succeed
from jackfield.definition.command import build, resolve
from jackfield.definition.errors import InvalidDefinition, InvalidSchema
from jackfield.definition.validation import ObjectValidator

from .shapes import Address, Colour, Page, Person


class Commands:
    """Methods, as they stand in a connector class."""

    @command
    async def everything(
        self,
        ctx: Context,
        channel: str,
        day: datetime.date,
        colour: Colour,
        home: Address,
        page: Page,
        key: Secret | None = None,
        kind: Literal["open", "done"] = "open",
        tint: Colour = Colour.GREEN,
        since: datetime.date = datetime.date(2024, 2, 29),
        limit: int = field("Messages to return.", default=50, minimum=1, maximum=200),
        topic: str | None = field("Only this topic."),
        mail: str = field(default="a@b.example", format="email", pattern="@", max_length=80, label="E-mail"),
        tags: list[str] = [],  # noqa: B006 - a default that a naive schema would share
        extra: Any = None,
    ) -> Outcome:
        """List the newest messages.

        At most two pages.

        Args:
            channel: Channel name,
                without the leading `#`.
            limit: Overruled by the field.
        """

    @command
    def plain(self) -> None: ...

    @command
    def unannotated(self, ctx, a, b=3):
        """Not everybody likes annotations."""

    @command
    def open_ended(self, ctx: SyncContext, a: int, *, c: int = 1, **more: Any): ...

    @command
    async def promised(self) -> Outcome[Person]:
        """Find somebody.

        Returns:
            Whom it found.
        """

    @command
    async def promised_dict(self) -> Outcome[dict[str, int]]: ...

    @command
    async def undecided(self) -> Outcome: ...

    @command(outputs=["messages", "total"])
    async def named_outputs(self) -> Outcome[Person]: ...

    @command(outputs={"type": "object", "properties": {"id": {"type": "integer"}}}, strict_outputs=True)
    async def schema_outputs(self): ...

    @command(
        name="remove",
        display_name="Remove it",
        destructive=True,
        idempotent=True,
        deprecated="use `archive`",
        added_in="1.2.0",
        tags=("admin",),
        tool=False,
        verified=True,
        mock={"default": succeed({"id": 1}), "refused": lambda: fail("no")},
    )
    async def delete(self): ...

    @command(reads_only=True, deprecated=True)
    async def read(self): ...


def defined(method, owner=Commands):
    function = vars(owner)[method]
    return build(method, function, hints=resolve(function))


def definition(method):
    return defined(method)[0]


def params(method):
    return definition(method).params


EVERYTHING = params("everything")


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("channel", {"type": "string", "description": "Channel name, without the leading `#`."}),
        ("day", {"type": "string", "format": "date"}),
        ("colour", {"$ref": "#/$defs/Colour"}),
        ("home", {"$ref": "#/$defs/Address"}),
        ("page", {"$ref": "#/$defs/Page"}),
        ("kind", {"enum": ["open", "done"], "default": "open"}),
        ("tint", {"$ref": "#/$defs/Colour", "default": "green"}),
        ("since", {"type": "string", "format": "date", "default": "2024-02-29"}),
        (
            "limit",
            {"type": "integer", "default": 50, "minimum": 1, "maximum": 200, "description": "Messages to return."},
        ),
        (
            "topic",
            {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "description": "Only this topic."},
        ),
        (
            "mail",
            {
                "type": "string",
                "default": "a@b.example",
                "format": "email",
                "pattern": "@",
                "maxLength": 80,
                "title": "E-mail",
            },
        ),
        ("tags", {"type": "array", "items": {"type": "string"}, "default": []}),
        ("extra", {"default": None}),
    ],
)
def test_each_argument_is_one_param(name, schema):
    """The signature is the only place that describes it."""
    assert EVERYTHING["properties"][name] == schema


def test_params_without_default_are_required():
    """As Python has it; one that may be `None` by its `field` may be left out."""
    assert EVERYTHING["required"] == ["channel", "day", "colour", "home", "page"]


def test_the_context_is_no_param():
    """Nobody can give it."""
    assert "ctx" not in EVERYTHING["properties"]
    assert defined("everything")[1].context == "ctx"


def test_a_context_is_known_by_its_type_or_by_its_name():
    """Whichever the author wrote."""

    class Named:
        @command
        async def typed(self, call: Context, ctx: str): ...

    assert defined("unannotated")[1].context == "ctx"
    assert defined("typed", Named)[1].context == "call"
    assert list(defined("typed", Named)[0].properties) == ["ctx"]


def test_the_params_schema_stands_alone():
    """It is sent to models and forms without the rest; what it shares is inside."""
    assert set(EVERYTHING["$defs"]) == {"Colour", "Address", "Page"}
    assert EVERYTHING["additionalProperties"] is False
    given = {"channel": "a", "day": "2024-01-01", "colour": "red", "home": {"street": "s"}, "page": {"size": 1}}
    assert ObjectValidator(EVERYTHING).prepare(given)[1] == []


def test_a_default_of_one_class_is_not_shared_with_its_schema():
    """A schema that somebody edits must not change what the method does."""
    params("everything")["properties"]["tags"]["default"].append("x")

    assert Commands.everything.__defaults__ is not None
    assert params("everything")["properties"]["tags"]["default"] == []


def test_arguments_without_annotation_take_anything():
    """A quick connector should work before it is perfect."""
    assert params("unannotated")["properties"] == {"a": {}, "b": {"default": 3}}
    assert params("unannotated")["required"] == ["a"]


def test_undeclared_names_are_taken_where_the_method_takes_them():
    """For services with hundreds of filters."""
    assert params("open_ended")["additionalProperties"] is True
    assert list(params("open_ended")["properties"]) == ["a", "c"]
    assert defined("open_ended")[1].extra is True


def test_a_command_without_params_has_an_empty_object():
    """Models and forms need a schema, always."""
    assert params("plain") == {"type": "object", "properties": {}, "additionalProperties": False}


def test_the_docstring_is_the_help():
    """Said once, in the place where the author is."""
    assert definition("everything").description == "List the newest messages.\n\nAt most two pages."


def test_outputs_come_from_what_the_method_promises():
    """A type says more than a list of names, and is checked."""
    promised = definition("promised")

    assert promised.outputs == ("name", "home", "friends")
    assert promised.output_schema["description"] == "Whom it found."
    assert set(promised.output_schema["$defs"]) == {"Person", "Address"}


def test_a_promise_without_names_has_a_schema_only():
    """There is nothing to list."""
    assert definition("promised_dict").outputs == ()
    assert definition("promised_dict").output_schema == {"type": "object", "additionalProperties": {"type": "integer"}}


@pytest.mark.parametrize("method", ["undecided", "plain", "unannotated"])
def test_no_promise_is_no_schema(method):
    """An empty schema would look like one."""
    assert definition(method).outputs == ()
    assert definition(method).output_schema is None


def test_outputs_may_be_named():
    """The guide's way; the names win, the type is kept."""
    assert definition("named_outputs").outputs == ("messages", "total")
    assert definition("named_outputs").output_schema["$ref"] == "#/$defs/Person"


def test_outputs_may_be_a_schema():
    """For what Python types cannot say."""
    assert definition("schema_outputs").outputs == ("id",)
    assert definition("schema_outputs").strict_outputs is True


def test_flags_are_kept():
    """Tools, forms and permissions read them."""
    made = definition("delete")

    assert (made.name, made.display_name, made.slug) == ("remove", "Remove it", "remove")
    assert (made.destructive, made.idempotent, made.reads_only) == (True, True, False)
    assert made.deprecated.message == "use `archive`"
    assert (made.added_in, made.tags, made.tool, made.verified) == ("1.2.0", ("admin",), False, True)
    assert made.scenarios == ("default", "refused")


def test_reading_twice_is_reading_once():
    """So a command that reads is idempotent unless it says otherwise."""
    assert definition("read").idempotent is True
    assert definition("plain").idempotent is False


def test_a_deprecation_needs_no_words():
    """Better a bare flag than none."""
    assert definition("read").deprecated.message == ""
    assert definition("plain").deprecated is None


def test_a_command_may_have_no_mock():
    """Most do not."""
    assert definition("plain").scenarios == ()


@pytest.mark.parametrize(("method", "is_async"), [("everything", True), ("plain", False)])
def test_how_a_method_is_called_follows_from_its_definition(method, is_async):
    """`async def` on the loop, `def` in a thread; the author says it once."""
    assert defined(method)[1].is_async is is_async


def test_only_what_json_is_not_is_converted():
    """Conversion costs at each call."""
    assert set(defined("everything")[1].converters) == {"day", "colour", "home", "page", "key", "tint", "since"}


def test_the_method_itself_is_left_as_it_is():
    """It can be called in a unit test like any other."""

    @command(name="add")
    async def sum_of(self: Any, a: int, b: int = 2) -> int:
        return a + b

    assert asyncio.run(sum_of(None, 1)) == 3
    assert sum_of.__name__ == "sum_of"


def test_a_wrapped_method_keeps_its_signature():
    """Decorators for logging or caching are common."""

    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    class Wrapped:
        @command
        @logged
        def go(self, a: int): ...

    assert defined("go", Wrapped)[0].properties == {"a": {"type": "integer"}}


def test_a_misspelt_option_is_refused_at_once():
    """`read_only=True` that does nothing would let a model write."""
    with pytest.raises(TypeError, match="read_only"):

        @command(read_only=True)
        def go(self): ...


class Nameless:
    pass


class Slips:
    """Commands that cannot work."""

    @command
    def callable_param(self, right: int, wrong: Callable[[], int]): ...

    @command
    def foreign_param(self, wrong: Nameless): ...

    @command
    def two_models(self, wrong: Address | Person): ...

    @command
    def odd_default(self, wrong: Any = object()): ...  # noqa: B008

    @command
    def secret_default(self, wrong: Secret = Secret("hunter2")): ...  # noqa: B008

    @command
    def positional(self, *wrong: int): ...

    @command
    def positional_only(self, wrong: int, /): ...

    @command
    def generator(self):
        yield {}

    @command
    async def async_generator(self):
        yield {}

    @command
    @staticmethod
    def static(a: int): ...

    @command
    def promise(self) -> Outcome[Callable[[], int]]: ...

    @command
    def unknown_type(self, wrong: NotThere): ...  # noqa: F821

    @command
    def no_such_attribute(self, wrong: datetime.Dat): ...

    @command
    def no_type(self, wrong: "list["): ...  # noqa: F722

    @command
    def folded_names(self, page_size: int, pageSize: int): ...


@pytest.mark.parametrize(
    "method", [name for name in vars(Slips) if not name.startswith("_") and name != "folded_names"]
)
def test_a_slip_is_found_when_the_class_is_defined(method):
    """An author sees it at once, with what to do; a caller never does."""
    with pytest.raises(InvalidDefinition) as refused:
        defined(method, Slips)

    assert method in refused.value.message or "`wrong`" in refused.value.message or "payload" in refused.value.message
    assert refused.value.hint
    assert "\n" not in refused.value.message
    assert "hunter2" not in refused.value.message


def test_the_param_at_fault_is_named():
    """A command may have twenty."""
    with pytest.raises(InvalidDefinition, match="`wrong`"):
        defined("callable_param", Slips)


def test_a_type_of_a_function_body_is_refused_with_the_reason():
    """Annotations are resolved at module level; the error must say so rather than blame the type."""

    class Local:
        pass

    class Inner(Connector):
        @command
        def go(self, a: Local): ...

    with pytest.raises(InvalidDefinition, match="cannot be resolved") as refused:
        defined("go", Inner)

    assert "module level" in refused.value.hint


@pytest.mark.parametrize("default", ["z", None, 1.5])
def test_a_default_that_breaks_its_own_param_is_refused_when_it_is_defined(default: object):
    """Not at the first call that leaves it out."""
    with pytest.raises(InvalidSchema, match=r"command `go`.*`/limit`"):

        class Crooked(Connector, name="crooked"):
            """Crooked."""

            @command
            async def go(self, limit: int = default) -> None:  # type: ignore[assignment]
                """Go."""
