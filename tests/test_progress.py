"""What the learner has passed, in one file that survives accidents."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from conftest import ROOT

from helpers import progress


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own; it does not exist yet."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def others(file) -> list[str]:
    return sorted(each.name for each in file.parent.iterdir() if each != file)


def test_nothing_is_passed_at_first():
    assert (progress.passed(), progress.attempts("resolve")) == (set(), 0)


def test_looking_creates_no_file(file):
    progress.passed()
    assert not file.exists()


def test_a_passed_exercise_is_remembered():
    assert progress.record("resolve", True) == ""
    assert progress.passed() == {"resolve"}


def test_attempts_are_counted():
    for _ in range(3):
        progress.record("resolve", False)
    assert (progress.attempts("resolve"), progress.passed()) == (3, set())


def test_what_was_passed_once_stays_passed():
    progress.record("resolve", True)
    progress.record("resolve", False)
    assert progress.passed() == {"resolve"}


def test_starting_over_with_one_exercise_keeps_the_others():
    progress.record("a", True)
    progress.record("b", True)
    progress.start_over("a")
    assert progress.passed() == {"b"}


def test_starting_over_with_an_exercise_that_was_never_tried_is_fine():
    progress.start_over("never")
    assert progress.passed() == set()


def test_starting_over_forgets_everything():
    progress.record("a", True)
    progress.start_over()
    assert (progress.passed(), progress.attempts("a")) == (set(), 0)


def test_writing_leaves_no_other_file(file):
    progress.record("a", True)
    assert others(file) == []


def test_a_write_that_fails_leaves_the_old_file_and_no_other(file, monkeypatch):
    progress.record("a", True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left on device" in progress.record("b", True)
    assert progress.passed() == {"a"}
    assert others(file) == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff\xfe\x00",
        b'{"a": 5}',
        b'{"a": {}}',
        b'{"a": {"attempts": "x"}}',
    ],
)
def test_a_damaged_file_is_kept_aside_and_said_so(file, capsys, damage):
    file.write_bytes(damage)
    assert progress.passed() == set()
    assert (file.parent / "progress-damaged.json").read_bytes() == damage
    assert "kept as progress-damaged.json" in capsys.readouterr().out


def test_a_new_file_begins_after_a_damaged_one(file):
    file.write_text("{")
    progress.record("a", True)
    assert json.loads(file.read_text()) == {"a": {"attempts": 1, "passed": True}}


def test_a_lock_that_was_left_behind_is_broken(file):
    lock = file.with_suffix(".lock")
    lock.touch()
    os.utime(lock, (0, 0))
    assert progress.record("a", True) == ""
    assert not lock.exists()


def test_a_lock_that_another_holds_on_to_gives_a_sentence(file, monkeypatch):
    file.with_suffix(".lock").touch()
    monkeypatch.setattr(progress, "_STALE", 0.02)
    monkeypatch.setattr(progress.time, "time", lambda: 0.0)  # so the lock never gets old
    said = progress.record("a", True)
    assert said.startswith("This result could not be kept in progress.json")
    assert "\n" not in said


def test_a_folder_that_does_not_exist_gives_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    assert "could not be kept in progress.json (No such file" in progress.record("a", True)
    assert progress.passed() == set()


def test_a_folder_that_is_a_file_gives_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "could not be kept" in progress.record("a", True)
    assert progress.passed() == set()


def test_processes_that_write_at_once_lose_nothing():
    source = """
        from helpers import progress

        for number in range(25):
            assert progress.record("shared", False) == ""
    """
    writers = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(source)], cwd=ROOT)
        for _ in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert progress.attempts("shared") == 75
