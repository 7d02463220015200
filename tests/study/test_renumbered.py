"""What was kept under an old number or name comes under the new one, and nothing goes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.study import progress, renumbered

# Chapter 07 became 08 and 09, what came after it moved, and one exercise has another name.
STEPS = (
    {"07": "08", "07 thousand": "09 thousand", "08": "10", "ask": "ask_twice"},
    {"08 room": "08 space"},
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A progress file of this test's own, in a course that has been renumbered twice."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    monkeypatch.setattr(renumbered, "STEPS", STEPS)
    return path


def kept_before(**more: object) -> str:
    tried = {"attempts": 2, "passed": True}
    predictions = {"05 pieces": 5, "07 room": 7, "07 thousand": 70, "08 later": 8}
    quizzes = {"07 room": {"choice": "yes", "right": True}}
    exercises = {"ask": tried, "resolve": tried}
    return json.dumps(
        {"exercises": exercises, "predictions": predictions, "quizzes": quizzes} | more
    )


def test_a_file_without_a_version_is_of_the_first_and_is_read_under_new_names(file: Path):
    file.write_text(kept_before())
    assert progress.kept() == {
        "exercises": ["ask_twice", "resolve"],
        "predictions": ["05 pieces", "08 space", "09 thousand", "10 later"],
        "quizzes": ["08 space"],
    }
    assert progress.prediction("09 thousand") == 70
    assert progress.attempts("ask_twice") == 2


def test_reading_changes_no_file_and_the_next_entry_writes_new_names_and_the_version(file: Path):
    file.write_text(kept_before())
    progress.passed()
    assert file.read_text() == kept_before()
    progress.record("resolve", True)
    written = json.loads(file.read_text())
    assert written["version"] == 3
    assert sorted(written["predictions"]) == ["05 pieces", "08 space", "09 thousand", "10 later"]
    assert progress.kept()["predictions"] == sorted(written["predictions"])


def test_a_file_of_the_second_version_is_moved_by_the_last_step_alone(file: Path):
    file.write_text(kept_before(version=2))
    assert progress.kept()["predictions"] == ["05 pieces", "07 room", "07 thousand", "08 later"]
    assert progress.kept()["exercises"] == ["ask", "resolve"]


def test_two_that_come_under_one_name_are_one(file: Path):
    tried = {"ask": {"attempts": 2, "passed": True}, "ask_twice": {"attempts": 1, "passed": False}}
    file.write_text(json.dumps({"exercises": tried}))
    assert (progress.passed(), progress.attempts("ask_twice")) == ({"ask_twice"}, 3)


def test_a_damaged_file_of_old_is_mended_and_moved(file: Path):
    file.write_text(kept_before(quizzes=5))
    assert progress.prediction("09 thousand") == 70
    assert (file.parent / "progress-damaged.json").read_text() == kept_before(quizzes=5)
    assert progress.prediction("09 thousand") == 70


def test_every_step_of_the_course_is_a_table_of_names():
    for step in renumbered.STEPS:
        assert all(isinstance(name, str) and name for pair in step.items() for name in pair)


SECTION = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 9))


@given(first=SECTION, then=SECTION)
def test_of_two_files_nothing_goes(first: dict, then: dict):
    def data(numbers: dict) -> dict:
        tried = {name: {"attempts": n, "passed": n > 4} for name, n in numbers.items()}
        said = {name: {"choice": str(n), "right": True} for name, n in numbers.items()}
        return {"exercises": tried, "predictions": numbers, "quizzes": said}

    both = renumbered.merged(data(first), data(then))
    assert both["predictions"] == then | first
    assert both["quizzes"] == data(first | then)["quizzes"]
    for name in first | then:
        entry = both["exercises"][name]
        assert entry["attempts"] == first.get(name, 0) + then.get(name, 0)
        assert entry["passed"] == (max(first.get(name, 0), then.get(name, 0)) > 4)
