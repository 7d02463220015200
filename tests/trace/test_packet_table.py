"""A trace as a table, for notebooks and for terminals."""

import html
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.trace.packet_table import packet_table
from helpers.trace.trace import Trace

UP, DOWN = ("client 1", "server"), ("server", "client 1")


def trace_of(*packets, **options) -> Trace:
    """A trace of (seconds, way, kind, payload, number, fate, cause, seconds that it took)."""
    trace = Trace(**options)
    start = time.perf_counter()
    for at, way, kind, payload, number, fate, cause, took in packets:
        row = trace.begin(start + at, *way, kind, payload, fate, cause, number)
        if took is not None:
            trace.deliver(row, start + at + took)
    return trace


def exchange() -> Trace:
    return trace_of(
        (1.0, UP, "datagram", b"21.5", 1, "in flight", "", 0.0105),
        (1.1, UP, "datagram", b"21.6", 2, "dropped", "burst loss", None),
        (1.2, UP, "datagram", b"21.7", 3, "in flight", "", 0.02),
        (1.2, UP, "datagram", b"21.7", 3, "duplicate", "", 0.03),
        (1.3, DOWN, "datagram", b"ok", 1, "in flight", "", None),
    )


def column(table, name) -> list[str]:
    return [row[table.head.index(name)] for row in table.rows]


def cells(table) -> list[tuple[str, dict, str]]:
    """Each cell of the HTML form: its tag, its attributes and the text that a reader sees."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.append([tag, dict(attributes), ""])

        def handle_data(self, data):
            if found:
                found[-1][2] += data

    Reader().feed(table._repr_html_())
    return [tuple(cell) for cell in found if cell[0] in ("th", "td")]


def test_the_plain_form_has_a_line_for_each_packet():
    assert repr(packet_table(exchange())).splitlines() == [
        "no.  sent (ms)  from      to        what            fate",
        "  1       0.00  client 1  server    4 bytes '21.5'  delivered after 10.50 ms",
        "  2     100.00  client 1  server    4 bytes '21.6'  lost: burst loss",
        "  3     200.00  client 1  server    4 bytes '21.7'  delivered after 20.00 ms",
        "  4     200.00  client 1  server    4 bytes '21.7'  "
        "duplicate of 3, delivered after 30.00 ms",
        "  5     300.00  server    client 1  2 bytes 'ok'    in flight",
    ]


def test_the_html_form_says_the_same_as_the_plain_one():
    table = packet_table(exchange())
    shown = [text for _, _, text in cells(table)]
    assert shown == [*table.head, *(cell for row in table.rows for cell in row)]


def test_each_column_has_a_heading_that_screen_readers_announce():
    headings = [attributes for tag, attributes, _ in cells(packet_table(exchange())) if tag == "th"]
    assert len(headings) == 6
    assert {heading["scope"] for heading in headings} == {"col"}


def test_without_times_the_same_packets_make_the_same_table():
    slower = trace_of(
        (0.0, UP, "datagram", b"21.5", 1, "in flight", "", 3.0),
        (0.7, DOWN, "datagram", b"ok", 1, "dropped", "loss", None),
    )
    faster = trace_of(
        (0.0, UP, "datagram", b"21.5", 1, "in flight", "", 0.1),
        (0.2, DOWN, "datagram", b"ok", 1, "dropped", "loss", None),
    )
    tables = [packet_table(trace, times=False) for trace in (slower, faster)]
    assert repr(tables[0]) == repr(tables[1])
    assert tables[0]._repr_html_() == tables[1]._repr_html_()
    assert column(tables[0], "fate") == ["delivered", "lost"]
    assert "ms" not in repr(tables[0])


@pytest.mark.parametrize(
    ("packet", "fate"),
    [
        ((0, UP, "connect", b"", 0, "dropped", "nobody listens", None), "refused: nobody listens"),
        ((0, UP, "datagram", b"", 1, "duplicate", "", None), "duplicate, in flight"),
        ((0, UP, "data", b"x", 0, "delivered", "", None), "seen at the socket"),
        ((0, UP, "end", b"", 0, "in flight", "", 0.1), "delivered"),
        ((0, UP, "end", b"", 0, "in flight", "held", None), "held back by the link"),
    ],
)
def test_a_fate_is_said_in_words(packet, fate):
    assert column(packet_table(trace_of(packet), times=False), "fate") == [fate]


def test_a_copy_that_was_lost_is_called_a_copy():
    trace = trace_of(
        (0, UP, "datagram", b"x", 1, "in flight", "", 0.1),
        (0, DOWN, "datagram", b"x", 1, "in flight", "", 0.1),
        (0, UP, "datagram", b"x", 1, "dropped", "queue", None),
    )
    fates = column(packet_table(trace, times=False), "fate")
    assert fates == ["delivered", "delivered", "duplicate of 1, lost: queue"]


def test_slices_of_a_stream_are_not_taken_for_copies():
    trace = trace_of(*[(0, UP, "data", b"x", 0, "in flight", "", 0.1)] * 3)
    assert column(packet_table(trace, times=False), "fate") == ["delivered"] * 3


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "<img src=x>", "&lt;b&gt;", "\"'"]
)
def test_payloads_names_and_causes_can_not_become_markup(hostile):
    way = (hostile, "server")
    trace = trace_of((0, way, "datagram", hostile.encode(), 1, "dropped", hostile, None))
    table = packet_table(trace)
    shown = table._repr_html_()
    assert set(re.findall(r"</?(\w+)", shown)) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert html.escape(hostile) in shown
    assert hostile in repr(table)


@given(st.binary(max_size=100))
def test_any_payload_stays_in_one_cell_and_one_line(payload):
    table = packet_table(trace_of((0, UP, "datagram", payload, 1, "in flight", "", 0.1)))
    assert len(repr(table).splitlines()) == 2
    assert len(cells(table)) == 12
    assert [text for _, _, text in cells(table)][6:] == list(table.rows[0])


def test_a_long_trace_is_cut_and_the_rest_counted():
    trace = trace_of(*[(0, UP, "data", b"x", 0, "in flight", "", 0.1)] * 1200)
    table = packet_table(trace, most=3)
    assert len(table.rows) == 3
    assert repr(table).splitlines()[-1] == "… and 1,197 more"
    assert table._repr_html_().endswith("<p>… and 1,197 more</p>")


def test_what_the_trace_did_not_keep_is_counted_as_well():
    trace = trace_of(*[(0, UP, "data", b"x", 0, "in flight", "", 0.1)] * 5, limit=3)
    assert packet_table(trace).note == "… and 2 that the trace did not keep"
    assert packet_table(trace, most=2).note == "… and 1 more and 2 that the trace did not keep"


def test_a_trace_that_fits_needs_no_note():
    table = packet_table(exchange(), most=5)
    assert table.note == ""
    assert "<p>" not in table._repr_html_()


def test_an_empty_trace_says_so_in_both_forms():
    table = packet_table(Trace())
    assert repr(table) == "No packets: nothing has passed."
    assert table._repr_html_() == "<p>No packets: nothing has passed.</p>"


def test_a_table_does_not_change_with_its_trace():
    trace = exchange()
    table = packet_table(trace)
    trace.record(*UP, "datagram", b"later")
    assert len(table.rows) == 5


@pytest.mark.parametrize("most", [0, -1])
def test_less_than_one_row_is_refused(most):
    with pytest.raises(ValueError, match="use 1 or more rows"):
        packet_table(Trace(), most=most)


def test_damage_and_size_are_fates_of_their_own():
    trace = Trace()
    for fate, cause in (("damaged", "corrupt"), ("duplicate", "corrupt"), ("dropped", "mtu")):
        row = trace.begin(trace._start, "client 1", "server", "datagram", b"x", fate, cause, 1)
        if fate != "dropped":
            trace.deliver(row, trace._start)
    fates = [row[-1] for row in packet_table(trace, times=False).rows]
    assert fates == ["damaged", "duplicate of 1, damaged", "duplicate of 1, too large: mtu"]
