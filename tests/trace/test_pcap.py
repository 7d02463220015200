"""Traces as capture files: read back byte by byte, and by tshark."""

import ipaddress
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.loopback import PATIENCE, listening

from helpers.link.link import Link
from helpers.servers.servers import run_server
from helpers.trace.headers import ACK, FIN, LARGEST_SEGMENT, RST, SYN
from helpers.trace.pcap import MADE_UP, write_pcap
from helpers.trace.trace import Trace

CLIENT, SERVER = ("127.0.0.1", 50_001), ("127.0.0.1", 50_002)
CLIENT_6, SERVER_6 = ("::1", 50_001), ("::1", 50_002)
ENDPOINTS = {
    4: {"client 1": CLIENT, "server": SERVER},
    6: {"client 1": CLIENT_6, "server": SERVER_6},
}
UP, DOWN = ("client 1", "server"), ("server", "client 1")
OPENS_AND_CLOSES = (
    "Connection establish",
    "Connection finish",
    "This frame initiates the connection closing",
    "This frame undergoes the connection closing",
)
files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


class Story:
    """A trace that is told: what was sent, when, and when it arrived."""

    def __init__(self, version: int = 4, **options) -> None:
        self.trace = Trace(**options)
        self.trace.endpoints.update(ENDPOINTS[version])
        self._start = time.perf_counter()

    def tell(self, at, way, kind, payload=b"", took=0.001, number=0, fate="in flight", cause=""):
        start = self._start + at
        row = self.trace.begin(start, *way, kind, payload, fate, cause, number)
        if took is not None and fate != "dropped":
            self.trace.deliver(row, start + took)


# Reading without tshark


@dataclass
class Read:
    """A packet as it stands in a file."""

    time: int  # microseconds
    size: int
    comment: str
    source: tuple
    target: tuple
    protocol: int
    identification: int
    transport: bytes
    sum_is_right: bool

    @property
    def payload(self) -> bytes:
        return self.transport[8 if self.protocol == 17 else self.transport[12] >> 4 << 2 :]

    @property
    def numbers(self) -> tuple[int, int]:
        return struct.unpack("!II", self.transport[4:12])

    @property
    def flags(self) -> int:
        return self.transport[13]


def blocks(content: bytes):
    """The type and body of each block; both of its lengths must agree."""
    while content:
        kind, size = struct.unpack("<II", content[:8])
        assert size % 4 == 0
        assert struct.unpack("<I", content[size - 4 : size]) == (size,)
        yield kind, content[8 : size - 4]
        content = content[size:]


def options(data: bytes) -> dict[int, str]:
    found = {}
    while data:
        code, size = struct.unpack("<HH", data[:4])
        if code == 0:
            assert data == bytes(4)
            return found
        found[code] = data[4 : 4 + size].decode()
        data = data[4 + size + -size % 4 :]
    return found


def ones_sum(data: bytes) -> int:
    data += bytes(len(data) % 2)
    return sum(int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)) % 0xFFFF


def packet(body: bytes) -> Read:
    interface, high, low, kept, size = struct.unpack("<IIIII", body[:20])
    assert interface == 0
    data, rest = body[20 : 20 + kept], body[20 + kept + -kept % 4 :]
    if data[0] >> 4 == 4:
        assert data[0] & 15 == 5
        assert ones_sum(data[:20]) == 0
        assert struct.unpack("!H", data[2:4]) == (size,)
        identification, protocol = int.from_bytes(data[4:6]), data[9]
        addresses, transport = (data[12:16], data[16:20]), data[20:]
    else:
        assert struct.unpack("!H", data[4:6]) == (size - 40,)
        identification, protocol = 0, data[6]
        addresses, transport = (data[8:24], data[24:40]), data[40:]
    missing = size - kept
    pseudo = b"".join(addresses) + struct.pack("!II", len(transport) + missing, protocol)
    ports = struct.unpack("!HH", transport[:4])
    source, target = (
        (str(ipaddress.ip_address(address)), port)
        for address, port in zip(addresses, ports, strict=True)
    )
    return Read(
        high << 32 | low, size, options(rest).get(1, ""), source, target, protocol,
        identification, transport, not missing and ones_sum(pseudo + transport) == 0,
    )  # fmt: skip


def read(path) -> tuple[str, list[Read]]:
    """A file's comment and its packets."""
    first, second, *others = blocks(path.read_bytes())
    kind, section = first
    assert (kind, section[:16]) == (0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    kind, interface = second
    assert (kind, struct.unpack("<H", interface[:2])) == (1, (101,))
    assert {kind for kind, _ in others} <= {6}
    return options(section[16:])[1], [packet(body) for _, body in others]


def packets_of(trace, folder, at="sender") -> list[Read]:
    path = folder / "capture.pcap"
    count = write_pcap(trace, path, at)
    _, packets = read(path)
    assert len(packets) == count
    return packets


def microseconds(trace, seconds) -> int:
    return round(trace.began * 1_000_000) + round(seconds * 1_000_000)


def lossy_story() -> Story:
    """Four datagrams: one arrives late, one is lost, one comes twice, one is under way."""
    story = Story()
    story.tell(0.001, UP, "datagram", b"one", took=0.050, number=1)
    story.tell(0.002, UP, "datagram", b"two", fate="dropped", cause="burst loss", number=2)
    story.tell(0.003, UP, "datagram", b"three", number=3)
    story.tell(0.003, UP, "datagram", b"three", took=0.002, number=3, fate="duplicate")
    story.tell(0.004, DOWN, "datagram", b"four", took=None, number=1)
    return story


def conversation(version=4, **kept) -> Story:
    """A client asks and ends, the server answers and closes."""
    story = Story(version, **kept)
    story.tell(0.001, UP, "connect")
    story.tell(0.010, UP, "data", b"ask " * 30)
    story.tell(0.020, DOWN, "data", b"answer " * 40)
    story.tell(0.030, UP, "data", b"thanks")
    story.tell(0.040, UP, "end")
    story.tell(0.050, DOWN, "end")
    story.tell(0.060, DOWN, "close")
    return story


def test_an_empty_trace_makes_a_valid_file_without_packets(tmp_path):
    assert packets_of(Trace(), tmp_path) == []


def test_the_file_says_that_its_headers_are_made_up(tmp_path):
    write_pcap(Trace(), tmp_path / "a.pcap")
    comment, _ = read(tmp_path / "a.pcap")
    assert comment == MADE_UP
    assert "headers are synthesised" in comment


def test_the_file_says_what_the_trace_did_not_keep(tmp_path):
    story = Story(limit=1)
    story.tell(0, UP, "datagram", b"a")
    story.tell(1, UP, "datagram", b"b")
    write_pcap(story.trace, tmp_path / "a.pcap")
    assert read(tmp_path / "a.pcap")[0].endswith("1 later events were not kept.")


@files
@given(
    payloads=st.lists(st.binary(max_size=200), max_size=8),
    keep=st.integers(0, 200),
    version=st.sampled_from([4, 6]),
)
def test_each_datagram_is_a_packet_of_its_time_size_and_first_bytes(
    tmp_path, payloads, keep, version
):
    story = Story(version, keep=keep)
    for number, payload in enumerate(payloads, 1):
        story.tell(number / 7, UP, "datagram", payload, number=number)
    headers = {4: 28, 6: 48}[version]
    found = packets_of(story.trace, tmp_path)
    assert [(p.time, p.size, p.payload) for p in found] == [
        (microseconds(story.trace, event.time), headers + event.size, event.head)
        for event in story.trace
    ]


@files
@given(
    payload=st.binary(max_size=300),
    kind=st.sampled_from(["data", "datagram"]),
    version=st.sampled_from([4, 6]),
)
def test_checksums_are_right_where_the_whole_payload_is_kept(tmp_path, payload, kind, version):
    story = Story(version, keep=300)
    story.tell(0, UP, "connect")
    story.tell(0.1, UP, kind, payload)
    assert all(p.sum_is_right for p in packets_of(story.trace, tmp_path))


def test_a_datagram_whose_sum_is_zero_does_not_pass_for_one_without_a_sum(tmp_path):
    story = Story()
    story.tell(0, UP, "datagram", bytes(2))
    (first,) = packets_of(story.trace, tmp_path)
    missing = int.from_bytes(first.transport[6:8])
    story.tell(1, UP, "datagram", missing.to_bytes(2))
    _, second = packets_of(story.trace, tmp_path)
    assert second.transport[6:8] == b"\xff\xff"
    assert second.sum_is_right


def test_the_sender_sees_every_packet_once_and_comments_say_what_was_lost(tmp_path):
    assert [(p.payload, p.comment) for p in packets_of(lossy_story().trace, tmp_path)] == [
        (b"one", ""),
        (b"two", "lost: burst loss"),
        (b"three", ""),
        (b"four", "not delivered so far"),
    ]


def test_the_receiver_sees_what_arrived_when_it_arrived_and_copies(tmp_path):
    trace = lossy_story().trace
    found = packets_of(trace, tmp_path, at="receiver")
    assert [(p.payload, p.comment) for p in found] == [
        (b"three", ""),
        (b"three", "a copy that the link added"),
        (b"one", ""),
    ]
    late = trace.events[0]
    assert found[-1].time == microseconds(trace, late.delivered)


def test_a_copy_has_the_identification_of_its_original(tmp_path):
    found = packets_of(lossy_story().trace, tmp_path, at="receiver")
    assert [p.identification for p in found] == [3, 3, 1]


@pytest.mark.parametrize("at", ["sender", "receiver"])
def test_a_copy_that_a_full_queue_dropped_was_never_sent_nor_received(tmp_path, at):
    story = Story()
    story.tell(0, UP, "datagram", b"x", number=1)
    story.tell(0, UP, "datagram", b"x", fate="dropped", cause="queue", number=1)
    assert len(packets_of(story.trace, tmp_path, at)) == 1


def test_a_copy_under_way_has_not_been_received(tmp_path):
    story = Story()
    story.tell(0, UP, "datagram", b"x", fate="duplicate", took=None, number=1)
    assert packets_of(story.trace, tmp_path, at="receiver") == []


@pytest.mark.parametrize("at", ["sender", "receiver"])
def test_a_sockets_own_log_is_seen_as_it_was_written(tmp_path, at):
    trace = Trace()
    trace.record(*UP, "datagram", b"x")
    (found,) = packets_of(trace, tmp_path, at)
    assert found.time == microseconds(trace, trace.events[0].time)


def test_packets_carry_the_addresses_of_their_peers(tmp_path):
    story = Story()
    story.tell(0, UP, "datagram", b"x")
    story.tell(1, DOWN, "datagram", b"y")
    found = packets_of(story.trace, tmp_path)
    assert [(p.source, p.target) for p in found] == [(CLIENT, SERVER), (SERVER, CLIENT)]


@pytest.mark.parametrize(
    ("known", "client", "server"),
    [
        ({}, ("192.0.2.1", 49_152), ("192.0.2.2", 49_153)),
        ({"server": SERVER}, ("192.0.2.1", 49_152), SERVER),
        ({"server": SERVER_6}, ("2001:db8::1", 49_152), SERVER_6),
        ({"server": ("sensor.example", 80)}, ("192.0.2.1", 49_152), ("192.0.2.2", 49_153)),
        ({"server": ("fe80::1%eth0", 80)}, ("2001:db8::1", 49_152), ("fe80::1", 80)),
        ({"server": SERVER, "client 1": ("::ffff:10.0.0.1", 9)}, ("10.0.0.1", 9), SERVER),
        ({"server": SERVER_6, "client 1": CLIENT}, ("::ffff:127.0.0.1", 50_001), SERVER_6),
    ],
)
def test_a_peer_without_a_known_address_gets_one_for_documentation(tmp_path, known, client, server):
    trace = Trace()
    trace.endpoints.update(known)
    trace.record(*UP, "datagram", b"x")
    (found,) = packets_of(trace, tmp_path)
    mapped = ipaddress.ip_address(client[0])
    assert (found.source, found.target) == ((str(mapped), client[1]), server)


def test_a_connection_begins_with_three_packets_and_each_side_ends_once(tmp_path):
    found = packets_of(conversation().trace, tmp_path)
    assert [p.flags & (SYN | FIN | ACK) for p in found] == [
        SYN, SYN | ACK, ACK, ACK, ACK, ACK, FIN | ACK, FIN | ACK,
    ]  # fmt: skip


def test_a_refused_connection_is_answered_by_a_reset(tmp_path):
    story = Story()
    story.tell(0, UP, "connect", fate="dropped", cause="nobody listens")
    asked, refused = packets_of(story.trace, tmp_path)
    assert (asked.flags, asked.comment) == (SYN, "refused: nobody listens")
    assert (refused.flags, refused.numbers[1]) == (RST | ACK, asked.numbers[0] + 1)
    assert packets_of(story.trace, tmp_path, at="receiver") == []


def test_a_segment_acknowledges_what_had_arrived_when_it_was_sent(tmp_path):
    story = Story()
    story.tell(0.0, UP, "connect")
    story.tell(0.1, UP, "data", bytes(10))
    story.tell(0.2, UP, "data", bytes(20), took=0.5)
    story.tell(0.3, DOWN, "data", b"before")
    story.tell(0.8, DOWN, "data", b"after")
    _, answer, _, _, _, before, after = packets_of(story.trace, tmp_path)
    start = answer.numbers[1]
    assert [before.numbers[1] - start, after.numbers[1] - start] == [10, 30]


def test_an_end_takes_a_number_that_the_other_side_acknowledges(tmp_path):
    *_, end, other_end = packets_of(conversation().trace, tmp_path)
    assert (end.source, end.flags) == (CLIENT, FIN | ACK)
    assert other_end.numbers == (end.numbers[1], end.numbers[0] + 1)


def test_nothing_of_a_connection_follows_its_reset(tmp_path):
    story = Story()
    story.tell(0.0, UP, "connect")
    story.tell(0.1, UP, "reset")
    story.tell(0.2, DOWN, "close")
    story.tell(0.3, DOWN, "reset")
    assert [p.flags & RST for p in packets_of(story.trace, tmp_path)] == [0, 0, 0, RST]


@pytest.mark.parametrize(
    ("setting", "flags"), [("close_after", [FIN | ACK] * 2), ("reset_after", [RST | ACK])]
)
def test_what_the_link_itself_ends_is_in_the_file_and_says_so(tmp_path, setting, flags):
    with (
        listening() as listener,
        Link(listener.getsockname(), kind="tcp", up={setting: 4}) as link,
        socket.create_connection(link.address, PATIENCE) as client,
    ):
        client.sendall(b"abcdef")
        assert link.settle(PATIENCE)
        listener.accept()[0].close()
    found = packets_of(link.trace, tmp_path)
    ends = [packet for packet in found if packet.flags & (FIN | RST)]
    assert [packet.flags for packet in ends] == flags
    assert {packet.comment for packet in ends} == {"by the link"}
    assert [p.payload for p in found if p.payload] == [b"abcd", b"ef"]
    assert found[-len(flags) - 1].comment == "lost: connection ended"


def test_a_slice_too_large_for_one_segment_becomes_several(tmp_path):
    payload = bytes(range(256)) * 600
    story = Story(keep=len(payload))
    story.tell(0, UP, "data", payload)
    found = packets_of(story.trace, tmp_path)
    assert [p.size for p in found] == [65_535, 65_535, 40 + len(payload) - 2 * LARGEST_SEGMENT]
    assert b"".join(p.payload for p in found) == payload


@files
@given(
    slices=st.lists(
        st.tuples(st.sampled_from([UP, DOWN]), st.binary(min_size=1, max_size=90)), max_size=12
    ),
    at=st.sampled_from(["sender", "receiver"]),
)
def test_the_numbers_of_segments_lead_back_to_the_streams(tmp_path, slices, at):
    story = Story(keep=90)
    story.tell(0, UP, "connect")
    for second, (way, payload) in enumerate(slices, 1):
        story.tell(second, way, "data", payload)
    asked, answered, *others = packets_of(story.trace, tmp_path, at)
    for first, source, way in ((asked, CLIENT, UP), (answered, SERVER, DOWN)):
        stream = bytearray()
        for segment in (p for p in others if p.source == source and p.payload):
            assert segment.numbers[0] - first.numbers[0] - 1 == len(stream)
            stream += segment.payload
        assert stream == b"".join(payload for sent, payload in slices if sent == way)


def test_another_side_is_refused():
    with pytest.raises(ValueError, match='use "sender" or "receiver"'):
        write_pcap(Trace(), "capture.pcap", at="middle")


def test_a_datagram_larger_than_udp_allows_is_refused(tmp_path):
    story = Story()
    story.tell(0, UP, "datagram", bytes(65_508))
    with pytest.raises(ValueError, match="65,507 bytes at most, not 65,508"):
        write_pcap(story.trace, tmp_path / "capture.pcap")
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_raises_what_the_system_says(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_pcap(Trace(), tmp_path / "nowhere" / "capture.pcap")


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "capture.pcap"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_pcap(Trace(), path)
    assert (os.listdir(tmp_path), path.read_bytes()) == (["capture.pcap"], b"old")


def test_a_file_of_that_name_is_replaced(tmp_path):
    path = tmp_path / "capture.pcap"
    path.write_bytes(b"old")
    write_pcap(Trace(), str(path))
    assert os.listdir(tmp_path) == ["capture.pcap"]
    assert read(path)[1] == []


# Reading with tshark


@pytest.fixture(scope="module")
def tshark(tmp_path_factory):
    """A function that returns the given fields of each packet, with every checksum verified."""
    program = shutil.which("tshark")
    if program is None:
        if os.environ.get("CI") == "true" and sys.platform == "linux":
            pytest.fail("tshark is not installed: on Debian, apt-get install tshark")
        pytest.skip("tshark is not installed, so no capture is read back with it")
    environment = dict(
        os.environ, WIRESHARK_CONFIG_DIR=str(tmp_path_factory.mktemp("tshark")), LC_ALL="C.UTF-8"
    )

    def run(path, *arguments) -> str:
        done = subprocess.run(
            [program, "-n", "-r", str(path), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            env=environment,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fields(path, *names) -> list[list[str]]:
        arguments = ["-T", "fields", "-E", "separator=/t"]
        for name in (*names, "_ws.expert.message", "_ws.malformed"):
            arguments += ["-e", name]
        for protocol in ("ip", "udp", "tcp"):
            arguments += ["-o", f"{protocol}.check_checksum:TRUE"]
        for protocol in ("udp", "tcp"):  # a port may be that of another protocol by chance
            arguments += ["-d", f"{protocol}.port==1-65535,data"]
        return [line.split("\t") for line in run(path, *arguments).splitlines()]

    fields.run = run
    return fields


def complaints(rows, comments=(), usual=OPENS_AND_CLOSES) -> list[str]:
    """What tshark has to say of packets, without comments and the usual of connections."""
    said = [
        message
        for *_, experts, malformed in rows
        for message in [*experts.split(","), malformed]
        if message and message not in comments
    ]
    return [message for message in said if not message.startswith(usual)]


@pytest.mark.parametrize("at", ["sender", "receiver"])
def test_tshark_reads_the_same_packets_sizes_and_times(tmp_path, tshark, at):
    trace = lossy_story().trace
    path = tmp_path / "capture.pcap"
    count = write_pcap(trace, path, at)
    rows = tshark(path, "frame.time_epoch", "frame.len", "udp.length", "udp.checksum.status")
    expected = {
        "sender": [event for event in trace if event.fate != "duplicate"],
        "receiver": sorted(
            (event for event in trace if event.delivered is not None),
            key=lambda event: event.delivered,
        ),
    }[at]
    assert len(rows) == count == len(expected)
    for row, event in zip(rows, expected, strict=True):
        seconds = event.time if at == "sender" else event.delivered
        whole, _, fraction = row[0].partition(".")
        assert int(whole + fraction[:6]) == microseconds(trace, seconds)
        good = "1"
        assert row[1:4] == [str(28 + event.size), str(8 + event.size), good]
    said = {"lost: burst loss", "not delivered so far", "a copy that the link added"}
    assert complaints(rows, said) == []


@pytest.mark.parametrize("version", [4, 6])
def test_tshark_accepts_any_payload_whole_or_cut(tmp_path, tshark, version):
    noise, story = random.Random(version), Story(version, keep=75)
    payloads = [noise.randbytes(size) for size in [*range(150), 1472, 9000, 65_507]]
    for number, payload in enumerate(payloads, 1):
        story.tell(number, UP, "datagram", payload, number=number)
    path = tmp_path / "capture.pcap"
    write_pcap(story.trace, path)
    rows = tshark(path, "frame.len", "frame.cap_len", "udp.checksum.status")
    headers, good, unverified = {4: 28, 6: 48}[version], "1", "2"
    assert [row[:3] for row in rows] == [
        [
            str(headers + len(payload)),
            str(headers + min(75, len(payload))),
            good if len(payload) <= 75 else unverified,
        ]
        for payload in payloads
    ]
    assert complaints(rows) == []


def test_tshark_shows_the_comments_of_the_file_and_its_packets(tmp_path, tshark):
    path = tmp_path / "capture.pcap"
    write_pcap(lossy_story().trace, path)
    lost = tshark.run(path, "-Y", 'frame.comment contains "lost"', "-T", "fields", "-e", "ip.id")
    assert int(lost, 16) == 2
    assert MADE_UP.encode() in path.read_bytes()


@pytest.mark.parametrize(
    ("version", "at", "keep"), [(4, "sender", 1000), (4, "receiver", 64), (6, "sender", 64)]
)
def test_tshark_has_no_complaint_about_a_conversation(tmp_path, tshark, version, at, keep):
    path = tmp_path / "capture.pcap"
    count = write_pcap(conversation(version, keep=keep).trace, path, at)
    rows = tshark(path, "tcp.len", "tcp.stream", "tcp.checksum.status")
    assert len(rows) == count == 8
    assert [row[0] for row in rows] == ["0", "0", "0", "120", "280", "6", "0", "0"]
    assert {row[1] for row in rows} == {"0"}
    good, unverified = "1", "2"
    assert {row[2] for row in rows} == ({good} if keep == 1000 else {good, unverified})
    assert complaints(rows) == []


def test_tshark_follows_the_stream_of_a_conversation(tmp_path, tshark):
    path = tmp_path / "capture.pcap"
    write_pcap(conversation(keep=1000).trace, path)
    shown = tshark.run(path, "-q", "-z", "follow,tcp,raw,0")
    lines = [line.strip() for line in shown.splitlines()]
    said = [
        bytes.fromhex(line) for line in lines if line and not set(line) - set("0123456789abcdef")
    ]
    assert said == [b"ask " * 30, b"answer " * 40, b"thanks"]


def test_tshark_complains_of_a_reset_only(tmp_path, tshark):
    story = Story()
    story.tell(0.0, UP, "connect")
    story.tell(0.1, UP, "data", b"hello")
    story.tell(0.2, DOWN, "data", b"never delivered", took=None)
    story.tell(0.3, UP, "reset")
    path = tmp_path / "capture.pcap"
    write_pcap(story.trace, path, "receiver")
    assert complaints(tshark(path)) == ["Connection reset (RST)"]


@pytest.mark.parametrize(
    ("answered", "sizes"),
    [
        (False, [15] * 4_400),  # 65,535 bytes, the widest window unscaled, are 4,369 of them
        (True, [65_000, 521]),  # the window as it is written, which is to be scaled
    ],
)
def test_tshark_knows_of_no_full_window(tmp_path, tshark, answered, sizes):
    story = Story()
    story.tell(0, UP, "connect")
    if answered:
        story.tell(0.1, DOWN, "data", b"welcome")
    for number, size in enumerate(sizes, 1):
        story.tell(number, UP, "data", bytes(size), took=9000.0)
    path = tmp_path / "capture.pcap"
    write_pcap(story.trace, path)
    assert complaints(tshark(path)) == []


def test_tshark_accepts_an_empty_trace(tmp_path, tshark):
    path = tmp_path / "capture.pcap"
    write_pcap(Trace(), path)
    assert tshark(path) == []


def test_tshark_counts_what_a_link_for_datagrams_has_counted(tmp_path, tshark):
    def echo(sock):
        while True:
            data, client = sock.recvfrom(2000)
            sock.sendto(data, client)

    path = tmp_path / "capture.pcap"
    with run_server(echo, kind="udp", name="capture") as server:
        with Link(
            server.address, loss=0.3, duplicate=0.2, jitter=0.002, seed=5, name="capture"
        ) as link:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                for number in range(60):
                    client.sendto(b"%d " % number * number, link.address)
                assert link.settle()
            account = link.account()
    assert account["up"].sent == 60
    lost = {"lost: loss"}
    write_pcap(link.trace, path, "sender")
    rows = tshark(path)
    assert len(rows) == sum(way.sent for way in account.values())
    assert complaints(rows, lost) == []
    write_pcap(link.trace, path, "receiver")
    rows = tshark(path)
    assert len(rows) == sum(way.delivered + way.duplicates for way in account.values())
    assert complaints(rows, {"a copy that the link added"}) == []


@pytest.mark.parametrize("at", ["sender", "receiver"])
def test_tshark_follows_what_went_over_a_link_for_streams(tmp_path, tshark, at):
    def echo(listener):
        while True:
            connection, _ = listener.accept()
            with connection:
                while data := connection.recv(65_536):
                    connection.sendall(data)

    sent, got = bytes(range(256)) * 40, b""
    path = tmp_path / "capture.pcap"
    with run_server(echo, name="capture") as server:
        with Link(server.address, kind="tcp", chunk=3000, delay=0.001, name="capture") as link:
            link.trace.keep = 3000
            with socket.create_connection(link.address) as client:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
                while data := client.recv(65_536):
                    got += data
            assert link.settle()
    assert got == sent
    write_pcap(link.trace, path, at)
    rows = tshark(path, "tcp.srcport", "tcp.payload")
    assert complaints(rows) == []
    for port in {server.address[1], *(int(row[0]) for row in rows)}:
        assert bytes.fromhex("".join(row[1] for row in rows if int(row[0]) == port)) == sent
