"""What belongs to a chapter is found by the names of its files."""

import subprocess
import sys

import pytest
from drive.on_disk import ROOT

from helpers.study import finding


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """A folder of chapters of this test's own, and a package of it."""
    for name in ("chapter_03", "chapter_12", "chapter_x", "notes"):
        (tmp_path / name).mkdir()
    for path in (
        "chapter_03/ask.py",
        "chapter_03/_ask.py",
        "chapter_03/beliefs.py",
        "chapter_03/__init__.py",
        "chapter_12/Timer.py",
        "chapter_12/notes.txt",
        "chapter_x/none.py",
        "notes/none.py",
    ):
        (tmp_path / path).touch()
    for room in finding.ROOMS:
        (tmp_path / "chapter_12" / f"{room}.py").touch()
    monkeypatch.setattr(finding, "CHAPTERS", tmp_path)


def test_an_exercise_is_a_module_of_a_chapter_that_is_no_room_of_it(chapters):
    assert finding.exercises() == ["ask", "Timer"]
    assert finding.exercises("12") == ["Timer"]
    assert finding.exercises("13") == []


@pytest.mark.parametrize(
    "name", ["timer", "none", "_ask", "beliefs", "others", "__init__", "a.b", ""]
)
def test_what_is_no_exercise_is_not_found(chapters, name):
    assert finding.find_exercise(name) is None


def test_a_room_that_a_chapter_lacks_is_none(chapters):
    assert finding.find_room("03", "quizzes") is None
    assert finding.find_room("99", "quizzes") is None


def test_only_what_is_asked_for_is_loaded():
    code = """
        import sys
        from helpers.study.finding import find_exercise
        assert find_exercise("ask").cases
        print(*sorted(name for name in sys.modules if name.startswith("helpers.chapters.")))
    """
    lines = "\n".join(line.strip() for line in code.split("\n"))
    done = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "helpers.chapters.chapter_02.ask" in loaded, done.stderr
    assert {name.split(".")[2] for name in loaded} == {"chapter_02"}
    assert "helpers.chapters.chapter_02.echo_server" not in loaded
