"""What stands in the place of a result that JupyterLab hides, and that it gives nothing away."""

import folded
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

HIDDEN = {"jupyter": {"outputs_hidden": True}}
RESULTS = {
    "text": new_output("stream", name="stdout", text="ports at the server's ends: 1\n"),
    "a page's code": new_output("display_data", {"text/html": "<style>p {}</style><p>513</p>"}),
    "a value": new_output("execute_result", {"text/plain": "513"}, execution_count=1),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_one_line_stands_before_a_hidden_result_and_goes_without_a_trace(result):
    cell = new_code_cell("f()", metadata=HIDDEN, outputs=[result], execution_count=1)
    folded.fold(cell)
    folded.fold(cell)
    line, *rest = cell.outputs
    assert line.data == {"text/plain": folded.LINE} and rest == [result]
    writes(new_notebook(cells=[cell]))  # as the build saves it
    folded.unfold(cell)
    folded.unfold(cell)
    assert cell.outputs == [result]


def test_what_is_not_hidden_or_shows_nothing_stays_as_it_is():
    shown = new_code_cell("f()", outputs=[RESULTS["a value"]])
    empty, text = new_code_cell("f()", metadata=HIDDEN), new_markdown_cell("text")
    for cell in (shown, empty, text):
        folded.fold(cell)
        folded.unfold(cell)
    assert shown.outputs == [RESULTS["a value"]] and not empty.outputs and "outputs" not in text
