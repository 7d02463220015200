"""A progress file that must stay as it is: what is new is kept beside it until both can be one."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from drive.on_disk import ROOT

from helpers.study import progress
from helpers.study.places import beside, elsewhere

# Modes and owners are POSIX's. (And who is not root any more may not read where Python has it.)
pytest.importorskip("fcntl")

NOBODY = 65534
BEFORE = {
    "exercises": {"old": {"attempts": 2, "passed": True}},
    "predictions": {"05 x": 1},
    "quizzes": {"05 y": {"choice": "no", "right": False}},
}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of a user whom modes bind, as they do not bind root; the test is that user."""
    made = Path(tempfile.mkdtemp(prefix="course-", dir="/tmp"))
    course, data = made / "course", made / "data"
    course.mkdir(), data.mkdir()
    monkeypatch.setenv("COURSE_PROGRESS", str(course / "progress.json"))
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr(progress, "_said", set())
    monkeypatch.setattr(progress, "_tried", set())
    root = os.geteuid() == 0
    if root:
        for each in (made, course, data):
            os.chown(each, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield course
    if root:
        os.seteuid(0)
    course.chmod(0o700)
    shutil.rmtree(made)


@pytest.fixture
def file(folder: Path) -> Path:
    """A progress file that holds something."""
    path = folder / "progress.json"
    path.write_text(json.dumps(BEFORE))
    return path


def unreadable(file: Path) -> None:
    file.chmod(0o200)


def newer(file: Path) -> None:
    file.write_text(json.dumps(BEFORE | {"version": 99}))


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def another_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new files seem to be another user's than those that are there."""
    real = os.fstat
    monkeypatch.setattr(os, "fstat", lambda n: SimpleNamespace(st_uid=real(n).st_uid + 1))


def next_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_said", set())
    monkeypatch.setattr(progress, "_tried", set())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (unreadable, "can't be read (Permission denied)"),
        (a_folder, "can't be read (Is a directory)"),
        (newer, "was written by a newer version of the course"),
    ],
)
def test_what_can_not_be_read_stays_and_progress_is_kept_beside_it_and_said_once(
    file: Path, spoil: Callable, why: str, capsys: pytest.CaptureFixture
):
    spoil(file)
    mode = file.stat().st_mode
    said = progress.record("new", True)
    assert said.startswith(f"progress.json {why}, so it stays as it is. What you do now is kept in")
    assert f" {beside(file).name}. " in said
    assert "could not be kept" not in said
    assert progress.record("new", False) == ""
    assert progress.keep_prediction("05 x", 2) == ""
    assert progress.keep_answer("05 y", "yes", True) == ""
    assert (progress.passed(), progress.attempts("new")) == ({"new"}, 2)
    assert (progress.prediction("05 x"), progress.answer("05 y")) == (2, "yes")
    assert capsys.readouterr().out == ""
    assert file.stat().st_mode == mode
    assert names(file.parent) == sorted([file.name, beside(file).name])
    if spoil is unreadable:
        file.chmod(0o600)
        assert file.read_text() == json.dumps(BEFORE)


def test_reading_says_it_once_where_reading_comes_first(
    file: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    unreadable(file)
    for _ in range(2):
        assert progress.passed() == set()
    assert capsys.readouterr().out == (
        "progress.json can't be read (Permission denied), so it stays as it is. What you do now "
        f"is kept in {beside(file).name}. See to it that you may read and write it, and the two "
        "become one.\n"
    )
    assert progress.record("new", True) == ""
    next_session(monkeypatch)
    progress.passed()
    assert "stays as it is" in capsys.readouterr().out


@pytest.mark.parametrize("look_first", [True, False])
def test_the_two_become_one_when_the_file_can_be_read(
    file: Path, monkeypatch: pytest.MonkeyPatch, look_first: bool
):
    unreadable(file)
    progress.record("old", False)
    progress.record("new", True)
    progress.keep_prediction("05 x", 2)
    progress.keep_answer("05 y", "yes", True)
    file.chmod(0o600)
    next_session(monkeypatch)
    if look_first:
        assert progress.passed() == {"old", "new"}
    else:
        assert progress.record("third", True) == ""
    assert names(file.parent) == [file.name]
    assert progress.passed() >= {"old", "new"}
    assert (progress.attempts("old"), progress.attempts("new")) == (3, 1)
    assert (progress.prediction("05 x"), progress.answer("05 y")) == (1, "yes")


def test_a_newer_version_takes_in_what_an_older_one_kept_beside_its_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("helpers.study.renumbered.STEPS", ())
    file.write_text(json.dumps(BEFORE | {"version": 2}))
    progress.keep_prediction("07 room", 3)
    monkeypatch.setattr("helpers.study.renumbered.STEPS", ({"07": "08"},))
    assert progress.prediction("08 room") == 3
    assert progress.passed() == {"old"}
    assert names(file.parent) == [file.name]


def test_another_users_file_is_read_and_stays(file: Path, monkeypatch: pytest.MonkeyPatch):
    before = file.read_bytes()
    another_users(monkeypatch)
    said = progress.record("new", True)
    assert said.startswith("progress.json belongs to another user, so it stays as it is.")
    assert progress.record("old", False) == ""
    assert (progress.passed(), progress.attempts("old")) == ({"old", "new"}, 3)
    assert file.read_bytes() == before
    monkeypatch.undo()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_that_is_roots_is_another_users(file: Path):
    os.seteuid(0)
    os.chown(file, 0, 0)
    file.chmod(0o644)
    os.seteuid(NOBODY)
    assert "belongs to another user" in progress.record("new", True)
    assert (file.stat().st_uid, file.read_text()) == (0, json.dumps(BEFORE))
    os.seteuid(0)
    os.chown(file, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    assert progress.record("third", True) == ""
    assert progress.passed() == {"old", "new", "third"}
    assert names(file.parent) == [file.name]


def test_in_a_folder_that_can_not_be_written_progress_goes_to_the_users_own(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    before = file.read_bytes()
    file.parent.chmod(0o500)
    assert str(elsewhere(file)) in progress.record("new", True)
    progress.record("old", False)
    assert (progress.passed(), progress.attempts("old")) == ({"old", "new"}, 3)
    assert file.read_bytes() == before
    assert names(file.parent) == [file.name]
    file.parent.chmod(0o700)
    next_session(monkeypatch)
    assert progress.passed() == {"old", "new"}
    assert not elsewhere(file).exists()
    assert json.loads(file.read_text())["exercises"]["old"]["attempts"] == 3


def test_where_neither_can_be_written_the_sentence_says_so_each_time(file: Path):
    file.parent.chmod(0o500)
    elsewhere(file).parent.parent.chmod(0o500)
    for _ in range(2):
        assert progress.record("new", True) == (
            "This result could not be kept: progress.json: Permission denied. "
            "The check itself is right."
        )
    elsewhere(file).parent.parent.chmod(0o700)


def test_a_read_only_file_stays_and_each_sentence_says_where_progress_is(file: Path):
    file.chmod(0o400)
    for _ in range(2):
        said = progress.record("new", True)
        assert "is read-only. Until it can be, it is in progress-session-" in said
    assert progress.attempts("new") == 2
    file.chmod(0o600)
    progress.record("new", True)
    assert (progress.attempts("new"), names(file.parent)) == (3, [file.name])


def test_starting_over_forgets_what_is_beside_it_as_well(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    unreadable(file)
    progress.record("new", True)
    with pytest.raises(OSError, match=r"^Nothing was forgotten: progress.json: it can't be read"):
        progress.start_over("new")
    file.chmod(0o600)
    progress.start_over("new")
    assert (progress.passed(), names(file.parent)) == ({"old"}, [file.name])


def test_what_is_damaged_beside_it_is_kept_aside_too(file: Path, capsys: pytest.CaptureFixture):
    beside(file).write_text("{")
    assert progress.record("new", True) == ""
    assert progress.passed() == {"old", "new"}
    aside = beside(file).with_name(f"{beside(file).stem}-damaged.json")
    assert aside.read_text() == "{"
    assert f"kept as {aside.name}" in capsys.readouterr().out


@pytest.mark.parametrize("version", [0, -1, True, "2", None, 1.5])
def test_a_version_that_is_none_is_damage(file: Path, version: object):
    file.write_text(json.dumps(BEFORE | {"version": version}))
    assert progress.passed() == {"old"}
    assert (file.parent / "progress-damaged.json").exists()


def test_what_a_killed_kernel_had_begun_is_taken_away_by_the_next_that_writes(file: Path):
    begun = [".progress-abcd_123.json", f".{beside(file).stem}-abcdefgh.json"]
    others = [".progress-of-mine.json", ".other-abcdefgh.json", "progress-abcdefgh.json"]
    for name in (*begun, *others):
        (file.parent / name).touch()
    progress.record("new", True)
    assert names(file.parent) == sorted([file.name, *others])


# --- A full disk, and two kernels at once


def in_a_process(code: str, *, limit: int | None = None) -> subprocess.CompletedProcess:
    """Run this in a Python of its own; no file may become longer than `limit` bytes."""
    begin = "from helpers.study import progress\n"
    if limit is not None:
        begin += f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    return subprocess.run(
        [sys.executable, "-c", begin + textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A progress file for processes, which are the user that the tests are."""
    path = tmp_path / "progress.json"
    path.write_text(json.dumps(BEFORE))
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return path


def test_a_disk_that_is_full_loses_nothing_that_was_said_to_be_kept(own: Path):
    done = in_a_process(
        """
        for number in range(100):
            said = progress.record(f"exercise {number}", True)
            print(number, said)
            if "could not be kept" in said and "Until it can be" not in said:
                break
        else:
            raise SystemExit("the disk was never full")
        """,
        limit=2000,
    )
    assert done.returncode == 0, done.stderr
    *kept, lost = done.stdout.splitlines()
    assert any("File too large. Until it can be, it is in" in line for line in kept)
    json.loads(own.read_bytes())
    assert progress.passed() == {"old"} | {f"exercise {n}" for n in range(len(kept))}
    assert "File too large" in lost


def test_two_processes_that_keep_progress_beside_it_lose_nothing(own: Path):
    own.write_text(json.dumps(BEFORE | {"version": 99}))
    code = """
        import sys
        for number in range(25):
            progress.record("shared", False)
            assert not progress.keep_prediction(f"05 {sys.argv[1]} {number}", number)
            assert progress.attempts("shared") > number
    """
    command = [sys.executable, "-c", "from helpers.study import progress\n" + textwrap.dedent(code)]
    writers = [subprocess.Popen([*command, str(each)], cwd=ROOT) for each in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    own.write_text(json.dumps(BEFORE))
    assert progress.attempts("shared") == 75
    assert len(progress.kept()["predictions"]) == 76
    assert names(own.parent) == [own.name]


def test_processes_that_find_a_side_file_at_once_take_it_in_once(own: Path):
    beside(own).write_text(json.dumps(BEFORE))
    code = "assert progress.passed() == {'old'} and progress.attempts('old') in (2, 4)"
    command = [sys.executable, "-c", f"from helpers.study import progress\n{code}"]
    readers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [reader.wait(60) for reader in readers] == [0, 0, 0]
    assert progress.attempts("old") == 4
