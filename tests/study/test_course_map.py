"""The map of the course."""

import shutil
import sys

import pytest
from drive.on_disk import ROOT

from helpers.study import progress
from helpers.study.about import assignments, chapters
from helpers.study.course_map import CourseMap, Row, course_map


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(sys.modules["helpers.study.course_map"], "NOTEBOOKS", tmp_path)
    shutil.copytree(ROOT / "notebooks" / "source", tmp_path / "source")
    return tmp_path


def states() -> dict[str, str]:
    return {row.number: row.state for row in course_map().rows}


def test_every_chapter_and_every_assignment_is_on_the_map():
    assert list(states()) == [each.number for each in (*chapters(), *assignments())]


def test_an_assignment_shows_its_points(folders):
    (folders / "assignments").mkdir()
    (folders / "assignments" / "A1_thermostat.ipynb").touch()
    assert states()["A1"] == "not assessed yet"
    progress.record_assignment("A1", 7, 20)
    assert states()["A1"] == "7 of 20 points"
    progress.record_assignment("A1", 20, 20)
    assert states()["A1"] == "20 of 20 points ✓"


def test_a_chapter_that_is_not_written_is_to_come():
    assert set(states().values()) == {"to come"}


def test_a_source_that_an_older_version_left_is_no_chapter_of_the_map(folders):
    (folders / "01_what_is_a_socket.ipynb").touch()
    shutil.copy(folders / "source" / "01_what_is_a_socket.py", folders / "source" / "01_of_old.py")
    assert [row.file for row in course_map().rows if row.number == "01"] == [
        "01_what_is_a_socket.ipynb"
    ]


def test_a_chapter_without_exercises_says_so(folders):
    (folders / "00_start_here.ipynb").touch()
    assert states()["00"] == "nothing to pass"


def test_the_map_counts_what_has_been_passed(folders):
    (folders / "01_what_is_a_socket.ipynb").touch()
    progress.record("resolve", True)
    progress.record("pack_reading", False)
    assert states()["01"] == "1 of 3 exercises passed"


def test_a_chapter_that_is_done_has_a_mark(folders):
    (folders / "01_what_is_a_socket.ipynb").touch()
    for name in ("resolve", "pack_reading", "unpack_reading"):
        progress.record(name, True)
    assert states()["01"] == "3 of 3 exercises passed ✓"


def test_a_written_chapter_is_a_link(folders):
    (folders / "02_tcp_server_and_client.ipynb").touch()
    assert (
        '<a href="02_tcp_server_and_client.ipynb">A TCP server and its client</a>'
        in course_map()._repr_html_()
    )


def test_the_map_reads_as_plain_text():
    assert repr(course_map()).startswith("00 Start here: to come\n01 What is a socket?: to come\n")


def test_titles_are_escaped_in_html():
    shown = CourseMap([Row("00", "<b>", "", [], [])])._repr_html_()
    assert "&lt;b&gt;" in shown


def test_a_version_that_a_learner_kept_is_no_chapter(folders):
    (folders / "kept-1_02_tcp_server_and_client.ipynb").touch()
    assert states()["02"] == "to come"
    (folders / "02_tcp_server_and_client.ipynb").touch()
    assert course_map().rows[2].file == "02_tcp_server_and_client.ipynb"


def test_predictions_and_answers_do_not_count_as_exercises(folders):
    (folders / "01_what_is_a_socket.ipynb").touch()
    progress.keep_prediction("01 addresses", 3)
    progress.keep_answer("01 ports", "yes", True)
    assert states()["01"].startswith("0 of 3 ")
