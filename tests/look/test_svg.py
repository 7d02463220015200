"""SVG written as text: how wide words are without a font, and escaping."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from helpers.look.svg import escaped, short, text_width

ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)


@given(ASCII)
def test_words_have_at_least_the_room_that_a_wide_font_takes(text: str):
    font = FontProperties(family="DejaVu Sans", size=12)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    assert text_width(text, 12) >= width - 1  # the last letter may lean over its own end


@pytest.mark.parametrize(
    ("text", "em"),
    [("é", text_width("e", 1)), ("e\u0301", text_width("e", 1)), ("温🌡", 2.3), ("…", 1.0)],
)
def test_letters_beyond_ascii_have_room(text: str, em: float):
    assert text_width(text, 1) >= em


@given(st.text())
def test_any_text_can_stand_in_xml(text: str):
    assert ET.fromstring(f"<a>{escaped(text)}</a>").text in (escaped_back(text), None)


def escaped_back(text: str) -> str:
    """What a reader of the XML gets: the text, but for what can't be printed."""
    return escaped(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_what_can_be_printed_is_kept_and_what_can_not_is_pictured():
    assert escaped("a\u00a0b 5 €") == "a\u00a0b 5 €"
    assert escaped("\0\n\x7f\u202e\ud800") == "␀␊���"


def test_coordinates_are_short():
    assert [short(n) for n in (1.0, 2.04, 1234.56, -0.5)] == ["1", "2", "1234.6", "-0.5"]
