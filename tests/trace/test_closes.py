"""A program's own close of a socket: who tells of it, who notes it, and how it is drawn."""

import gc
import re
import socket
from time import perf_counter

import pytest
from support.loopback import PATIENCE, listening, read_all

from helpers.checks.cases import Case, Exercise
from helpers.checks.runner import run_cases
from helpers.link.link import Link, stop_links
from helpers.servers.servers import run_server, stop_all
from helpers.trace import closes
from helpers.trace.closes import OWN, _waiting, expect_close, forget_closes, tell_close
from helpers.trace.diagram import alternative_text, sequence_diagram
from helpers.trace.trace import Trace

HINTS = ("one?", "two?", "three?")


@pytest.fixture(autouse=True)
def all_ends(nothing_left):
    """Stop what a failed test has left."""
    yield
    stop_links()
    stop_all()


def who(trace: Trace) -> list[tuple[str, str]]:
    return [(close.who, close.peer) for close in trace.closes]


def conversation(closed_at: float | None = None) -> Trace:
    """A greeting, and the server's end 1 ms later; it may close at a moment in seconds."""
    trace = Trace()
    start = trace._start
    for moment, source, target, kind in (
        (0, "client 1", "server", "connect"),
        (0.001, "server", "client 1", "data"),
        (0.002, "server", "client 1", "end"),
    ):
        row = trace.begin(start + moment, source, target, kind, b"", "in flight")
        trace.deliver(row, start + moment + 0.0005)
    if closed_at is not None:
        trace.note_close("server", "client 1", start + closed_at)
    return trace


def heights(trace: Trace) -> dict[str, float]:
    """How far down the starts of its arrows and its mark stand."""
    svg = sequence_diagram(trace, "who closes").svg
    arrows = re.findall(r'data-kind="(\w+)".*?<path d="M[\d.]+ ([\d.]+)', svg)
    found = {kind: float(y) for kind, y in arrows}
    mark = re.search(r'<g class="close">.*?d="M[\d.]+ ([\d.]+)', svg)
    return found | ({"close": float(mark[1]) + 4} if mark else {})


# Who tells


def greets(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    with peer:
        peer.sendall(b"Welcome!\n")
    listener.accept()


def ends_and_keeps(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    peer.shutdown(socket.SHUT_WR)
    listener.accept()


@pytest.mark.parametrize(
    ("serve", "expected"), [(greets, [("server", "client 1")]), (ends_and_keeps, [])]
)
def test_a_link_tells_a_servers_close_from_a_half_that_it_ends(serve, expected):
    with run_server(serve) as server, Link(server.address, kind="tcp") as link:
        with socket.create_connection(link.address, PATIENCE) as client:
            read_all(client)
        assert link.settle(PATIENCE)
    assert who(link.trace) == expected
    assert "end" in [event.kind for event in link.trace]


def test_a_server_that_is_stopped_has_not_closed_its_sockets_itself():
    with run_server(ends_and_keeps) as server, Link(server.address, kind="tcp") as link:
        with socket.create_connection(link.address, PATIENCE) as client:
            read_all(client)
            server.stop()
    assert who(link.trace) == []


def test_a_link_that_has_stopped_waits_for_no_close():
    with run_server(greets) as server, Link(server.address, kind="tcp") as link:
        with socket.create_connection(link.address, PATIENCE) as client:
            read_all(client)
    assert not [each for each, _, _ in _waiting.values() if each() is link.trace]


def test_nobody_waits_for_a_trace_that_is_gone():
    expect_close(Trace(), OWN, ("127.0.0.1", 1), "client 1", "server")
    gc.collect()
    forget_closes(Trace())
    assert (OWN, ("127.0.0.1", 1)) not in _waiting


def test_a_socket_is_closed_once():
    trace = Trace()
    with listening() as server, socket.create_connection(server.getsockname()) as client:
        expect_close(trace, OWN, client.getsockname(), "client 1", "server")
        tell_close(client)
        tell_close(client)
    assert who(trace) == [("client 1", "server")]


def test_a_close_that_came_before_anybody_asked_is_noted_with_its_moment():
    trace = Trace()
    with listening() as server, socket.create_connection(server.getsockname()) as client:
        address = client.getsockname()
        tell_close(client)
        later = perf_counter() - trace._start
        expect_close(trace, OWN, address, "client 1", "server")
    assert [close.time < later for close in trace.closes] == [True]


def test_a_close_of_long_ago_is_that_of_another_connection(monkeypatch):
    trace = Trace()
    monkeypatch.setattr(closes, "RECENT", 0.0)
    with listening() as server, socket.create_connection(server.getsockname()) as client:
        tell_close(client)
        expect_close(trace, OWN, client.getsockname(), "client 1", "server")
    assert not trace.closes


def test_a_trace_that_is_full_notes_no_close():
    trace = Trace(limit=0)
    trace.note_close("client 1", "server", trace._start)
    assert not trace.closes


# In a check


def closes_of(function, run) -> list[tuple[str, str]]:
    kept = []

    def case(function, stage):
        kept.append(stage.trace)
        run(function, stage)

    report = run_cases("exercise", function, Exercise((Case("one", "It acts.", case, HINTS),), ""))
    assert report.passed, report
    return who(kept[0])


def learners(source: str):
    """A function of a learner's, which is in no file of the course's."""
    names: dict = {}
    exec(compile("import socket\n" + source, "<cell>", "exec"), names)
    return names["exercise"]


def asks(function, stage):
    def serve(listener):
        with listener.accept()[0] as peer:
            read_all(peer)

    server = stage.serve(serve)
    stage.call(function, server.address)
    server.settle()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("with socket.create_connection(address) as sock:\n  sock.sendall(b'a')", 1),
        ("sock = socket.create_connection(address)\n sock.close()\n sock.close()", 1),
        ("kept.append(socket.create_connection(address)); kept[0].shutdown(1)", 0),
        ("socket.close(socket.create_connection(address).detach())", 0),
    ],
)
def test_a_check_notes_the_close_of_a_learners_client(lines, expected):
    function = learners(f"kept = []\ndef exercise(address):\n {lines}\n")
    assert closes_of(function, asks) == [("you", "server")] * expected


def test_a_check_notes_the_close_of_a_learners_server():
    def run(function, stage):
        server = stage.run(function)
        client = stage.client(server)
        read_all(client)
        server.settle()

    function = learners(
        "def exercise(listener):\n while True:\n  with listener.accept()[0] as peer:\n   pass\n"
    )
    assert closes_of(function, run) == [("you", "client")]


def test_a_check_notes_the_close_of_a_connection_that_it_has_given():
    def run(function, stage):
        mine, _other = stage.connection("lamp")
        stage.call(function, mine)

    assert closes_of(learners("def exercise(sock):\n sock.close()\n"), run) == [("you", "lamp")]


def test_a_link_in_a_check_notes_the_close_of_a_learners_client():
    links = []

    def run(function, stage):
        def serve(listener):
            with listener.accept()[0] as peer:
                read_all(peer)

        links.append(stage.enter(Link(stage.serve(serve).address, kind="tcp", name="closes")))
        stage.call(function, links[0].address)
        links[0].settle(PATIENCE)

    closes_of(learners("def exercise(address):\n socket.create_connection(address).close()\n"), run)
    assert ("client 1", "server") in who(links[0].trace)


# How it is drawn


def test_a_close_is_a_mark_with_its_word_and_no_event():
    drawing = sequence_diagram(conversation(0.0015), "who closes", roles=("app", "lamp"))
    assert drawing.svg.count('class="close"') == 1
    assert ">closed</text>" in drawing.svg
    assert "<title>Lamp closes its socket</title>" in drawing.svg
    assert drawing.svg.count('class="packet"') == 3
    assert drawing.alt.endswith("Lamp closes its socket.")


def test_a_close_is_told_at_its_place_among_the_packets():
    drawing = sequence_diagram(conversation(0.0015), "who closes", roles=("app", "lamp"))
    told = re.findall("<title>(.*?)</title>", drawing.svg)
    assert [re.search("connects|bytes|closes|no more", each)[0] for each in told] == [
        "connects",
        "bytes",
        "closes",
        "no more",
    ]


def test_without_word_of_a_close_there_is_no_mark():
    assert "close" not in heights(conversation())
    assert "closes" not in alternative_text(conversation())


@pytest.mark.parametrize("closed_at", [0.0005, 0.0015])
def test_a_close_stands_below_what_was_sent_before_also_where_a_link_read_that_later(closed_at):
    found = heights(conversation(closed_at))
    assert found["data"] < found["close"] < found["end"]


def test_a_close_after_the_side_has_ended_stands_below_its_end():
    found = heights(conversation(0.003))
    assert found["end"] < found["close"]


def test_a_cleared_trace_has_no_close():
    trace = conversation(0.001)
    trace.clear()
    assert not trace.closes
