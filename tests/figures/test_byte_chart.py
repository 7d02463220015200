"""A stream drawn byte by byte."""

import pytest

from helpers.figures.byte_chart import VERDICTS, byte_chart, draw_pieces, draw_verdicts
from helpers.figures.plots import Picture

STREAM = "on\ncafé\t\r".encode()


@pytest.fixture
def axes():
    return byte_chart("A title", STREAM, ["pieces", "reader"])[1]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def boxes(axes):
    """The left edge and the width of each box of the last collection drawn."""
    extents = [path.get_extents() for path in axes.collections[-1].get_paths()]
    return [(round(each.x0, 2), round(each.width, 2)) for each in extents]


def test_each_byte_is_written_in_a_column_of_its_own(axes):
    assert texts(axes)[1:] == ["o", "n", "↵", "c", "a", "f", "c3", "a9", "→", "←"]
    assert [text.get_position()[0] for text in axes.texts[1:]] == [n + 0.5 for n in range(10)]


def test_pieces_are_framed_where_they_were_cut(axes):
    draw_pieces(axes, [STREAM[:2], STREAM[2:]])
    assert boxes(axes) == [(0.08, 1.84), (2.08, 7.84)]


def test_each_verdict_has_a_mark_of_its_own_in_the_middle_of_its_part(axes):
    draw_verdicts(axes, [b"on\n", b"caf", b"\xc3\xa9\t\r"], list(VERDICTS), 1)
    marks = axes.texts[-3:]
    assert [mark.get_text() for mark in marks] == ["✓", "≠", "✗"]
    assert [mark.get_position() for mark in marks] == [(1.5, 1), (4.5, 1), (8, 1)]


def test_a_box_with_room_says_in_a_word_what_its_mark_means(axes):
    draw_verdicts(axes, [STREAM[:5], STREAM[5:]], ["another", "none"], 1)
    assert [text.get_text() for text in axes.texts[-2:]] == ["≠ wrong", "✗ none"]


def test_what_the_marks_mean_stands_above_or_not(axes):
    assert "≠ wrong: a command that nobody sent" in texts(axes)[0]
    assert texts(byte_chart("A title", STREAM, ["pieces"], legend=False)[1])[0] == "o"


@pytest.mark.parametrize("verdicts", [["right"], ["right", "good"]])
def test_a_verdict_that_is_missing_or_unknown_is_refused(axes, verdicts):
    with pytest.raises(ValueError):
        draw_verdicts(axes, [b"on\n", STREAM[3:]], verdicts, 1)


def test_nothing_can_be_drawn(axes):
    draw_pieces(axes, [])
    draw_verdicts(axes, [], [], 1)
    assert Picture(axes.figure, "An empty reader.").png
