"""Cut a notebook down to what some of its code cells need and reach, for tests that are about those cells alone."""

from courseware.verify.mutants.cells import names


def keep_around(notebook, chosen):
    """Keep the code cells numbered in `chosen`, those that these reach, and those that all of them need."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    made, used = zip(*(names(cell.source) for cell in code), strict=True)
    kept, reached = set(chosen), set().union(*(made[number] for number in chosen))
    for number in range(min(chosen) + 1, len(code)):
        if used[number] & reached:
            kept.add(number)
            reached |= made[number]
    wanted = set().union(*(used[number] for number in kept))
    for number in reversed(range(len(code))):
        if number not in kept and made[number] & wanted:
            kept.add(number)
            wanted |= used[number]
    notebook.cells = [cell for number, cell in enumerate(code) if number in kept]
