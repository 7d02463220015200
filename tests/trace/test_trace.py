"""The log of what crossed a socket."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.trace.trace import HEAD, KINDS, Event, Trace, describe, preview


def trace_of(*kinds, **options) -> Trace:
    trace = Trace(**options)
    for kind in kinds:
        trace.record("client 1", "server", kind)
    return trace


def test_events_keep_their_order():
    assert [event.kind for event in trace_of(*KINDS)] == list(KINDS)


def test_times_never_go_back():
    times = [event.time for event in trace_of(*["data"] * 100)]
    assert times == sorted(times)
    assert times[0] >= 0


def test_an_event_keeps_size_and_first_bytes():
    trace = Trace()
    trace.record("a", "b", "data", bytes(range(200)))
    (event,) = trace
    assert (event.size, event.head) == (200, bytes(range(HEAD)))


def test_a_trace_is_bounded_and_counts_the_rest():
    trace = trace_of(*["data"] * 5, limit=3)
    assert (len(trace), trace.left_out) == (3, 2)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="use one of connect, data"):
        Trace().record("a", "b", "smoke signal")


def test_clearing_forgets_events_and_count():
    trace = trace_of(*["data"] * 5, limit=3)
    trace.clear()
    assert (len(trace), trace.left_out, trace.events) == (0, 0, [])


def test_the_list_of_events_is_the_callers_own():
    trace = trace_of("data")
    trace.events.clear()
    assert len(trace) == 1


def test_threads_may_write_at_once():
    trace = Trace(limit=3000)
    threads = [
        threading.Thread(target=lambda: [trace.record("a", "b", "data") for _ in range(1000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(trace), trace.left_out) == (3000, 1000)


def test_the_table_has_a_line_for_each_event():
    trace = Trace()
    trace.record("client 1", "server", "connect")
    trace.record("client 1", "server", "data", b"hello\n")
    assert trace.table() == ("client 1 -> server  connects\nclient 1 -> server  6 bytes 'hello\\n'")


def test_the_table_says_what_was_left_out():
    assert (
        trace_of("data", "data", limit=1)
        .table()
        .endswith("... and 1 events more, which this trace did not keep")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_described(kind):
    assert describe(Event(0.0, "a", "b", kind))


def test_one_byte_is_not_plural():
    assert describe(Event(0.0, "a", "b", "data", 1, b"x")) == "1 byte 'x'"


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (b"", ""),
        (b"hello", "'hello'"),
        (b"line\r\n", "'line\\r\\n'"),
        ("21 °C".encode(), "'21 °C'"),
        (b"\x00\x01", "00 01"),
        (b"\xff" * 20, "ff ff ff ff ff ff ff ff …"),
        (b"a" * 30, "'" + "a" * 24 + "…'"),
        ("°".encode() * 100, "'" + "°" * 24 + "…'"),
        (b"x" + "°".encode() * 100, "'x" + "°" * 23 + "…'"),
        (b"x" + "°".encode() * 40, "'x" + "°" * 23 + "…'"),
    ],
)
def test_a_payload_is_shown_as_text_or_as_hexadecimal(payload, shown):
    assert preview(payload[:HEAD], len(payload), 24) == shown


@given(st.binary(max_size=200))
def test_any_payload_is_shown_on_one_short_line(payload):
    shown = preview(payload[:HEAD], len(payload), 24)
    assert len(shown) <= 2 + 24 + 1
    assert shown.isprintable()


@given(st.text(max_size=100))
def test_any_text_is_shown_on_one_short_line(text):
    payload = text.encode("utf-8", "surrogatepass")
    shown = preview(payload[:HEAD], len(payload), 24)
    assert len(shown) <= 2 + 24 + 1
    assert shown.isprintable()


def test_a_trace_may_keep_the_newest_events_at_bounded_memory():
    trace = Trace(limit=2_000, keep="newest")
    for number in range(5_000):
        trace.record("client", "server", "data", str(number).encode())
    assert (len(trace), trace.left_out) == (2_000, 3_000)
    assert [int(event.head) for event in trace] == list(range(3_000, 5_000))
    assert trace.table().startswith("... after 3000 events, which this trace did not keep\n")
    assert trace.keep == 64


def test_what_a_trace_keeps_may_change_while_it_is_written():
    trace = Trace(limit=3)
    for number in range(5):
        trace.newest = number >= 4
        trace.record("client", "server", "data", str(number).encode())
    assert [event.head for event in trace] == [b"1", b"2", b"4"]
    assert trace.left_out == 2


def test_a_trace_refuses_what_it_can_not_keep():
    with pytest.raises(ValueError, match='use "first", "newest", or a number of bytes'):
        Trace(keep="last")
