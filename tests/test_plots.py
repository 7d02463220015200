"""Pictures that carry their alternative text, and the course's chart style."""

import base64
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image

from helpers.plots import Picture, chart, new_figure


def test_a_picture_is_a_png_that_is_not_blank():
    figure, axes = chart("Delay grows", "time (s)", "delay (ms)")
    axes.plot([1, 2, 3])
    pixels = image.imread(io.BytesIO(Picture(figure, "a line").png))
    assert pixels.shape[1] == 2 * 7 * 96
    assert pixels.std() > 0


def test_a_picture_is_shown_with_its_alternative_text():
    shown = Picture(new_figure(), "what it shows")._repr_mimebundle_()
    assert shown["text/html"].startswith('<img alt="what it shows" width="672" height=')
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
    assert not set('<>"') & set(head.removeprefix('<img alt="'))


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
