"""Pictures that carry their alternative text, and the course's chart style."""

import base64
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image
from matplotlib.figure import Figure

from helpers.figures.plots import Picture, chart, marks, new_figure
from helpers.look.palette import BLUE, GREEN, ORANGE, RED
from helpers.look.picture import PICTURE_CLASS


def test_a_picture_is_a_png_that_is_not_blank():
    figure, axes = chart("Delay grows", "time (s)", "delay (ms)")
    axes.plot([1, 2, 3])
    pixels = image.imread(io.BytesIO(Picture(figure, "a line").png))
    assert pixels.shape[1] == 2 * 7 * 96
    assert pixels.std() > 0


def test_a_picture_keeps_the_colours_that_were_drawn():
    figure, axes = chart("Four lines", "x", "y")
    drawn = (BLUE, ORANGE, GREEN, RED, "#FFFFFF")
    for height, colour in enumerate(drawn):
        axes.plot([0, 1], [height, height], color=colour, linewidth=4)
    pixels = image.imread(io.BytesIO(Picture(figure, "four lines").png))[..., :3] * 255
    for colour in drawn:
        rgb = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        assert abs(pixels - rgb).max(axis=2).min() <= 3


def test_any_figure_is_drawn_in_its_size_and_left_as_it_was():
    figure = Figure(figsize=(3, 2), dpi=70)  # with no canvas for pixels
    figure.subplots().plot([1, 2, 3])
    pixels = image.imread(io.BytesIO(Picture(figure, "a line").png))
    assert pixels.shape[:2] == (2 * 2 * 96, 2 * 3 * 96)
    assert pixels.std() > 0
    assert (figure.dpi, list(figure.get_size_inches())) == (70, [3, 2])


def test_a_picture_of_lines_and_words_is_kept_small():
    figure, axes = chart("Delay grows", "time (s)", "delay (ms)")
    axes.plot([1, 2, 3], label="measured")
    axes.legend()
    everything = io.BytesIO()
    figure.savefig(everything, format="png", dpi=2 * 96)
    assert 2 * len(Picture(figure, "a line").png) < len(everything.getvalue())


def test_marks_are_drawn_without_lines_and_may_be_none():
    _, axes = chart("Marks", "x", "y")
    marks(axes, iter([(1, 2), (3, 4)]), "o", BLUE, "some")
    marks(axes, [], "x", RED, "none")
    some, none = axes.get_lines()
    assert (list(some.get_xdata()), list(some.get_ydata())) == ([1, 3], [2, 4])
    assert (some.get_linestyle(), some.get_color()) == ("None", BLUE)
    assert len(none.get_xdata()) == 0
    assert axes.get_legend_handles_labels()[1] == ["some", "none"]


def test_a_picture_is_shown_with_its_alternative_text():
    shown = Picture(new_figure(), "what it shows")._repr_mimebundle_()
    start = f'<img class="{PICTURE_CLASS}" alt="what it shows" width="672" height='
    assert shown["text/html"].startswith(start)
    assert shown["text/plain"] == "what it shows"


def test_the_shown_picture_is_the_picture():
    picture = Picture(new_figure(), "empty")
    data = re.search('base64,([^"]+)', picture._repr_mimebundle_()["text/html"])[1]
    assert base64.b64decode(data) == picture.png


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_picture_without_alternative_text_is_refused(alt):
    with pytest.raises(ValueError, match="alternative text"):
        Picture(new_figure(), alt)


PICTURE = Picture(new_figure(1, 1), "x")


@settings(max_examples=50)
@given(st.text(min_size=1).filter(str.strip))
def test_alternative_text_can_not_break_out_of_its_attribute(alt):
    PICTURE.alt = alt
    head, *_ = PICTURE._repr_mimebundle_()["text/html"].partition('" width="')
    assert not set('<>"') & set(head.partition('alt="')[2])


def test_a_chart_has_title_and_labels():
    _, axes = chart("The finding", "time (s)", "delay (ms)")
    assert axes.get_title(loc="left") == "The finding"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time (s)", "delay (ms)")


def test_the_same_chart_gives_the_same_bytes():
    def draw() -> bytes:
        figure, axes = chart("Same", "x", "y")
        axes.plot([1, 2])
        return Picture(figure, "same").png

    assert draw() == draw()
