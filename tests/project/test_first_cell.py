"""The first cell of each chapter: the same in all, and it says where the course is missing."""

import ast
import re
import subprocess
import sys
import types
from pathlib import Path

import jupytext
import pytest
from drive.on_disk import ROOT, SOURCES

TEMPLATE = ROOT / "tools/templates/chapter/source.py.txt"
FINDS = re.compile(r"# You need not read this cell.*?\nsys\.path\.insert\([^\n]*\n", re.DOTALL)
SHOWN = """
from IPython.core.interactiveshell import InteractiveShell

InteractiveShell.instance(colors="nocolor").run_cell(open("cell.py").read())
"""


def first_cell(path: Path) -> str:
    """The first code cell of a source."""
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


CELL = first_cell(SOURCES[0])


def problem(folder: Path, monkeypatch) -> ImportError:
    """What the cell raises in a folder."""
    monkeypatch.chdir(folder)
    elsewhere = [each for each in sys.path if not Path(each, "helpers/welcome.py").is_file()]
    monkeypatch.setattr(sys, "path", elsewhere)
    with pytest.raises(ImportError) as caught:
        exec(compile(CELL, "cell", "exec"), {})
    return caught.value


def test_the_course_is_found_in_the_same_way_everywhere():
    found = {FINDS.search(first_cell(path))[0] for path in SOURCES}
    found.add(FINDS.search(TEMPLATE.read_text(encoding="utf-8"))[0])
    assert len(found) == 1
    assert found.pop().count("\n") <= 14


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_an_older_python_can_run_it_as_far_as_the_helpers(path: Path):
    tree = ast.parse(first_cell(path), feature_version=(3, 8))
    before = ast.unparse(tree).partition("from helpers")[0]
    assert "functools" not in before or "cache" not in before  # Python 3.9


@pytest.mark.parametrize("foreign", ["", "helpers/__init__.py", "helpers.py"])
def test_alone_or_beside_foreign_helpers_it_says_where_it_is_and_what_to_do(
    monkeypatch, tmp_path: Path, foreign: str
):
    if foreign:
        (tmp_path / foreign).parent.mkdir(exist_ok=True)
        (tmp_path / foreign).write_text("raise RuntimeError('not ours')")
    error = problem(tmp_path, monkeypatch)
    assert str(tmp_path) in str(error)
    assert sys.executable in str(error)
    assert "python3 course.py lab" in str(error)
    assert error._render_traceback_() == [str(error)]


def test_a_course_that_is_on_pythons_path_is_found_from_anywhere(monkeypatch, tmp_path: Path):
    """`course.py lab` puts it there where the notebooks' own folder can't be written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])
    exec(compile(CELL, "cell", "exec"), names := {})
    assert Path(names["course"][0]) == ROOT


def test_on_colab_it_says_which_two_lines_fetch_the_course(monkeypatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    lines = str(problem(tmp_path, monkeypatch)).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("!git clone ")
    assert lines[2] == f"%cd {lines[1].split()[-1]}/notebooks"


def test_a_notebook_shows_that_message_and_nothing_else(tmp_path: Path):
    (tmp_path / "cell.py").write_text(CELL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    shown = (done.stdout + done.stderr).strip()
    assert shown.startswith("The course's folder is neither")
    assert len(shown.splitlines()) == 1


def test_the_table_of_chapter_00_can_be_asked_for_where_its_first_cell_finds_no_packages(tmp_path):
    """All names of one import are looked up before the first of them is there."""
    (tmp_path / "cell.py").write_text(CELL, encoding="utf-8")
    script = """
import sys, types
sys.modules["ipykernel"] = types.ModuleType("ipykernel")
try:
    exec(open("cell.py").read())
except ImportError as error:
    print(type(error).__name__, check_machine().ok)
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", script.replace("cell.py", str(tmp_path / "cell.py"))],
        cwd=ROOT / "notebooks",
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.stdout == "NotReady False\n", done.stderr
