"""A network to play with, in the notebook: ``from courseware.playground import playground; playground()``.

`datasets` makes the points, `trainer` steps a real Keras model and says how it stands, `widget` is the face.
"""

from courseware.playground.widget import playground

__all__ = ["playground"]
