"""Projects to finish the course with: briefs, data of which a part is held out, and the check of what is handed in.

A project's notebook needs two functions: ``data("tumours")``, and ``columns("tumours")`` for the names of a table's columns.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from courseware.projects.parts import columns as columns
    from courseware.projects.parts import data as data


def __getattr__(name: str) -> object:  # on first use, so that `course project` starts without NumPy
    if name in ("columns", "data"):
        from courseware.projects import parts

        return getattr(parts, name)
    raise AttributeError(f"module 'courseware.projects' has no attribute {name!r}")
