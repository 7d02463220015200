"""course.py as a learner meets it: in a folder with a space and an umlaut, called from elsewhere.

The lock files here name tiny wheels instead of JupyterLab and pytest, so no network is needed. The
uv that is found fails, so pip installs; `test_install.py` has one that works.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from start import set_up, stamp, words
from start.places import Venv
from support.small_course import (
    COURSE,
    DEADLINE,
    assert_one_clear_line,
    call,
    called,
    child_environment,
    closed_port,
    make_course,
    make_wheels,
    marker,
    nobodys_lock,
)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that is set up once for every test of this file: a .venv takes seconds to make."""
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def course(shared_folder: Path) -> Path:
    """A course that `lab` has set up; its .venv holds a marker, which one made anew does not."""
    make_wheels(shared_folder)
    result = call(shared_folder, "lab")
    assert result.returncode == 0, result.stderr
    marker(shared_folder).touch()
    return shared_folder


def test_an_unknown_word_gets_the_list_of_words_and_exit_code_2():
    result = call(COURSE.parent, "tset")
    assert result.returncode == 2
    assert "'tset'" in result.stderr
    for word in ["lab", "test", "notebooks", "bench", "abuse", "fresh", "site", "format", "lint"]:
        assert f"\n  {word} " in result.stderr


def test_no_word_is_an_error_and_help_is_not():
    assert call(COURSE.parent).returncode == 2
    result = call(COURSE.parent, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert "JupyterLab" in result.stdout


@pytest.mark.parametrize(
    ("typed", "pytest_gets"),
    [
        (["04"], ["--chapter=04"]),
        (["4", "-k", "stop"], ["--chapter=04", "-k", "stop"]),
        (["-n", "0", "tests/servers"], ["-n", "0", "tests/servers"]),
    ],
)
def test_a_number_is_a_chapter_only_before_what_goes_to_pytest(monkeypatch, typed, pytest_gets):
    asked: list[list[str]] = []
    monkeypatch.setattr(words, "set_up", lambda *_: None)
    monkeypatch.setattr(words, "become", lambda command, _: asked.append(command) or 0)
    assert words.test(typed) == 0
    (command,) = asked
    assert command[2 : 2 + len(pytest_gets)] == pytest_gets


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9", "3.10"])
def test_an_old_python_gets_one_sentence(version: str):
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in pyenv.glob(f"{version}.*/bin/python")]
    found += [path for path in [shutil.which(f"python{version}")] if path]
    runs = [path for path in found if subprocess.call([path, "-c", ""]) == 0]
    if not runs:
        pytest.skip(f"no Python {version} on this machine")
    result = subprocess.run([runs[0], COURSE, "lab"], capture_output=True, text=True)
    assert_one_clear_line(result, f"Python {version}", "3.11 or newer")
    assert len(result.stderr.splitlines()) == 1


def test_lab_opens_the_first_chapter_where_the_learner_is_and_passes_arguments_on(course: Path):
    result = call(course, "lab", "--no-browser", "--port", "8899")
    folder, prefix, arguments = called(result)
    assert folder == course.parent, "paths in the learner's options are seen from there"
    assert prefix == course / ".venv"
    page = "/lab/workspaces/sockets-in-iot/tree/notebooks/00_start_here.ipynb"
    assert f"--LabApp.default_url={page}" in arguments
    assert f"--ServerApp.root_dir={course}" in arguments
    assert arguments[-3:] == ["--no-browser", "--port", "8899"]


def test_a_second_run_sets_nothing_up_and_does_not_start_pip(course: Path, tmp_path: Path):
    result = call(course, "lab", PIP_LOG=tmp_path / "pip.log")
    assert result.returncode == 0
    assert "Setting up" not in result.stdout
    assert not (tmp_path / "pip.log").exists()


def test_test_adds_the_authors_packages_and_lab_is_content_with_them(course: Path, tmp_path: Path):
    result = call(course, "test", "-k", "a b", PIP_LOG=tmp_path / "test.log")
    assert called(result)[2] == ["-k", "a b"]
    assert result.returncode == 7, "course.py's exit code is the tool's"
    assert (tmp_path / "test.log").exists()
    assert marker(course).exists()
    for word in ("lab", "test"):
        result = call(course, word, PIP_LOG=tmp_path / f"again-{word}.log")
        assert "Setting up" not in result.stdout
        assert not (tmp_path / f"again-{word}.log").exists()


def test_an_edited_lock_is_installed_into_the_same_venv(course: Path, tmp_path: Path):
    with open(course / "requirements.txt", "a") as lock:
        lock.write("# a newer version\n")
    result = call(course, "lab", PIP_LOG=tmp_path / "pip.log")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "pip.log").exists()
    assert marker(course).exists()


def test_modules_on_pythonpath_do_not_get_between(course: Path, tmp_path: Path):
    (tmp_path / "jupyterlab.py").write_text("raise SystemExit('the wrong jupyterlab')")
    result = call(course, "lab", PYTHONPATH=tmp_path)
    assert result.returncode == 0, result.stderr


def test_a_stamp_fits_one_place_and_one_python(course: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stamp, "ROOT", course)
    here = Venv(course / ".venv")
    python, lock = stamp.read_stamp(here)[:2]
    assert stamp.stamp_lines(set_up.LEARNER, here) == [python, lock]
    moved, same_lock = stamp.stamp_lines(set_up.LEARNER, Venv(Path("moved", ".venv")))
    assert moved != python
    assert same_lock == lock
    monkeypatch.setattr(stamp, "python_name", lambda: "3.99t")
    assert stamp.stamp_lines(set_up.LEARNER, here)[0] != python


def test_a_venv_whose_python_has_gone_has_no_stamp(course: Path):
    here = Venv(course / ".venv")
    aside = here.python.with_name("aside")
    here.python.rename(aside)
    try:
        assert stamp.read_stamp(here) == []
    finally:
        aside.rename(here.python)
    assert stamp.read_stamp(here) != []


@pytest.mark.skipif(os.name == "nt", reason="sends Ctrl-C as a POSIX signal")
def test_a_second_run_in_the_middle_is_refused_and_the_next_after_ctrl_c_recovers(course: Path):
    (course / "requirements.txt").write_text(nobodys_lock())
    with socket.create_server(("127.0.0.1", 0)) as silent_index:
        silent_index.settimeout(DEADLINE)
        index = f"http://127.0.0.1:{silent_index.getsockname()[1]}/"
        first = subprocess.Popen(
            [sys.executable, course / "course.py", "lab"],
            env=child_environment(course, PIP_INDEX_URL=index, PIP_NO_INDEX=""),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a terminal sends Ctrl-C to the whole group
        )
        with first:
            try:
                connection, _ = silent_index.accept()  # pip waits for an answer that never comes
                with connection:
                    assert_one_clear_line(call(course, "lab"), "another course.py")
                    os.killpg(first.pid, signal.SIGINT)
                    _, stderr = first.communicate(timeout=DEADLINE)
            finally:
                first.kill()
    assert first.returncode == 130
    assert stderr == "course.py: stopped; run it again and it recovers.\n"
    make_wheels(course)
    assert call(course, "lab").returncode == 0
    assert not marker(course).exists()


def test_without_a_network_a_set_up_says_so(course: Path):
    (course / "requirements.txt").write_text(nobodys_lock())
    index = f"http://127.0.0.1:{closed_port()}/"
    assert_one_clear_line(
        call(course, "lab", PIP_INDEX_URL=index, PIP_NO_INDEX=""), "network", "run this again"
    )
    assert not (course / ".venv" / "course-stamp.txt").exists()


def test_a_python_without_ensurepip_is_told_which_package_to_install(tmp_path: Path):
    folder = make_course(tmp_path)
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    result = call(folder, "lab", PYTHONPATH=tmp_path)
    assert_one_clear_line(result, "sudo apt install python3-venv")


def test_a_venv_that_cannot_be_made_gets_one_line(tmp_path: Path):
    folder = make_course(tmp_path)
    (folder / ".venv").write_text("a file where the folder should be")
    assert_one_clear_line(call(folder, "lab"), "could not make .venv", "you may write here")


def make_notebooks(folder: Path) -> Path:
    """Put two notebooks and the tool into a course's folder; return the first, edited."""
    for name in (
        "tools/fresh.py",
        "tools/folded.py",
        "tools/stubs.py",
        "notebooks/solutions/01_what_is_a_socket.ipynb",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(COURSE.parent / name, folder / name)
    chapter = folder / "notebooks" / "01_what_is_a_socket.ipynb"
    chapter.write_text('{"cells": []}')
    return chapter


def test_fresh_puts_a_chapter_back_and_keeps_the_learners_without_any_set_up(tmp_path: Path):
    folder = make_course(tmp_path)
    chapter = make_notebooks(folder)
    result = call(folder, "fresh", "1")
    assert (result.returncode, result.stderr) == (0, "")
    assert "kept-1_01_what_is_a_socket.ipynb" in result.stdout
    kept = chapter.with_name("kept-1_01_what_is_a_socket.ipynb")
    assert kept.read_text() == '{"cells": []}'
    assert len(json.loads(chapter.read_text(encoding="utf-8"))["cells"]) > 10
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("words", [["xx"], ["99"], ["01", "02"]])
def test_fresh_with_no_chapter_of_the_course_changes_nothing(tmp_path: Path, words: list[str]):
    folder = make_course(tmp_path)
    chapter = make_notebooks(folder)
    result = call(folder, "fresh", *words)
    assert (result.returncode, result.stderr) == (2, "")
    assert result.stdout.startswith("Nothing was changed")
    assert chapter.read_text() == '{"cells": []}'
