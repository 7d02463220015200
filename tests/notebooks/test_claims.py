"""Claims run in nbval's own run: one that fails is its cell's failure; no learner sees one."""

import subprocess
import sys

import editions
import nbformat
import pytest
from drive.on_disk import ROOT

SOURCE = """# %% [markdown]
# # A small chapter

# %%
total = 2 + 2

# %% tags=["claim"]
count = total
assert count == 4

# %%
"count" in globals()

# %% tags=["claim"]
assert total == {claimed}
"""
CONFTEST = f"""import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tools")!r}, {str(ROOT / "tests")!r}]
from support import claims

def pytest_collection_modifyitems(items):
    claims.attach(items)
"""


@pytest.fixture
def run(tmp_path):
    """Runs a small chapter under nbval; returns what pytest printed, and its exit code."""

    def run(claimed):
        source = tmp_path / "source" / "99_small.py"
        source.parent.mkdir(exist_ok=True)
        source.write_text(SOURCE.format(claimed=claimed), encoding="utf-8")
        (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
        notebook = editions.make(source, "chapter")
        for number, cell in enumerate(notebook.cells[1:], start=1):
            cell.execution_count = number
        notebook.cells[2].outputs = [
            nbformat.v4.new_output("execute_result", {"text/plain": "False"}, execution_count=2)
        ]
        nbformat.write(notebook, tmp_path / "99_small.ipynb")
        command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        return done.stdout, done.returncode

    return run


def test_a_claim_that_fails_is_its_cells_failure_and_assigns_nothing(run):
    printed, code = run(claimed=4)
    assert (code, "2 passed" in printed) == (0, True), printed
    printed, code = run(claimed=5)
    assert code == 1
    assert "1 failed, 1 passed" in printed
    assert "a claim does not hold (AssertionError)" in printed
    assert "assert total == 5" in printed


@pytest.mark.parametrize(
    "above", ["# # A title", "# # A title\n\n# %%\nx = 1\n\n# %% [markdown]\n# Text."]
)
def test_a_claim_without_a_code_cell_above_it_is_refused(tmp_path, above):
    source = tmp_path / "99_small.py"
    source.write_text(f'# %% [markdown]\n{above}\n\n# %% tags=["claim"]\nassert True\n')
    with pytest.raises(editions.BuildError, match="right below a code cell"):
        editions.claims_of(source)


def test_neither_edition_holds_a_claim(tmp_path):
    source = tmp_path / "99_small.py"
    source.write_text(SOURCE.format(claimed=4), encoding="utf-8")
    for edition in editions.EDITIONS:
        cells = editions.make(source, edition).cells
        assert [cell.source for cell in cells[1:]] == ["total = 2 + 2", '"count" in globals()']
