"""A document read again: what came, what changed, what went, whether that breaks callers, and the bump it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition, ExecutionModelName
from jackfield.definition.names import folded
from jackfield.definition.versions import Bump, compare

What = Literal["added", "changed", "removed"]

_ORDER: tuple[Bump, ...] = ("patch", "minor", "major")


class Offered(Protocol):
    """Commands by name, what a connection to them holds, and how each is sent."""

    @property
    def fields(self) -> tuple[ConnectionField, ...]:
        """The connection."""

    @property
    def auth(self) -> Mapping[str, Any]:
        """How requests are signed, as far as that is said for all of them."""

    def __iter__(self) -> Iterator[str]:
        """The names."""

    def __getitem__(self, name: str, /) -> CommandDefinition:
        """A command."""

    def plan(self, name: str) -> Any:
        """What is compared to tell whether a command is sent as before."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One command, or one connection field, or what signs requests, that is not as it was.

    Attributes:
        kind: `command`, `field` or `auth`.
        breaking: Calls that worked may work no more.
        reasons: What is different.
    """

    what: What
    kind: Literal["command", "field", "auth"]
    name: str
    breaking: bool = False
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Shape: `{what, kind, name, breaking, reasons}`."""
        return {
            "what": self.what,
            "kind": self.kind,
            "name": self.name,
            "breaking": self.breaking,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, kw_only=True)
class Diff:
    """All differences between two readings.

    Attributes:
        bump: The least that is honest, and that saving asks for; `None` where nothing is different.
    """

    differences: tuple[Difference, ...]
    bump: Bump | None

    @property
    def breaking(self) -> bool:
        """Whether any of them breaks callers."""
        return any(difference.breaking for difference in self.differences)

    def named(self, what: What) -> list[str]:
        """The names of the commands that were added, changed or removed."""
        return [one.name for one in self.differences if one.what == what and one.kind == "command"]

    def to_json(self) -> dict[str, Any]:
        """Shape: `{added, changed, removed, breaking, bump, differences}`."""
        return {
            "added": self.named("added"),
            "changed": self.named("changed"),
            "removed": self.named("removed"),
            "breaking": self.breaking,
            "bump": self.bump,
            "differences": [one.to_json() for one in self.differences],
        }


def diff(old: Offered, new: Offered, *, model: ExecutionModelName = "openapi") -> Diff:
    """What is different in `new`. Names that differ in case style only are the same name."""
    differences = (*_commands(old, new), *_fields(old.fields, new.fields), *_auth(old.auth, new.auth))
    if not differences:
        return Diff(differences=(), bump=None)
    floor = compare(_definition(old, model), _definition(new, model)).floor
    own: Bump = "major" if any(one.breaking for one in differences) else "patch"
    if any(one.what == "added" for one in differences) and own == "patch":
        own = "minor"
    return Diff(differences=differences, bump=max(floor, own, key=_ORDER.index))


def _definition(offered: Offered, model: ExecutionModelName) -> ConnectorDefinition:
    commands = {name: offered[name] for name in offered}
    return ConnectorDefinition(
        name="same", execution_model=model, fields=offered.fields, commands=commands, auth_required=False
    )


def _commands(old: Offered, new: Offered) -> Iterator[Difference]:
    before = {folded(name): name for name in old}
    after = {folded(name): name for name in new}
    for key, name in before.items():
        if key not in after:
            yield Difference(what="removed", kind="command", name=name, breaking=True)
        elif changed := _changed(old, new, name, after[key]):
            yield changed
    for key, name in after.items():
        if key not in before:
            yield Difference(what="added", kind="command", name=name)


def _changed(old: Offered, new: Offered, before: str, after: str) -> Difference | None:
    one, other = old[before], new[after]
    breaking = [*_broken(one, other)]
    mild = [*_mild(one, other)]
    if old.plan(before) != new.plan(after):
        mild.append("its request is another")
    if not breaking and not mild:
        return None
    return Difference(what="changed", kind="command", name=after, breaking=bool(breaking), reasons=(*breaking, *mild))


def _broken(old: CommandDefinition, new: CommandDefinition) -> Iterator[str]:
    """Why calls that were right may be refused, or answers lack what they had."""
    before, after = {folded(name): name for name in old.properties}, {folded(name): name for name in new.properties}
    needed = {folded(name) for name in old.params.get("required", ())}
    for key, name in before.items():
        if key not in after:
            yield f"param `{name}` was removed"
        elif _narrower(old.properties[name], new.properties[after[key]]):
            yield f"param `{name}` takes other values"
    for name in new.params.get("required", ()):
        if folded(name) not in needed:
            yield f"param `{name}` is required now"
    for name in dict.fromkeys(old.outputs):
        if name not in new.outputs:
            yield f"output `{name}` was removed"


def _mild(old: CommandDefinition, new: CommandDefinition) -> Iterator[str]:
    before, needed = {folded(name) for name in old.properties}, new.params.get("required", ())
    for name in new.properties:
        if folded(name) not in before and name not in needed:
            yield f"param `{name}` is new"
    for name in dict.fromkeys(new.outputs):
        if name not in old.outputs:
            yield f"output `{name}` is new"
    if (old.deprecated is None) != (new.deprecated is None):
        yield "it is deprecated now" if new.deprecated else "it is no longer deprecated"
    if old.params != new.params:
        yield "its params are described otherwise"
    if old.output_schema != new.output_schema:
        yield "its payload is described otherwise"
    if (old.display_name, old.description, old.tags) != (new.display_name, new.description, new.tags):
        yield "its texts are others"


def _narrower(old: Any, new: Any) -> bool:
    """Whether a value that one schema of a param takes may be refused by the other, as far as the top of them says."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old == new:
        return False
    before, after = _types(old), _types(new)
    if after is not None and (before is None or not before <= after):
        return True
    allowed, offered = new.get("enum"), old.get("enum")
    if isinstance(allowed, list) and not (isinstance(offered, list) and all(value in allowed for value in offered)):
        return True
    return _tighter(old, new)


def _tighter(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    for key, sign in (("minimum", 1), ("minLength", 1), ("minItems", 1), ("maximum", -1), ("maxLength", -1)):
        before, after = old.get(key), new.get(key)
        if isinstance(after, int | float) and not (isinstance(before, int | float) and sign * (after - before) <= 0):
            return True
    return new.get("pattern") is not None and new.get("pattern") != old.get("pattern")


def _types(schema: Mapping[str, Any]) -> set[str] | None:
    said = schema.get("type")
    if said is None:
        return None
    named = {said} if isinstance(said, str) else set(said)
    return named | {"integer"} if "number" in named else named


def _fields(old: tuple[ConnectionField, ...], new: tuple[ConnectionField, ...]) -> Iterator[Difference]:
    before, after = {folded(f.name): f for f in old}, {folded(f.name): f for f in new}
    for key, f in before.items():
        if key not in after:
            yield Difference(what="removed", kind="field", name=f.name, breaking=True)
        elif f != after[key]:
            breaking = after[key].required and not f.required
            reasons = ("it is required now",) if breaking else ("it is described otherwise",)
            yield Difference(what="changed", kind="field", name=after[key].name, breaking=breaking, reasons=reasons)
    for key, f in after.items():
        if key not in before:
            yield Difference(what="added", kind="field", name=f.name, breaking=f.required)


_PLACES = ("authorizationUrl", "tokenUrl", "deviceAuthorizationUrl", "issuer", "grant")


def _auth(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Where people sign in, and what for. Connected accounts go on as they are; new ones are asked for the new."""
    if old == new:
        return
    if not old or not new:
        what: What = "added" if new else "removed"
        yield Difference(what=what, kind="auth", name="auth", reasons=("how people sign in is said",) if new else ())
        return
    reasons = []
    if any(old.get(key) != new.get(key) for key in _PLACES):
        reasons.append("tokens are got elsewhere, or in another way: accounts may have to be connected again")
    more = [scope for scope in new.get("scopes") or () if scope not in (old.get("scopes") or ())]
    if more:
        reasons.append(f"more is asked for: {', '.join(f'`{scope}`' for scope in more)}")
    yield Difference(what="changed", kind="auth", name="auth", reasons=tuple(reasons) or ("it is said otherwise",))
