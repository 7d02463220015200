"""What the chapters of every released version import still works."""

import ast
import json
import subprocess
import sys

import pytest
from drive.history import RELEASES, archived, needs_history
from drive.on_disk import ROOT

FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def imports(notebook: bytes) -> set[str]:
    """The import statements of a notebook that name the helpers, each as one line."""
    found = set()
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(line for line in cell["source"] if not line.startswith(("%", "!")))
        for node in ast.walk(compile(source, "<cell>", "exec", FLAGS)):
            if isinstance(node, ast.Import | ast.ImportFrom) and "helpers" in ast.unparse(node):
                found.add(ast.unparse(node))
    return found


@needs_history
@pytest.mark.parametrize("version", RELEASES)
def test_every_import_of_a_released_chapter_works(version: str, tmp_path):
    folder = archived(version, tmp_path, "notebooks")
    notebooks = sorted(folder.glob("notebooks/**/*.ipynb"))
    assert notebooks
    wanted = sorted(set().union(*(imports(path.read_bytes()) for path in notebooks)))
    assert len(wanted) > 5
    run("\n".join(wanted))


def test_the_modules_of_the_first_version_have_their_names():
    run(
        "from helpers.byte_rows import byte_chart, draw_pieces, draw_verdicts\n"
        "from helpers.plots import BLUE, FAINT, GREEN, ORANGE, RED, marks\n"
        "from helpers.crowd import crowd, is_connected\n"
        "from helpers.load import ask_once, hold_open, idle_memory, keep_asking, processor_time\n"
        "from helpers.open_files import open_file_limits, room_for\n"
        "from helpers.load_charts import crowd_axes, draw_crowd, percentiles_chart, rates_chart\n"
        "from helpers import crowd as today, BLUE as blue\n"
        "assert crowd is today and BLUE is blue"
    )


@pytest.mark.parametrize("module", ["helpers.plots", "helpers.load"])
@pytest.mark.parametrize("name", ["no_such_name", "__file__x", "Link_"])
def test_a_name_that_never_was_is_an_import_error(module: str, name: str):
    done = subprocess.run(
        [sys.executable, "-c", f"from {module} import {name}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stderr.splitlines()[-1].startswith("ImportError: cannot import name")


def test_an_old_module_is_no_other_file_to_those_who_look_through_all_modules():
    run(
        "import inspect, sys, helpers\n"
        "assert not hasattr(sys.modules['helpers.plots'], '__file__')\n"
        "inspect.getmodule(inspect.currentframe())\n"
        "assert 'matplotlib' not in sys.modules"
    )


def run(code: str) -> None:
    """Run this in a Python of its own, as a kernel would."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
