"""What must hold after a cell has run: the cells tagged `claim`, which only the tests and the build
run.

A claim stands in the source, right below the code cell that it is about, and in neither edition: a
learner who changes a number meets no assert of ours. It runs in the kernel of the cell, right after
it, and sees the names that the cell left; what it assigns is not seen by anybody else.
"""

from collections.abc import Iterable

CLAIM = "claim"


def by_cell(cells: Iterable) -> dict[int, list[str]]:
    """The claims of a source by the code cell that each is about: the first code cell is 0.

    Args:
        cells: as jupytext reads a source.

    Raises:
        ValueError: for a claim that is no code, or has no code cell above it.
    """
    claims: dict[int, list[str]] = {}
    last, above = -1, False
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if CLAIM in tags:
            if cell.cell_type != "code" or not above or set(tags) != {CLAIM}:
                raise ValueError("a claim is code, without other tags, right below a code cell")
            claims.setdefault(last, []).append(cell.source)
        elif "about" not in tags:
            above = cell.cell_type == "code"
            last += above
    return claims


def as_code(claim: str) -> str:
    """What a kernel runs for a claim: the claim, with names of its own beside the notebook's."""
    return f"exec(compile({claim!r}, '<claim>', 'exec'), dict(globals()))"
