"""A saved result that would give a prediction away, as JupyterLab hides it until its cell runs."""

import folded
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

NOTEBOOK = "notebooks/hidden.ipynb"
RESULTS = [  # a panel or a live view begins so, and its answer is text
    new_output("display_data", {"text/html": "<style>p {}</style><p>513</p>", "text/plain": "513"}),
    new_output("stream", name="stdout", text="ports at the server's ends: 1\n"),
]


def hidden(result: nbformat.NotebookNode) -> nbformat.NotebookNode:
    metadata = {"jupyter": dict(folded.METADATA)}
    cell = new_code_cell("print('mine')", metadata=metadata, outputs=[result], execution_count=1)
    folded.fold(cell)
    return cell


def test_a_line_stands_for_a_hidden_result_until_a_click_or_the_cells_own_run(browsing):
    made = new_notebook(cells=[hidden(result) for result in RESULTS])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    (browsing.server.folder / NOTEBOOK).write_text(nbformat.writes(made), encoding="utf-8")
    with browsing.opened(NOTEBOOK) as lab:
        places = lab.page.locator(".jp-OutputPlaceholder")
        outputs = lab.page.locator(".jp-Notebook .jp-OutputArea-output")
        assert [text.strip() for text in places.all_inner_texts()] == [folded.LINE] * 2
        assert not outputs.filter(visible=True).count()
        places.first.click()
        assert outputs.filter(visible=True).all_inner_texts() == [folded.LINE, "513"]
        lab.command("notebook:run-all-cells")
        lab.wait(
            "() => [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')]"
            ".map(each => each.innerText.trim()).join() === 'mine,mine'"
        )
        assert not places.count()
