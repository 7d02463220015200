"""What is said where this Python can't run the course, and by which syntax."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from drive.on_disk import ROOT

from helpers import welcome
from helpers.welcome import NotReady, check_python, numbers

BEFORE_ALL = ("helpers/__init__.py", "helpers/welcome.py")
# As in a kernel that has no package at all: with -S Python has its standard library only.
NO_PACKAGES = """
import sys, types
sys.path.insert(0, {root!r})
sys.modules["ipykernel"] = types.ModuleType("ipykernel")
"""
IN_A_KERNEL = "import sys; sys.path.insert(0, {root!r}); import ipykernel\n"


def said(tmp_path: Path, script: str, *options: str, **environment: str) -> str:
    """What Python prints when it runs a script in an empty folder."""
    text = script.replace("{root!r}", repr(str(ROOT)))
    done = subprocess.run(
        [sys.executable, *options, "-c", text],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k != "COLAB_RELEASE_TAG"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr.strip().rpartition("NotReady: ")[2]


@pytest.mark.parametrize(("place", "told"), [("insert(0, '')", True), ("append('')", False)])
def test_files_that_hide_modules_are_named_where_they_are_found_first(tmp_path, place, told):
    """A kernel of `course.py lab` looks beside the notebook last."""
    (tmp_path / "wave.py").write_text("mine = 1")
    script = IN_A_KERNEL + f"sys.path.remove(''); sys.path.{place}\nfrom helpers import Link\n"
    assert ("Beside this notebook wave.py hides" in said(tmp_path, script)) == told


@pytest.mark.parametrize("path", BEFORE_ALL)
def test_an_older_python_can_read_what_tells_it_that_it_is_too_old(path: str):
    ast.parse((ROOT / path).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_old_python_is_told_which_it_is_and_what_to_do(tmp_path: Path):
    text = said(
        tmp_path,
        "import sys; sys.path.insert(0, {root!r}); sys.version_info = (3, 8, 18)\nimport helpers",
    )
    assert text.startswith(
        f"The course needs Python 3.11 or newer, and this is Python 3.8.18 ({sys.executable})"
    )
    assert len(text.splitlines()) == 2


def test_without_packages_a_notebook_is_told_what_is_missing_and_one_thing_to_do(tmp_path: Path):
    text = said(
        tmp_path,
        NO_PACKAGES
        + "from helpers import check_machine\nprint(check_machine)\nfrom helpers import quiz",
        "-S",
    )
    assert text.startswith("<function check_machine")
    problem = text.splitlines()[1:]
    assert sys.executable in problem[0]
    assert "numpy is missing; matplotlib is missing; ipywidgets is missing" in problem[0]
    assert len(problem) == 2


def test_a_script_needs_no_packages(tmp_path: Path):
    assert (
        said(
            tmp_path,
            "import sys; sys.path.insert(0, {root!r})\nfrom helpers import run_server",
            "-S",
        )
        == ""
    )


@pytest.mark.parametrize("name", ["numpy.py", "matplotlib/__init__.py"])
def test_a_file_of_the_learners_that_hides_a_package_is_named(tmp_path: Path, name: str):
    hiding = tmp_path / name
    hiding.parent.mkdir(exist_ok=True)
    hiding.write_text("")
    text = said(tmp_path, IN_A_KERNEL + "from helpers import quiz")
    named = hiding if name == "numpy.py" else hiding.parent
    assert f"takes {named} for the package {named.stem}" in text
    assert text.endswith(f"Give {named.name} another name, and restart the kernel.")


def test_a_package_that_is_too_old_is_named_with_what_is_needed(monkeypatch):
    monkeypatch.setattr(welcome, "version", {"numpy": "1.26.4", "matplotlib": "3.10"}.get)
    needed = welcome.lower_bounds()["numpy"]
    assert welcome.too_old() == [f"numpy 1.26.4 is too old, and {needed} is needed"]


def test_on_colab_older_packages_do(tmp_path: Path):
    older = IN_A_KERNEL + "from helpers import welcome\nwelcome.version = lambda name: '1.0'\n"
    ask = "from helpers import quiz\nprint('ready')"
    assert "ready" not in said(tmp_path, older + ask)
    assert said(tmp_path, older + ask, COLAB_RELEASE_TAG="release-colab") == "ready\n"


def test_a_copy_without_its_lists_of_versions_says_nothing_of_them(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(welcome, "ROOT", tmp_path)
    assert (welcome.lower_bounds(), welcome.locked(), welcome.too_old()) == ({}, {}, [])


def test_the_lock_may_hold_hashes_and_two_versions_of_a_package(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(welcome, "ROOT", tmp_path)
    lock = "numpy==2.4.6 ; python_version < '3.12' \\\n    --hash=sha256:0==1\nnumpy==2.5.5\n"
    (tmp_path / "requirements.txt").write_text(lock)
    assert welcome.locked() == {"numpy": {"2.4.6", "2.5.5"}}


@pytest.mark.parametrize(
    ("older", "newer"), [("8.1", "8.1.9"), ("3.9", "3.10"), ("7.4rc1", "7.5"), ("", "0.1")]
)
def test_versions_are_compared_by_their_numbers(older: str, newer: str):
    assert numbers(older) < numbers(newer)
    assert numbers("8.1.0") == numbers("8.1")


def test_another_python_is_sent_to_the_courses_own_where_there_is_one(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(welcome, "VENV", tmp_path)
    assert welcome.how_to_install().endswith(f"the course's own Python is in {tmp_path}.")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert welcome.how_to_install().startswith(f"Delete the folder {tmp_path}. Then start")
    monkeypatch.setattr(welcome, "VENV", tmp_path / "none")
    assert "start the course with" in welcome.how_to_install()


def test_a_notebook_shows_the_message_and_no_traceback(monkeypatch):
    monkeypatch.setattr(welcome, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(NotReady) as caught:
        check_python()
    assert caught.value._render_traceback_() == [str(caught.value)]
