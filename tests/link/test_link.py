"""The link for datagrams: its promises of fate, order and account, and what must not stop it."""

import contextlib
import random
import socket
import sys
import threading
from collections.abc import Iterator
from time import perf_counter

import pytest
from drive.left_behind import open_descriptors
from drive.waiting import wait_until
from support.loopback import HOSTS, PATIENCE, family_of, run_python

from helpers.link.fates import Fates
from helpers.link.flow import Way
from helpers.link.link import Link, stop_links
from helpers.link.relay import BUFFER, widen
from helpers.link.settings import parse
from helpers.link.udp_relay import PORTION, STREAM

SILENCE = 0.1  # seconds in which what must not arrive does not
BURST = 200


def granted_buffer() -> int:
    """The receive buffer in bytes that `widen` gets from this system."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        widen(sock)
        return sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


needs_big_buffers = pytest.mark.skipif(
    granted_buffer() < BUFFER // 4,
    reason="this system grants a buffer that is smaller than 200 packets of 1,400 bytes",
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts these losses")


@pytest.fixture(autouse=True)
def links_end(nothing_left: None) -> Iterator[None]:
    """Stop what a failed test has left."""
    yield
    stop_links()


@contextlib.contextmanager
def endpoint(host: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A bound UDP socket with room for bursts, that waits long but not for ever."""
    with socket.socket(family_of(host), socket.SOCK_DGRAM) as sock:
        widen(sock)
        sock.bind((host, 0))
        sock.settimeout(PATIENCE)
        yield sock


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with endpoint() as sock:
        yield sock


@pytest.fixture
def client() -> Iterator[socket.socket]:
    with endpoint() as sock:
        yield sock


def number(index: int) -> bytes:
    return index.to_bytes(4, "big")


def send_numbers(sock: socket.socket, target: tuple, count: int) -> None:
    for index in range(count):
        sock.sendto(number(index), target)


def receive_numbers(sock: socket.socket, count: int) -> list[int]:
    return [int.from_bytes(sock.recv(4), "big") for _ in range(count)]


def is_silent(sock: socket.socket) -> bool:
    sock.settimeout(SILENCE)
    try:
        sock.recv(1)
    except TimeoutError:
        return True
    finally:
        sock.settimeout(PATIENCE)
    return False


def introduce(client: socket.socket, server: socket.socket, link: Link) -> tuple:
    """Send one packet up, and return the address at which the server reaches this client."""
    client.sendto(b"hello", link.address)
    return server.recvfrom(16)[1]


def through(count: int, seed: int, **settings: object) -> list[int]:
    """The numbers of the packets of a client that arrive at a server, in order of arrival."""
    with endpoint() as server, endpoint() as client:
        with Link(server.getsockname(), seed=seed, name="run", **settings) as link:
            send_numbers(client, link.address, count)
            assert wait_until(lambda: link.account()["up"].sent == count)
            assert link.settle(PATIENCE)
            account = link.account()["up"]
        return receive_numbers(server, account.delivered + account.duplicates)


def survivors(count: int, seed: int, direction: str = "up", flow: int = 0, **settings) -> list[int]:
    """The numbers of the packets that the fates let live."""
    fates = Fates(parse(**settings), seed, direction, flow)
    return [index for index in range(count) if fates.next()[1]]


# Passing on


@pytest.mark.parametrize("host", HOSTS)
def test_a_packet_reaches_the_server_and_its_answer_the_client(host):
    with endpoint(host) as server, endpoint(host) as client, Link(server.getsockname()) as link:
        client.sendto(b"question", link.address)
        data, back = server.recvfrom(64)
        server.sendto(data + b"!", back)
        answer, source = client.recvfrom(64)
        assert (answer, source[:2]) == (b"question!", link.address)


def test_a_server_that_is_bound_to_every_address_is_looked_for_on_this_machine():
    """Only Linux and macOS take 0.0.0.0 for a place to connect to."""
    with endpoint() as server, Link(("0.0.0.0", server.getsockname()[1]), "udp") as link:
        assert link.trace.endpoints["server"][0] == "127.0.0.1"


def test_the_server_may_be_named_localhost():
    with endpoint() as server, endpoint() as client:
        with Link(("127.0.0.1", server.getsockname()[1])) as link:
            client.connect(link.address)
            client.send(b"x")
            assert server.recv(1) == b"x"


def test_each_client_has_a_port_of_its_own_and_gets_its_own_answers(server):
    with contextlib.ExitStack() as stack:
        link = stack.enter_context(Link(server.getsockname()))
        clients = [stack.enter_context(endpoint()) for _ in range(50)]
        for index, client in enumerate(clients):
            client.sendto(number(index), link.address)
        ports = {}
        for _ in clients:
            data, back = server.recvfrom(4)
            ports[back] = data
            server.sendto(data, back)
        assert len(ports) == 50
        assert [receive_numbers(client, 1) for client in clients] == [[i] for i in range(50)]


def test_a_client_keeps_its_port_toward_the_server(server, client):
    with Link(server.getsockname()) as link:
        assert introduce(client, server, link) == introduce(client, server, link)


def test_an_empty_datagram_passes_in_both_directions(server, client):
    with Link(server.getsockname()) as link:
        client.sendto(b"", link.address)
        data, back = server.recvfrom(16)
        server.sendto(b"", back)
        assert (data, client.recv(16)) == (b"", b"")


@pytest.mark.parametrize("host", HOSTS)
def test_a_datagram_of_60_000_bytes_passes_in_both_directions(host):
    large = random.Random(1).randbytes(60_000)
    with endpoint(host) as server, endpoint(host) as client:
        for sock in (server, client):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 100_000)
        with Link(server.getsockname(), delay=0.001) as link:
            client.sendto(large, link.address)
            data, back = server.recvfrom(65_536)
            server.sendto(large, back)
            assert data == large
            assert client.recv(65_536) == large


@pytest.mark.parametrize("delay", [0.0, 0.02])
@pytest.mark.parametrize("size", [64, pytest.param(1_400, marks=needs_big_buffers)])
@pytest.mark.parametrize("way", ["up", "down"])
def test_a_burst_of_200_packets_is_never_lost(server, client, way, size, delay):
    with Link(server.getsockname(), delay=delay) as link:
        back = introduce(client, server, link)
        sender, target, receiver = (client, link.address, server)
        if way == "down":
            sender, target, receiver = (server, back, client)
        packets = [number(index).ljust(size, b".") for index in range(BURST)]
        for packet in packets:
            sender.sendto(packet, target)
        assert [receiver.recv(2_048) for _ in packets] == packets


# Impairments


def test_the_two_directions_have_settings_of_their_own(server, client):
    with Link(server.getsockname(), up={"loss": 0}, down={"loss": 1}, loss=0.5) as link:
        back = introduce(client, server, link)
        server.sendto(b"answer", back)
        assert wait_until(lambda: link.account()["down"].dropped == {"loss": 1})
        assert link.account()["up"].dropped == {}


def test_a_change_takes_effect_for_the_next_packet(server, client):
    with Link(server.getsockname()) as link:
        for index in range(20):
            link.up.set(loss=index % 2)
            client.sendto(number(index), link.address)
            assert wait_until(lambda sent=index + 1: link.account()["up"].sent == sent)
        assert receive_numbers(server, 10) == list(range(0, 20, 2))


def test_a_change_leaves_the_other_settings_and_the_other_direction(server):
    with Link(server.getsockname(), loss=0.25, delay=0.01) as link:
        link.up.set(delay=0.02)
        assert link.up.settings == {"loss": 0.25, "delay": 0.02}
        assert link.down.settings == {"loss": 0.25, "delay": 0.01}


def test_a_change_of_both_that_one_refuses_changes_neither(server):
    with Link(server.getsockname(), up={"loss": 0.1}, down={"loss": 0.9}) as link:
        with pytest.raises(ValueError, match="burst"):
            link.set(burst=2)  # too short for a loss of 0.9
        assert (link.up.settings, link.down.settings) == ({"loss": 0.1}, {"loss": 0.9})


def test_a_packet_on_its_way_keeps_its_delay_when_the_delay_changes(server, client):
    with Link(server.getsockname(), delay=50.0) as link:
        client.sendto(number(1), link.address)
        assert wait_until(lambda: link.account()["up"].sent == 1)
        link.set(delay=0)
        client.sendto(number(2), link.address)
        assert receive_numbers(server, 1) == [2]
        (left,) = link.in_flight()
        assert (left.number, left.due - left.sent) == (1, pytest.approx(50.0))


def test_no_packet_is_early(server, client):
    with Link(server.getsockname(), delay=0.03) as link:
        start = perf_counter()
        client.sendto(b"x", link.address)
        server.recv(1)
        assert perf_counter() - start >= 0.03


def test_the_same_seed_gives_the_same_survivors_in_every_run():
    settings = {"loss": 0.3, "delay": 0.001, "jitter": 0.001, "duplicate": 0.2}
    wanted = survivors(BURST, 5, **settings)
    for _ in range(10):
        assert sorted(set(through(BURST, 5, **settings))) == wanted


def test_each_client_and_direction_has_fates_of_its_own_from_the_seed(server):
    with Link(server.getsockname(), loss=0.5, seed=3) as link:
        with endpoint() as first, endpoint() as second:
            for sock in (first, second):
                send_numbers(sock, link.address, 50)
                sent = 50 if sock is first else 100
                assert wait_until(lambda sent=sent: link.account()["up"].sent == sent)
        assert link.settle()
        alive = {
            name: [
                event.number - 1
                for event in link.trace
                if event.source == name and event.fate == "delivered"
            ]
            for name in ("client 1", "client 2")
        }
        assert alive["client 1"] == survivors(50, 3, flow=0, loss=0.5)
        assert alive["client 2"] == survivors(50, 3, flow=1, loss=0.5)


def test_the_impairments_may_stay_when_others_change_and_the_fates_stay_too():
    wanted = survivors(BURST, 9, loss=0.3)
    with endpoint() as server, endpoint() as client:
        with Link(server.getsockname(), loss=0.3, seed=9) as link:
            send_numbers(client, link.address, 100)
            assert wait_until(lambda: link.account()["up"].sent == 100)
            link.set(delay=0.001)
            for index in range(100, BURST):
                client.sendto(number(index), link.address)
            assert wait_until(lambda: link.account()["up"].sent == BURST)
            assert link.settle(PATIENCE)
            assert receive_numbers(server, len(wanted)) == wanted


def test_duplicates_arrive_twice_and_are_counted_apart(server, client):
    with Link(server.getsockname(), duplicate=1) as link:
        send_numbers(client, link.address, 10)
        assert receive_numbers(server, 20) == [index for index in range(10) for _ in range(2)]
        assert link.settle(PATIENCE)
        account = link.account()["up"]
        assert (account.sent, account.delivered, account.duplicates) == (10, 10, 10)


def test_a_packet_that_is_held_back_is_overtaken():
    arrived = through(50, 4, reorder=0.2, reorder_delay=0.3)
    assert sorted(arrived) == list(range(50))
    fates = Fates(parse(reorder=0.2, reorder_delay=0.3), 4, "up", 0)
    late = [index for index in range(50) if fates.next()[1][0]]
    assert late
    assert sorted(arrived[-len(late) :]) == late


def test_jitter_reorders_unless_the_order_is_kept():
    assert through(100, 2, jitter=0.02) != list(range(100))
    assert through(100, 2, jitter=0.02, keep_order=True) == list(range(100))


def test_packets_arrive_in_order_when_short_jitter_ends_while_the_link_is_busy():
    for seed in range(5):
        assert through(BURST, seed, jitter=0.0002, keep_order=True) == list(range(BURST))


def test_packets_of_one_delay_arrive_in_order():
    assert through(BURST, 0, delay=0.001) == list(range(BURST))


def test_a_full_queue_drops_the_newcomers(server, client):
    # Room for ten packets of four bytes, and four seconds until the first of them has left.
    with Link(server.getsockname(), rate=1, queue=40) as link:
        send_numbers(client, link.address, 30)
        assert wait_until(lambda: link.account()["up"].sent == 30)
        assert link.account()["up"].dropped == {"queue": 20}
        lost = [event.number for event in link.trace if event.cause == "queue"]
        assert lost == list(range(11, 31))
        link.stop()


def test_a_limited_rate_spreads_packets_out(server, client):
    with Link(server.getsockname(), rate=10_000) as link:
        start = perf_counter()
        for _ in range(5):
            client.sendto(bytes(100), link.address)
        for _ in range(5):
            server.recv(100)
        assert perf_counter() - start >= 0.05  # 500 bytes at 10,000 bytes a second


def test_a_packet_that_finds_the_queue_empty_does_not_overtake_the_one_before(server, client):
    with Link(server.getsockname(), rate=1_000_000) as link:
        for _ in range(100):
            client.sendto(bytes(100), link.address)
            client.sendto(b"", link.address)
        assert [len(server.recv(100)) for _ in range(200)] == [100, 0] * 100


def test_a_script_is_followed_exactly(server, client):
    with Link(server.getsockname(), up={"script": {2: "drop", 3: "duplicate", 4: 0.4}}) as link:
        send_numbers(client, link.address, 5)
        assert receive_numbers(server, 5) == [0, 2, 2, 4, 3]
        assert link.account()["up"].dropped == {"script": 1}


# The account and the trace


def test_every_packet_is_accounted_for():
    settings = {"loss": 0.2, "duplicate": 0.2, "jitter": 0.001, "rate": 1_000, "queue": 100}
    with endpoint() as server, endpoint() as client:
        with Link(server.getsockname(), seed=1, **settings) as link:
            send_numbers(client, link.address, BURST)
            assert wait_until(lambda: link.account()["up"].sent == BURST)
            assert link.settle(PATIENCE)
            account = link.account()["up"]
        arrived = receive_numbers(server, account.delivered + account.duplicates)
        assert is_silent(server)
    assert account.delivered + sum(account.dropped.values()) == BURST
    assert set(account.dropped) == {"loss", "queue"}
    assert len(set(arrived)) == account.delivered


def test_packets_on_their_way_are_counted_as_such(server, client):
    with Link(server.getsockname(), delay=30) as link:
        send_numbers(client, link.address, 7)
        assert wait_until(lambda: link.account()["up"].in_flight == 7)
        assert "7 in flight" in str(link.account()["up"])
        link.stop()
        assert link.account()["up"].in_flight == 7


def test_the_account_adds_up_at_every_moment_of_a_busy_link(server, client):
    with Link(server.getsockname(), loss=0.3, delay=0.0005, duplicate=0.1) as link:
        sender = threading.Thread(target=send_numbers, args=(client, link.address, 2_000))
        sender.start()
        while sender.is_alive():
            account = link.account()["up"]
            assert account.in_flight >= 0
            parts = account.delivered + sum(account.dropped.values()) + account.in_flight
            assert parts == account.sent
        sender.join()


@on_linux
def test_what_a_server_that_does_not_read_has_lost_is_counted(client):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        server.bind(("127.0.0.1", 0))
        with Link(server.getsockname()) as link:
            send_numbers(client, link.address, BURST)
            assert wait_until(lambda: link.account()["up"].delivered == BURST)
            server.setblocking(False)
            arrived = 0
            with contextlib.suppress(BlockingIOError):
                while server.recv(4):
                    arrived += 1
            account = link.account()["up"]
            assert (account.lost_before, account.lost_after) == (0, BURST - arrived)
            assert f"{BURST - arrived} lost in kernel buffers" in str(account)


@on_linux
def test_what_a_client_that_does_not_read_has_lost_is_counted(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with Link(server.getsockname()) as link:
            back = introduce(client, server, link)
            send_numbers(server, back, BURST)
            assert wait_until(lambda: link.account()["down"].delivered == BURST)
            account = link.account()["down"]
            assert account.lost_after > 0
            client.settimeout(PATIENCE)
            assert len(receive_numbers(client, BURST - account.lost_after)) > 0
            assert is_silent(client)


@on_linux
def test_losses_of_an_earlier_link_are_not_counted_again(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with Link(server.getsockname()) as link:
            send_numbers(server, introduce(client, server, link), BURST)
            assert wait_until(lambda: link.account()["down"].lost_after)
        with Link(server.getsockname()) as link:
            back = introduce(client, server, link)
            with contextlib.suppress(BlockingIOError):
                client.setblocking(False)
                while client.recv(4):
                    pass
            server.sendto(b"x", back)
            assert wait_until(lambda: link.account()["down"].delivered == 1)
            assert link.account()["down"].lost_after == 0


@on_linux
def test_what_a_closed_client_has_lost_is_not_known(server):
    with Link(server.getsockname()) as link:
        with endpoint() as client:
            server.sendto(b"x", introduce(client, server, link))
            assert wait_until(lambda: link.account()["down"].delivered == 1)
            assert link.account()["down"].lost_after == 0
        assert link.account()["down"].lost_after is None


def test_a_system_that_counts_no_losses_is_said_to_know_none(server, client, monkeypatch):
    monkeypatch.setattr("helpers.link.udp_relay.drops_by_port", lambda family: None)
    with Link(server.getsockname()) as link:
        introduce(client, server, link)
        account = link.account()["up"]
        assert (account.lost_before, account.lost_after) == (None, None)
        assert "can't be known" in str(account)


def test_each_packet_has_an_event_with_its_fate(server, client):
    script = ["deliver", "drop", "duplicate"]
    with Link(server.getsockname(), up={"script": script, "delay": 0.01}) as link:
        send_numbers(client, link.address, 3)
        receive_numbers(server, 3)
        assert link.settle(PATIENCE)
        events = list(link.trace)
    assert [(event.number, event.fate, event.cause, event.head) for event in events] == [
        (1, "delivered", "", number(0)),
        (2, "dropped", "script", number(1)),
        (3, "delivered", "", number(2)),
        (3, "duplicate", "", number(2)),
    ]
    assert {(event.source, event.target, event.kind) for event in events} == {
        ("client 1", "server", "datagram")
    }
    for event in events:
        assert event.delivered is None or event.delivered - event.time >= 0.01


def test_a_damaged_packet_arrives_with_the_bits_that_the_trace_shows(server, client):
    with Link(server.getsockname(), up={"corrupt": 1.0, "script": {2: "duplicate"}}) as link:
        for data in (b"21.5", b"22.0", b""):
            client.sendto(data, link.address)
        came = [server.recv(100) for _ in range(4)]
        assert link.settle(PATIENCE)
        events, account = list(link.trace), link.account()["up"]
    assert [event.head for event in events] == came
    assert came[0] != b"21.5" and came[1] == came[2] != b"22.0" and came[3] == b""
    assert [(event.number, event.fate, event.cause) for event in events] == [
        (1, "damaged", "corrupt"),
        (2, "damaged", "corrupt"),
        (2, "duplicate", "corrupt"),
        (3, "delivered", ""),
    ]
    assert (account.sent, account.delivered, account.damaged, account.duplicates) == (3, 3, 2, 1)
    assert "2 of the delivered were damaged" in str(account)


def test_the_same_seed_damages_the_same_bits_in_every_run(server, client):
    def run():
        with Link(server.getsockname(), corrupt=0.5, seed=7) as link:
            send_numbers(client, link.address, 40)
            return [server.recv(100) for _ in range(40)]

    first = run()
    assert run() == first
    assert 10 <= sum(data != number(index) for index, data in enumerate(first)) <= 30


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_datagram_above_the_mtu_vanishes_and_one_of_its_size_does_not(server, client, way):
    with Link(server.getsockname(), **{way: {"mtu": 512}}) as link:
        client.sendto(b"?", link.address)
        back = server.recvfrom(10)[1]
        here, there, to = (
            (server, client, back) if way == "down" else (client, server, link.address)
        )
        for size in (511, 513, 512, 1400):
            here.sendto(bytes(size), to)
        assert [len(there.recv(2000)) for _ in range(2)] == [511, 512]
        assert wait_until(lambda: link.account()[way].dropped == {"mtu": 2})
        link.set(mtu=None)
        here.sendto(bytes(1400), to)
        assert len(there.recv(2000)) == 1400
    assert "1,400 bytes" in link.trace.table()
    assert ", too large (mtu)" in link.trace.table()


def test_the_trace_knows_the_addresses(server, client):
    with Link(server.getsockname()) as link:
        introduce(client, server, link)
        assert link.trace.endpoints == {
            "server": server.getsockname(),
            "client 1": client.getsockname(),
        }


def test_the_trace_is_never_early_and_agrees_with_the_account():
    with endpoint() as server, endpoint() as client:
        settings = {"loss": 0.2, "delay": 0.005, "jitter": 0.002}
        with Link(server.getsockname(), seed=6, **settings) as link:
            send_numbers(client, link.address, 100)
            assert wait_until(lambda: link.account()["up"].sent == 100)
            assert link.settle(PATIENCE)
            events, account = list(link.trace), link.account()["up"]
    fates = Fates(parse(**settings), 6, "up", 0)
    for event in events:
        cause, delays, _ = fates.next()
        assert event.cause == cause
        assert not delays or event.delivered - event.time >= delays[0] - 1e-9
    assert sum(event.fate == "delivered" for event in events) == account.delivered


def test_the_trace_keeps_its_bound_and_counts_the_rest(server, client):
    with Link(server.getsockname(), loss=1) as link:
        link.trace.limit = 50
        send_numbers(client, link.address, BURST)
        assert wait_until(lambda: link.account()["up"].sent == BURST)
        assert (len(link.trace), link.trace.left_out) == (50, 150)


def test_the_trace_can_be_read_while_packets_cross(server, client):
    with Link(server.getsockname(), delay=0.0005) as link:
        sender = threading.Thread(target=send_numbers, args=(client, link.address, 1_000))
        sender.start()
        while sender.is_alive():
            assert all(event.kind == "datagram" for event in link.trace)
        sender.join()


# What must not stop it


def test_a_pause_makes_portions_larger_only_where_nobody_waits_for_answers(server, client):
    with Link(server.getsockname()) as link:
        client.sendto(b"hello", link.address)
        server.recv(100)
    relay = link._relay  # its thread has ended, so it takes no turns of its own
    (flow,) = relay._flows.values()

    def crowded_after(way: Way, packets: int) -> bool:
        relay._turns += 1
        relay._packets.clear()
        relay._pass_on(way, [b"x"] * packets, [perf_counter()] * packets)
        return relay.crowded

    assert not crowded_after(flow.down, STREAM)  # so many may be waited for
    assert crowded_after(flow.down, PORTION)
    assert not crowded_after(flow.up, PORTION)  # an answer
    assert not any(crowded_after(flow.up, 1) for _ in range(2 * STREAM))  # a slow stream


def test_a_server_that_is_not_there_does_not_stop_the_link(client):
    with endpoint() as nobody:
        gone = nobody.getsockname()
    with Link(gone) as link:
        send_numbers(client, link.address, 50)
        assert wait_until(lambda: link.account()["up"].sent == 50)
        assert link.settle(PATIENCE)
        assert link.account()["up"].in_flight == 0


def test_a_server_that_comes_back_is_found_again(client):
    with endpoint() as first, Link(first.getsockname()) as link:
        address = first.getsockname()
        introduce(client, first, link)
        first.close()
        send_numbers(client, link.address, 10)
        assert wait_until(lambda: link.account()["up"].sent == 11)
        assert link.settle(PATIENCE)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
            second.bind(address)
            second.settimeout(PATIENCE)
            client.sendto(b"again", link.address)
            assert second.recv(16) == b"again"


def test_a_client_that_vanishes_does_not_stop_the_link(server, client):
    with Link(server.getsockname()) as link:
        with endpoint() as gone:
            back = introduce(gone, server, link)
        send_numbers(server, back, 50)
        assert wait_until(lambda: link.account()["down"].sent == 50)
        introduce(client, server, link)
        assert link.account()["down"].in_flight == 0


def test_a_connected_client_that_vanishes_does_not_stop_the_link(server, client):
    with Link(server.getsockname(), delay=0.01) as link:
        with endpoint() as gone:
            gone.connect(link.address)
            gone.send(b"bye")
            _, back = server.recvfrom(16)
        send_numbers(server, back, 10)
        assert wait_until(lambda: link.account()["down"].sent == 10)
        introduce(client, server, link)


def test_a_client_without_a_descriptor_left_for_it_is_counted_and_the_link_goes_on(
    server, client, monkeypatch
):
    with Link(server.getsockname()) as link:
        with monkeypatch.context() as patch:
            patch.setattr("helpers.link.udp_relay.widen", refuse)
            client.sendto(b"x", link.address)
            assert wait_until(lambda: link.account()["up"].dropped == {"error": 1})
        introduce(client, server, link)


def output_of(script: str) -> str:
    """The output of a program that imports the helpers and must not complain."""
    run = run_python(script)
    assert run.stderr == ""
    return run.stdout


def refuse(sock: socket.socket) -> None:
    raise OSError("no descriptor left")


def test_more_than_1_024_open_descriptors_do_not_stop_the_link():
    script = """
        import resource, socket
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        files = [open("/dev/null") for _ in range(1_100)]
        from helpers.link.link import Link
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(10)
            with Link(server.getsockname(), delay=0.01) as link:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                    client.settimeout(10)
                    client.sendto(b"question", link.address)
                    data, back = server.recvfrom(64)
                    server.sendto(b"answer", back)
                    print(client.recv(64).decode(), client.fileno() > 1_024)
    """
    resource = pytest.importorskip("resource")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < 1_300:
        pytest.skip("this system allows fewer than 1,300 descriptors")
    assert output_of(script) == "answer True\n"


def test_a_program_may_end_with_a_link_that_still_runs():
    script = """
        import socket
        from helpers.link.link import Link
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        link = Link(server.getsockname(), delay=1)
        server.sendto(b"x", link.address)
        print("end")
    """
    assert output_of(script) == "end\n"


# Beginning and end


def test_a_link_of_the_same_name_replaces_the_first(server, client):
    first = Link(server.getsockname(), name="twice")
    old = first.address
    with Link(server.getsockname(), name="twice") as second:
        with endpoint() as free:
            assert free.getsockname() != old
        introduce(client, server, second)
        with pytest.raises(RuntimeError, match="stopped when another of the name 'twice'"):
            _ = first.address
    assert "twice" in repr(first)


@pytest.mark.parametrize("use", [Link.account, Link.settle, lambda link: link.set(loss=0)])
def test_a_replaced_link_says_so_at_each_use(server, use):
    first = Link(server.getsockname())
    with Link(server.getsockname()):
        with pytest.raises(RuntimeError, match="give one of them a name of its own"):
            use(first)


def test_a_block_of_a_replaced_link_says_so_at_its_end(server):
    with pytest.raises(RuntimeError, match="stopped when another"):
        with Link(server.getsockname()):
            Link(server.getsockname()).stop()


def test_links_of_two_names_run_at_once(server, client):
    with Link(server.getsockname(), name="a") as a, Link(server.getsockname(), name="b") as b:
        assert introduce(client, server, a) != introduce(client, server, b)


def test_wrong_settings_leave_the_running_link_of_that_name_alone(server, client):
    with Link(server.getsockname()) as link:
        with pytest.raises(ValueError):
            Link(server.getsockname(), loss=2)
        introduce(client, server, link)


def test_settle_waits_for_what_is_on_its_way(server, client):
    with Link(server.getsockname(), delay=0.1) as link:
        client.sendto(b"x", link.address)
        assert link.settle(PATIENCE)
        assert link.account()["up"].delivered == 1


def test_settle_gives_up_at_its_timeout(server, client):
    with Link(server.getsockname(), delay=30) as link:
        client.sendto(b"x", link.address)
        assert not link.settle(0.05)
        link.stop()


def test_a_block_ends_after_what_is_on_its_way_has_arrived(server, client):
    with Link(server.getsockname(), delay=0.05) as link:
        send_numbers(client, link.address, 20)
    assert receive_numbers(server, 20) == list(range(20))


def test_stopping_drops_what_is_on_its_way(server, client):
    with Link(server.getsockname(), delay=30) as link:
        client.sendto(b"x", link.address)
        assert wait_until(lambda: link.account()["up"].in_flight == 1)
        link.stop()
    assert is_silent(server)
    assert [event.fate for event in link.trace] == ["in flight"]


def test_stopping_twice_is_stopping_once(server):
    link = Link(server.getsockname())
    link.stop()
    link.stop()
    assert link.settle()
    assert link.account()["up"].sent == 0


def test_an_interrupt_in_the_block_ends_the_link_and_goes_on(server):
    with pytest.raises(KeyboardInterrupt):
        with Link(server.getsockname(), delay=10) as link, endpoint() as client:
            client.sendto(b"x", link.address)
            assert wait_until(lambda: link.account()["up"].sent == 1)
            raise KeyboardInterrupt
    assert link.settle(0)


def test_a_failure_inside_the_link_is_reported_at_its_next_use(server, client, monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError("a fault of ours")

    with pytest.raises(RuntimeError, match="has failed: ZeroDivisionError"):
        with Link(server.getsockname()) as link:
            monkeypatch.setattr(link._relay, "_pass_on", fail)
            client.sendto(b"x", link.address)
            assert wait_until(lambda: link._relay.failure)


def test_a_thousand_starts_and_stops_leave_nothing(server):
    before = sys.getswitchinterval()
    with Link(server.getsockname()):  # whatever the first one loads
        pass
    threads, descriptors = threading.active_count(), open_descriptors()
    for _ in range(1_000):
        Link(server.getsockname()).stop()
    assert threading.active_count() == threads
    assert len(open_descriptors()) == len(descriptors)
    assert sys.getswitchinterval() == before


# Refusals


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"los": 0.1}, TypeError, "no setting 'los'"),
        ({"loss": 1.5}, ValueError, "probability of loss"),
        ({"loss": "a lot"}, TypeError, "probability of loss"),
        ({"delay": -1}, ValueError, "delay"),
        ({"delay": 100}, ValueError, "60 seconds"),
        ({"jitter_shape": "round"}, ValueError, "uniform"),
        ({"up": {"chunk": 5}}, TypeError, "no setting 'chunk'"),
        ({"down": {"loss": -0.1}}, ValueError, "probability of loss"),
        ({"kind": "sctp"}, ValueError, "kind is 'sctp'"),
        ({"seed": "seven"}, TypeError, "seed"),
    ],
)
def test_wrong_settings_are_refused_at_once(server, settings, error, words):
    with pytest.raises(error, match=words):
        Link(server.getsockname(), **settings)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("127.0.0.1", TypeError),
        (("127.0.0.1",), TypeError),
        (5_000, TypeError),
        (None, TypeError),
        (("127.0.0.1", "5000"), TypeError),
        (("127.0.0.1", 70_000), ValueError),
        (("127.0.0.1", 0), ValueError),
        (("no such host", 5_000), OSError),
    ],
)
def test_a_wrong_address_is_refused_at_once(address, error):
    with pytest.raises(error):
        Link(address)


def test_a_wrong_change_is_refused_and_the_old_settings_stay(server, client):
    with Link(server.getsockname(), loss=0) as link:
        with pytest.raises(ValueError):
            link.set(loss=3)
        with pytest.raises(TypeError, match="no setting 'lag'"):
            link.up.set(lag=1)
        introduce(client, server, link)


@pytest.mark.parametrize("verb", ["reset", "close", "stall"])
def test_datagrams_have_no_connection_to_end(server, verb):
    with Link(server.getsockname()) as link:
        with pytest.raises(ValueError, match=f'only a link of kind "tcp" can {verb}'):
            getattr(link, verb)(*([1] if verb == "stall" else []))
