"""Recall: which questions come first, and that they stay for a while."""

import importlib
import re
from datetime import datetime, timedelta

import pytest
from drive.on_disk import SOURCES

from helpers.study import progress, renumbered
from helpers.study.cards import _open
from helpers.study.finding import chapters_with
from helpers.study.questions import questions_of
from helpers.study.review import chosen, review

NOW = datetime(2026, 12, 1, 9, 30)
ASKED = importlib.import_module("helpers.look.asked")
REVIEW = importlib.import_module("helpers.study.review")


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own, and a clock."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    set_clock(monkeypatch, NOW)
    return path


@pytest.fixture(autouse=True)
def shown(monkeypatch) -> list[dict]:
    """Each bundle that is displayed; the questions are closed at the end."""
    seen: list[dict] = []
    for module in (ASKED, REVIEW):
        monkeypatch.setattr(module, "publish_display_data", lambda data, **_: seen.append(data))
    yield seen
    for each in _open.values():
        each.close()
    _open.clear()


def set_clock(monkeypatch, now: datetime) -> None:
    monkeypatch.setattr(progress, "_now", lambda: now.isoformat(timespec="minutes"))


def test_at_first_the_nearest_three_chapters_are_recalled():
    assert [name[:2] for name in chosen("05", NOW)] == ["02", "03", "04"]
    assert [name[:2] for name in chosen("01", NOW)] == ["00", "00", "00"]


def test_without_progress_no_question_comes_three_times():
    asked = [name for chapter in chapters_with("recall") for name in chosen(chapter, NOW)]
    assert max(map(asked.count, asked)) == 2


def test_nothing_of_this_chapter_or_a_later_one_is_recalled():
    for chapter in ("01", "02", "06"):
        assert all(name[:2] < chapter for name in chosen(chapter, NOW))


def test_what_was_missed_comes_first():
    progress.keep_answer("00 who waits", "The client: it starts.", False)
    assert "00 who waits" in chosen("06", NOW)


def test_what_was_missed_and_then_known_comes_no_more():
    progress.keep_answer("00 who waits", "x", False)
    progress.keep_answer("00 who waits", "y", True, missed=False)
    assert "00 who waits" not in chosen("06", NOW)


def test_a_right_answer_after_a_wrong_one_is_still_a_miss():
    review("01")
    name = chosen("01", NOW)[0]
    card = _open[name]
    for choice in sorted(card.choices, key=lambda each: card.question.choices[each].is_right):
        card.buttons[choice].click()
    assert progress.answers()[name]["right"] is True
    assert progress.seen()[name]["missed"] is True


@pytest.mark.parametrize(("value", "measured", "is_bad"), [(80, 8, True), (9, 8, False)])
def test_what_was_predicted_badly_is_recalled(value, measured, is_bad):
    progress.keep_prediction("02 first recv", value)
    progress.keep_measured("02 first recv", measured)
    for chapter in ("06", "07"):  # where nothing else would bring it
        assert ("02 an empty recv" in chosen(chapter, NOW)) is is_bad


def test_a_choice_that_was_predicted_wrongly_is_recalled():
    progress.keep_prediction("03 toggle", "on")
    progress.keep_measured("03 toggle", "off")
    assert "03 again" in chosen("07", NOW)


def test_a_quiz_that_was_missed_brings_its_question_to_recall():
    progress.keep_answer("00 bytes", "x", False)
    assert "00 text and bytes" in chosen("06", NOW)


def test_a_chapter_asks_the_same_ones_for_half_a_day_and_then_others(monkeypatch):
    before = chosen("05", NOW)
    review("05")
    for name in before:
        progress.keep_answer(name, "x", True)
    assert chosen("05", NOW + timedelta(hours=3)) == before
    assert not set(chosen("05", NOW + timedelta(days=1))) & set(before)


def test_what_another_chapter_has_just_asked_is_not_asked_again():
    review("05")
    assert not set(chosen("05", NOW)) & set(chosen("06", NOW))


def test_what_was_not_seen_for_long_comes_before_what_was_seen_lately(monkeypatch):
    names = [f"{n} {words}" for n in ("00",) for words in questions_of(n, "recall")]
    names += [f"01 {words}" for words in questions_of("01", "recall")]
    for days, name in enumerate(names):
        set_clock(monkeypatch, NOW - timedelta(days=9 - days))
        progress.keep_answer(name, "x", True)
    assert chosen("02", NOW) == sorted(names[:3])


def test_three_questions_are_shown_with_the_chapter_that_they_come_from(shown):
    review("03")
    asked = [each["text/plain"] for each in shown if "Run this cell" in each["text/plain"]]
    assert [text.partition(".")[0][-2:] for text in asked] == ["00", "01", "02"]


def test_before_the_first_chapter_there_is_nothing_to_recall(capsys):
    review("00")
    assert capsys.readouterr().out == "There is nothing to recall before this chapter.\n"


@pytest.mark.parametrize("chapter", [5, "5", "5 x", None])
def test_what_is_no_chapter_is_refused(chapter):
    with pytest.raises(ValueError, match='as in "05"'):
        review(chapter)


def test_a_file_that_can_not_be_written_blocks_nothing(tmp_path, monkeypatch, shown):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    review("03")
    assert len(_open) == 3


def test_what_is_kept_moves_with_a_new_number(monkeypatch, file):
    monkeypatch.setattr(renumbered, "STEPS", ())
    progress.keep_answer("07 backlog", "x", False)
    monkeypatch.setattr(renumbered, "STEPS", ({"07": "08"},))
    assert progress.seen() == {"08 backlog": {"answered": "2026-12-01T09:30", "missed": True}}


def test_two_copies_become_one_and_the_later_answer_counts():
    progress.keep_answer("07 backlog", "x", False)
    found = progress.look_at(progress.progress_file())
    progress.keep_answer("07 backlog", "y", True)
    progress.take_over(found)
    assert progress.seen()["07 backlog"]["missed"] is False


def test_damage_in_it_is_kept_aside(file, capsys):
    file.write_text('{"version": 1, "seen": {"02 a": {"missed": 1}, "02 b": {"missed": true}}}')
    assert progress.seen() == {"02 b": {"missed": True}}
    assert "02 a" in capsys.readouterr().out


# --- The course's own


@pytest.mark.parametrize("chapter", chapters_with("quizzes"))
def test_every_chapter_has_three_questions_to_recall_which_are_no_copies(chapter):
    recall, quizzes = (questions_of(chapter, kind) for kind in ("recall", "quizzes"))
    assert len(recall) >= 3
    assert not {each.text for each in recall.values()} & {each.text for each in quizzes.values()}


@pytest.mark.parametrize("chapter", chapters_with("recall"))
def test_what_a_question_to_recall_is_about_exists_in_its_chapter(chapter):
    source = next(path for path in SOURCES if path.name.startswith(chapter))
    asked = re.findall(r'\b(?:quiz|predict)\(\s*"(.+?)"', source.read_text(encoding="utf-8"))
    for question in questions_of(chapter, "recall").values():
        assert {f"{chapter} {each}" for each in question.about} <= set(asked)
