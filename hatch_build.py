"""Hatchling's hook: the web UI is built before the package is."""

from __future__ import annotations

import os
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _build_module(root: str) -> Any:
    """`ui/build.py`; none in a source distribution, which has the UI built."""
    path = Path(root, "ui", "build.py")
    if not path.is_file():
        return None
    loader = SourceFileLoader("jackfield_ui_build", str(path))
    module = ModuleType(loader.name)
    module.__file__ = str(path)
    loader.exec_module(module)
    return module


class WebUI(BuildHookInterface[Any]):
    """Builds the web UI unless it is there. `JACKFIELD_SKIP_UI=1` leaves it out."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a package, where it is needed and there is none."""
        ui = _build_module(self.root)
        if ui is None or ui.is_fresh() or ui.node_on_path() is not None:
            return []
        return [ui.NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed. An editable installation may come to this twice; the second time costs nothing."""
        ui = _build_module(self.root)
        if ui is None or ui.is_fresh():
            return
        try:
            ui.build()
        except ui.BuildFailed as error:
            if version != "editable" or os.environ.get("JACKFIELD_NEEDS_UI") == "1":
                raise SystemExit(f"the web UI was not built: {error}") from None
            self.app.display_warning(f"the web UI was not built, all else works: {error}")
