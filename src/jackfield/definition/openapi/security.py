"""Who may call: the security schemes of a document as connection fields, and which of them each operation needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from jackfield.definition.hints import SECRET_SCHEMA
from jackfield.definition.model import ConnectionField, FieldKind
from jackfield.definition.openapi.field_names import FieldNames
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.plan import SchemePlan
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.sign_in import NO_OFFER, Flow, Offer, auth_of, needed_scopes, read_offer

_HEADER = "Authorization"
_CONVERSATIONS = frozenset({"digest", "negotiate", "ntlm", "mutual", "hoba", "dpop", "scram-sha-1", "scram-sha-256"})
"""Schemes that take several requests, or a signature for each: no header that a person could fill in."""

_BY_AUTH = {"digest": "digest", "mutualtls": "mtls"}
"""Schemes that a type can say for all of its operations, and a document cannot for one."""

Alternatives: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One connection field of a scheme: what it is for the scheme, and what a person sees."""

    use: str
    name: str
    label: str
    kind: FieldKind = "secret"
    description: str = ""
    default: Any = ...


@dataclass(frozen=True, kw_only=True)
class _Scheme:
    plan: SchemePlan
    parts: tuple[_Part, ...]
    offer: Offer = NO_OFFER


class Security:
    """The security of one document.

    Attributes:
        schemes: By name; those that some operation needs.
        fields: Of the connection. One is required where no operation can be called without it.
        required: Some operation needs a credential.
        flow: How tokens are got for the schemes that are `signed_in`; `None` where the document does not say.
    """

    def __init__(self, references: References, found: list[Found], names: FieldNames, *, silent: bool) -> None:
        """Read the schemes, and what each operation needs.

        Args:
            references: Of the document.
            found: The operations that are wanted.
            names: Those of other connection fields are taken already.
            silent: Nothing in the document says who may call.
        """
        self._references, self._notices = references, references.document.notices
        self._headers: dict[str, bool | None] = {}
        self._declared, self._unusable = self._read_schemes()
        self._everywhere = self._alternatives(references.document.root.get("security"), "#/security")
        self._own = {operation.place: self._of_operation(operation) for operation in found}
        wanting = {one.place: needed for one in found if (needed := self._header_needed(one)) is not None}
        if silent:
            self._offer_all({place for place, needed in wanting.items() if needed})
        self._offer_headers(wanting)
        used = {name for alternatives in self._own.values() for names in alternatives for name in names}
        self._signed = self._choose(used)
        self.flow = self._flow_of(self._signed)
        self.required = any(alternatives and () not in alternatives for alternatives in self._own.values())
        self.schemes: dict[str, SchemePlan] = {}
        self.fields: tuple[ConnectionField, ...] = ()
        for name, scheme in sorted(self._declared.items(), key=lambda each: self._is_apart(each[0])):
            if name in used:
                self._keep(scheme, names)
                self._tell_left_out(scheme)
            else:
                self._notices.add(scheme_place(name), f"no operation needs the scheme `{name}`, so it is left out")

    def plan(self, operation: Found) -> Alternatives:
        """What an operation needs: alternatives, each a set of schemes that go together."""
        return self._own[operation.place]

    def scopes(self, operation: Found) -> tuple[str, ...]:
        """What a token of the type's own `auth` has to be good for, as far as the operation says."""
        own = operation.operation
        said = own["security"] if "security" in own else self._references.document.root.get("security")
        return needed_scopes(said, self._signed)

    def auth(self, found: Iterable[Found], *, base_url: str) -> dict[str, Any]:
        """The `auth` of a type with these operations; empty where the document offers none that can be carried out.

        Args:
            base_url: Addresses may be relative to it.
        """
        kept = next((plan for plan in self.schemes.values() if plan.signed_in and "clientId" in plan.fields), None)
        if self.flow is None or kept is None:
            return {}
        scopes = tuple(dict.fromkeys(scope for one in found for scope in self.scopes(one)))
        try:
            return auth_of(self.flow, kept.fields, scopes, base_url=base_url)
        except ValueError as error:
            self._notices.add(scheme_place(kept.scheme), f"{error}; fill in an access token, or give an `auth`")
            return {}

    def _choose(self, used: set[str]) -> frozenset[str]:
        """The schemes that tokens of one kind are good for: of the kind that most operations take.

        One that offers nothing that can be carried out is another name for it, as where only the implicit flow differs.
        """
        signing = {name: self._declared[name].offer for name in self._declared if name in used and self._signs_in(name)}
        counts = {
            name: sum(any(name in way for way in ways) for ways in self._own.values())
            for name, offer in signing.items()
            if offer.flows
        }
        if not counts:
            return frozenset(signing)
        first = signing[max(counts, key=counts.__getitem__)].flows[0]
        others = [name for name, offer in signing.items() if offer.flows and not offer.flows[0].gives_what(first)]
        for name in others:
            what = "its tokens are got in another way than most operations want: fill in one that you have"
            self._notices.add(scheme_place(name), what)
        return frozenset(signing) - frozenset(others)

    def _flow_of(self, signed: frozenset[str]) -> Flow | None:
        flows = [self._declared[name].offer.flows for name in self._declared if name in signed]
        every = [flow for offered in flows if offered for flow in offered[:1]]
        if not every:
            return None
        scopes = dict.fromkeys(scope for flow in every for scope in flow.scopes)
        return replace(every[0], scopes=tuple(scopes))

    def _signs_in(self, name: str) -> bool:
        return self._declared[name].plan.kind in ("oauth2", "openIdConnect")

    def _is_apart(self, name: str) -> bool:
        """Whether its tokens are got in another way: the names of its fields are taken last."""
        return self._signs_in(name) and name not in self._signed

    def _tell_left_out(self, scheme: _Scheme) -> None:
        for what in scheme.offer.left_out:
            self._notices.add(scheme_place(scheme.plan.scheme), what)
        for flow in scheme.offer.flows[1:]:
            what = f"`{flow.grant}` is offered too; an `auth` of your own with that `grant` uses it"
            self._notices.add(scheme_place(scheme.plan.scheme), what)

    def _shared(self, scheme: _Scheme) -> SchemePlan | None:
        """The scheme whose fields this one has too: a token of theirs is one for both."""
        if scheme.plan.scheme not in self._signed:
            return None
        return next((plan for plan in self.schemes.values() if plan.signed_in), None)

    def _parts_of(self, scheme: _Scheme) -> tuple[_Part, ...]:
        """Without what is for a client where no client asks for tokens."""
        if not self._signs_in(scheme.plan.scheme) or (self.flow and scheme.plan.scheme in self._signed):
            return scheme.parts
        return tuple(part for part in scheme.parts if part.use == "token")

    def _keep(self, scheme: _Scheme, names: FieldNames) -> None:
        if shared := self._shared(scheme):
            self.schemes[scheme.plan.scheme] = replace(scheme.plan, fields=shared.fields, signed_in=True)
            return
        scheme = replace(scheme, parts=self._parts_of(scheme))
        called = {part.use: names.take(part.name, more=scheme.plan.scheme) for part in scheme.parts}
        signed_in = scheme.plan.scheme in self._signed
        self.schemes[scheme.plan.scheme] = replace(scheme.plan, fields=called, signed_in=signed_in)
        needed = self._is_always_needed(scheme)
        self.fields += tuple(_field(part, called[part.use], required=needed) for part in scheme.parts)

    def _is_always_needed(self, scheme: _Scheme) -> bool:
        """Whether nothing can be called without this scheme. OAuth may be done with a token or with a client."""
        name, kind = scheme.plan.scheme, scheme.plan.kind
        every = all(
            alternatives and all(name in names for names in alternatives) for alternatives in self._own.values()
        )
        return every and kind in ("apiKey", "bearer", "basic")

    def _offer_all(self, required: set[str]) -> None:
        """Authors forget `security`: what they have declared is sent where a connection has it.

        Operations at `required` places cannot do without the header that only credentials fill.
        """
        for name in self._declared:
            what = f"no operation says that it needs the scheme `{name}`; it is sent where it is filled in"
            self._notices.add(scheme_place(name), what)
        if not self._declared:
            return
        names = [(name,) for name in self._declared]
        in_header = [(name,) for name, scheme in self._declared.items() if _fills_header(scheme)]
        self._own = dict.fromkeys(self._own, (*names, ()))
        self._own |= dict.fromkeys(required if in_header else (), tuple(in_header))

    def _offer_headers(self, wanting: Mapping[str, bool]) -> None:
        """Some authors declare the header instead, which is no param: what it holds belongs to a connection."""
        without = {place: needed for place, needed in wanting.items() if not self._own[place]}
        if not without or _HEADER in self._declared:
            return
        text = "All of the header, as the service wants it: `Bearer ...`, for example."
        plan = SchemePlan(scheme=_HEADER, kind="apiKey", location="header", name=_HEADER)
        self._declared[_HEADER] = _Scheme(
            plan=plan, parts=(_Part(use="key", name="authorization", label=_HEADER, description=text),)
        )
        what = f"the header `{_HEADER}` is a parameter here; the connection has it, and it is sent from there"
        self._notices.add(next(iter(without)), what)
        self._own |= {place: ((_HEADER,),) if needed else ((_HEADER,), ()) for place, needed in without.items()}

    def _header_needed(self, operation: Found) -> bool | None:
        """Whether the header is a required parameter; `None` where it is none. What an operation says comes first."""
        for level, place in ((operation.operation, operation.place), (operation.item, operation.item_place)):
            listed = level.get("parameters")
            for at, one in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(one, Mapping):
                    needed = self._needed_header(one, inside(place, "parameters", at))
                    if needed is not None:
                        return needed
        return None

    def _needed_header(self, parameter: Mapping[str, Any], place: str) -> bool | None:
        reference = parameter.get("$ref")
        if isinstance(reference, str):
            if reference not in self._headers:
                self._headers[reference] = _header_parameter(self._references.follow(parameter, place).value)
            return self._headers[reference]
        return _header_parameter(parameter)

    def _of_operation(self, operation: Found) -> Alternatives:
        if "security" not in operation.operation:
            return self._everywhere
        return self._alternatives(operation.operation["security"], inside(operation.place, "security"))

    def _alternatives(self, requirements: Any, place: str) -> Alternatives:
        if requirements is None or requirements == []:
            return ()
        listed = requirements if isinstance(requirements, list) else [requirements]
        found: dict[tuple[str, ...], None] = {}
        for at, requirement in enumerate(listed):
            if not isinstance(requirement, Mapping):
                self._notices.add(inside(place, at), "the requirement is no object, so it is left out")
                continue
            names = tuple(map(str, requirement))
            if unknown := [name for name in names if name not in self._declared]:
                why = self._unusable.get(unknown[0], "is not declared")
                self._notices.add(inside(place, at), f"the scheme `{unknown[0]}` {why}, so this is left out")
            else:
                found[names] = None
        return tuple(found)

    def _read_schemes(self) -> tuple[dict[str, _Scheme], dict[str, str]]:
        components = self._references.document.root.get("components")
        raw = components.get("securitySchemes") if isinstance(components, Mapping) else None
        if raw is not None and not isinstance(raw, Mapping):
            self._notices.add("#/components/securitySchemes", "it is no object, so it is left out")
        schemes: dict[str, _Scheme] = {}
        unusable: dict[str, str] = {}
        for name, value in raw.items() if isinstance(raw, Mapping) else ():
            followed = self._references.follow(value, scheme_place(str(name)))
            scheme = read_scheme(str(name), followed.value) if isinstance(followed.value, Mapping) else None
            if scheme is None:
                why = _unusable(followed.value)
                unusable[str(name)] = why
                self._notices.add(followed.place, f"the scheme `{name}` {why}: it is left out")
            else:
                schemes[str(name)] = scheme
        return schemes, unusable


def _header_parameter(parameter: Any) -> bool | None:
    """Whether a parameter that is the header is required; `None` of any other."""
    if not isinstance(parameter, Mapping) or parameter.get("in") != "header":
        return None
    if _text(parameter, "name").lower() != _HEADER.lower():
        return None
    return parameter.get("required") is True


def _fills_header(scheme: _Scheme) -> bool:
    plan = scheme.plan
    return plan.kind != "apiKey" or (plan.location == "header" and plan.name.lower() == _HEADER.lower())


def scheme_place(name: str) -> str:
    """Where the scheme called `name` is."""
    return inside("#", "components", "securitySchemes", name)


def read_scheme(name: str, raw: Mapping[str, Any]) -> _Scheme | None:
    """A scheme with the names of its fields as they would be if it were the only one; `None` for an unknown kind."""
    kind, scheme = _text(raw, "type").lower(), _text(raw, "scheme").strip().lower()
    described = _text(raw, "description")
    if kind in ("basic", "bearer"):
        kind, scheme = "http", kind
    if kind == "apikey":
        return _api_key(name, raw, described)
    if kind == "http":
        return _http(name, scheme, described)
    if kind in ("oauth2", "openidconnect"):
        return _oauth(name, raw, described, kind)
    return None


def _unusable(raw: Any) -> str:
    """Why a scheme is left out."""
    said = {_text(raw, "type").lower(), _text(raw, "scheme").strip().lower()} if isinstance(raw, Mapping) else set()
    own = next((auth for word, auth in _BY_AUTH.items() if word in said), "")
    return f"is for the type to say, as `auth: {{type: {own}}}`" if own else "is of a kind that is not known"


def _api_key(name: str, raw: Mapping[str, Any], described: str) -> _Scheme | None:
    location, wire = _text(raw, "in"), _text(raw, "name")
    if not wire or location not in ("query", "header", "cookie"):
        return None
    plan = SchemePlan(scheme=name, kind="apiKey", location=location, name=wire)  # type: ignore[arg-type]  # checked
    return _Scheme(plan=plan, parts=(_Part(use="key", name=name, label=name, description=described),))


def _http(name: str, scheme: str, described: str) -> _Scheme | None:
    if scheme == "bearer":
        part = _Part(use="token", name="bearerToken", label="Bearer token", description=described)
        return _Scheme(plan=SchemePlan(scheme=name, kind="bearer"), parts=(part,))
    if scheme == "basic":
        username = _Part(use="username", name="username", label="Username", kind="string", description=described)
        password = _Part(use="password", name="password", label="Password")
        return _Scheme(plan=SchemePlan(scheme=name, kind="basic"), parts=(username, password))
    if not scheme or scheme in _CONVERSATIONS:
        return None
    text = described or f"All of the header `Authorization`, with `{scheme}` in front if the service wants it."
    plan = SchemePlan(scheme=name, kind="apiKey", location="header", name="Authorization")
    return _Scheme(plan=plan, parts=(_Part(use="key", name=name, label=name, description=text),))


def _oauth(name: str, raw: Mapping[str, Any], described: str, kind: str) -> _Scheme:
    app = "Of an app that you have registered with the service."
    about = "\n\n".join(filter(None, (app, described)))
    client = _Part(use="clientId", name="clientId", label="Client ID", kind="string", description=about)
    secret = _Part(use="clientSecret", name="clientSecret", label="Client secret")
    token = _Part(use="token", name="accessToken", label="Access token", description="One that you already have.")
    plan = SchemePlan(scheme=name, kind="oauth2" if kind == "oauth2" else "openIdConnect")
    return _Scheme(plan=plan, parts=(client, secret, token), offer=read_offer(raw))


def _field(part: _Part, name: str, *, required: bool) -> ConnectionField:
    schema: Mapping[str, Any] = SECRET_SCHEMA if part.kind == "secret" else {"type": "string"}
    return ConnectionField(
        name=name,
        kind=part.kind,
        schema=dict(schema),
        label=part.label,
        description=part.description,
        required=required and part.default is ...,
        default=part.default,
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""
