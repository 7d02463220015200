"""The set-up with a uv, a pretended and the real one, and what is looked at before the stamp."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from start import install, making
from start.places import Problem, Venv
from start.progress import Progress
from support.small_course import (
    assert_one_clear_line,
    call,
    called,
    child_environment,
    make_course,
    make_wheel,
    make_wheels,
    marker,
    nobodys_lock,
    put_uv,
)

# It unpacks wheels, as far as it is told to, and writes down how it was called.
UV = """
import json, os, pathlib, re, subprocess, sys, urllib.parse, zipfile
words = sys.argv[1:]
folder = pathlib.Path(__file__).parent
if "--version" in words:
    print("uv 99.0.0")
elif "cache" in words:
    print(folder / "cache")
else:
    option = dict(word.split("=", 1) for word in words if word.startswith("--") and "=" in word)
    with open(folder / "log.txt", "a") as log:
        print(json.dumps([words, dict(os.environ)]), file=log)
    locks = [word.partition("=")[2] for word in words if word.startswith("--requirement=")]
    pins = "".join(pathlib.Path(lock).read_text() for lock in locks)
    wanted = re.findall(r"^(\\w+)==", pins, re.M)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.check_output([option["--python"], "-I", "-c", ask], text=True).strip()
    if os.environ["PRETEND"] == "fail":
        sys.exit("error: a bolt from the blue")
    wheels = pathlib.Path(urllib.parse.unquote(option["--find-links"].removeprefix("file://")))
    for name in wanted if os.environ["PRETEND"] == "install" else []:
        zipfile.ZipFile(wheels / f"{name}-1.0-py3-none-any.whl").extractall(site)
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended uv is written for POSIX")


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that the pretended uv has set up."""
    folder = make_course(tmp_path_factory.mktemp("install"))
    put_uv(folder.parent, UV)
    result = call(folder, "lab", PRETEND="install")
    assert result.returncode == 0, result.stderr
    marker(folder).touch()
    shutil.copytree(folder / ".venv", folder.parent / "whole", symlinks=True)
    return folder


@pytest.fixture
def course(shared_folder: Path) -> Path:
    """That course, with a lock that was edited since, and the log of uv empty.

    What a test broke is put back from a copy, since making it anew takes seconds.
    """
    put_uv(shared_folder.parent, UV)
    make_wheels(shared_folder)
    if not marker(shared_folder).exists():
        shutil.rmtree(shared_folder / ".venv")
        shutil.copytree(shared_folder.parent / "whole", shared_folder / ".venv", symlinks=True)
    shutil.copy(shared_folder.parent / "whole" / stamp(shared_folder).name, stamp(shared_folder))
    with open(shared_folder / "requirements.txt", "a") as lock:
        lock.write(f"# {os.urandom(4).hex()}\n")
    log(shared_folder).unlink(missing_ok=True)
    return shared_folder


def log(folder: Path) -> Path:
    """Where the pretended uv writes down how it was called."""
    return folder.parent / "programs" / "log.txt"


def calls(folder: Path) -> list[tuple[list[str], dict[str, str]]]:
    """The words and variables of each call of uv that was to install."""
    text = log(folder).read_text() if log(folder).exists() else ""
    return [tuple(json.loads(line)) for line in text.splitlines()]


def stamp(folder: Path) -> Path:
    """The file that says that the course is set up."""
    return folder / ".venv" / "course-stamp.txt"


def has_pip(folder: Path) -> bool:
    """Whether `%pip` would work in a notebook."""
    command = [folder / ".venv" / "bin" / "python", "-I", "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True).returncode == 0


def test_a_uv_on_path_installs_with_hashes_what_the_lock_names(course: Path):
    result = call(course, "lab", PRETEND="install", UV_TARGET="/nowhere")
    assert called(result)[1] == course / ".venv"
    ((words, variables),) = calls(course)
    assert words[:2] == ["pip", "install"]
    assert {"--require-hashes", "--no-deps", "--no-config"} <= set(words)
    assert f"--python={course / '.venv' / 'bin' / 'python'}" in words
    assert "--requirement=requirements.txt" in words
    assert "by pip" not in result.stdout
    assert "UV_TARGET" not in variables


def test_pip_is_in_a_venv_that_uv_has_filled(shared_folder: Path):
    assert has_pip(shared_folder)


def test_where_uv_fails_pip_installs(course: Path):
    result = call(course, "lab", PRETEND="fail")
    assert result.returncode == 0, result.stderr
    assert len(calls(course)) == 1
    assert "by pip" in result.stdout
    assert marker(course).exists()


def test_where_both_fail_the_words_of_pip_follow_the_sentence(course: Path):
    (course / "requirements.txt").write_text(nobodys_lock())
    result = call(course, "lab", PRETEND="fail")
    assert_one_clear_line(result, "no-index", "no-such-package-anywhere==1.0")
    assert "\n  pip: ERROR: No matching distribution found for no-such" in result.stderr
    assert not stamp(course).exists()


def test_packages_that_did_not_arrive_are_told_and_there_is_no_stamp(course: Path):
    (course / "requirements.txt").write_text(make_wheel(course, "another"))
    result = call(course, "lab", PRETEND="nothing")
    assert_one_clear_line(result, "another did not arrive in .venv", "elsewhere")
    assert not stamp(course).exists()


def test_what_was_changed_by_hand_in_a_venv_is_set_right_by_a_new_one(course: Path):
    assert call(course, "lab", PRETEND="install").returncode == 0
    (module,) = (course / ".venv").rglob("jupyterlab/labapp.py")
    module.unlink()
    with open(course / "requirements.txt", "a") as lock:
        lock.write("# a newer one\n")
    result = call(course, "lab", PRETEND="fail")
    assert result.returncode == 0, result.stderr
    assert module.exists()
    assert not marker(course).exists()


def test_a_package_that_does_not_import_is_told_and_there_is_no_stamp(course: Path):
    make_wheels(course, text="import os; os.abort()")
    result = call(course, "lab", PRETEND="install")
    assert_one_clear_line(result, "`import jupyterlab.labapp` says", "Delete .venv")
    assert not stamp(course).exists()


def test_a_file_with_another_hash_is_refused(course: Path):
    lock = course / "requirements.txt"
    lock.write_text(with_wrong_hash(make_wheel(course, "bell")))
    result = call(course, "lab", PRETEND="fail")
    assert_one_clear_line(result, "bell==1.0", "its hash differs")


@pytest.mark.parametrize("settings", ["[global]\ntarget = /nowhere\nuser = true\n", "[broken\n"])
def test_a_setting_that_leads_elsewhere_does_not(course: Path, tmp_path: Path, settings: str):
    file = tmp_path / "pip.conf"
    file.write_text(settings)
    (course / "requirements.txt").write_text(make_wheel(course, "lamp"))
    shutil.rmtree(next((course / ".venv").rglob("lamp-1.0.dist-info"), tmp_path / "none"), True)
    variables = {"PIP_PREFIX": "/nowhere", "PIP_DRY_RUN": "1", "PIP_CONSTRAINT": "/no/such/file"}
    result = call(course, "test", PRETEND="fail", PIP_CONFIG_FILE=file, **variables)
    assert result.returncode == 7, result.stderr
    assert len(list((course / ".venv").rglob("lamp-1.0.dist-info"))) == 1
    assert not Path("/nowhere").exists()


def test_a_cache_that_can_not_be_written_is_replaced_for_the_time(course: Path):
    cache = course.parent / "programs" / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    cache.write_text("a file where the folder should be")
    try:
        assert call(course, "lab", PRETEND="install").returncode == 0
    finally:
        cache.unlink()
    ((words, _),) = calls(course)
    assert f"--cache-dir={course / '.venv' / 'course-cache'}" in words
    assert not (course / ".venv" / "course-cache").exists()


def test_a_uv_that_is_too_old_or_broken_is_not_used(course: Path):
    def found() -> str | None:
        return install.uv_on_path(child_environment(course))

    assert found() is not None
    for text in ("print('uv 0.4.30')", "print('I am not uv')", "raise SystemExit('uv 1.0.0')"):
        put_uv(course.parent, text)
        assert found() is None
    (course.parent / "programs" / "uv").write_text("neither a script nor a program")
    assert found() is None


def test_where_the_python_has_no_pip_the_one_of_the_venv_fetches_uv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho 'python: No module named pip'\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(install, "base_python", lambda: str(script))
    monkeypatch.setattr(install, "uv_on_path", lambda variables: None)
    pips = []

    def fetch_uv(pip: list[str], *rest: object) -> str:
        pips.append(pip)
        return "uv"

    monkeypatch.setattr(install, "fetch_uv", fetch_uv)
    monkeypatch.setattr(install, "install_by_uv", lambda *rest: None)
    own = [sys.executable, "-I", "-m", "pip"]
    install.install((), Venv(tmp_path / ".venv"), lambda: own, Progress(""))
    assert pips == [own]


@pytest.mark.parametrize("said", ["Errno 28] No space left on device", "Permission denied"])
def test_a_venv_that_is_not_made_for_want_of_room_or_right_says_so(tmp_path: Path, said: str):
    problem = making._not_made(Venv(tmp_path / ".venv"), f"OSError: {said}\nCalledProcessError")
    assert "CalledProcessError" not in str(problem)
    assert "no room is left" in str(problem) or "may not write" in str(problem)


def with_wrong_hash(lock: str) -> str:
    """A lock's lines with a hash that no file has."""
    return re.sub(r"(?<=sha256:)\w+", "0" * 64, lock)


def real_uv() -> str:
    """A uv that this machine has: on PATH, or fetched by a set-up of this course."""
    fetched = sorted(Path(sys.prefix).glob("course-uv/*/uv"))
    uv = next((str(each) for each in fetched), shutil.which("uv"))
    if not uv or subprocess.run([uv, "--version"], capture_output=True).returncode:
        pytest.skip("no uv on this machine")
    return uv


def test_the_real_uv_installs_checks_hashes_and_leaves_pip_in_place(course: Path, tmp_path: Path):
    program = course.parent / "programs" / "uv"
    uv = real_uv()
    program.unlink()
    program.symlink_to(uv)
    (course / "requirements.txt").write_text(make_wheel(course, "siren"))
    try:
        cache = {"UV_CACHE_DIR": tmp_path / "cache"}
        result = call(course, "test", **cache)
        assert result.returncode == 7, result.stderr
        assert "by pip" not in result.stdout
        assert has_pip(course)
        (course / "requirements.txt").write_text(with_wrong_hash(make_wheel(course, "gong")))
        result = call(course, "lab", **cache)
        assert_one_clear_line(result, "gong==1.0", "its hash differs")
    finally:
        program.unlink()


def test_an_environment_that_is_a_link_to_anothers_is_not_emptied(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept").touch()
    link = tmp_path / ".venv"
    try:
        link.symlink_to(theirs, target_is_directory=True)
    except OSError:  # Windows, for most accounts
        pytest.skip("no links here")
    with pytest.raises(Problem, match="is a link"):
        making.make_venv(Venv(link))
    assert (theirs / "kept").exists()
