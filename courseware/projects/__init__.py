"""Projects to finish the course with: briefs, data of which a part is held out, and the check of what is handed in.

A project's notebook takes from here ``data``, for a table ``columns``, and ``keras``, loaded without start-up messages.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from courseware.projects.parts import columns as columns
    from courseware.projects.parts import data as data


def __getattr__(name: str) -> object:  # on first use, so that `course project` starts without NumPy and Keras
    if name in ("columns", "data"):
        from courseware.projects import parts

        return getattr(parts, name)
    if name == "keras":
        from courseware.lesson import import_keras_quietly

        return import_keras_quietly()
    raise AttributeError(f"module 'courseware.projects' has no attribute {name!r}")
