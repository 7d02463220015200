"""What JupyterLab shows of a saved result that it hides, and that it gives nothing away.

A cell whose result would give a prediction away is saved with `outputs_hidden`. In the place of
its outputs JupyterLab shows the first line of the first of them, which is often the answer itself,
or the code of a page: "ports at the server's ends: 1", "<style>...". So an output stands before
them that holds one line for that place. It goes when the cell runs. Standard library only.
"""

LINE = "A saved result: run the cell to get your own."
METADATA = {"outputs_hidden": True}  # of a cell, under "jupyter"


def fold(cell: dict) -> None:
    """Put the line before the outputs of a cell that hides them, where there are any."""
    if not _hides(cell) or not cell["outputs"] or is_line(cell["outputs"][0]):
        return
    data = {"text/plain": LINE}
    line = {"output_type": "display_data", "data": data, "metadata": {}}
    cell["outputs"] = [type(cell)(line), *cell["outputs"]]


def unfold(cell: dict) -> None:
    """Take that line away again: what is left are the outputs of the run."""
    if cell.get("outputs") and is_line(cell["outputs"][0]):
        cell["outputs"] = cell["outputs"][1:]


def is_line(output: dict) -> bool:
    """Whether an output is that line and no result."""
    return output.get("data") == {"text/plain": LINE}


def _hides(cell: dict) -> bool:
    jupyter = cell["metadata"].get("jupyter", {})
    return cell["cell_type"] == "code" and bool(jupyter.get("outputs_hidden"))
