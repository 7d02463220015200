"""Progress as a page, where somebody was, and how long they worked."""

import json
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from drive.on_disk import ROOT

from helpers.study import at_work, first_cell, progress, progress_page
from helpers.study.calibration import Guess, calibration, finding, guesses, told_how_sure
from helpers.study.fresh import start_over
from helpers.study.times import ago, in_words
from helpers.study.to_repeat import to_repeat
from helpers.study.where import place_of

NOW = datetime(2026, 12, 1, 9, 30)
FILE = "05_packet_loss.ipynb"


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own, a clock, and a notebook that runs."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    monkeypatch.setenv("JPY_SESSION_NAME", str(ROOT / "notebooks" / FILE))
    monkeypatch.setattr(at_work, "_now", lambda: NOW.isoformat(timespec="minutes"))
    return path


def a_cell() -> str:
    """The id of a cell in the middle of chapter 05."""
    cells = json.loads((ROOT / "notebooks" / FILE).read_text(encoding="utf-8"))["cells"]
    return [each["id"] for each in cells if each["cell_type"] == "code"][10]


def page(now: datetime = NOW) -> progress_page.ProgressPage:
    return progress_page.ProgressPage(now)


# --- The page


def test_at_first_the_page_is_the_map_and_asks_for_nothing():
    shown = page()._repr_html_()
    assert "0 of 36 exercises passed" in shown or "exercises passed" in shown
    assert "Go on" not in shown and "Repeat" not in shown and "Time" not in shown
    assert page().rows[0].title == "Start here"


def test_who_comes_back_is_led_to_the_cell_and_its_heading():
    at_work.keep_work("05", 3600, a_cell())
    shown = page(NOW + timedelta(days=16))
    heading = place_of(FILE, a_cell()).heading
    assert heading
    assert repr(shown).startswith(f"Go on in chapter 05, at “{heading}”")
    assert f'href="{FILE}#cell-id={a_cell()}"' in shown._repr_html_()
    assert "16 days ago" in shown._repr_html_()
    assert "about 1 h" in repr(shown)


def test_a_cell_that_is_there_no_more_leads_to_the_chapter():
    at_work.keep_work("05", 60, "gone")
    assert f'href="{FILE}"' in page()._repr_html_()


def test_the_first_cell_leads_back_after_a_break_and_else_says_nothing(monkeypatch):
    shown = []
    monkeypatch.setattr(first_cell, "publish_display_data", shown.append)
    first_cell.lead_back(NOW)
    at_work.keep_work("05", 60, a_cell())
    first_cell.lead_back(NOW + timedelta(hours=1))
    assert shown == []
    first_cell.lead_back(NOW + timedelta(days=1))
    assert f"#cell-id={a_cell()}" in shown[0]["text/html"]
    assert shown[0]["text/plain"].startswith("You were here yesterday. Go on at “")


def test_what_was_tried_missed_or_far_off_is_to_be_repeated_until_it_is_done():
    progress.record("wilson", False)
    progress.keep_answer("05 loss", "x", False)
    for value, measured in ((8, 8), (100, 3)):
        progress.keep_prediction(f"05 {value}", value)
        progress.keep_measured(f"05 {value}", measured)
    items = to_repeat(page().rows, NOW)
    assert "prediction “100”" in [each.what for each in items]
    assert "prediction “8”" not in [each.what for each in items]
    progress.keep_prediction("05 100", 3)
    assert not [each for each in to_repeat(page().rows, NOW) if "prediction" in each.what]


def test_an_exercise_that_was_tried_is_repeated_until_it_is_passed():
    progress.record("resolve", False)
    (item,) = to_repeat(page().rows, NOW)
    assert (item.row.number, item.what) == ("01", "exercise `resolve`")
    assert item.place.cell
    progress.record("resolve", True)
    assert to_repeat(page().rows, NOW) == []


def test_the_page_can_be_kept_as_a_file_without_links(capsys, file):
    at_work.keep_work("05", 60, a_cell())
    page().save()
    text = (file.parent / "progress.html").read_text(encoding="utf-8")
    assert "<a " not in text
    assert "@media print" in text


# --- How near predictions were


def test_near_is_within_a_factor_of_two_and_the_rest_has_a_tendency():
    many = [Guess(f"01 {n}", n, 10) for n in (1, 2, 3, 9, 20)]
    assert [each.far for each in many] == [True, True, True, False, False]
    assert finding(many) == (
        "2 of 5 first predictions were near; those far off were mostly too low"
    )


@pytest.mark.parametrize(
    ("predicted", "measured", "off"),
    [(0, 0, 0), (0, 5, -float("inf")), (5, 0, float("inf")), (-1, -10, 1), (100, 10, 1)],
)
def test_how_far_off_is_a_power_of_ten(predicted, measured, off):
    assert Guess("01 a", predicted, measured).off == pytest.approx(off)


def test_the_picture_takes_all_numbers_and_choices():
    odd = [Guess("01 a", 0, 5), Guess("01 b", "yes", "no"), Guess("02 c", 1e300, 1e-300)]
    drawn = calibration([*odd, Guess("02 d", 2, 2)])
    assert drawn.svg.count("<circle") == 2  # one is the legend's
    assert "Near: 0 of 2 in chapter 01, 1 of 2 in chapter 02." in drawn.alt


def test_how_sure_one_was_is_kept_until_the_result_is_known_and_set_beside_what_was_near():
    for number, level in enumerate(("sure", "sure", "a guess")):
        progress.keep_prediction(f"05 {number}", 10)
        progress.keep_sure(f"05 {number}", level)
        progress.keep_measured(f"05 {number}", 10 if number else 99)
        progress.keep_sure(f"05 {number}", "fairly sure")
    assert told_how_sure(guesses()) == [("a guess", 1, 1), ("sure", 1, 2)]
    assert "a guess: 1 of 1, sure: 1 of 2." in page()._repr_html_()


# --- Time


def test_a_pause_counts_for_little(monkeypatch):
    now = 100.0
    monkeypatch.setattr(at_work.time, "monotonic", lambda: now)
    clock = at_work.Clock()
    for later in (0, 60.5, 80_000):
        now += later
        clock.sign()
    assert clock.taken() == 60 + at_work.PAUSE
    assert clock.taken() == 0


def test_cells_of_a_program_count_nothing_and_of_run_all_only_the_first_is_a_place(monkeypatch):
    shell = SimpleNamespace(get_parent=lambda: {"header": {"date": sent}})
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    monkeypatch.setattr(at_work, "_asked", None)
    sent = NOW.astimezone()
    for seconds, cell in ((0, None), (1, "a"), (0.01, "b"), (0.01, "c")):
        sent += timedelta(seconds=seconds)
        info = SimpleNamespace(cell_id=cell)
        at_work._begins(info)
        at_work._has_ended(SimpleNamespace(info=info))
    assert at_work.work()["05"]["cell"] == "a"


def test_to_start_a_chapter_over_forgets_where_one_was_in_it(capsys):
    at_work.keep_work("05", 60, "a")
    at_work.keep_work("A1", 60, "a")
    start_over("05")
    assert list(at_work.work()) == ["A1"]
    start_over(everything=True)
    assert at_work.work() == {}


def test_time_is_told_in_words():
    assert [in_words(each) for each in (20, 140, 2_110, 7_300, 7_800)] == [
        "a minute",
        "2 minutes",
        "35 minutes",
        "2 h",
        "2 h 10 min",
    ]
    assert [ago(each, NOW) for each in ("2026-12-01T01:00", "2026-11-30T23:00", "?")] == [
        "today",
        "yesterday",
        "some time ago",
    ]


def test_work_of_two_files_becomes_one_and_moves_with_its_chapter():
    from helpers.study.renumbered import merged, under_new_names

    one = {"seconds": 60, "last": "2026-11-01T09:00", "cell": "a"}
    other = {"seconds": 30, "last": "2026-11-02T09:00"}
    empty = {"exercises": {}, "predictions": {}, "quizzes": {}}
    assert under_new_names({**empty, "work": {"07": one}})["work"] == {"08": one}
    both = merged({**empty, "work": {"01": one}}, {**empty, "work": {"01": other}})
    assert both["work"] == {"01": {"seconds": 90, "last": "2026-11-02T09:00"}}
