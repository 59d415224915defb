"""QuickJS as one code module without memory, and memory modules that each hold an image of a heap.

An instance of both is an isolate. The code is compiled once; the image of a memory module is mapped copy-on-write, so
that an isolate in which prelude and script have already run costs no more than an empty one.

The engine's module comes as an ordinary WASI reactor. Here its memory becomes an import, its data segments are taken
out, and the functions of `shim.wat` are put behind its own, where they can call them and be called by pointer.

Source: WebAssembly core specification 2.0, section 5.5 (binary format of modules).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

PAGE = 65536

_HEADER = b"\0asm\x01\0\0\0"
_TYPES, _IMPORTS, _FUNCTIONS, _TABLES, _MEMORIES, _EXPORTS, _ELEMENTS, _CODE, _DATA = 1, 2, 3, 4, 5, 7, 9, 10, 11
_FUNCTION, _MEMORY = b"\x00", b"\x02"
_CALLED_BY_POINTER = ("shim_interrupt", "shim_host", "shim_track")
_ENTRIES = ("boot", "room", "setup", "load", "call")

# Imports of the engine that only its `os` module uses, which no script gets: they carry what the shim asks of the host.
HOST = {"host_wait": "fd_fdstat_set_flags", "host_now": "path_unlink_file", "host_take": "fd_fdstat_get"}


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The engine's module, taken apart.

    Attributes:
        code: Without memory and data, with the shim.
        segments: Offset and bytes of its data.
        pages: Of memory that it starts with.
    """

    code: bytes
    segments: tuple[tuple[int, bytes], ...]
    pages: int


def take_apart(wasm: bytes, shim: str, assemble: Callable[[str], bytes]) -> Parts:
    """The engine's module with the shim in it."""
    sections = dict(_sections(wasm))
    imported = [name for name, kind in _imports(sections[_IMPORTS]) if kind == 0]
    own = _vector(sections[_FUNCTIONS])[0]
    first = len(imported) + own
    indices = dict(_exported_functions(sections[_EXPORTS])) | {name: imported.index(at) for name, at in HOST.items()}
    names = re.findall(r"\(func \$(\w+)", shim)
    indices |= {name: first + n for n, name in enumerate(names)}
    slots = _table_size(sections[_TABLES])
    added = dict(_sections(assemble(_linked(shim, indices, slots))))

    types = _vector(sections[_TYPES])[0]
    sections[_TYPES] = _appended(sections[_TYPES], added[_TYPES])
    sections[_FUNCTIONS] = _appended(sections[_FUNCTIONS], _shifted(added[_FUNCTIONS], types))
    sections[_CODE] = _appended(sections[_CODE], added[_CODE])
    sections[_TABLES] = b"\x01\x70\x01" + _leb(slots + len(_CALLED_BY_POINTER)) * 2
    pointers = b"".join(_leb(indices[name]) for name in _CALLED_BY_POINTER)
    element = b"\x00\x41" + _sleb(slots) + b"\x0b" + _leb(len(_CALLED_BY_POINTER)) + pointers
    sections[_ELEMENTS] = _appended(sections[_ELEMENTS], _leb(1) + element)
    exports = b"".join(_name(name) + _FUNCTION + _leb(indices[name]) for name in (*_ENTRIES, "_initialize"))
    sections[_EXPORTS] = _leb(len(_ENTRIES) + 1) + exports
    sections[_IMPORTS] = _appended(
        sections[_IMPORTS], _leb(1) + _name("image") + _name("memory") + _MEMORY + b"\x00\x01"
    )
    segments = tuple(_data(sections.pop(_DATA)))
    pages = _leb_at(sections.pop(_MEMORIES), 2)[0]
    return Parts(code=_assembled(sections), segments=segments, pages=pages)


def memory_module(segments: Iterable[tuple[int, bytes]], *, pages: int, most_pages: int) -> bytes:
    """A module that exports nothing but a memory that starts with `segments`."""
    listed = [b"\x00\x41" + _sleb(offset) + b"\x0b" + _leb(len(data)) + data for offset, data in segments]
    return _assembled({
        _MEMORIES: b"\x01\x01" + _leb(pages) + _leb(most_pages),
        _EXPORTS: _leb(1) + _name("memory") + _MEMORY + b"\x00",
        _DATA: _leb(len(listed)) + b"".join(listed),
    })  # fmt: skip


def image_of(memory: bytes, *, chunk: int = 4096) -> Iterator[tuple[int, bytes]]:
    """The parts of `memory` that are not zero, as offset and bytes."""
    nothing, start = bytes(chunk), None
    for at in range(0, len(memory) + chunk, chunk):
        empty = at >= len(memory) or memory[at : at + chunk] == nothing
        if empty and start is not None:
            yield start, memory[start:at]
            start = None
        elif not empty and start is None:
            start = at


def _linked(shim: str, indices: Mapping[str, int], slots: int) -> str:
    placed = re.sub(r"@slot (\d)@", lambda found: str(slots + int(found[1])), shim)
    return re.sub(r"call \$(\w+)", lambda found: f"call {indices[found[1]]}", placed)


def _sections(wasm: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(_HEADER)
    while at < len(wasm):
        kind = wasm[at]
        size, at = _leb_at(wasm, at + 1)
        if kind:  # names and debugging information are custom sections: nobody reads them here
            yield kind, wasm[at : at + size]
        at += size


def _assembled(sections: Mapping[int, bytes]) -> bytes:
    return _HEADER + b"".join(bytes([kind]) + _leb(len(body)) + body for kind, body in sorted(sections.items()))


def _imports(section: bytes) -> Iterator[tuple[str, int]]:
    count, at = _vector(section)
    for _ in range(count):
        _, at = _name_at(section, at)
        name, at = _name_at(section, at)
        if section[at] != 0:
            raise ValueError(f"import `{name}` is no function")
        _, at = _leb_at(section, at + 1)
        yield name, 0


def _exported_functions(section: bytes) -> Iterator[tuple[str, int]]:
    count, at = _vector(section)
    for _ in range(count):
        name, at = _name_at(section, at)
        kind, (index, at) = section[at], _leb_at(section, at + 1)
        if kind == 0:
            yield name, index


def _data(section: bytes) -> Iterator[tuple[int, bytes]]:
    count, at = _vector(section)
    for _ in range(count):
        if section[at : at + 2] != b"\x00\x41":
            raise ValueError("a data segment is not active in the first memory")
        offset, at = _leb_at(section, at + 2)  # never negative in the low megabytes: bit 6 is clear or continued
        size, at = _leb_at(section, at + 1)
        yield offset, section[at : at + size]
        at += size


def _table_size(section: bytes) -> int:
    if section[:3] != b"\x01\x70\x01":
        raise ValueError("the engine has not one table of functions with a maximum")
    return _leb_at(section, 3)[0]


def _shifted(functions: bytes, by: int) -> bytes:
    count, at = _vector(functions)
    shifted = []
    for _ in range(count):
        kind, at = _leb_at(functions, at)
        shifted.append(_leb(kind + by))
    return _leb(count) + b"".join(shifted)


def _appended(section: bytes, more: bytes) -> bytes:
    (count, at), (added, start) = _vector(section), _vector(more)
    return _leb(count + added) + section[at:] + more[start:]


def _vector(section: bytes) -> tuple[int, int]:
    return _leb_at(section, 0)


def _name(text: str) -> bytes:
    return _leb(len(text)) + text.encode()


def _name_at(wasm: bytes, at: int) -> tuple[str, int]:
    size, at = _leb_at(wasm, at)
    return wasm[at : at + size].decode(), at + size


def _leb_at(wasm: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = wasm[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def _leb(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _sleb(value: int) -> bytes:
    out = bytearray()
    while value > 63:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
