"""A trace drawn as a sequence diagram."""

import io
import warnings

import pytest
from matplotlib import image

from helpers.figures.plots import Picture
from helpers.trace import diagram as diagrams
from helpers.trace.diagram import (
    MOST_EVENTS,
    MOST_LIFELINES,
    STYLES,
    alternative_text,
    lifelines,
    sequence_diagram,
)
from helpers.trace.trace import KINDS, Trace


def conversation(count: int = 1) -> Trace:
    trace = Trace()
    at = trace._start  # not the moment of each: a machine that stalls would make a pause of it
    trace.begin(at, "client 1", "server", "connect", b"", "delivered")
    for number in range(1, count):
        moment = at + number * 1e-6
        trace.begin(moment, "server", "client 1", "data", b"Welcome!\n", "delivered")
    return trace


def crowd(clients: int, events: int, payload: bytes, delay: float) -> Trace:
    """Clients and a server that all talk at once; every fifth packet is lost."""
    trace = Trace()
    start = trace._start
    for number in range(events):
        names = (f"client {number % clients + 1}", "server")
        now, lost = start + number * delay / 7, number % 5 == 0
        source, target = names if number % 3 else names[::-1]
        row = trace.begin(now, source, target, "datagram", payload, "in flight", "", number + 1)
        trace.drop(row, "burst loss") if lost else trace.deliver(row, now + delay)
    return trace


@pytest.fixture
def drawn(monkeypatch) -> list:
    """Every figure that becomes a picture."""
    figures = []
    monkeypatch.setattr(
        diagrams, "Picture", lambda figure, alt: figures.append(figure) or Picture(figure, alt)
    )
    return figures


def boxes(figure) -> list:
    """Where each text of a figure stands, in pixels, by the text."""
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


def height(picture) -> int:
    return image.imread(io.BytesIO(picture.png)).shape[0]


def test_a_diagram_is_a_png_that_is_not_blank():
    assert image.imread(io.BytesIO(sequence_diagram(conversation(3), "x").png)).std() > 0


def test_a_diagram_tells_its_events_in_its_alternative_text():
    assert sequence_diagram(conversation(2), "title").alt == (
        "Sequence diagram between client 1 and server. 1. client 1 to server: connects; "
        "2. server to client 1: 9 bytes 'Welcome!\\n'."
    )


def test_a_protocols_own_words_replace_size_text_and_packet_number(drawn):
    trace = crowd(1, 2, b"\x01\x00", 0.001)
    trace.record("server", "client 1", "close")
    picture = sequence_diagram(trace, "x", words=lambda payload: f"DATA {payload[0]}")
    labels = [text.get_text() for text in drawn[0].axes[0].texts]
    assert {"DATA 1, lost (burst loss)", "DATA 1", "closes"} <= set(labels)
    assert "server to client 1: DATA 1, lost (burst loss); " in picture.alt
    assert "server to client 1: closes" in picture.alt  # at the end on a slow machine


def test_the_alternative_text_counts_what_it_does_not_tell():
    assert alternative_text(conversation(100)).endswith("; and 88 more.")


def test_the_alternative_text_counts_what_the_trace_did_not_keep():
    trace = Trace(limit=2)
    for _ in range(20):
        trace.record("a", "b", "data")
    assert alternative_text(trace).endswith("; and 18 more.")


def test_an_empty_trace_can_be_drawn():
    picture = sequence_diagram(Trace(), "Nothing")
    assert picture.alt == "Sequence diagram without events: nothing passed."


def test_a_long_conversation_is_cut():
    longest = height(sequence_diagram(conversation(MOST_EVENTS + 1), "long"))
    assert height(sequence_diagram(conversation(400), "long")) == longest


PAYLOADS = (b"21.5", b"a payload that is long enough to be cut", b"\xff" * 99)
DELAYS = (1e-5, 0.02, 3.0)
# Any two of the three meet; all with all would take half a minute.
CROWDS = [
    (clients, PAYLOADS[payload], DELAYS[(place + payload) % 3])
    for place, clients in enumerate((1, 2, 5, MOST_LIFELINES - 1))
    for payload in range(3)
]


@pytest.mark.parametrize(
    ("clients", "payload", "delay"), CROWDS, ids=[f"{c}-{p[:4]}-{d}" for c, p, d in CROWDS]
)
def test_no_words_overlap_and_all_stand_inside(drawn, clients, payload, delay):
    sequence_diagram(crowd(clients, MOST_EVENTS, payload, delay), "A title. " * 20)
    (figure,) = drawn
    placed = boxes(figure)
    assert len(placed) == 1 + clients + 1 + 2 * MOST_EVENTS
    for index, (text, box) in enumerate(placed):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, text
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
        for other, its in placed[:index]:
            apart = box.x1 <= its.x0 or its.x1 <= box.x0 or box.y1 <= its.y0 or its.y1 <= box.y0
            assert apart, f"{text!r} overlaps {other!r}"


def test_long_names_are_cut_in_the_middle_and_stay_apart(drawn):
    trace = Trace()
    for number in range(4):
        trace.record(f"[2001:db8:85a3::8a2e:370:{number}]:50007", "server", "datagram")
    sequence_diagram(trace, "Long names")
    names = [text for text, _ in boxes(drawn[0]) if text.startswith("[")]
    assert len(set(names)) == 4
    assert all("…" in name and name.endswith("]:50007") for name in names)


def test_more_peers_than_there_is_room_for_are_counted_and_not_drawn(drawn):
    trace = Trace()
    for number in range(20):
        trace.record(f"client {number}", "server", "datagram")
    sequence_diagram(trace, "A crowd")
    texts = [text for text, _ in boxes(drawn[0])]
    assert f"client {MOST_LIFELINES - 2}" in texts
    assert f"client {MOST_LIFELINES - 1}" not in texts
    assert f"… and {20 - MOST_LIFELINES + 1} more events, not drawn" in texts


@pytest.mark.parametrize(
    ("events", "note"),
    [(MOST_EVENTS, None), (MOST_EVENTS + 1, "… and 1 more event, not drawn")],
)
def test_a_note_counts_what_is_not_drawn(drawn, events, note):
    sequence_diagram(conversation(events), "long")
    notes = [text for text, _ in boxes(drawn[0]) if text.startswith("…")]
    assert notes == ([note] if note else [])


def test_every_kind_of_event_has_a_style():
    assert set(STYLES) == set(KINDS)


def test_the_server_is_the_last_lifeline():
    trace = Trace()
    trace.record("server", "client 2", "data")
    trace.record("client 1", "server", "data")
    assert lifelines(trace.events) == ["client 2", "client 1", "server"]


def test_a_peer_that_talks_to_itself_can_be_drawn():
    trace = Trace()
    trace.record("server", "server", "datagram", b"echo")
    assert sequence_diagram(trace, "self").png


@pytest.mark.parametrize("payload", [b"$\\foo$", b"$a$ and $b$", "21 °C 温度 🌡".encode(), b"\0\1"])
def test_any_payload_can_be_drawn_without_a_warning(payload):
    trace = Trace()
    trace.record("a <b>", "c & d", "data", payload)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sequence_diagram(trace, "A price of $5").png


@pytest.mark.parametrize(("kind", "words"), [("close", "closes"), ("reset", "resets (RST)")])
def test_what_a_link_has_ended_starts_between_the_lifelines_and_says_so(drawn, kind, words):
    trace = conversation()
    for names in (("client 1", "server"), ("server", "client 1")):
        row = trace.begin(trace._start + 0.1, *names, kind, b"", "delivered", "link")
        trace.deliver(row, trace._start + 0.1)
    picture = sequence_diagram(trace, "Cut")
    assert f"client 1 to server: {words}, by the link; " in picture.alt
    left, right = (line.get_xdata()[0] for line in drawn[0].axes[0].lines[:2])
    starts = [arrow.xyann[0] for arrow in drawn[0].axes[0].texts if hasattr(arrow, "xyann")]
    assert starts == [left, (left + right) / 2, (left + right) / 2]
