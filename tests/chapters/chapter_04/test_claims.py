"""The claims of chapter 04's prose, each by the experiment that shows it."""

import ast
import contextlib
import errno
import re
import socket
import struct
import sys
import time
from types import SimpleNamespace

import jupytext
import pytest
from drive.on_disk import ROOT

from helpers.chapters.chapter_04 import staging
from helpers.chapters.chapter_04._frames import ethernet, frames, radio
from helpers.link.link import Link
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "04_datagrams_udp_for_sensors.py"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a claim about Linux")
READING = struct.Struct("!IIf")


@pytest.fixture(scope="module")
def chapter():
    """The chapter's imports, functions and constants, without running its experiments."""
    names = {"socket": socket, "struct": struct, "sys": sys, "Link": Link, "run_server": run_server}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type != "code" or "sys.path" in cell.source:
            continue
        kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
        exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def _is_definition(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in ("READING", "(GROUP, QUESTION)")
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))


@pytest.fixture
def nobody(udp):
    """An address where nobody listens, held by a socket that hears only itself."""
    sock = udp()
    sock.connect(sock.getsockname())
    return sock.getsockname()


# Borders


def test_one_socket_hears_many_senders_and_learns_their_addresses(udp):
    collector, *sensors = (udp() for _ in range(4))
    for sensor in sensors:
        sensor.sendto(b"21.5", collector.getsockname())
    heard = [collector.recvfrom(1024) for _ in sensors]
    assert heard == [(b"21.5", sensor.getsockname()) for sensor in sensors]


def test_what_a_short_buffer_cuts_off_is_gone(udp):
    collector, sensor = udp(), udp()
    sensor.sendto(b"21.5 degrees", collector.getsockname())
    sensor.sendto(b"22.0 degrees", collector.getsockname())
    if sys.platform == "win32":
        with pytest.raises(OSError) as caught:
            collector.recvfrom(4)
        assert caught.value.winerror == 10040
    else:
        assert collector.recvfrom(4)[0] == b"21.5"
    assert collector.recvfrom(1024)[0] == b"22.0 degrees"


def test_an_empty_datagram_is_a_message_and_others_follow(udp):
    collector, sensor = udp(), udp()
    for data in (b"", b"22.0"):
        sensor.sendto(data, collector.getsockname())
    assert [collector.recvfrom(1024)[0] for _ in range(2)] == [b"", b"22.0"]


# Nobody listens


def test_sending_to_nobody_works_and_says_that_all_was_taken(udp, nobody):
    assert udp().sendto(b"21.5", nobody) == 4


def test_a_connected_socket_hears_at_its_next_call_that_nobody_listens(udp, nobody):
    sensor = udp()
    sensor.connect(nobody)
    assert sensor.send(b"21.5") == 4
    refused = ConnectionResetError if sys.platform == "win32" else ConnectionRefusedError
    with pytest.raises(refused):
        sensor.recv(1024)


@on_linux
def test_the_next_call_may_also_be_a_send(udp, nobody):
    sensor = udp()
    sensor.connect(nobody)
    sensor.send(b"21.5")
    with pytest.raises(ConnectionRefusedError):
        sensor.send(b"21.6")


def test_a_socket_that_is_not_connected_hears_of_it_on_windows_only(udp, nobody):
    sensor = udp(timeout=0.2)
    sensor.sendto(b"21.5", nobody)
    with pytest.raises(ConnectionResetError if sys.platform == "win32" else TimeoutError):
        sensor.recvfrom(1024)


def test_connecting_a_udp_socket_sends_nothing_and_shuts_out_all_others(udp):
    peer, stranger, sock = udp(), udp(), udp()
    sock.connect(peer.getsockname())
    stranger.sendto(b"stranger", sock.getsockname())
    peer.sendto(b"peer", sock.getsockname())
    assert sock.recv(1024) == b"peer"
    peer.settimeout(0)
    with pytest.raises(BlockingIOError):
        peer.recv(1024)


# Size


def test_the_largest_datagram_has_65507_bytes(udp):
    collector, sensor = udp(), udp()
    largest = 65_535 - 20 - 8
    assert largest == 65_507
    with pytest.raises(OSError) as caught:
        sensor.sendto(bytes(largest + 1), collector.getsockname())
    assert caught.value.errno in (errno.EMSGSIZE, 10040)
    if sys.platform != "darwin":  # which stops at 9,216 unless told otherwise
        sensor.sendto(bytes(largest), collector.getsockname())
        assert len(collector.recvfrom(65_535)[0]) == largest


@pytest.mark.parametrize(
    ("size", "count"), [(12, 1), (1472, 1), (1473, 2), (2952, 2), (2953, 3), (65_507, 45)]
)
def test_an_ethernet_frame_carries_1472_bytes_and_each_further_one_1480(size, count):
    assert ethernet(size) == count


@pytest.mark.parametrize(("size", "count"), [(12, 1), (32, 1), (33, 2), (100, 2), (1232, 18)])
def test_a_radio_frame_carries_a_reading_and_1232_bytes_take_18(size, count):
    assert radio(size) == count


def test_no_fragment_is_larger_than_its_frame():
    for packet in range(81, 1281):
        count = frames(packet, room=80, header=4)
        # All but the last carry 72 bytes, the last up to 76.
        assert 72 * (count - 1) < packet <= 72 * (count - 1) + 76


def test_the_shares_that_arrive_are_those_of_the_picture():
    shares = [
        0.99 ** radio(12),
        0.99 ** radio(1232),
        0.99 ** ethernet(65_507),
    ]
    assert [f"{share:.0%}" for share in shares] == ["99%", "83%", "64%"]


def test_1232_bytes_and_two_headers_make_the_1280_that_every_ipv6_network_carries():
    assert 1232 + 40 + 8 == 1280


# Bursts


def test_a_small_buffer_keeps_the_first_of_a_burst_and_loses_the_others(chapter):
    sent, _, _, kept = chapter.burst(datagrams=1000, buffer=4096)
    assert 0 < len(kept) < sent
    if sys.platform == "linux":
        assert kept == list(range(len(kept)))


@on_linux
def test_linux_grants_twice_what_is_asked_and_keeps_about_150_of_500(chapter):
    _, asked, granted, kept = chapter.burst(datagrams=500, buffer=65_536)
    assert granted == 2 * asked
    assert 120 <= len(kept) <= 180
    assert granted / len(kept) > 300  # "several hundred bytes for each small datagram"


@on_linux
def test_who_asks_for_nothing_has_room_for_about_250_readings(udp):
    with open("/proc/sys/net/core/rmem_default", encoding="ascii") as file:
        if int(file.read()) != 212_992:
            pytest.skip("this machine has another default")
    collector, sensor = udp(timeout=0), udp()
    for number in range(1000):
        sensor.sendto(READING.pack(7, number, 21.5), collector.getsockname())
    kept = 0
    with contextlib.suppress(BlockingIOError):
        while collector.recv(1024):
            kept += 1
    assert 200 <= kept <= 300


@on_linux
def test_linux_does_not_grant_more_than_its_limit(udp):
    with open("/proc/sys/net/core/rmem_max", encoding="ascii") as file:
        limit = int(file.read())
    sock = udp()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**31 - 1)
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 2 * limit


# Numbers


def test_the_link_of_the_chapter_loses_2_doubles_3_and_brings_4_last(udp):
    collector, sensor = udp(), udp()
    script = {2: "drop", 3: "duplicate", 4: 0.4}  # in the chapter all takes longer, for the eye
    with Link(collector.getsockname(), script=script, name="claim") as link:
        for number in range(1, 7):
            sensor.sendto(READING.pack(7, number, 21.5), link.address)
        came = [READING.unpack(collector.recv(1024))[1] for _ in range(6)]
    assert came == [1, 3, 3, 5, 6, 4]


def test_a_reading_has_12_bytes_and_the_question_13(chapter):
    assert READING.size == chapter.READING.size == 12
    assert len(chapter.QUESTION) == 13


# Pings


def test_a_pinger_that_takes_what_comes_is_out_of_step_after_one_late_answer(udp):
    gateway = udp(timeout=0.4)
    answers = []
    with run_server(staging.busy_device, kind="udp", name="claim") as server:
        for number in range(1, 8):
            gateway.sendto(f"ping {number}".encode(), server.address)
            try:
                answers.append(gateway.recvfrom(1024)[0].decode())
            except TimeoutError:
                answers.append("no answer")
    assert answers == ["ping 1", "no answer", *(f"ping {number}" for number in range(2, 7))]


def test_a_sockets_timeout_begins_anew_with_each_receive(udp):
    sock, other = udp(timeout=0.1), udp()
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            sock.recvfrom(1024)
        other.sendto(b"busy", sock.getsockname())
        sock.recvfrom(1024)
    assert time.monotonic() - began > 3 * 0.1 * 0.9


def test_14_of_40_pings_stay_without_an_answer_with_the_chapters_first_settings(chapter):
    source = SOURCE.read_text(encoding="utf-8")
    assert "loss=Slider(0, 1, 0.05, start=0.2), seed=Slider(1, 20, start=8)" in source
    _, count, times = chapter.ping_all(loss=0.2, seed=8)
    assert count - len(times) == 14


@pytest.mark.parametrize(("loss", "answered"), [(0.0, 40), (1.0, 0)])
def test_without_loss_all_pings_are_answered_and_with_loss_1_none(chapter, loss, answered):
    assert len(chapter.ping_all(loss=loss, seed=1)[2]) == answered


def test_round_trips_take_as_long_as_the_link_delays_both_ways(chapter):
    assert min(chapter.ping_all(loss=0.0, seed=1)[2].values()) > 10 * 0.9


# Finding


def asked(chapter, seeker, devices):
    """Let a seeker ask devices by multicast; skips where this machine allows none."""
    try:
        chapter.ask_the_group(seeker, [device.ear for device in devices])
    except OSError as error:
        pytest.skip(f"no multicast here: {error}")


def test_one_question_to_a_group_on_loopback_reaches_all_that_have_joined(chapter, udp):
    seeker = udp()
    with staging.devices("lamp", "plug", "radiator") as devices:
        asked(chapter, seeker, devices)
        heard = [device.ear.recvfrom(1024) for device in devices]
    assert heard == [(chapter.QUESTION, seeker.getsockname())] * 3


def test_an_answer_comes_from_the_devices_own_address(chapter, udp):
    seeker = udp()
    with staging.devices("lamp") as devices:
        asked(chapter, seeker, devices)
        assert devices[0].answer() == chapter.QUESTION
        assert seeker.recvfrom(1024) == (b"lamp", devices[0].address)


def test_the_question_to_the_group_may_not_leave_the_machine(chapter, udp):
    seeker = udp()
    with staging.devices("lamp") as devices:
        asked(chapter, seeker, devices)
    assert seeker.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 0
    interface = seeker.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
    assert interface == socket.inet_aton("127.0.0.1")


def test_without_multicast_each_device_is_asked_by_itself(chapter, capsys):
    def refuses(seeker, members):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    cells = jupytext.read(SOURCE, fmt="py:percent").cells
    (cell,) = (each.source for each in cells if "no multicast here" in each.source)
    no_prediction = {"predicted": lambda name: SimpleNamespace(compare=str)}
    exec(cell, {**vars(chapter), **no_prediction, "ask_the_group": refuses})
    said = capsys.readouterr().out
    assert "no multicast here" in said
    found = re.findall(r"found: (\w+), at 127\.0\.0\.1, port (\d+)", said)
    assert sorted(name for name, _ in found) == ["lamp", "plug", "radiator"]
    assert len({port for _, port in found}) == 3  # each at its own address


def test_the_group_is_one_of_those_that_an_organisation_may_use_as_it_likes(chapter):
    assert chapter.GROUP.startswith("239.255.")  # RFC 2365, section 6.1: local scope
