"""Names that modules had before each lesson got a folder of its own: copies of lessons made then import them so."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False  # here and in __init__.py little is loaded: Ctrl-C cannot be looked after before `course` begins
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

FOLDERS = {"courseware.models": "models", "courseware.exercises": "checks", "courseware.plots": "drawings"}
MODULES = {"courseware.plots": "courseware.drawing", "courseware.quiet": "courseware.notebook"}


class OldNames:
    """Finds `courseware.models.cnn` as `courseware.lessons.cnn.models`, and so on; nothing is loaded before it is asked for."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in FOLDERS or name in MODULES or name.rpartition(".")[0] in FOLDERS:
            return ModuleSpec(name, self, is_package=name in FOLDERS)  # type: ignore[arg-type]  # it does what a Loader does
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        folder, _, lesson = module.__name__.rpartition(".")
        if folder in FOLDERS:
            sys.modules[module.__name__] = importlib.import_module(f"courseware.lessons.{lesson}.{FOLDERS[folder]}")
        elif module.__name__ in FOLDERS:
            if new := MODULES.get(module.__name__):
                vars(module).update({k: v for k, v in vars(importlib.import_module(new)).items() if k[:1] != "_"})
        else:
            sys.modules[module.__name__] = importlib.import_module(MODULES[module.__name__])
