"""The report on a class: its answers (`class_answers`), `analysis`, `findings` and `figures`, a `page` and `tables`."""
