"""Starting a chapter afresh, and starting over: nothing of the learner's is ever lost unasked."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from drive.on_disk import CHAPTERS, ROOT, each

from helpers import fresh, start_over
from helpers.study import progress

TOOL = importlib.import_module("fresh")  # the tool, beside build.py
HELPER = importlib.import_module("helpers.study.fresh")
CHAPTER = "02_tcp_server_and_client.ipynb"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the notebooks, where nothing has been touched."""
    copy = tmp_path / "my coürse" / "notebooks"
    (copy / "solutions").mkdir(parents=True)
    for name in ("00_start_here.ipynb", CHAPTER):
        for place in ("", "solutions"):
            shutil.copy(ROOT / "notebooks" / place / name, copy / place / name)
    (copy.parent / "tools").mkdir()
    for tool in ("folded.py", "fresh.py", "stubs.py"):
        shutil.copy(ROOT / "tools" / tool, copy.parent / "tools")
    return copy


def edit(path: Path, text: str = "# mine") -> bytes:
    """Change the last code cell, as a learner would, and return what the file holds then."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[-1]["source"] = [text]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path.read_bytes()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if path.suffix in (".ipynb", ".part"))


def cells(path: Path) -> list[tuple]:
    found = nbformat.read(path, as_version=4).cells
    return [(cell.id, cell.cell_type, cell.source, dict(cell.metadata)) for cell in found]


# --- What takes the chapter's place


@each(CHAPTERS)
def test_a_chapter_made_anew_has_the_cells_of_the_built_one(path: Path, tmp_path: Path):
    made = tmp_path / path.name
    TOOL._put(TOOL.chapter_of(path.parent / "solutions" / path.name), made)
    assert cells(made) == cells(path)
    assert nbformat.read(made, as_version=4).metadata == nbformat.read(path, as_version=4).metadata
    nbformat.validate(nbformat.read(made, as_version=4))


@each(CHAPTERS)
def test_an_output_that_is_there_is_the_one_of_the_built_chapter(path: Path):
    made = TOOL.chapter_of(path.parent / "solutions" / path.name)
    built = json.loads(path.read_text(encoding="utf-8"))
    for new, old in zip(made["cells"], built["cells"], strict=True):
        if new.get("execution_count") and "nbval-ignore-output" not in new["metadata"].get(
            "tags", []
        ):
            said = [output.get("text", output.get("ename")) for output in new["outputs"]]
            assert said == [output.get("text", output.get("ename")) for output in old["outputs"]]


@each(CHAPTERS)
def test_a_chapter_made_anew_shows_no_check_as_passed(path: Path):
    for cell in TOOL.chapter_of(path.parent / "solutions" / path.name)["cells"]:
        assert "passed" not in str(cell.get("outputs", [])) or "check(" not in cell["source"]


# --- What becomes of the learner's version


def test_the_learners_version_is_kept_byte_by_byte_under_another_name(folder):
    mine = edit(folder / CHAPTER)
    said = TOOL.start_afresh("02", folder)
    assert (folder / f"kept-1_{CHAPTER}").read_bytes() == mine
    assert cells(folder / CHAPTER) == cells(ROOT / "notebooks" / CHAPTER)
    assert f"kept beside it, as kept-1_{CHAPTER}" in said
    assert "Reload Notebook from Disk" in said


def test_no_kept_version_is_ever_overwritten(folder):
    versions = []
    for number in range(3):
        versions.append(edit(folder / CHAPTER, f"number = {number}"))
        TOOL.start_afresh("02", folder)
    kept = [(folder / f"kept-{number}_{CHAPTER}").read_bytes() for number in (1, 2, 3)]
    assert kept == versions


def test_a_gap_among_the_kept_ones_is_used_and_nothing_else(folder):
    (folder / f"kept-2_{CHAPTER}").write_text("precious")
    for _ in range(2):
        edit(folder / CHAPTER)
        TOOL.start_afresh("02", folder)
    assert (folder / f"kept-2_{CHAPTER}").read_text() == "precious"
    assert (folder / f"kept-3_{CHAPTER}").exists()


def test_two_at_once_lose_no_version(folder):
    mine = edit(folder / CHAPTER)
    threads = [threading.Thread(target=TOOL.start_afresh, args=("02", folder)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    kept = [path.read_bytes() for path in folder.glob("kept-*")]
    assert mine in kept
    assert cells(folder / CHAPTER) == cells(ROOT / "notebooks" / CHAPTER)


def test_a_file_that_is_no_notebook_any_more_is_kept_too(folder):
    (folder / CHAPTER).write_bytes(b"\xff{")
    TOOL.start_afresh("02", folder)
    assert (folder / f"kept-1_{CHAPTER}").read_bytes() == b"\xff{"


def test_a_chapter_with_its_first_cells_is_left_alone(folder):
    before = (folder / CHAPTER).read_bytes()
    assert "nothing was changed" in TOOL.start_afresh("02", folder)
    assert (folder / CHAPTER).read_bytes() == before
    assert not list(folder.glob("kept-*"))


def test_a_chapter_that_is_gone_comes_back(folder):
    (folder / CHAPTER).unlink()
    assert "it is there again" in TOOL.start_afresh("02", folder)
    assert cells(folder / CHAPTER) == cells(ROOT / "notebooks" / CHAPTER)


def test_other_chapters_are_not_touched(folder):
    mine = edit(folder / "00_start_here.ipynb")
    edit(folder / CHAPTER)
    TOOL.start_afresh("02", folder)
    assert (folder / "00_start_here.ipynb").read_bytes() == mine


@pytest.mark.parametrize("call", ["replace", "fsync", "mkstemp"])
def test_where_the_disk_is_full_the_learners_version_stays_and_nothing_is_left(
    folder, monkeypatch, capsys, call
):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    mine = edit(folder / CHAPTER)
    before = files(folder)
    monkeypatch.setattr(TOOL.tempfile if call == "mkstemp" else os, call, full)
    assert TOOL.main(["02"], folder) == 1
    assert capsys.readouterr().out.startswith("Nothing was changed: No space left on device")
    assert (folder / CHAPTER).read_bytes() == mine
    assert files(folder) == before


# --- Where it can't be made


def test_a_solutions_edition_that_was_edited_is_not_taken_for_the_chapter(folder):
    edit(folder / "solutions" / CHAPTER)
    mine = edit(folder / CHAPTER)
    with pytest.raises(TOOL.Problem, match=r"has been changed, in cell \d+"):
        TOOL.start_afresh("02", folder)
    assert (folder / CHAPTER).read_bytes() == mine


def test_a_solutions_edition_that_was_run_and_saved_will_do(folder):
    solutions = folder / "solutions" / CHAPTER
    notebook = json.loads(solutions.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"]["collapsed"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = 99
    solutions.write_text(json.dumps(notebook), encoding="utf-8")
    edit(folder / CHAPTER)
    TOOL.start_afresh("02", folder)
    assert cells(folder / CHAPTER) == cells(ROOT / "notebooks" / CHAPTER)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"cells": [{}]}', b'{"cells": 5}', b"\xff"]
)
def test_a_damaged_solutions_edition_is_a_sentence(folder, capsys, content):
    (folder / "solutions" / CHAPTER).write_bytes(content)
    assert TOOL.main(["02"], folder) == 2
    assert f"Nothing was changed: solutions/{CHAPTER} can't be read" in capsys.readouterr().out


def test_without_solutions_the_message_says_where_to_get_them(folder, capsys):
    shutil.rmtree(folder / "solutions")
    assert TOOL.main(["02"], folder) == 2
    assert "notebooks/solutions is empty" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["xx", "99", "", "-1", "02 ; rm", "../02", "0x2", "Zoë"])
def test_a_word_that_is_no_chapter_gets_the_list(folder, capsys, word):
    assert TOOL.main([word], folder) == 2
    said = capsys.readouterr().out
    assert said.isascii()
    assert "there are 00, 02." in said


@pytest.mark.parametrize("word", ["2", "02", " 02 "])
def test_a_number_may_be_short(folder, word):
    assert TOOL.find_chapter(word, folder).name == CHAPTER


# --- From a cell


@pytest.fixture
def script(folder, monkeypatch) -> Path:
    """Let the cell's `fresh` work on the copy."""
    monkeypatch.setattr(HELPER, "SCRIPT", folder.parent / "tools" / "fresh.py")
    return folder


@pytest.mark.parametrize("chapter", ["02", "2", 2])
def test_a_cell_starts_a_chapter_afresh(script, capsys, chapter):
    edit(script / CHAPTER)
    fresh(chapter)
    assert f"kept beside it, as kept-1_{CHAPTER}" in capsys.readouterr().out
    assert cells(script / CHAPTER) == cells(ROOT / "notebooks" / CHAPTER)


def test_a_cell_without_a_chapter_changes_nothing(script, capsys):
    mine = edit(script / CHAPTER)
    fresh()
    assert capsys.readouterr().out == (
        "Nothing was changed. Name a chapter to start it afresh by its number, such as 03.\n"
    )
    assert (script / CHAPTER).read_bytes() == mine
    assert not list(script.glob("kept-*"))


def test_a_cell_with_a_wrong_word_gets_the_list(script, capsys):
    fresh("x")
    assert capsys.readouterr().out == (
        "Nothing was changed: there is no chapter 'x'; there are 00, 02.\n"
    )


def test_the_tool_needs_the_standard_library_only(script):
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(script.parent / "tools" / "fresh.py"), "2"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


# --- Kept versions stay out of the way


def test_git_and_the_tests_do_not_see_kept_versions():
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "kept-*.ipynb" in lines
    assert "**/kept-*.ipynb" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert not Path(f"kept-1_{CHAPTER}").match("[0-9][0-9]_*.ipynb")


def test_the_build_does_not_call_a_kept_version_an_orphan(folder):
    build = importlib.import_module("build")
    (folder / "source").mkdir()
    for name in ("00_start_here", "02_tcp_server_and_client"):
        (folder / "source" / f"{name}.py").touch()
    edit(folder / CHAPTER)
    TOOL.start_afresh("02", folder)
    assert build.orphans(folder) == []


# --- Starting over


@pytest.fixture
def kept(tmp_path, monkeypatch) -> None:
    """Progress of two chapters."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    progress.record("resolve", True)
    progress.record("fetch_welcome", True)
    progress.keep_prediction("01 addresses", 3)
    progress.keep_prediction("02 pieces", "once")
    progress.keep_answer("01 ports", "yes", True)


def left() -> set[str]:
    return {name for names in progress.kept().values() for name in names}


def test_start_over_without_a_name_changes_nothing(kept, capsys):
    before = left()
    start_over()
    assert left() == before
    assert capsys.readouterr().out.startswith("Nothing was forgotten. Name an exercise")


def test_start_over_forgets_one_exercise(kept, capsys):
    start_over("resolve")
    assert left() == {"fetch_welcome", "01 addresses", "02 pieces", "01 ports"}
    assert capsys.readouterr().out == "Forgotten: resolve.\n"


@pytest.mark.parametrize("chapter", ["01", "1"])
def test_start_over_forgets_all_that_is_a_chapters(kept, chapter):
    start_over(chapter)
    assert left() == {"fetch_welcome", "02 pieces"}


def test_start_over_forgets_a_prediction_by_its_name(kept):
    start_over("01 addresses", "01 ports")
    assert left() == {"resolve", "fetch_welcome", "02 pieces"}


def test_start_over_forgets_everything_when_told_to(kept, capsys):
    start_over(everything=True)
    assert left() == set()
    start_over(everything=True)
    assert capsys.readouterr().out.endswith("Nothing is kept yet.\n")


def test_start_over_says_of_which_name_nothing_is_kept(kept, capsys):
    start_over("resolv", "resolve")
    assert capsys.readouterr().out == "Nothing is kept of resolv.\nForgotten: resolve.\n"


def test_start_over_with_an_unknown_name_alone_forgets_nothing(kept):
    before = left()
    start_over("resolv")
    assert left() == before


def test_start_over_refuses_a_name_beside_everything_and_a_function(kept):
    before = left()
    with pytest.raises(TypeError, match="and not both"):
        start_over("resolve", everything=True)
    with pytest.raises(TypeError, match="with quotes"):
        start_over(len)
    assert left() == before


def test_start_over_says_why_it_could_not(kept, capsys, tmp_path):
    (tmp_path / "progress.json").chmod(0o444)
    start_over("resolve")
    (tmp_path / "progress.json").chmod(0o644)
    assert capsys.readouterr().out.startswith("Nothing was forgotten: progress.json: ")
    assert "resolve" in left()
