"""References of a document: followed inside it and inside its bundle, and never to files or networks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import orjson

from jackfield.definition.openapi.document import Document

_MISSING: Any = object()
_LONGEST_CHAIN = 100
_QUOTED = 120
_WORDS = ("summary", "description")
_IN_OPEN_OBJECTS = frozenset({"example", "examples", "default", "enum", "const"})


class Found(NamedTuple):
    """What a reference leads to.

    Attributes:
        value: `{}` where it leads nowhere.
        place: Where the value stands.
        resolved: Whether it leads anywhere.
    """

    value: Any
    place: str
    resolved: bool = True


def inside(place: str, *keys: object) -> str:
    """The place of something inside what is at `place`.

    A place is `FILE#POINTER`, with an empty file for the document itself: `#/paths/~1users/get`, `models.yaml#/User`.

    Source: RFC 6901, section 3.
    """
    return place + "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


class References:
    """Finds what references of one document mean."""

    def __init__(self, document: Document) -> None:
        """Of `document` and the files of its bundle."""
        self.document = document
        self._named: dict[str, dict[str, str]] = {}
        self._targets: dict[tuple[str, str], str] = {}
        self._choices: dict[str, frozenset[str]] = {}

    def follow(self, value: Any, place: str) -> Found:
        """`value` itself, or what its `$ref` leads to in the end.

        A reference that is refused, leads nowhere or only to itself leaves `{}` and a notice; so does anything that
        is no object.

        Args:
            value: A Reference Object, or what may stand in place of one.
            place: Of the value.
        """
        words: dict[str, Any] = {}
        start, seen = place, set[str]()
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            if place in seen or len(seen) > _LONGEST_CHAIN:
                return self._nowhere(start, "the reference leads only to itself, so anything is allowed there")
            seen.add(place)
            if self.document.version != "3.0":
                words = {name: value[name] for name in _WORDS if isinstance(value.get(name), str)} | words
            target = self.target(value["$ref"], place)
            if target is None:
                return Found({}, start, resolved=False)
            value, place = target.value, target.place
        if not isinstance(value, Mapping):
            return self._nowhere(start, f"an object is expected, not {_name(value)}; it is read as an empty one")
        return Found({**value, **words} if words else value, place)

    def target(self, reference: str, place: str) -> Found | None:
        """What stands where `reference` points to, which may be another reference; `None`, with a notice, if nothing.

        Args:
            reference: The text of a `$ref`.
            place: Of the object with the `$ref`.
        """
        file, _, fragment = self._address(reference, place).partition("#")
        said = f"the reference `{reference[:_QUOTED]}`"
        if file and file not in self.document.files:
            return self._elsewhere(reference, place)
        root = self._root(file)
        pointer = unquote(fragment)
        if pointer and not pointer.startswith("/"):
            pointer = self._anchors(file).get(pointer, pointer)
        value = _at(root, pointer)
        if value is _MISSING and (pointer := fragment):
            value = _at(root, pointer)  # percent signs that were meant
        if value is _MISSING:
            self._nowhere(place, f"{said} leads nowhere; anything is allowed there")
            return None
        return Found(value, f"{file}#{pointer}")

    def at(self, place: str) -> Found:
        """What stands at `place`, which came from here: nothing is followed."""
        file, _, pointer = place.partition("#")
        value = _at(self._root(file), pointer)
        return Found({} if value is _MISSING else value, place, resolved=value is not _MISSING)

    def schema(self, value: Any, place: str) -> Found:
        """`value`, or the first schema with content of its own that its `$ref` leads to.

        Never raises; `{}` where it leads nowhere. A schema may be `true` or `false`.
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
            return Found(value, place)
        target = self.schema_target(value["$ref"], place)
        return self.at(target) if target is not None else Found({}, place, resolved=False)

    def schema_target(self, reference: str, place: str) -> str | None:
        """The place of the schema that `reference` leads to in the end; `None`, with a notice, if there is none.

        In 3.1 a reference with something beside it is content, and so an end; not if it leads to itself.
        """
        if (place_key := (place.partition("#")[0], reference)) in self._targets and not self._uses_ids:
            return self._targets[place_key]
        found, seen, end = self.target(reference, place), set[str](), None
        while found is not None and found.place not in seen:
            seen.add(found.place)
            value = found.value
            if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
                break
            if end is None and self.document.version != "3.0" and len(value) > 1:
                end = found.place
            found = self.target(value["$ref"], found.place)
        else:
            if found is not None:
                self._nowhere(place, "the reference leads only to itself, so anything is allowed there")
            found = None
        result = None if found is None else end or found.place
        if result is not None:
            self._targets[place_key] = result
        return result

    def quietly(self, reference: str, place: str) -> str | None:
        """The place that `reference` names, whether or not anything is there."""
        file, _, fragment = self._address(reference, place).partition("#")
        return f"{file}#{unquote(fragment)}"

    def choices(self, place: str) -> frozenset[str]:
        """The places of the schemas that the one at `place` chooses among (`oneOf`, `anyOf`), directly or not."""
        if place not in self._choices:
            self._choices[place] = frozenset(self._walk_choices(place))
        return self._choices[place]

    def _walk_choices(self, place: str) -> set[str]:
        found: set[str] = set()
        waiting = [(self.at(place).value, place, False)]
        while waiting:
            value, at, choice = waiting.pop()
            if not isinstance(value, Mapping):
                continue
            if choice and isinstance(reference := value.get("$ref"), str):
                target = self.schema_target(reference, at)
                if target is not None and target not in found:
                    found.add(target)
                    waiting.append((self.at(target).value, target, True))
            for key in ("oneOf", "anyOf", "allOf") if choice else ("oneOf", "anyOf"):
                if isinstance(listed := value.get(key), list):
                    waiting.extend((one, inside(at, key, index), True) for index, one in enumerate(listed))
        return found

    def _elsewhere(self, reference: str, place: str) -> Found | None:
        """A bare name means a schema, as it did in versions before 2.0; anything else outside is not followed."""
        said = f"the reference `{reference[:_QUOTED]}`"
        named = inside("/components/schemas", reference)
        if (value := _at(self.document.root, named)) is not _MISSING:
            self.document.notices.add(place, f"{said} is read as the schema of that name")
            return Found(value, f"#{named}")
        network = urlsplit(reference).scheme or reference.startswith("//")
        what = "is not followed: it leads out of the document" if network else "leads to no file that was given"
        self._nowhere(place, f"{said} {what}; anything is allowed there")
        return None

    def is_here(self, reference: str, place: str) -> bool:
        """Whether `reference` leads into the file that `place` is in."""
        return self._address(reference, place).partition("#")[0] == place.partition("#")[0]

    def _root(self, file: str) -> Any:
        return self.document.files[file] if file else self.document.root

    @cached_property
    def _uses_ids(self) -> bool:
        """Whether the same reference may mean different things in different places of one file."""
        return any(self._anchors(file) for file in ("", *self.document.files))

    def _address(self, reference: str, place: str) -> str:
        """`reference` as a place: relative to the file or the `$id` that it stands in."""
        file = place.partition("#")[0]
        path, _, fragment = reference.partition("#")
        base = self._id_around(place)
        if base and (known := self._anchors(file).get(f"id:{urljoin(base, path)}")) is not None:
            return _in_resource(file, known, fragment, self._anchors(file).get(f"anchor:{known}#{fragment}"))
        if not path:
            return f"{file}#{fragment}"
        if (known := self._anchors(file).get(f"id:{path}")) is not None:
            return _in_resource(file, known, fragment, self._anchors(file).get(f"anchor:{known}#{fragment}"))
        if urlsplit(path).scheme or path.startswith("//"):
            return f"{path}#{fragment}"
        folder = posixpath.dirname(file or self.document.at)
        resolved = posixpath.normpath(posixpath.join(folder, unquote(path))).lstrip("/")
        if resolved == posixpath.normpath(self.document.at or "."):
            return f"#{fragment}"
        return f"{resolved}#{fragment}"

    def _id_around(self, place: str) -> str:
        """The `$id` of the nearest schema around `place` that has one, if the document uses them at all."""
        file, _, pointer = place.partition("#")
        ids = {key: value for key, value in self._anchors(file).items() if key.startswith("around:")}
        if not ids:
            return ""
        while pointer:
            if (found := ids.get(f"around:{pointer}")) is not None:
                return found
            pointer = pointer.rpartition("/")[0]
        return ids.get("around:", "")

    def _anchors(self, file: str) -> dict[str, str]:
        """What `$id` and `$anchor` of a file name. Looked for once, and only where 3.1 rules hold."""
        if file not in self._named:
            root = self._root(file)
            self._named[file] = _named_in(root) if self.document.version != "3.0" and _names_any(root) else {}
        return self._named[file]

    def _nowhere(self, place: str, message: str) -> Found:
        self.document.notices.add(place, message)
        return Found({}, place, resolved=False)


def _in_resource(file: str, pointer: str, fragment: str, anchor: str | None) -> str:
    if anchor is not None:
        return f"{file}#{anchor}"
    return f"{file}#{pointer}{fragment}"


def _at(root: Any, pointer: str) -> Any:
    """What `pointer` names in `root`. Source: RFC 6901, section 4."""
    value = root
    for part in pointer.split("/")[1:] if pointer else ():
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(key, _MISSING)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key[:9]) < len(value):
            value = value[int(key[:9])]
        else:
            return _MISSING
    return value if not pointer or pointer.startswith("/") else _MISSING


def _names_any(root: Any) -> bool:
    """Whether a text of this kind is in it at all: much faster than to look at each object."""
    written = orjson.dumps(root)
    return any(word in written for word in (b'"$id"', b'"$anchor"', b'"$dynamicAnchor"'))


def _named_in(root: Any) -> dict[str, str]:
    """Pointers by `NAME` (anchors), `id:URI`, `anchor:POINTER#NAME`; and URIs by `around:POINTER`."""
    found: dict[str, str] = {}
    for value, pointer, base, at in _objects(root):
        if isinstance(name := value.get("$id"), str):
            found[f"around:{pointer}"] = base
            found.setdefault(f"id:{base}", pointer)
            found.setdefault(f"id:{name}", pointer)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(name := value.get(keyword), str):
                found.setdefault(name, pointer)
                found.setdefault(f"anchor:{at}#{name}", pointer)
    return found


def _objects(root: Any) -> Iterator[tuple[Mapping[str, Any], str, str, str]]:
    """Each object with its pointer, the URI around it, and the pointer of the schema that gives this URI."""
    waiting: list[tuple[Any, str, str, str]] = [(root, "", "", "")]
    while waiting:
        value, pointer, base, at = waiting.pop()
        if isinstance(value, Mapping):
            if isinstance(own := value.get("$id"), str):
                base, at = urljoin(base, own).rstrip("#"), pointer
            yield value, pointer, base, at
            items: Iterator[tuple[object, Any]] = ((k, v) for k, v in value.items() if k not in _IN_OPEN_OBJECTS)
        elif isinstance(value, list):
            items = iter(enumerate(value))
        else:
            continue
        waiting.extend((v, inside(pointer, k), base, at) for k, v in items if isinstance(v, Mapping | list))


def _name(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "a text", bool: "`true` or `false`", type(None): "nothing"}.get(
        type(value), "a number"
    )
