"""The checks of chapter 01: right answers in several styles pass, wrong ones hear why."""

import socket
import struct
from socket import getaddrinfo

import pytest

from helpers.checks import EXERCISES
from helpers.checks.chapter_01 import NATIVE_ORDER, ONE_ADDRESS, STR_SENT
from helpers.checks.runner import run_cases


def tried(exercise, function):
    return run_cases(exercise, function, EXERCISES["01"][exercise])


def resolve_by_kind(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [address[:2] for _, _, _, _, address in found]


def resolve_without_repeats(host, port):
    return list(dict.fromkeys((entry[4][0], entry[4][1]) for entry in getaddrinfo(host, port)))


def pack_at_once(device_id, celsius):
    return struct.pack("!If", device_id, celsius)


def pack_in_parts(device_id, celsius):
    return device_id.to_bytes(4, "big") + struct.pack(">f", celsius)


def unpack_at_once(data):
    if len(data) != 8:
        raise ValueError(f"a reading has 8 bytes, not {len(data)}")
    return struct.unpack("!If", data)


def unpack_in_parts(data):
    try:
        (celsius,) = struct.unpack(">f", data[4:])
        return int.from_bytes(data[:4], "big"), celsius
    except struct.error as error:
        raise ValueError("a reading has 8 bytes") from error


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        ("resolve", resolve_by_kind),
        ("resolve", resolve_without_repeats),
        ("pack_reading", pack_at_once),
        ("pack_reading", pack_in_parts),
        ("unpack_reading", unpack_at_once),
        ("unpack_reading", unpack_in_parts),
    ],
)
def test_a_right_answer_passes(exercise, function):
    report = tried(exercise, function)
    assert report.passed, repr(report)


def first_only(host, port):
    return resolve_by_kind(host, port)[:1]


def by_name(host, port):
    return [(socket.gethostbyname(host) if host[0] == "s" else host, port)]


def no_family(host, port):
    return [
        entry[4][:2] for entry in getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    ] or None


@pytest.mark.parametrize(
    ("exercise", "function", "misconception"),
    [
        ("resolve", first_only, ONE_ADDRESS),
        ("resolve", by_name, ONE_ADDRESS),
        ("resolve", no_family, ONE_ADDRESS),
        ("pack_reading", lambda n, c: struct.pack("If", n, c), NATIVE_ORDER),
        ("pack_reading", lambda n, c: struct.pack("!I", n) + struct.pack("f", c), NATIVE_ORDER),
        ("pack_reading", lambda n, c: f"{n} {c}" if 0 <= n < 2**32 else n + "", STR_SENT),
        ("unpack_reading", lambda data: struct.unpack("<If", data), NATIVE_ORDER),
        (
            "unpack_reading",
            lambda data: (struct.unpack("!I", data[:4])[0], struct.unpack("<f", data[4:])[0]),
            NATIVE_ORDER,
        ),
    ],
)
def test_a_wrong_answer_hears_of_its_misconception(exercise, function, misconception):
    heard = {outcome.misconception for outcome in tried(exercise, function).outcomes}
    assert heard - {""} == {misconception}


@pytest.mark.parametrize(
    ("exercise", "function", "words"),
    [
        ("resolve", lambda host, port: None, "returned None: expected a list"),
        ("resolve", lambda host, port: ["127.0.0.1"], "expected tuples"),
        (
            "resolve",
            lambda host, port: [entry[4][:2] for entry in getaddrinfo(host, port)],
            "Some come twice",
        ),
        ("resolve", lambda host, port: resolve_by_kind(host, port)[::-1], "The order"),
        ("resolve", lambda host, port: [("::1", port)], "is an address already"),
        ("pack_reading", lambda n, c: None, "got None"),
        ("pack_reading", lambda n, c: b"", "got none"),
        ("pack_reading", lambda n, c: struct.pack("!Id", n, c), "these are 12"),
        ("pack_reading", lambda n, c: struct.pack("!If", n % 2**32, c), "does not fit"),
        ("pack_reading", lambda n: n, "it can't be called as its description says"),
        ("unpack_reading", lambda data: list(struct.unpack("!If", data)), "a tuple of two"),
        ("unpack_reading", lambda data: struct.unpack("!If", data), "raised struct.error"),
        ("unpack_reading", lambda data: struct.unpack("!ff", data), "The first is to be an int"),
        ("unpack_reading", lambda data: None, "got None"),
    ],
)
def test_a_wrong_answer_hears_what_is_wrong(exercise, function, words):
    report = tried(exercise, function)
    assert not report.passed
    assert words in repr(report)


def swallows(host, port):
    try:
        return resolve_by_kind(host, port)
    except OSError:
        return []


def test_an_unknown_name_must_reach_the_caller():
    assert "A caller that hears of no error" in repr(tried("resolve", swallows))


def test_the_resolver_is_the_old_one_afterwards():
    before = (socket.getaddrinfo, socket.gethostbyname, getaddrinfo)
    tried("resolve", resolve_without_repeats)
    tried("resolve", lambda host, port: 1 / 0)
    assert (socket.getaddrinfo, socket.gethostbyname, getaddrinfo) == before
