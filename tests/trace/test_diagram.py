"""A trace drawn as a sequence diagram."""

import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import pairwise

import pytest
from drive.on_disk import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.look.palette import RED
from helpers.look.picture import PICTURE_CLASS, Drawing
from helpers.look.svg import duration, milliseconds, text_width
from helpers.trace.diagram import DUPLICATE, STYLES, ZIGZAG, alternative_text, sequence_diagram
from helpers.trace.diagram_layout import MOST_EVENTS, MOST_LIFELINES, lifelines
from helpers.trace.roles import names_of
from helpers.trace.trace import KINDS, Trace

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {
    "": 12.0,
    "note": 12.0,
    "at": 10.7,
    "pause": 10.7,
}  # of type, by class, where no size is given


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


@dataclass
class Box:
    """Where a line of text stands, in pixels from the drawing's corner, in a wide font."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def classes_of(text: ET.Element) -> list[str]:
    """The classes of a text; the first says its size, and "l" that it ends at its x."""
    classes = text.get("class", "").split()
    return classes if classes and classes != ["l"] else ["", *classes]


def boxes(drawing: Drawing) -> list[Box]:
    """Where each text of a drawing stands, packets' and others."""
    root = ET.fromstring(drawing.svg)
    down = float(re.search(r"translate\(0 (\d+)\)", drawing.svg)[1])
    inside = {id(text) for text in root.iterfind(f"{SVG}g//{SVG}text")}
    found = []
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", SIZES[classes_of(text)[0]]))
        width = text_width(text.text, size)
        x, y = float(text.get("x")), float(text.get("y")) + down * (id(text) in inside)
        x -= {"middle": width / 2}.get(text.get("text-anchor"), width * ("l" in classes_of(text)))
        found.append(Box(text.text, x, y - 0.8 * size, x + width, y + 0.25 * size))
    return found


def words(drawing: Drawing) -> list[str]:
    """Every text that is seen in a drawing."""
    return [text.text for text in ET.fromstring(drawing.svg).iter(f"{SVG}text")]


def packets(drawing: Drawing) -> list[ET.Element]:
    """The groups of the events."""
    return ET.fromstring(drawing.svg).findall(f".//{SVG}g[@class='packet']")


def paths(packet: ET.Element, name: str | None = None) -> list[ET.Element]:
    """What is drawn in a packet's group, by class."""
    return [path for path in packet.findall(f"{SVG}path") if path.get("class") == name]


def line_of(packet: ET.Element) -> list[float]:
    """Where an arrow's line starts and ends: x, y, x, y."""
    return [float(n) for n in re.findall(r"-?[\d.]+", paths(packet)[0].get("d"))[:4]]


def test_a_diagram_is_an_svg_in_an_image_with_its_alternative_text():
    drawing = sequence_diagram(conversation(2), "x")
    bundle = drawing._repr_mimebundle_()
    assert bundle["text/plain"] == drawing.alt == repr(drawing)
    assert re.match(
        f'<img class="{PICTURE_CLASS}" alt="Sequence diagram [^"]+" width="480" height="\\d+" '
        'decoding="sync" style="max-width: 100%; height: auto" '
        'src="data:image/svg\\+xml;base64,[A-Za-z0-9+/=]+">$',
        bundle["text/html"],
    )


def test_a_diagram_tells_its_events_in_its_alternative_text():
    assert sequence_diagram(conversation(2), "title").alt == (
        "Sequence diagram between client 1 and server. 1. client 1 to server: connects; "
        "2. server to client 1: 9 bytes 'Welcome!\\n'."
    )


def test_a_protocols_own_words_replace_size_text_and_packet_number():
    trace = crowd(1, 2, b"\x01\x00", 0.001)
    trace.record("server", "client 1", "close")
    picture = sequence_diagram(trace, "x", words=lambda payload: f"DATA {payload[0]}")
    assert {"DATA 1, lost (burst loss)", "DATA 1", "closes"} <= set(words(picture))
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
    longest = sequence_diagram(conversation(MOST_EVENTS + 1), "long").height
    assert sequence_diagram(conversation(400), "long").height == longest


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
def test_no_words_overlap_and_all_stand_inside(clients, payload, delay):
    drawing = sequence_diagram(crowd(clients, MOST_EVENTS, payload, delay), "A title. " * 20)
    placed = boxes(drawing)
    title = [box for box in placed if "title" in box.text]
    came = MOST_EVENTS * 4 // 5  # the others are lost
    pauses = [box for box in placed if box.text.endswith((" pass", " s"))]
    assert len(placed) == len(title) + clients + 1 + 2 * MOST_EVENTS + came + len(pauses)
    for index, box in enumerate(placed):
        assert box.x0 >= 0 and box.x1 <= drawing.width, box
        assert box.y0 >= 0 and box.y1 <= drawing.height, box
        for other in placed[:index]:
            apart = box.x1 <= other.x0 or other.x1 <= box.x0
            apart = apart or box.y1 <= other.y0 or other.y1 <= box.y0
            assert apart, f"{box} overlaps {other}"


def test_words_that_are_too_long_are_cut_and_touch_no_time():
    drawing = sequence_diagram(crowd(1, 4, b"x", 0.02), "Long", words=lambda head: "long " * 99)
    labels = [box for box in boxes(drawing) if box.text.startswith("long")]
    times = [box for box in boxes(drawing) if box.text.endswith(" ms")]
    assert (len(labels), len(times)) == (4, 4 + 3)
    for label in labels:
        assert "…" in label.text
        assert all(label.x1 <= time.x0 or time.x1 <= label.x0 for time in times)


def test_no_head_and_no_cross_is_hidden_by_a_label():
    for clients, payload, delay in CROWDS:
        drawing = sequence_diagram(crowd(clients, MOST_EVENTS, payload, delay), "Heads")
        down = float(re.search(r"translate\(0 (\d+)\)", drawing.svg)[1])
        places = {box.text: box for box in boxes(drawing)}
        labels = [places[packet.find(f"{SVG}text").text] for packet in packets(drawing)]
        for packet in packets(drawing):
            *_, x, y = line_of(packet)
            for box in labels:
                hidden = box.x0 < x < box.x1 and box.y0 < y + down < box.y1
                assert not hidden, f"{box} lies over the end of {packet.find(f'{SVG}title').text}"


def test_long_names_are_cut_in_the_middle_and_stay_apart():
    trace = Trace()
    for number in range(4):
        trace.record(f"[2001:db8:85a3::8a2e:370:{number}]:50007", "server", "datagram")
    names = [text for text in words(sequence_diagram(trace, "Long names")) if text.startswith("[")]
    assert len(set(names)) == 4
    assert all("…" in name and name.endswith("]:50007") for name in names)


def test_more_peers_than_there_is_room_for_are_counted_and_not_drawn():
    trace = Trace()
    for number in range(20):
        trace.record(f"client {number}", "server", "datagram")
    texts = words(sequence_diagram(trace, "A crowd"))
    assert f"client {MOST_LIFELINES - 2}" in texts
    assert f"client {MOST_LIFELINES - 1}" not in texts
    assert f"… and {20 - MOST_LIFELINES + 1} more events, not drawn" in texts


@pytest.mark.parametrize(
    ("events", "note"),
    [(MOST_EVENTS, None), (MOST_EVENTS + 1, "… and 1 more event, not drawn")],
)
def test_a_note_counts_what_is_not_drawn(events, note):
    texts = words(sequence_diagram(conversation(events), "long"))
    assert [text for text in texts if text.startswith("…")] == ([note] if note else [])


# --- Each packet


def test_each_packet_is_a_group_with_its_number_its_bytes_and_its_fate():
    trace = Trace()
    start = trace._start
    ways = (("client 1", "server"), ("server", "client 1"))
    trace.begin(start, *ways[0], "connect", b"", "delivered")
    trace.begin(start + 1, *ways[0], "datagram", b"21.5", "dropped", "burst loss", 7)
    trace.begin(start + 2, *ways[1], "datagram", b"\xff" * 99, "duplicate", "", 1)
    named = ("number", "kind", "fate", "size", "bytes")
    drawing = sequence_diagram(trace, "Three events")
    told = [tuple(packet.get(f"data-{name}") for name in named) for packet in packets(drawing)]
    assert told == [
        ("0", "connect", "delivered", "0", ""),
        ("7", "datagram", "dropped", "4", b"21.5".hex()),
        ("1", "datagram", "duplicate", "99", "ff" * 64),  # as many as the trace has kept
    ]
    assert [packet.find(f"{SVG}title").text for packet in packets(drawing)] == [
        "client 1 to server: connects",
        "Packet 7, client 1 to server: 4 bytes '21.5', lost (burst loss)",
        f"Packet 1, server to client 1: 99 bytes {'ff ' * 10}…, a duplicate",
    ]
    assert [packet.find(f"{SVG}text").text for packet in packets(drawing)] == [
        "connects",
        "7: 4 bytes '21.5', lost (burst loss)",
        f"1: 99 bytes {'ff ' * 10}…, a duplicate",
    ]


def test_a_lost_packet_ends_half_way_in_a_red_cross_and_without_a_head():
    lost, delivered = packets(sequence_diagram(crowd(1, 2, b"21.5", 0.02), "Lost"))
    assert len(paths(lost, "lost")) == 1 and not paths(delivered, "lost")
    assert f".packet path.lost{{stroke:{RED};" in sequence_diagram(crowd(1, 1, b"", 1), "x").svg
    assert "Z" in paths(delivered)[0].get("d") and "Z" not in paths(lost)[0].get("d")
    (x, _, end, _), (full, _, far, _) = line_of(lost), line_of(delivered)
    assert abs(end - x) < 0.6 * abs(far - full)


def test_a_duplicate_is_dashed_and_its_head_is_not():
    trace = Trace()
    trace.begin(trace._start, "client 1", "server", "datagram", b"21.5", "duplicate", "", 1)
    (packet,) = packets(sequence_diagram(trace, "Twice"))
    line, head = paths(packet)
    assert (line.get("stroke-dasharray"), head.get("stroke-dasharray")) == (DUPLICATE, None)
    assert "Z" in head.get("d")


def test_every_arrow_runs_down():
    for packet in packets(sequence_diagram(crowd(3, MOST_EVENTS, b"21.5", 1e-5), "Down")):
        _, sent, _, arrived = line_of(packet)
        assert arrived > sent


def test_arrows_cover_earlier_ones_so_that_each_label_is_read():
    """Groups are in the order of sending: no line of an arrow crosses a label before its own."""
    drawing = sequence_diagram(crowd(5, MOST_EVENTS, b"21.5", 0.02), "Order")
    starts = [line_of(packet)[1] for packet in packets(drawing)]
    assert starts == sorted(starts)


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
    (packet,) = packets(sequence_diagram(trace, "self"))
    x, sent, to_x, arrived = line_of(packet)
    assert x == to_x and arrived > sent


# --- Any payload, any name


@pytest.mark.parametrize("payload", [b"$\\foo$", b"$a$ and $b$", "21 °C 温度 🌡".encode(), b"\0\1"])
def test_any_payload_can_be_drawn_without_a_warning(payload):
    trace = Trace()
    trace.record("a <b>", "c & d", "data", payload)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert {"a <b>", "c & d"} <= set(words(sequence_diagram(trace, "A price of $5")))


@settings(max_examples=200)
@given(payload=st.binary(max_size=80), name=st.text(min_size=1), said=st.text(max_size=200))
@example(payload=b"]]>&amp;<!--", name="\0\x1f\x7f\u202e\ud800\uffff", said="</text>\n\t  &\"'")
def test_any_payload_name_and_words_make_xml(payload: bytes, name: str, said: str):
    trace = Trace()
    trace.record(name, "server", "data", payload)
    for meant in (None, lambda head: said):
        (packet,) = packets(sequence_diagram(trace, name, words=meant))
        assert bytes.fromhex(packet.get("data-bytes")) == payload[:64]


def test_characters_that_xml_can_not_hold_are_pictured_and_words_are_kept():
    trace = Trace()
    trace.record("client 1", "server", "data", b"a  b")
    texts = words(sequence_diagram(trace, "x", words=lambda head: "a\0\n  <b>\u202e&'\""))
    assert "a␀␊  <b>�&'\"" in texts


# --- Its weight


def test_fourteen_packets_take_less_than_ten_kilobytes_of_a_notebook():
    drawing = sequence_diagram(crowd(1, 14, b"21.5", 0.02), "Fourteen packets, three lost")
    assert len(drawing._repr_mimebundle_()["text/html"]) < 10_000


def test_a_diagram_needs_neither_matplotlib_nor_numpy():
    code = """import sys
from helpers import sequence_diagram
from helpers.trace.trace import Trace
trace = Trace()
trace.record("client 1", "server", "datagram", b"21.5")
sequence_diagram(trace, "x")._repr_mimebundle_()
print([name for name in ("matplotlib", "numpy", "PIL") if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "said"), [("close", "sends no more (FIN)"), ("reset", "resets (RST)")]
)
def test_what_a_link_has_ended_starts_between_the_lifelines_and_says_so(kind, said):
    trace = conversation()
    for names in (("client 1", "server"), ("server", "client 1")):
        row = trace.begin(trace._start + 0.1, *names, kind, b"", "delivered", "link")
        trace.deliver(row, trace._start + 0.1)
    picture = sequence_diagram(trace, "Cut")
    assert f"link to server: {said}, by the link; " in picture.alt
    assert ('data-kind="end"' in picture.svg) == (kind == "close")  # it looks as any FIN
    left, right = map(int, re.findall(r"M(\d+)-12V", picture.svg))  # the lifelines
    starts = [line_of(packet)[0] for packet in packets(picture)]
    assert starts == [left, (left + right) / 2, (left + right) / 2]


@pytest.mark.parametrize(
    ("fate", "cause", "said"),
    [
        ("in flight", "", "still on its way"),
        ("in flight", "held", "held back by the link"),
        ("dropped", "connection ended", "never arrived"),
    ],
)
def test_what_did_not_arrive_says_whether_it_is_late_held_back_or_gone(fate, cause, said):
    trace = conversation()
    trace.begin(trace._start + 0.1, "client 1", "server", "end", b"", fate, cause)
    picture = sequence_diagram(trace, "Not there")
    assert f"sends no more (FIN), {said}" in words(picture)
    assert f"client 1 to server: sends no more (FIN), {said}." in picture.alt


def test_a_damaged_packet_arrives_with_a_jagged_stroke_and_says_so():
    trace = Trace()
    row = trace.begin(trace._start, "client 1", "server", "datagram", b"x", "damaged", "corrupt", 1)
    trace.deliver(row, trace._start + 0.01)
    picture = sequence_diagram(trace, "Damage")
    svg = picture.svg
    assert 'data-fate="damaged"' in svg and ", damaged" in svg
    assert svg.count('class="lost"') == 1


# --- Roles, pauses, arrivals, and labels off the lines of others


def timed(*packets: tuple[str, str, float, float | None], payload: bytes = b"x") -> Trace:
    """Datagrams: from, to, when it was sent, when it came (None: lost), both in seconds."""
    trace = Trace()
    for number, (source, target, sent, came) in enumerate(packets, 1):
        begun = trace._start + sent
        row = trace.begin(begun, source, target, "datagram", payload, "in flight", "", number)
        if came is None:
            trace.drop(row, "loss")
        else:
            trace.deliver(row, trace._start + came)
    return trace


def test_peers_are_called_by_their_roles():
    drawing = sequence_diagram(conversation(2), "x", roles=("sensor", "collector"))
    assert {"sensor", "collector"} <= set(words(drawing))
    assert drawing.alt.startswith("Sequence diagram between sensor and collector. 1. sensor to ")
    title = packets(drawing)[0].find(f"{SVG}title").text
    assert title == "sensor to collector: connects"


def test_several_clients_keep_their_numbers_and_the_servers_lifeline_stays_the_last():
    assert names_of(["client 2", "client 1", "server"], ("lamp", "hub")) == {
        "client 2": "lamp 2",
        "client 1": "lamp 1",
        "server": "hub",
    }
    assert names_of(["you", "server"], {"server": "hub"}) == {"you": "you", "server": "hub"}


@pytest.mark.parametrize("roles", ["ab", ("sensor",), ("a", "b", "c")])
def test_roles_that_are_no_pair_are_refused(roles):
    with pytest.raises(TypeError, match="two names"):
        sequence_diagram(conversation(), "x", roles=roles)


def test_each_arrival_says_when_it_came_beside_the_arrows_head():
    trace = timed(("client 1", "server", 0, 0.005), ("server", "client 1", 0.006, 0.0123))
    drawing = sequence_diagram(trace, "x")
    for packet, (sent, came) in zip(
        packets(drawing), (("0.00 ms", "5.00 ms"), ("6.00 ms", "12.3 ms")), strict=True
    ):
        times = [text for text in packet.iter(f"{SVG}text") if "at" in classes_of(text)]
        assert [text.text for text in times] == [sent, came]
        _, y, _, to_y = line_of(packet)
        assert abs(float(times[0].get("y")) - 4 - y) < 1
        assert 0 <= float(times[1].get("y")) - 4 - to_y < 4  # the line ends inside its head


def test_what_is_lost_and_what_a_socket_saw_has_no_time_of_arrival():
    for drawing in (
        sequence_diagram(timed(("client 1", "server", 0, None)), "x"),
        sequence_diagram(conversation(), "x"),
    ):
        assert len([text for text in words(drawing) if text.endswith(" ms")]) == 1


def test_a_long_pause_breaks_the_lifelines_and_says_its_length():
    steps = [("client 1", "server", 0.004 * n, 0.004 * n + 0.003) for n in range(4)]
    usual = sequence_diagram(timed(*steps), "x")
    late = sequence_diagram(timed(*steps, ("client 1", "server", 5.015, 5.018)), "x")
    assert "5 s pass" in words(late) and ZIGZAG in late.svg
    assert not any("pass" in text for text in words(usual)) and ZIGZAG not in usual.svg
    assert late.height - usual.height < 150


def test_without_times_a_pause_is_told_in_fewer_words():
    steps = [("client 1", "server", 0.004 * n, 0.004 * n + 0.003) for n in range(4)]
    trace = timed(*steps, ("client 1", "server", 61.015, 61.018))
    assert {"61 s", "61 s pass"} & set(words(sequence_diagram(trace, "x", times=False)))


def test_a_label_moves_off_the_line_of_another_packet_where_there_is_room():
    trace = timed(("client 1", "server", 0, 0.04), ("client 1", "server", 0.005, None))
    drawing = sequence_diagram(trace, "x", words=lambda head: "DATA")
    first, second = packets(drawing)
    x, y, to_x, to_y = line_of(first)
    text = second.find(f"{SVG}text")
    left, low = float(text.get("x")), float(text.get("y"))
    right = left + text_width(text.text, 12)
    heights = [y + (place - x) * (to_y - y) / (to_x - x) for place in (left, right)]
    assert max(heights) < low - 9 or min(heights) > low + 2
    assert not paths(second, "below")  # no white bar is needed


def test_a_label_that_moves_stays_nearest_to_its_own_line():
    three = [("client 1", "server", 0.005 * n, 0.04 + 0.005 * n) for n in range(3)]
    back = [("server", "client 1", 0.041 + 0.005 * n, 0.042 + 0.005 * n) for n in range(3)]
    drawing = sequence_diagram(timed(*three, *back), "x", words=lambda head: "DATA 1 'm1'")
    groups = packets(drawing)
    for group in groups:
        text = group.find(f"{SVG}text")
        half = text_width(text.text, 12) / 2
        place = float(text.get("x")) + (-half if text.get("class") else half)
        away = {}
        for other in groups:
            x, y, to_x, to_y = line_of(other)
            if min(x, to_x) <= place <= max(x, to_x):
                height = y + (place - x) * (to_y - y) / (to_x - x)
                away[other.get("data-number")] = abs(height - float(text.get("y")) + 4)
        own = away[group.get("data-number")]
        assert own == min(away.values()) or paths(group, "below")  # crossed, at its start


@pytest.mark.parametrize(
    ("seconds", "moment", "length"),
    [(0, "0.00 ms", "0 ms"), (0.0123, "12.3 ms", "12 ms"), (0.0996, "99.6 ms", "0.1 s")],
)
def test_times_have_three_digits_and_lengths_two(seconds, moment, length):
    assert (milliseconds(seconds), duration(seconds)) == (moment, length)


def readings(killed: int = 0) -> Trace:
    """Five packets, one a second, each of which takes two; one of them is killed by hand."""
    trace = Trace()
    for number in range(1, 6):
        at, payload = trace._start + number - 1, b"reading %d" % number
        row = trace.begin(at, "client 1", "server", "datagram", payload, "in flight", "", number)
        trace.drop(row, "by hand") if number == killed else trace.deliver(row, at + 2)
    return trace


@pytest.mark.parametrize("killed", [0, 1, 3, 5])
def test_to_scale_equal_times_are_equally_long_and_no_line_crosses_a_label(killed):
    picture = sequence_diagram(readings(killed), "Five", words=bytes.decode, to_scale=True)
    lines = re.findall(r'<path d="M(\S+) (\S+)L(\S+) ([\d.]+)', picture.svg)
    starts = [float(y) for _, y, _, _ in lines]
    slopes = [(float(d) - float(b)) / (float(c) - float(a)) for a, b, c, d in lines]
    assert len({b - a for a, b in pairwise(starts)}) == 1
    assert max(slopes) - min(slopes) < 0.01, "what was killed falls as fast as the others"
    assert 'class="below"' not in picture.svg
