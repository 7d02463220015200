"""A new version stands beside the old one, and takes over what the learner has done there."""

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drive.history import RELEASES, archived, needs_history
from drive.on_disk import CHAPTERS, ROOT

from helpers.study.renumbered import newest

TOOL = importlib.import_module("bring")
OVERLAID = importlib.import_module("start.overlaid")
STUBS = importlib.import_module("stubs")
CHAPTER = "02_tcp_server_and_client.ipynb"
PROGRESS = {
    "exercises": {"resolve": {"attempts": 2, "passed": True}},
    "predictions": {"05 round trips": 64},
    "quizzes": {"01 ports": {"choice": "yes", "right": True}},
}
# What a learner's copy needs of this version for `bring` and for opening the course.
PARTS = ("course.py", "pyproject.toml", "README.md", "helpers", "tools", "notebooks")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """This version, as it is unpacked beside an old one."""
    folder = tmp_path / "the new côurse"
    folder.mkdir()
    # Some chapters are enough, and are copied sooner.
    ignored = shutil.ignore_patterns("__pycache__", "images", "kept-*", "Untitled*", "0[5-9]_*")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part, **({"ignore": ignored} if (ROOT / part).is_dir() else {}))
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of a version before this one, with the parts that are looked at."""
    folder = tmp_path / "old"
    (folder / "helpers").mkdir(parents=True)
    (folder / "notebooks" / "solutions").mkdir(parents=True)
    for part in ("course.py", f"notebooks/{CHAPTER}", f"notebooks/solutions/{CHAPTER}"):
        shutil.copy(ROOT / part, folder / part)
    (folder / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n')
    return folder


def edit(notebook: Path, text: str = "# mine") -> bytes:
    """Change a code cell as a learner would, and its outputs; return what the file holds then."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))
    code = [cell for cell in cells["cells"] if cell["cell_type"] == "code"]
    code[-1]["source"] = [text]
    notebook.write_text(json.dumps(cells), encoding="utf-8")
    return notebook.read_bytes()


def run(notebook: Path) -> None:
    """Change the outputs alone."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in cells["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], 77
    notebook.write_text(json.dumps(cells), encoding="utf-8")


def bring(new: Path, *words: object) -> subprocess.CompletedProcess:
    """What the learner types, in the new folder."""
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_PROGRESS"}
    return subprocess.run(
        [sys.executable, new / "course.py", "bring", *map(str, words)],
        cwd=new,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=180,
    )


def state(folder: Path) -> dict[str, str]:
    """A digest of each file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def kept(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("kept-*.ipynb"))


def progress_of(folder: Path) -> dict:
    return json.loads((folder / "progress.json").read_text(encoding="utf-8"))


# --- Released versions


@needs_history
@pytest.mark.parametrize("version", RELEASES)
def test_progress_and_edited_chapters_of_a_released_version_come_over(
    version: str, tmp_path: Path, new: Path
):
    old = archived(version, tmp_path)
    (old / "progress.json").write_text(json.dumps(PROGRESS))
    chapters = sorted((old / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    mine = edit(chapters[3])
    run(chapters[4])
    before, was = state(old), state(new)
    done = bring(new, old)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"Brought from {old}, which is as it was: progress (3 entries) and what you had edited, "
        f"kept as kept-1_{chapters[3].name}.\n"
    )
    assert state(old) == before
    assert (new / "notebooks" / f"kept-1_{chapters[3].name}").read_bytes() == mine
    assert progress_of(new)["exercises"] == PROGRESS["exercises"]
    assert len(progress_of(new)["predictions"]) == len(progress_of(new)["quizzes"]) == 1
    after = state(new)
    assert {name: after[name] for name in was} == was, "no file that was there is another now"
    again = bring(new, old)
    assert again.stdout.startswith("Nothing to bring")
    assert state(new) == after
    assert state(old) == before


@needs_history
@pytest.mark.parametrize("version", RELEASES)
def test_a_released_version_that_was_only_run_has_nothing_to_bring(
    version: str, tmp_path: Path, new: Path
):
    old = archived(version, tmp_path)
    for chapter in old.glob("notebooks/**/[0-9][0-9]_*.ipynb"):
        run(chapter)
    assert bring(new, old).stdout == (
        f"Nothing to bring from {old}: no progress and no edited chapter that is new here.\n"
    )
    assert kept(new) == []


@needs_history
def test_git_pull_refuses_where_a_chapter_was_run_and_loses_nothing(tmp_path: Path):
    def git(*words: object, ok: bool = True) -> subprocess.CompletedProcess:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "gc.auto=0")
        done = subprocess.run(["git", *who, *map(str, words)], capture_output=True, text=True)
        assert not ok or done.returncode == 0, done.stderr
        return done

    upstream, clone = tmp_path / "upstream", tmp_path / "clone"
    name = f"notebooks/{CHAPTER}"
    git("init", "-q", upstream)
    for text in ("old", "new"):
        (upstream / "notebooks").mkdir(exist_ok=True)
        (upstream / name).write_text(text)
        git("-C", upstream, "add", "-A")
        git("-C", upstream, "commit", "-qm", text)
    git("clone", "-q", upstream, clone)
    git("-C", clone, "reset", "-q", "--hard", "HEAD~1")
    (clone / name).write_text("old, and run")
    done = git("-C", clone, "pull", "--ff-only", ok=False)
    assert done.returncode != 0
    assert "would be overwritten" in done.stderr
    assert (clone / name).read_text() == "old, and run"


# --- What is brought


def test_the_same_version_brings_the_same(old: Path, new: Path):
    shutil.copy(ROOT / "pyproject.toml", old)
    edit(old / "notebooks" / CHAPTER)
    assert bring(new, old).returncode == 0
    assert kept(new) == [f"notebooks/kept-1_{CHAPTER}"]


def test_versions_that_were_kept_before_come_too_and_each_once(old: Path, new: Path):
    notebooks = old / "notebooks"
    first = edit(notebooks / CHAPTER, "# first")
    shutil.copy(notebooks / CHAPTER, notebooks / f"kept-4_{CHAPTER}")
    edit(notebooks / CHAPTER, "# second")
    (new / "notebooks" / f"kept-1_{CHAPTER}").write_bytes(first)
    bring(new, old)
    assert kept(new) == [f"notebooks/kept-1_{CHAPTER}", f"notebooks/kept-2_{CHAPTER}"]
    assert b"# second" in (new / "notebooks" / f"kept-2_{CHAPTER}").read_bytes()


def test_a_version_that_differs_in_outputs_alone_is_there_already(old: Path, new: Path):
    edit(old / "notebooks" / CHAPTER)
    bring(new, old)
    run(old / "notebooks" / CHAPTER)
    assert bring(new, old).stdout.startswith("Nothing to bring")


def test_a_chapter_that_is_none_any_more_comes_under_its_old_name(old: Path, new: Path):
    edit(old / "notebooks" / CHAPTER)
    (old / "notebooks" / CHAPTER).rename(old / "notebooks" / "17_of_old.ipynb")
    bring(new, old)
    assert kept(new) == ["notebooks/kept-1_17_of_old.ipynb"]


def test_a_solved_chapter_that_was_edited_comes_beside_the_solved_ones(old: Path, new: Path):
    edit(old / "notebooks" / "solutions" / CHAPTER)
    bring(new, old)
    assert kept(new) == [f"notebooks/solutions/kept-1_{CHAPTER}"]


def test_a_chapter_that_is_damaged_comes_as_it_is(old: Path, new: Path):
    (old / "notebooks" / CHAPTER).write_bytes(b"\xff{")
    bring(new, old)
    assert (new / "notebooks" / f"kept-1_{CHAPTER}").read_bytes() == b"\xff{"


def test_a_notebook_of_the_learners_own_stays_where_it_is(old: Path, new: Path):
    own = {"cells": [{"cell_type": "code", "id": "a1", "source": ["1 + 1"]}]}
    for name in ("Untitled.ipynb", "08_my_own.ipynb", "notes.ipynb"):
        (old / "notebooks" / name).write_text(json.dumps(own))
    assert bring(new, old).stdout.startswith("Nothing to bring")
    assert kept(new) == []


def test_progress_here_and_there_becomes_one(old: Path, new: Path):
    (old / "progress.json").write_text(json.dumps(PROGRESS))
    mine = {
        "exercises": {"resolve": {"attempts": 5, "passed": False}, "ask": PROGRESS["exercises"]},
        "predictions": {"05 round trips": 1},
        "quizzes": {"01 ports": {"choice": "no", "right": False}},
    }
    mine["exercises"]["ask"] = {"attempts": 1, "passed": True}
    (new / "progress.json").write_text(json.dumps(mine))
    for _ in range(2):
        bring(new, old)
    assert progress_of(new) == {
        "version": newest(),
        "exercises": {
            "resolve": {"attempts": 5, "passed": True},
            "ask": {"attempts": 1, "passed": True},
        },
        "predictions": {"05 round trips": 64},
        "quizzes": {"01 ports": {"choice": "no", "right": False}},
    }


def test_a_file_of_progress_alone_is_taken_in(tmp_path: Path, new: Path):
    file = tmp_path / "progress (1).json"  # as a browser saves it the second time
    file.write_text(json.dumps(PROGRESS))
    done = bring(new, file)
    assert done.stdout == f"Brought from {file}, which is as it was: progress (3 entries).\n"
    assert progress_of(new)["exercises"] == PROGRESS["exercises"]


def test_damaged_progress_brings_what_is_good_in_it_and_stays(old: Path, new: Path):
    (old / "progress.json").write_text(json.dumps(PROGRESS | {"quizzes": 5}))
    before = state(old)
    assert "progress (2 entries)" in bring(new, old).stdout
    assert state(old) == before


def test_progress_that_can_not_be_read_is_said_and_chapters_come(old: Path, new: Path):
    (old / "progress.json").mkdir()
    edit(old / "notebooks" / CHAPTER)
    done = bring(new, old)
    assert done.returncode == 1
    assert "Its progress.json can't be read" in done.stdout
    assert kept(new) == [f"notebooks/kept-1_{CHAPTER}"]


# --- Folders to bring nothing from


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("missing", "there is no folder missing."),
        ("README.md", "is a file"),
        (".", "this very course"),
        ("helpers", "is not the course"),
        ("", "this very course"),
    ],
)
def test_a_folder_that_is_none_is_a_sentence(new: Path, word: str, said: str):
    before = state(new)
    done = bring(new, word)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("Nothing was brought: ")
    assert said in done.stdout
    assert state(new) == before


@pytest.mark.parametrize("words", [(), ("a", "b")])
def test_without_one_folder_the_line_says_what_to_type(new: Path, words: tuple):
    done = bring(new, *words)
    assert (done.returncode, done.stderr) == (2, "")
    assert "bring ../old" in done.stdout


def test_a_newer_version_is_not_brought_to_an_older_one(old: Path, new: Path):
    (old / "pyproject.toml").write_text('[project]\nversion = "99.10"\n')
    edit(old / "notebooks" / CHAPTER)
    done = bring(new, old)
    assert done.returncode == 2
    assert "has version 99.10, which is newer than this one" in done.stdout
    assert kept(new) == []


def test_a_disk_that_is_full_is_a_sentence(old: Path, tmp_path: Path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    edit(old / "notebooks" / CHAPTER)
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(ROOT / "pyproject.toml", here)
    monkeypatch.setattr(os, "fsync", full)
    assert TOOL.main([str(old)], here) == 1
    assert capsys.readouterr().out == "Not all was brought: No space left on device (disk).\n"
    assert kept(here) == []


# --- A version that lies over an older one


@pytest.fixture
def over(new: Path) -> Path:
    """This version over an older one, in which one chapter had another name."""
    notebooks = new / "notebooks"
    for folder in (notebooks, notebooks / "solutions"):
        text = (folder / CHAPTER).read_text(encoding="utf-8")
        cells = json.loads(text)
        first = cells["cells"][0]
        source = "".join(first["source"]).replace(CHAPTER, "12_of_old.ipynb")
        first["source"], first["id"] = [source], STUBS.digest_of("markdown", source)
        (folder / "12_of_old.ipynb").write_text(json.dumps(cells), encoding="utf-8")
    return new


def notebooks_in(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb") if path.is_file()
    )


def test_lab_has_nothing_to_put_away_in_a_fresh_copy(new: Path):
    before = state(new)
    assert OVERLAID.put_older_chapters_away(new) == ""
    assert state(new) == before


def test_a_chapter_of_old_that_nobody_edited_is_taken_away(over: Path, capsys):
    run(over / "notebooks" / "12_of_old.ipynb")
    before = set(notebooks_in(over))
    OVERLAID.tell_of_older_chapters(over)
    gone = before - set(notebooks_in(over))
    assert gone == {"notebooks/12_of_old.ipynb", "notebooks/solutions/12_of_old.ipynb"}
    assert capsys.readouterr().out == (
        "Of chapters that an older version had, course.py took away 2 notebooks as nobody had "
        "edited.\n"
    )
    assert kept(over) == []


def test_a_chapter_of_old_that_was_edited_is_kept(over: Path):
    mine = edit(over / "notebooks" / "12_of_old.ipynb")
    said = OVERLAID.put_older_chapters_away(over)
    assert "kept what you had edited, as kept-1_12_of_old.ipynb and took away 1 notebook" in said
    assert (over / "notebooks" / "kept-1_12_of_old.ipynb").read_bytes() == mine
    assert not (over / "notebooks" / "12_of_old.ipynb").exists()
    assert OVERLAID.put_older_chapters_away(over) == ""


def test_notebooks_of_other_peoples_making_stay(over: Path):
    own = {"cells": [{"cell_type": "code", "id": "a1", "source": ["1 + 1"]}]}
    notebooks = over / "notebooks"
    names = ("Untitled.ipynb", "08_my_own.ipynb", f"kept-1_{CHAPTER}", "13_broken.ipynb")
    for name in names:
        (notebooks / name).write_text(json.dumps(own) if name != "13_broken.ipynb" else "{")
    shutil.copy(notebooks / CHAPTER, notebooks / "02_a_copy_of_mine.ipynb")
    edit(notebooks / CHAPTER)
    before = {name: (notebooks / name).read_bytes() for name in (*names, CHAPTER)}
    OVERLAID.put_older_chapters_away(over)
    assert {name: (notebooks / name).read_bytes() for name in before} == before
    assert (notebooks / "02_a_copy_of_mine.ipynb").exists()
    assert kept(over) == [f"notebooks/kept-1_{CHAPTER}"]


def test_a_chapter_that_an_author_has_begun_in_a_clone_stays(over: Path):
    (over / ".git").mkdir()
    (over / "notebooks" / "source" / "12_of_old.py").touch()
    assert OVERLAID.put_older_chapters_away(over) == ""
    (over / "notebooks" / "source" / "12_of_old.py").unlink()
    assert "took away 2" in OVERLAID.put_older_chapters_away(over)


def test_what_jupyterlab_had_put_by_of_an_overwritten_chapter_is_brought_back_once(new: Path):
    put_by = (
        new / "notebooks" / ".ipynb_checkpoints" / CHAPTER.replace(".ipynb", "-checkpoint.ipynb")
    )
    put_by.parent.mkdir()
    shutil.copy(new / "notebooks" / CHAPTER, put_by)
    assert OVERLAID.bring_edits_back(new) == "", "nobody had edited it"
    mine = edit(put_by)
    assert f"kept-1_{CHAPTER}" in OVERLAID.bring_edits_back(new)
    assert (new / "notebooks" / f"kept-1_{CHAPTER}").read_bytes() == mine
    assert OVERLAID.bring_edits_back(new) == ""
    (new / "notebooks" / f"kept-1_{CHAPTER}").unlink()
    edit(new / "notebooks" / CHAPTER, "# the learner goes on with it")
    assert OVERLAID.bring_edits_back(new) == ""


@pytest.mark.parametrize("readme", [None, "# Another", "<!-- table chapters: -->"])
def test_without_the_list_of_chapters_nothing_is_put_away(over: Path, readme: str | None):
    (over / "README.md").unlink()
    if readme:
        (over / "README.md").write_text(readme)
    assert OVERLAID.put_older_chapters_away(over) == ""


def test_readme_lists_the_chapters_of_this_version():
    assert OVERLAID.names_of_this_version(ROOT) == {path.name for path in CHAPTERS}


@needs_history
@pytest.mark.parametrize("version", RELEASES)
def test_a_released_version_under_this_one_leaves_none_of_its_own_chapters(
    version: str, tmp_path: Path, new: Path
):
    old = archived(version, tmp_path)
    names = {path.name for path in old.glob("notebooks/[0-9][0-9]_*.ipynb")}
    first = old / "notebooks" / min(names)
    edit(first)
    shutil.copytree(new, old, dirs_exist_ok=True)  # as unpacking over it does
    # Let this version have none of that one's chapters, but for what it is now.
    readme = (old / "README.md").read_text(encoding="utf-8")
    (old / "README.md").write_text(readme.replace("(notebooks/0", "(notebooks/3"), encoding="utf-8")
    edit(first)
    OVERLAID.put_older_chapters_away(old)
    assert f"notebooks/kept-1_{first.name}" in kept(old)
    assert not list(old.glob("notebooks/[0-9][0-9]_*.ipynb"))
