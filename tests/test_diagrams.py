"""A trace drawn as a sequence diagram."""

import io
import warnings

import pytest
from matplotlib import image

from helpers.diagrams import MOST_EVENTS, STYLES, alternative_text, lifelines, sequence_diagram
from helpers.trace import KINDS, Trace


def conversation(count: int = 1) -> Trace:
    trace = Trace()
    trace.record("client 1", "server", "connect")
    for _ in range(count - 1):
        trace.record("server", "client 1", "data", b"Welcome!\n")
    return trace


def height(picture) -> int:
    return image.imread(io.BytesIO(picture.png)).shape[0]


def test_a_diagram_is_a_png_that_is_not_blank():
    assert image.imread(io.BytesIO(sequence_diagram(conversation(3), "x").png)).std() > 0


def test_a_diagram_tells_its_events_in_its_alternative_text():
    assert sequence_diagram(conversation(2), "title").alt == (
        "Sequence diagram between client 1 and server. 1. client 1 to server: connects; "
        "2. server to client 1: 9 bytes 'Welcome!\\n'."
    )


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
