"""Grade a class: files of answers (`answers`), points and feedback (`marks`), the graded file (`gradefile`), a `report`."""
