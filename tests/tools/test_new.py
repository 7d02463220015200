"""Beginning a chapter: what `course.py new` makes is whole, and it refuses what is there."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drive.on_disk import ROOT, SOURCES

new = importlib.import_module("new")

LEFT_OUT = (".*", "__pycache__", "site", "images", "kept-*", "Untitled*")
STRUCTURE = (
    "tests/notebooks/test_notebooks.py::test_saved_notebooks_are_what_their_sources_build",
    "tests/notebooks/test_notebooks.py::test_every_notebook_has_a_source_and_pages_say_what_the_chapters_say",
    "tests/project/test_house.py",
    "tests/project/test_teaching.py",
    "tests/chapters/test_answers.py::test_every_other_answer_says_what_it_does_better_and_what_it_costs",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, for a test to add to."""
    folder = tmp_path / "my course"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return folder


def run(project: Path, *command: str) -> None:
    """Run Python in the project, and fail with what it said where that fails."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_a_new_chapter_builds_and_passes_as_it_is(project: Path):
    run(project, "tools/new.py", "16", "A new chapter: of mine", "read_all")
    run(project, "tools/build.py", "16")
    assert "[A new chapter: of mine](notebooks/16_a_new_chapter_of_mine.ipynb)" in (
        project / "README.md"
    ).read_text(encoding="utf-8")
    plain = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    own = [f"notebooks/{folder}16_a_new_chapter_of_mine.ipynb" for folder in ("", "solutions/")]
    run(
        project, *plain, "--chapter=16", "tests/chapters", "tests/notebooks/test_notebooks.py", *own
    )
    run(project, "-m", "ruff", "check", "helpers", "tests", "tools", "notebooks/source")
    run(project, "-m", "ruff", "format", "--check", "helpers", "tests", "notebooks/source")
    run(project, *plain, "-p", "no:nbval", "-o", "addopts=", *STRUCTURE)


def test_a_new_assignment_builds_and_passes_as_it_is(project: Path):
    run(project, "tools/new.py", "A7", "A server that repeats")
    run(project, "tools/build.py", "A7")
    saved = project / "notebooks" / "solutions" / "assignments" / "A7_a_server_that_repeats.ipynb"
    assert "A7: 2 of 2 points" in saved.read_text(encoding="utf-8")
    undone = project / "notebooks" / "assignments" / saved.name
    assert "A7: not started" in undone.read_text(encoding="utf-8")
    plain = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:nbval"]
    run(project, *plain, "-o", "addopts=", "tests/assignments", "-k", "A7")
    run(project, "-m", "ruff", "check", "helpers/assignments", "tests/assignments")


@pytest.mark.parametrize(
    ("number", "title", "said"),
    [
        (SOURCES[-1].name[:2], "Something else", "There is a chapter"),
        ("16", SOURCES[1].stem[3:].replace("_", " ").upper(), "of that name already"),
        ("6", "A new chapter", "two digits"),
        ("xx", "A new chapter", "two digits"),
        ("16", " ?! ", "is no title"),
        ("16", 'A "new" chapter', "without quotes"),
        ("A1", "Something else", "is there already"),
        ("A7", " ?! ", "is no title"),
    ],
)
def test_a_number_or_a_name_that_is_none_or_taken_is_refused(tmp_path, capsys, number, title, said):
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "notebooks" / "source", tmp_path / "notebooks" / "source")
    before = sorted(tmp_path.rglob("*"))
    assert new.main([number, title], tmp_path) == 2
    assert said in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_files_that_are_there_are_not_written_over(tmp_path, capsys):
    there = tmp_path / "helpers" / "chapters" / "chapter_16" / "beliefs.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    assert new.main(["16", "A new chapter"], tmp_path) == 2
    assert "beliefs.py is there already" in capsys.readouterr().err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]


@pytest.mark.parametrize("words", [[], ["16"], ["16", "a", "b", "c"]])
def test_without_a_number_and_a_title_it_says_how_to_call_it(tmp_path, capsys, words):
    assert new.main(words, tmp_path) == 2
    assert 'course.py new 16 "A new chapter"' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["read all", "class", "_read", "ask", "beliefs"])
def test_a_name_that_no_new_exercise_can_have_is_refused(tmp_path, capsys, name):
    chapters = tmp_path / "helpers" / "chapters" / "chapter_02"
    chapters.mkdir(parents=True)
    for taken in ("ask", "beliefs"):
        (chapters / f"{taken}.py").touch()
    before = sorted(tmp_path.rglob("*"))
    assert new.main(["16", "A new chapter", name], tmp_path) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert "Nothing was made." in capsys.readouterr().err
