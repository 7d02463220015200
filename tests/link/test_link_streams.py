"""The link for streams: bytes complete and in order, ends and resets passed on or made."""

import contextlib
import random
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from time import perf_counter

import pytest
from drive.waiting import wait_until
from hypothesis import given, settings
from hypothesis import strategies as st
from support.loopback import HOSTS, PATIENCE, listening, read_all

from helpers.link.connection import PENDING, READ, Connection
from helpers.link.link import Link, stop_links
from helpers.link.tcp_relay import TcpRelay

GONE = (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)


@pytest.fixture(autouse=True)
def links_end(nothing_left: None) -> Iterator[None]:
    """Stop what a failed test has left."""
    yield
    stop_links()


@contextlib.contextmanager
def connected(host: str = "127.0.0.1", **impairments: object) -> Iterator[tuple]:
    """A link, and the sockets of a client and of the server at its ends."""
    with listening(host) as listener:
        with Link(listener.getsockname()[:2], kind="tcp", **impairments) as link:
            with socket.create_connection(link.address, PATIENCE) as client:
                server, _ = listener.accept()
                with server:
                    server.settimeout(PATIENCE)
                    yield link, client, server


def connections_of(link: Link) -> list[Connection]:
    """The connections through a link that have not ended."""
    return list(link._relay._connections.values())


def read_exactly(sock: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        data = sock.recv(count - len(received))
        assert data, f"the stream ended after {len(received)} of {count} bytes"
        received += data
    return bytes(received)


def read_until_broken(sock: socket.socket) -> bytes:
    """What arrives before the connection is reset; an end by FIN fails the test."""
    received = bytearray()
    with pytest.raises(GONE):
        while data := sock.recv(65_536):
            received += data
        pytest.fail(f"the stream ended without a reset, after {len(received)} bytes")
    return bytes(received)


def meet_a_reset(link: Link) -> None:
    """Connect and be reset; on a slow machine `connect` sees it already."""
    with pytest.raises(GONE):
        with socket.create_connection(link.address, PATIENCE) as client:
            client.recv(1)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@contextlib.contextmanager
def in_thread(function: Callable, *arguments: object) -> Iterator[None]:
    """Run a function beside the block, and end with it; a connection that is gone is no failure."""

    def run() -> None:
        with contextlib.suppress(*GONE):
            function(*arguments)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def payload(size: int) -> bytes:
    return random.Random(size).randbytes(size)


# Passing on


@pytest.mark.parametrize("host", HOSTS)
def test_bytes_cross_in_both_directions(host):
    with connected(host) as (_, client, server):
        client.sendall(b"question")
        assert read_exactly(server, 8) == b"question"
        server.sendall(b"answer")
        assert read_exactly(client, 6) == b"answer"


@settings(max_examples=25, deadline=None)
@given(
    messages=st.lists(st.binary(max_size=60), max_size=5),
    chunk=st.none() | st.integers(1, 30),
    delay=st.sampled_from([0.0, 0.002]),
    jitter=st.sampled_from([0.0, 0.002]),
    rate=st.none() | st.integers(20_000, 1_000_000),
)
def test_bytes_arrive_complete_and_in_order_whatever_the_link_does(
    messages, chunk, delay, jitter, rate
):
    impairments = {"chunk": chunk, "gap": 0.0001, "delay": delay, "jitter": jitter, "rate": rate}
    with connected(**impairments) as (_, client, server):
        for message in messages:
            client.sendall(message)
        client.shutdown(socket.SHUT_WR)
        assert read_all(server) == b"".join(messages)
        for message in messages:
            server.sendall(message)
        server.shutdown(socket.SHUT_WR)
        assert read_all(client) == b"".join(messages)


@pytest.mark.parametrize("impairments", [{}, {"delay": 0.005, "jitter": 0.002}])
def test_five_megabytes_cross(impairments):
    data = payload(5_000_000)
    with connected(**impairments) as (_, client, server):
        with in_thread(send_and_end, client, data):
            assert read_all(server) == data


def send_and_end(sock: socket.socket, data: bytes) -> None:
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)


def test_megabytes_cross_both_ways_at_once():
    data = payload(1_000_000)
    with connected() as (_, client, server):
        with in_thread(send_and_end, client, data), in_thread(send_and_end, server, data):
            answers: list[bytes] = []
            with in_thread(lambda: answers.append(read_all(client))):
                assert read_all(server) == data
        assert answers == [data]


def test_a_hundred_connections_at_once_have_bytes_of_their_own():
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(listening())
        link = stack.enter_context(Link(listener.getsockname(), kind="tcp", delay=0.002))
        clients = [
            stack.enter_context(socket.create_connection(link.address, PATIENCE))
            for _ in range(100)
        ]
        for index, client in enumerate(clients):
            client.sendall(index.to_bytes(4, "big"))
        for _ in clients:
            server = stack.enter_context(listener.accept()[0])
            server.settimeout(PATIENCE)
            server.sendall(read_exactly(server, 4))
        for index, client in enumerate(clients):
            assert read_exactly(client, 4) == index.to_bytes(4, "big")


def test_a_burst_of_connects_to_a_server_with_a_short_queue_does_not_hold_up_the_link():
    with contextlib.ExitStack() as stack:
        crowded = stack.enter_context(listening(backlog=1))
        link = stack.enter_context(Link(crowded.getsockname(), kind="tcp"))
        first = stack.enter_context(socket.create_connection(link.address, PATIENCE))
        server = stack.enter_context(crowded.accept()[0])
        server.settimeout(PATIENCE)
        for _ in range(30):  # more than the server's queue takes: their connects wait
            stack.enter_context(socket.create_connection(link.address, PATIENCE))
        first.sendall(b"still there")
        assert read_exactly(server, 11) == b"still there"
        link.stop()


# Impairments


def test_slices_arrive_apart_for_a_reader_that_is_prompt():
    with connected(chunk=3, gap=0.25) as (_, client, server):
        client.sendall(b"abcdefgh")
        assert [server.recv(100) for _ in range(3)] == [b"abc", b"def", b"gh"]


def test_slices_are_as_many_events():
    with connected(chunk=4) as (link, client, server):
        client.sendall(bytes(10))
        read_exactly(server, 10)
        assert link.settle(PATIENCE)
        sizes = [event.size for event in link.trace if event.kind == "data"]
        assert sizes == [4, 4, 2]


def test_no_byte_is_early():
    with connected(delay=0.05) as (_, client, server):
        start = perf_counter()
        client.sendall(b"x")
        server.recv(1)
        assert perf_counter() - start >= 0.05


def test_a_limited_rate_takes_its_time():
    with connected(rate=20_000) as (_, client, server):
        start = perf_counter()
        client.sendall(bytes(2_000))
        read_exactly(server, 2_000)
        assert perf_counter() - start >= 0.1


def test_a_limited_rate_passes_bytes_on_as_they_fit_and_not_all_at_the_end():
    with connected(rate=20_000) as (link, client, server):
        client.sendall(bytes(2_000))
        assert len(server.recv(10_000)) < 2_000
        assert link.settle(PATIENCE)


def test_a_change_takes_effect_for_the_next_bytes():
    with connected() as (link, client, server):
        client.sendall(b"abc")
        assert read_exactly(server, 3) == b"abc"
        link.up.set(chunk=1, gap=0.25)
        client.sendall(b"de")
        assert [server.recv(10), server.recv(10)] == [b"d", b"e"]


def test_the_directions_have_settings_of_their_own():
    with connected(up={"chunk": 2, "gap": 0.25}) as (_, client, server):
        client.sendall(b"abcd")
        assert [server.recv(10), server.recv(10)] == [b"ab", b"cd"]
        server.sendall(b"abcd")
        assert client.recv(10) == b"abcd"


@pytest.mark.parametrize("name", ["loss", "burst", "duplicate", "reorder", "script", "queue"])
def test_what_only_datagrams_suffer_is_refused_with_the_reason(name):
    with listening() as listener:
        with pytest.raises(ValueError, match=f"{name}= is for datagrams. A stream never shows"):
            Link(listener.getsockname(), kind="tcp", **{name: 0.1})


@pytest.mark.parametrize(
    ("name", "why"),
    [("corrupt", "A stream never shows damage"), ("mtu", "A stream has no packets")],
)
def test_damage_and_size_are_refused_with_the_reason(name, why):
    with listening() as listener, connected() as (link, _, _):
        with pytest.raises(ValueError, match=f"{name}= is for datagrams. {why}"):
            Link(listener.getsockname(), kind="tcp", **{name: 1})
        with pytest.raises(ValueError, match=f"{name}= is for datagrams"):
            link.up.set(**{name: 1})


def test_loss_can_not_be_asked_for_later_either():
    with connected() as (link, _, _):
        with pytest.raises(ValueError, match="a program sees delay in place of gaps"):
            link.set(loss=0.1)


@pytest.mark.parametrize(
    ("impairments", "error", "words"),
    [
        ({"chunk": 0}, ValueError, "chunk is 0"),
        ({"chunk": 1.5}, TypeError, "chunk is 1.5"),
        ({"gap": -1}, ValueError, "gap"),
        ({"delay": -1}, ValueError, "delay"),
        ({"rate": 0}, ValueError, "rate"),
        ({"reset_after": -1}, ValueError, "reset_after"),
        ({"close_after": True}, TypeError, "close_after"),
        ({"latency": 1}, TypeError, "no setting 'latency'"),
        ({"seed": 1.5}, TypeError, "seed"),
    ],
)
def test_wrong_settings_are_refused_at_once(impairments, error, words):
    with listening() as listener, pytest.raises(error, match=words):
        Link(listener.getsockname(), kind="tcp", **impairments)


def test_a_stream_has_no_account_of_packets():
    with connected() as (link, _, _):
        with pytest.raises(ValueError, match=r"look at link\.trace"):
            link.account()


# How connections end


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_half_close_passes_through_and_the_other_way_stays_open(way):
    with connected(delay=0.002) as (_, client, server):
        first, second = (client, server) if way == "up" else (server, client)
        first.sendall(b"all I have to say")
        first.shutdown(socket.SHUT_WR)
        assert read_all(second) == b"all I have to say"
        second.sendall(b"and I go on")
        assert read_exactly(first, 11) == b"and I go on"


def test_a_connection_that_both_sides_have_ended_is_closed():
    with connected() as (link, client, server):
        for sock in (client, server):
            sock.shutdown(socket.SHUT_WR)
        assert (read_all(client), read_all(server)) == (b"", b"")
        assert wait_until(lambda: not connections_of(link))


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_reset_of_one_side_reaches_the_other_as_a_reset(way):
    with connected() as (link, client, server):
        first, second = (client, server) if way == "up" else (server, client)
        reset(first)
        assert read_until_broken(second) == b""
        assert wait_until(lambda: "reset" in [event.kind for event in link.trace])


def test_bytes_sent_before_a_reset_arrive_before_it_when_they_are_delayed_alike():
    with connected(delay=0.05) as (link, client, server):
        client.sendall(b"last words")
        assert wait_until(lambda: "data" in [event.kind for event in link.trace])
        reset(client)
        assert read_until_broken(server) == b"last words"


@pytest.mark.parametrize("limit", [1, 5, 10])
@pytest.mark.parametrize("chunk", [None, 1, 3])
def test_a_connection_is_reset_after_exactly_so_many_bytes(limit, chunk):
    with connected(up={"reset_after": limit, "chunk": chunk}) as (_, client, server):
        client.sendall(b"abcdefghij")
        assert read_until_broken(server) == b"abcdefghij"[:limit]
        assert read_until_broken(client) == b""


@pytest.mark.parametrize("limit", [0, 1, 5, 10])
@pytest.mark.parametrize("chunk", [None, 1, 3])
def test_a_connection_is_closed_after_exactly_so_many_bytes(limit, chunk):
    with connected(up={"close_after": limit, "chunk": chunk}) as (_, client, server):
        client.sendall(b"abcdefghij")
        assert read_all(server) == b"abcdefghij"[:limit]
        assert read_all(client) == b""


@pytest.mark.parametrize(("setting", "kind"), [("close_after", "close"), ("reset_after", "reset")])
def test_what_the_link_itself_ends_is_in_the_trace_both_ways_as_the_links(setting, kind):
    with connected(up={setting: 4}) as (link, client, _):
        client.sendall(b"abcdef")
        assert wait_until(lambda: kind in [event.kind for event in link.trace])
        assert link.settle(PATIENCE)
    ends = [event for event in link.trace if event.kind == kind]
    assert [(event.source, event.target) for event in ends] == [
        ("client 1", "server"),
        ("server", "client 1"),
    ]
    assert [(event.cause, event.fate) for event in ends] == [("link", "delivered")] * 2
    arrived, cut = [event for event in link.trace if event.kind == "data"]
    assert (arrived.size, arrived.fate) == (4, "delivered")
    assert (cut.size, cut.fate, cut.cause) == (2, "dropped", "connection ended")


@pytest.mark.parametrize("limit", [0, 1, 5, 10])
@pytest.mark.parametrize("chunk", [None, 1, 3])
def test_a_connection_stalls_after_exactly_so_many_bytes(limit, chunk):
    with connected(up={"stall_after": limit, "chunk": chunk}) as (link, client, server):
        client.sendall(b"abcdefghij")
        client.shutdown(socket.SHUT_WR)
        assert read_exactly(server, limit) == b"abcdefghij"[:limit]
        assert wait_until(lambda: "end" in [event.kind for event in link.trace])
        assert link.settle(PATIENCE)
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.recv(1)
    kept = [(event.kind, event.cause) for event in link.trace if event.fate == "in flight"]
    rest = [("data", "held")] if limit < 10 else []
    assert list(dict.fromkeys(kept)) == [*rest, ("end", "held")]  # nothing else is on its way


@pytest.mark.parametrize("setting", ["close_after", "reset_after"])
def test_a_fin_that_a_link_has_not_passed_on_is_lost_when_it_ends_the_connection(setting):
    with connected(up={setting: 4, "delay": 0.05}) as (link, client, _):
        client.sendall(b"abcdef")
        client.shutdown(socket.SHUT_WR)
        assert wait_until(lambda: "link" in [event.cause for event in link.trace])
        (fin,) = [event for event in link.trace if event.kind == "end"]
    assert (fin.fate, fin.cause) == ("dropped", "connection ended")


def test_a_connection_that_stalls_goes_on_in_the_other_direction():
    with connected(up={"stall_after": 0}) as (_, client, server):
        client.sendall(b"unheard")
        server.sendall(b"heard")
        assert read_exactly(client, 5) == b"heard"


def test_bytes_count_from_the_start_of_each_connection():
    with listening() as listener:
        with Link(listener.getsockname(), kind="tcp", up={"close_after": 4}) as link:
            for _ in range(3):
                with socket.create_connection(link.address, PATIENCE) as client:
                    server, _ = listener.accept()
                    with server:
                        client.sendall(b"abcdef")
                        assert read_all(server) == b"abcd"


def test_a_limit_that_is_passed_already_ends_the_connection_at_the_next_bytes():
    with connected() as (link, client, server):
        client.sendall(b"abcdef")
        assert read_exactly(server, 6) == b"abcdef"
        link.up.set(close_after=3)
        client.sendall(b"ghi")
        assert read_all(server) == b""


def test_a_reader_that_is_slow_gets_every_byte_before_the_close():
    with connected(up={"close_after": 400_000}) as (link, client, server):
        with in_thread(client.sendall, payload(400_000)):
            assert wait_until(lambda: link.trace)
            assert read_all(server) == payload(400_000)


def test_all_connections_can_be_reset_at_a_moment():
    with connected() as (link, client, server):
        link.reset()
        assert (read_until_broken(client), read_until_broken(server)) == (b"", b"")


def test_all_connections_can_be_closed_at_a_moment():
    with connected() as (link, client, server):
        link.close()
        assert (read_all(client), read_all(server)) == (b"", b"")


def test_a_client_that_goes_on_sending_after_the_close_is_reset():
    with connected() as (link, client, _):
        link.close()
        assert read_all(client) == b""
        with pytest.raises(GONE):
            while True:
                client.sendall(bytes(65_536))


def test_what_the_link_ends_is_in_the_trace():
    with connected() as (link, _, _):
        link.reset()
        ends = [(event.source, event.kind) for event in link.trace if event.kind == "reset"]
        assert ends == [("client 1", "reset"), ("server", "reset")]


def test_new_connections_work_after_a_reset_of_all():
    with listening() as listener, Link(listener.getsockname(), kind="tcp") as link:
        for _ in range(2):
            with socket.create_connection(link.address, PATIENCE) as client:
                server, _ = listener.accept()
                with server:
                    client.sendall(b"x")
                    assert read_exactly(server, 1) == b"x"
                    link.reset()


def test_a_stall_holds_what_is_on_its_way_and_what_comes():
    with connected(delay=0.02) as (link, client, server):
        client.sendall(b"abc")
        assert wait_until(lambda: "data" in [event.kind for event in link.trace])
        start = perf_counter()
        link.stall(0.2)
        client.sendall(b"def")
        assert read_exactly(server, 6) == b"abcdef"
        arrived = [event for event in link.trace if event.kind == "data"]
        assert perf_counter() - start >= 0.2
        assert b"".join(event.head for event in arrived) == b"abcdef"


@pytest.mark.parametrize("seconds", [-1, 61])
def test_a_stall_out_of_range_is_refused(seconds):
    with connected() as (link, _, _), pytest.raises(ValueError, match="0 to 60 seconds"):
        link.stall(seconds)


def test_verbs_on_a_link_that_has_stopped_do_nothing():
    with listening() as listener:
        link = Link(listener.getsockname(), kind="tcp")
        link.stop()
        link.reset()
        link.close()
        link.stall(1)


def test_stopping_ends_connections_and_what_is_held():
    with connected(delay=30) as (link, client, server):
        client.sendall(b"never delivered")
        assert wait_until(lambda: "data" in [event.kind for event in link.trace])
        link.stop()
        with contextlib.suppress(*GONE):
            assert server.recv(100) == b""


def test_bytes_that_a_reset_overtakes_are_lost_in_the_trace():
    with connected(delay=30) as (link, client, _):
        client.sendall(b"abc")
        assert wait_until(lambda: "data" in [event.kind for event in link.trace])
        link.reset()
        assert wait_until(lambda: "connection ended" in [event.cause for event in link.trace])


def test_the_events_of_a_connection_are_complete_and_in_order():
    with connected() as (link, client, server):
        client.sendall(b"question")
        read_exactly(server, 8)
        server.sendall(b"answer")
        read_exactly(client, 6)
        for sock, other in ((client, server), (server, client)):
            sock.shutdown(socket.SHUT_WR)
            assert read_all(other) == b""
        assert link.settle(PATIENCE)
        kinds = [(event.source, event.kind, event.fate) for event in link.trace]
    assert kinds == [
        ("client 1", "connect", "delivered"),
        ("client 1", "data", "delivered"),
        ("server", "data", "delivered"),
        ("client 1", "end", "delivered"),
        ("server", "end", "delivered"),
    ]


# What must not stop it


def test_a_client_of_a_server_that_is_not_there_is_reset():
    with listening() as nobody:
        gone = nobody.getsockname()
    with Link(gone, kind="tcp") as link:
        meet_a_reset(link)
        assert [(event.kind, event.cause) for event in link.trace] == [
            ("connect", "nobody listens")
        ]


def test_a_server_that_comes_back_is_found_again():
    with listening() as first:
        address = first.getsockname()
    with Link(address, kind="tcp") as link:
        meet_a_reset(link)
        with socket.create_server(address) as second:
            second.settimeout(PATIENCE)
            with socket.create_connection(link.address, PATIENCE) as client:
                server, _ = second.accept()
                with server:
                    client.sendall(b"x")
                    assert read_exactly(server, 1) == b"x"


def test_a_client_that_vanishes_at_once_does_not_stop_the_link():
    with listening() as listener, Link(listener.getsockname(), kind="tcp") as link:
        for _ in range(20):
            reset(socket.create_connection(link.address, PATIENCE))
        with socket.create_connection(link.address, PATIENCE) as client:
            client.sendall(b"x")
            received = b""
            while received != b"x":
                server, _ = listener.accept()
                with server, contextlib.suppress(*GONE):
                    server.settimeout(PATIENCE)
                    received = server.recv(1)


def test_a_reader_that_does_not_read_stops_the_writer_and_little_is_held():
    with connected(up={"chunk": 1_000, "gap": 0}) as (link, client, server):
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while True:
                client.send(bytes(65_536))
        held = [pipe.pending for each in connections_of(link) for pipe in each.pipes]
        assert max(held) <= PENDING + READ
        link.stop()


def test_a_stream_that_stalls_stops_the_writer_and_little_is_held():
    with connected(up={"stall_after": 10}) as (link, client, _):
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while True:
                client.send(bytes(65_536))
        held = [pipe.pending for each in connections_of(link) for pipe in each.pipes]
        assert max(held) <= PENDING + READ


def test_single_bytes_are_held_in_slices_of_a_bounded_number():
    with connected(up={"chunk": 1, "gap": 0, "delay": 30}) as (link, client, _):
        client.sendall(bytes(10_000))
        (connection,) = connections_of(link)
        assert wait_until(lambda: connection.pipes[0].source not in link._relay.readers)
        assert len(link._relay._timetable) <= (PENDING + READ) // 256
        link.stop()


def test_the_writer_goes_on_when_the_reader_reads_again():
    data = payload(16_000_000)  # more than the system's buffers at both ends hold
    with connected() as (link, client, server):
        with in_thread(send_and_end, client, data):
            (connection,) = connections_of(link)
            assert wait_until(lambda: connection.pipes[0].target in link._relay.writers)
            assert read_all(server) == data


def test_answers_cross_while_the_server_does_not_read():
    with connected() as (link, client, server):
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while True:
                client.send(bytes(65_536))
        client.settimeout(PATIENCE)
        server.sendall(b"slow down")
        assert read_exactly(client, 9) == b"slow down"
        link.stop()


def test_a_hundred_starts_and_stops_with_connections_leave_nothing():
    with listening() as listener:
        for _ in range(100):
            with Link(listener.getsockname(), kind="tcp", delay=1) as link:
                with socket.create_connection(link.address, PATIENCE) as client:
                    server, _ = listener.accept()
                    client.sendall(b"x")
                    server.close()
                    link.stop()


def test_an_interrupt_while_a_link_is_stopped_does_not_keep_it_from_ending(monkeypatch):
    stop = TcpRelay.stop

    def interrupted(relay: TcpRelay) -> None:
        signal.raise_signal(signal.SIGINT)
        stop(relay)

    monkeypatch.setattr(TcpRelay, "stop", interrupted)
    with listening() as listener:
        with pytest.raises(KeyboardInterrupt), Link(listener.getsockname(), kind="tcp") as link:
            pass
    assert not link._relay._thread.is_alive()
