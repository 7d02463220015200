"""What `course.py lab` decides before JupyterLab starts; `test_lab` starts it."""

import importlib
import os
import stat
import subprocess
import sys
import sysconfig
import webbrowser
from pathlib import Path

import pytest
from start import browser, folders, open_files, places
from start.options import is_given, options
from start.running import environment

COURSE = Path("/course")
CHAPTER = "notebooks/00_start_here.ipynb"
WORKSPACE = "/lab/workspaces/sockets-in-iot/tree/"


def told(*arguments: str) -> dict[str, str]:
    """What JupyterLab is told by us, by name."""
    ours = options(COURSE, "browser %s", list(arguments))[2 : -len(arguments) or None]
    return dict(each.removeprefix("--").split("=", 1) for each in ours)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ServerApp.ip", ["--ip=0.0.0.0"]),
        ("ServerApp.ip", ["--ip", "0.0.0.0"]),
        ("ServerApp.ip", ["--ServerApp.ip=::1"]),
        ("ServerApp.ip", ["--sock=/tmp/lab.sock"]),
        ("ServerApp.root_dir", ["--notebook-dir=/elsewhere"]),
        ("ServerApp.root_dir", ["--notebook", "/elsewhere"]),  # argparse takes a beginning
        ("ServerApp.root_dir", ["--ServerApp.root_dir=/elsewhere"]),
        ("ServerApp.root_dir", ["--ServerApp.notebook_dir=/elsewhere"]),
        ("ServerApp.browser", ["--browser=firefox"]),
        ("LabApp.default_url", ["--ServerApp.default_url=/tree"]),
        ("LabApp.news_url", ["--LabApp.news_url=https://example.org"]),
    ],
)
def test_an_option_of_the_learners_takes_the_place_of_ours(name: str, arguments: list[str]):
    assert name in told()
    assert name not in told(*arguments)
    assert options(COURSE, "", arguments)[-len(arguments) :] == arguments


@pytest.mark.parametrize(
    "arguments", [["--port=1"], ["--no-browser"], ["--debug"], ["--port", "1"]]
)
def test_other_options_of_the_learners_take_nothing_away(arguments: list[str]):
    assert told(*arguments) == told()
    assert not is_given("ServerApp.ip", ["ip"])


def test_chapter_00_is_found_from_a_folder_above_and_not_looked_for_beside(tmp_path: Path):
    course = tmp_path / "a coürse"
    course.mkdir()
    for option in (
        [f"--notebook-dir={tmp_path}"],
        ["--notebook-dir", str(tmp_path)],
        [str(tmp_path)],
    ):
        found = options(course, "", option)
        assert f"--LabApp.default_url={WORKSPACE}a%20co%C3%BCrse/{CHAPTER}" in found
        assert not [each for each in found if each.startswith("--ServerApp.preferred_dir")]
    beside = options(course, "", [f"--notebook-dir={tmp_path / 'beside'}"])
    assert not [each for each in beside if "default_url" in each]


@pytest.mark.parametrize(
    ("kept", "opened"),
    [
        ('{"work": {"02": {"last": "2026-11-02"}, "05": {"last": "2026-11-03"}}}', "05_loss"),
        ('{"work": {"A1": {"last": "2026-11-04"}}}', "assignments/A1_it"),
        ('{"work": {"07": {"last": "2026-11-04"}}}', "00_start_here"),  # is there no more
        ('{"work": {"../02": {"last": "2026-11-04"}}}', "00_start_here"),
        ('{"work": {}}', "00_start_here"),
        ('{"work": [5]}', "00_start_here"),
        ("{", "00_start_here"),
        (None, "00_start_here"),
    ],
)
def test_it_opens_where_the_learner_was_last(kept, opened, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    (tmp_path / "notebooks" / "assignments").mkdir(parents=True)
    for name in ("02_tcp", "05_loss", "assignments/A1_it"):
        (tmp_path / "notebooks" / f"{name}.ipynb").touch()
    if kept:
        (tmp_path / "progress.json").write_text(kept)
    found = options(tmp_path, "", [])
    assert f"--LabApp.default_url={WORKSPACE}notebooks/{opened}.ipynb" in found


# --- The browser


@pytest.mark.parametrize(
    ("variables", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"SSH_CONNECTION": "1 2 3 4"}, "darwin", False),
        ({"SSH_CONNECTION": "1 2 3 4"}, "win32", False),
        ({"SSH_CONNECTION": "1 2 3 4", "DISPLAY": "localhost:10"}, "linux", True),
    ],
)
def test_a_browser_opens_where_the_learner_sees_it(variables, platform, seen):
    assert browser.has_screen(variables, platform) is seen


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page that JupyterLab gives to a browser."""
    path = tmp_path / "öpen.html"
    path.write_text('<a href="http://127.0.0.1:8901/lab?token=a&amp;b=c">here</a>', "utf-8")
    return path.as_uri()


@pytest.mark.parametrize("opened", [True, False, webbrowser.Error("none")])
def test_where_a_browser_does_not_open_the_address_and_a_tunnel_are_told(
    page, opened, monkeypatch, capsys
):
    def open_page(address: str) -> bool:
        assert address == page
        if isinstance(opened, Exception):
            raise opened
        return opened

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", open_page)
    browser.main(page)
    said = capsys.readouterr().out
    if opened is True:
        assert said == ""
    else:
        assert "\n    http://127.0.0.1:8901/lab?token=a&b=c\n" in said
        assert "ssh -N -L 8901:127.0.0.1:8901 " in said


def test_the_browsers_command_is_one_that_python_takes_apart_again_on_any_system():
    """JupyterLab hands it to `webbrowser`, which splits it as a POSIX shell does."""
    python = Path("C:/Users/Ada L./.venv/Scripts/python.exe")
    found = webbrowser.get(browser.command(python))
    assert (found.name, found.args[-1]) == (python.as_posix(), "%s")
    assert Path(found.args[1]).is_file()


# --- Folders


def test_a_folder_is_tried_and_one_that_is_missing_is_judged_by_the_one_above(tmp_path: Path):
    assert folders.can_write(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    assert not folders.can_write(tmp_path / "file" / "b")
    assert not list(tmp_path.glob("a*"))


@pytest.fixture
def read_only_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course that can't be written, with a chapter in it, and a learner's home beside it."""
    course = tmp_path / "course"
    (course / "notebooks" / "solutions").mkdir(parents=True)
    for name in ("00_a.ipynb", "kept-1_00_a.ipynb", "solutions/00_a.ipynb", "server.py"):
        (course / "notebooks" / name).write_text(name, encoding="utf-8")
    (course / "notebooks" / "00_a.ipynb").chmod(stat.S_IRUSR)
    can_write = folders.can_write
    monkeypatch.setattr(folders, "ROOT", course)
    monkeypatch.setattr(
        folders, "can_write", lambda path: not path.is_relative_to(course) and can_write(path)
    )
    monkeypatch.setattr(folders, "home", lambda: tmp_path / "home")
    for name in ("COURSE_FOLDER", "COURSE_PROGRESS"):
        monkeypatch.delenv(name, raising=False)
    return course


def test_where_the_course_cannot_be_written_work_goes_to_the_home(read_only_course, capsys):
    work = folders.working_folder()
    assert work == read_only_course.parent / "home" / folders.NAME
    assert folders.variables(work) == {
        "COURSE_FOLDER": str(work),
        "COURSE_PROGRESS": str(work / "progress.json"),
    }
    folders.copy_notebooks(work)
    copied = sorted(path.relative_to(work).as_posix() for path in work.rglob("*.*"))
    assert copied == ["notebooks/00_a.ipynb", "notebooks/solutions/00_a.ipynb"]
    (work / "notebooks" / "00_a.ipynb").write_text("mine", encoding="utf-8")
    folders.copy_notebooks(work)
    assert (work / "notebooks" / "00_a.ipynb").read_text(encoding="utf-8") == "mine"
    assert capsys.readouterr().out.count(f"are in {work}.") == 2


def test_progress_of_the_learners_choice_stays_theirs(read_only_course, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "/mine.json")
    assert folders.variables(folders.working_folder())["COURSE_PROGRESS"] == "/mine.json"


def test_a_learner_may_choose_the_folder(read_only_course, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "chosen"))
    assert folders.working_folder() == tmp_path / "chosen"


def test_a_course_that_can_be_written_is_where_work_is(monkeypatch):
    monkeypatch.delenv("COURSE_FOLDER", raising=False)
    assert folders.working_folder() == folders.ROOT
    assert folders.variables(folders.ROOT) == {}


def test_fresh_works_where_the_learners_notebooks_are(tmp_path):
    """The chapter is made from the course's solutions, which no learner can change."""
    (tmp_path / "notebooks").mkdir()
    chapter = tmp_path / "notebooks" / "01_what_is_a_socket.ipynb"
    chapter.write_text('{"cells": []}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, places.ROOT / "course.py", "fresh", "01"],
        env=os.environ | {"COURSE_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "is as at first" in done.stdout, done.stderr
    assert (tmp_path / "notebooks" / "kept-1_01_what_is_a_socket.ipynb").exists()
    assert len(chapter.read_text(encoding="utf-8")) > 10_000


# --- Variables, .venv, open files


def test_variables_that_change_how_python_works_stay_outside(monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONSAFEPATH"):
        monkeypatch.setenv(name, "1")
    assert not {name for name in environment() if name.startswith("PYTHON")} & {
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONOPTIMIZE",
        "PYTHONSAFEPATH",
    }


@pytest.mark.parametrize("folder", ["bin", "Scripts"])
def test_a_venv_has_its_programs_where_the_python_that_made_it_puts_them(folder, monkeypatch):
    """MSYS2's Python runs on Windows, where a .venv has Scripts, and makes a bin all the same."""
    schemes = sysconfig._INSTALL_SCHEMES
    monkeypatch.setitem(schemes, "venv", {**schemes["venv"], "scripts": "{base}/" + folder})
    assert places.programs_of(Path("/course/.venv")) == Path("/course/.venv", folder)


def test_the_soft_limit_of_open_files_is_raised_and_one_that_is_too_low_is_told(
    monkeypatch, capsys
):
    resource = pytest.importorskip("resource")
    limits = {}

    def given(soft: int, hard: int) -> int:
        limits["now"] = (soft, hard)
        monkeypatch.setattr(resource, "getrlimit", lambda _: limits["now"])
        monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.update(now=new))
        open_files.raise_limit()
        return limits["now"][0]

    assert given(256, resource.RLIM_INFINITY) == 4096
    assert given(256, 1024) == 1024
    assert given(8192, 10_000) == 8192
    assert given(resource.RLIM_INFINITY, resource.RLIM_INFINITY) == resource.RLIM_INFINITY
    assert capsys.readouterr().err == ""
    assert given(64, 100) == 100
    said = capsys.readouterr().err
    assert said.startswith("course.py: a program may open only 100 files here, so chapters will")
    assert "ulimit -Hn" in said
    assert given(64, 64) == 64
    assert "only 64 files here, so no notebook will start" in capsys.readouterr().err


def test_a_kernel_finds_the_course_and_has_the_notebooks_folder_last(tmp_path: Path):
    spec = importlib.util.spec_from_file_location("kernel", KERNEL)
    kernel = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kernel)
    away, inside = ["/lib"], ["/lib"]
    kernel.put_folders_last(away, tmp_path)
    kernel.put_folders_last(inside, places.ROOT / "notebooks")
    assert away == ["/lib", str(places.ROOT), ""]
    assert inside == ["/lib", ""]
    ours = str(places.TOOLS / "start" / "jupyter")
    known = {"JUPYTER_PATH": os.pathsep.join([ours, "/mine"])}
    kernel.forget_own_jupyter(known)
    assert known == {"JUPYTER_PATH": "/mine"}


KERNEL = places.TOOLS / "start" / "jupyter" / "kernels" / "python3" / "kernel.py"
