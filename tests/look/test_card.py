"""The parts that outputs are made of: escaped, closed, and readable without their looks."""

import html.parser
import re

import pytest

from helpers.look import card as parts
from helpers.look.byte_rows import byte_rows
from helpers.look.choice import Feedback

ODD = "<b> & `c < d`"


class Reader(html.parser.HTMLParser):
    """Fails where an element is not closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "shown",
    [
        parts.card("check", ODD, "<p>in it</p>", state="right"),
        parts.verdict("wrong", ODD),
        parts.paragraph(ODD, ODD),
        parts.fold(ODD, "<p>in it</p>"),
        parts.nested_folds(("one", "two"), (ODD, ODD)),
        parts.block(ODD),
    ],
)
def test_every_part_is_escaped_and_closed(shown: str):
    Reader(shown)
    assert "<b>" not in shown


def test_a_card_without_its_looks_still_says_all():
    shown = parts.card(
        "check", "Check", parts.verdict("wrong", "ask: 1 of 2 failed"), state="wrong"
    )
    assert re.sub("<[^>]+>", "", shown) == "✗ ask: 1 of 2 failed"
    assert "<strong>ask: 1 of 2 failed</strong>" in shown


def test_a_sign_is_not_read_out_for_words_beside_it_say_the_same():
    assert 'aria-hidden="true"' in parts.sign("right")


def test_folds_open_one_by_one():
    shown = parts.nested_folds(("first", "second"), ("one", "two"))
    assert shown.index("first") < shown.index("one") < shown.index("second") < shown.index("two")
    assert shown.count("</details>") == 2 and shown.endswith("</div></details></div></details>")
    assert parts.nested_folds(("first",), ()) == ""


def test_what_an_answer_says_has_a_sign_and_its_text_has_none():
    feedback = Feedback()
    feedback.say("B: Right.", "`a < b`", state="right")
    assert "✓" in feedback.widget.value
    assert feedback.text == "B: Right. a < b"
    feedback.widget.close()


# Bytes


def test_bytes_are_shown_eight_in_a_row_with_their_place_and_as_text():
    assert repr(byte_rows(b'\x00\x00\x00\x0d{"on": <1>}\n')) == (
        '   0  00 00 00 0d 7b 22 6f 6e  ....{"on\n   8  22 3a 20 3c 31 3e 7d 0a  ": <1>}.'
    )


def test_bytes_are_escaped_in_html():
    shown = byte_rows(b"<b>&")._repr_html_()
    assert "<code>3c 62 3e 26</code>" in shown and "<code>&lt;b&gt;&amp;</code>" in shown


def test_many_bytes_are_cut_and_counted():
    rows = byte_rows(bytes(5_000), most=16)
    assert repr(rows).splitlines()[-1] == "… and 4,984 more of 5,000 bytes"
    assert "… and 4,984 more of 5,000 bytes" in rows._repr_html_()
    assert len(repr(rows).splitlines()) == 3


def test_no_bytes_are_told_as_none():
    assert repr(byte_rows(b"")) == "No bytes."
    assert "<table" not in byte_rows(b"")._repr_html_()


def test_less_than_a_byte_is_refused():
    with pytest.raises(ValueError, match="1 byte or more"):
        byte_rows(b"abc", most=0)
