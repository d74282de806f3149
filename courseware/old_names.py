"""Names that modules had before each lesson got a folder of its own: copies of lessons made then import them so."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FOLDERS = {"courseware.models": "models", "courseware.exercises": "checks", "courseware.plots": "drawings"}
MODULES = {"courseware.plots": "courseware.drawing", "courseware.quiet": "courseware.notebook"}


class OldNames(MetaPathFinder, Loader):
    """Finds `courseware.models.cnn` as `courseware.lessons.cnn.models`, and so on; nothing is loaded before it is asked for."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in FOLDERS or name in MODULES or name.rpartition(".")[0] in FOLDERS:
            return ModuleSpec(name, self, is_package=name in FOLDERS)
        return None

    def exec_module(self, module: ModuleType) -> None:
        folder, _, lesson = module.__name__.rpartition(".")
        if folder in FOLDERS:
            sys.modules[module.__name__] = importlib.import_module(f"courseware.lessons.{lesson}.{FOLDERS[folder]}")
        elif module.__name__ in FOLDERS:
            if new := MODULES.get(module.__name__):
                vars(module).update({k: v for k, v in vars(importlib.import_module(new)).items() if k[:1] != "_"})
        else:
            sys.modules[module.__name__] = importlib.import_module(MODULES[module.__name__])
