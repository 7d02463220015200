"""The claims of chapter 01's prose, each by the experiment that shows it."""

import contextlib
import errno
import socket
import struct
import sys

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left")

HAS_IPV6 = True
try:
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
except OSError:
    HAS_IPV6 = False
needs_ipv6 = pytest.mark.skipif(not HAS_IPV6, reason="this machine has no ::1")


@pytest.fixture
def conversation():
    """A listener, a client of it, and the connection that accept has returned."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname(), timeout=5) as client:
            connection, _ = listener.accept()
            with connection:
                yield listener, client, connection


def datagram_pair():
    collector = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    collector.bind(("127.0.0.1", 0))
    collector.settimeout(5)
    return collector, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def test_accept_gives_a_third_socket_with_the_listeners_own_address(conversation):
    listener, client, connection = conversation
    assert len({listener.fileno(), client.fileno(), connection.fileno()}) == 3
    assert connection.getsockname() == listener.getsockname() == client.getpeername()
    assert connection.getpeername() == client.getsockname()


def test_a_port_is_a_number_up_to_65535():
    with socket.socket() as sock, pytest.raises(OverflowError):
        sock.bind(("127.0.0.1", 65536))


def test_a_client_gets_a_port_without_asking_for_one(conversation):
    _, client, _ = conversation
    assert client.getsockname()[1] > 0


def test_tcp_and_udp_count_their_ports_apart():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.bind(listener.getsockname())
            except OSError as error:  # held by someone else's UDP socket, so nothing is shown
                assert error.errno in (errno.EADDRINUSE, errno.EACCES)
                pytest.skip("the same port is in use for UDP")
            assert sock.getsockname() == listener.getsockname()


def test_five_conversations_use_one_port_at_the_servers_side():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients = [socket.create_connection(listener.getsockname()) for _ in range(5)]
        connections = [listener.accept()[0] for _ in range(5)]
    try:
        assert len({each.getsockname()[1] for each in connections}) == 1
        assert len({(each.getsockname(), each.getpeername()) for each in connections}) == 5
    finally:
        for sock in (*clients, *connections):
            sock.close()


def test_one_port_more_is_a_listener_more_in_the_same_process_and_needs_no_client():
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        assert one.getsockname()[1] != two.getsockname()[1]


def waiting_at(listener):
    """How many clients wait at a listener."""
    listener.settimeout(0.1)
    count = 0
    with contextlib.suppress(TimeoutError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def test_a_second_listener_is_refused_as_long_as_nobody_asks_to_share():
    with socket.create_server(("127.0.0.1", 0)) as first, pytest.raises(OSError) as refused:
        socket.create_server(first.getsockname())
    assert refused.value.errno == errno.EADDRINUSE


def test_two_sockets_listen_at_one_port_if_both_ask_to_share_and_linux_gives_clients_to_each():
    """That only one socket at a time can listen is a custom."""
    if not hasattr(socket, "SO_REUSEPORT"):
        with pytest.raises(ValueError):
            socket.create_server(("127.0.0.1", 0), reuse_port=True)
        return
    with contextlib.ExitStack() as stack:
        keep = stack.enter_context
        first = keep(socket.create_server(("127.0.0.1", 0), reuse_port=True))
        second = keep(socket.create_server(first.getsockname(), reuse_port=True))
        for _ in range(40):
            keep(socket.create_connection(first.getsockname(), timeout=5))
        shares = waiting_at(first), waiting_at(second)
    assert sum(shares) == 40
    assert min(shares) > 0 or sys.platform != "linux"


@pytest.mark.skipif(sys.platform != "linux", reason="socket(7) is about Linux")
@pytest.mark.parametrize("asked", [(True, False), (False, True)])
def test_it_is_not_enough_that_one_of_two_listeners_asks_to_share(asked):
    with socket.create_server(("127.0.0.1", 0), reuse_port=asked[0]) as first:
        with pytest.raises(OSError):
            socket.create_server(first.getsockname(), reuse_port=asked[1])


def test_an_address_of_ipv6_is_a_tuple_of_four_that_begins_with_ip_and_port():
    [(family, *_, address)] = socket.getaddrinfo("::1", 80, type=socket.SOCK_STREAM)
    assert (family, len(address), address[:2]) == (socket.AF_INET6, 4, ("::1", 80))


@needs_ipv6
def test_a_server_on_one_address_is_not_there_on_the_other():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError):
            socket.create_connection(("::1", port), timeout=5)


@needs_ipv6
def test_a_server_may_listen_on_the_address_of_ipv6():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        socket.create_connection(listener.getsockname()[:2], timeout=5).close()


def test_create_connection_tries_every_address_of_a_name(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        addresses = [nobody.getsockname(), listener.getsockname()]
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
        with socket.create_connection(("two.example", 0), timeout=5) as client:
            assert client.getpeername() == listener.getsockname()


def test_a_stream_forgets_where_a_send_ended(conversation):
    _, client, connection = conversation
    for reading in (b"21.5", b"", b"22.0", b"22.5"):
        client.sendall(reading)
    client.shutdown(socket.SHUT_WR)
    with connection.makefile("rb") as stream:
        assert stream.read() == b"21.522.022.5"


def test_datagrams_keep_their_borders_and_an_empty_one_shows():
    collector, sensor = datagram_pair()
    with collector, sensor:
        for reading in (b"21.5", b"", b"22.5"):
            sensor.sendto(reading, collector.getsockname())
        assert [collector.recvfrom(1024)[0] for _ in range(3)] == [b"21.5", b"", b"22.5"]


def test_the_degree_sign_takes_two_bytes_and_the_wrong_reader_makes_two_characters_of_them():
    sent = "21.5 °C".encode()
    assert (len("21.5 °C"), len(sent)) == (7, 8)
    assert sent.decode("latin-1") == "21.5 Â°C"


def test_258_in_the_other_order_is_513():
    assert struct.pack("!H", 258).hex(" ") == "01 02"
    assert struct.pack("<H", 258).hex(" ") == "02 01"
    assert struct.unpack("!H", bytes.fromhex("02 01")) == (513,)


@pytest.mark.parametrize(("number", "safe"), [(0, True), (257, True), (258, False), (1, False)])
def test_a_number_is_safe_in_both_orders_if_its_bytes_read_the_same_from_both_ends(number, safe):
    assert (struct.pack("!H", number) == struct.pack("<H", number)) is safe


def test_the_third_device_of_the_puzzle_is_read_as_another_one_at_almost_0_degrees():
    device, celsius = struct.unpack("!If", struct.pack("<If", 3, 20.5))
    assert device == 50_331_648 and 0 < celsius < 1e-30


def test_the_eight_bytes_are_device_7_at_21_5_degrees():
    assert struct.unpack("!If", bytes.fromhex("00 00 00 07 41 ac 00 00")) == (7, 21.5)


def test_a_float_of_32_bits_changes_21_7():
    assert struct.unpack("!f", struct.pack("!f", 21.7)) == (21.700000762939453,)


def test_recv_64_returns_only_a_part_of_a_longer_answer(conversation):
    _, client, connection = conversation
    connection.sendall(bytes(6000))
    assert len(client.recv(64)) <= 64
