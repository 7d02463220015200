"""The checks of chapter 01: what they say, and that the resolver is the usual one afterwards.

That right answers pass and wrong ones hear of their misconception is in test_answers.py.
"""

import socket
import struct
from socket import getaddrinfo

import pytest

from helpers.checks import runner
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(exercise, function):
    return runner.run_cases(exercise, function, find_exercise(exercise))


def resolve_by_kind(host, port):
    return [entry[4][:2] for entry in getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@pytest.mark.parametrize(
    ("exercise", "function", "words"),
    [
        ("resolve", lambda host, port: None, "expected a list of tuples (ip, port), got None"),
        ("resolve", lambda host, port: ["127.0.0.1"], "got a list that holds '127.0.0.1'"),
        ("resolve", resolve_by_kind, "Some come more than once"),
        ("resolve", lambda host, port: resolve_by_kind(host, port)[::-1], "got [('192.0.2.8'"),
        ("resolve", lambda host, port: [("::1", port)], "is an address already"),
        ("pack_reading", lambda n, c: None, "got None, which is not bytes"),
        ("pack_reading", lambda n, c: b"", "these are 0"),
        ("pack_reading", lambda n, c: struct.pack("!Id", n, c), "these are 12"),
        ("pack_reading", lambda n, c: struct.pack("!If", n % 2**32, c), "does not fit"),
        ("pack_reading", lambda n: n, "It can't be called as its description says"),
        ("unpack_reading", lambda data: list(struct.unpack("!If", data)), "a tuple of two"),
        ("unpack_reading", lambda data: struct.unpack("!If", data), "raised struct.error"),
        ("unpack_reading", lambda data: struct.unpack("!ff", data), "The first is to be an int"),
        ("unpack_reading", lambda data: None, "got None"),
    ],
)
def test_a_wrong_answer_hears_what_is_wrong(exercise, function, words):
    report = tried(exercise, function)
    assert not report.passed
    assert any(words in outcome.problem for outcome in report.outcomes), repr(report)


def test_a_caller_must_hear_of_an_unknown_name():
    def resolve(host, port):
        try:
            return list(dict.fromkeys(resolve_by_kind(host, port)))
        except OSError:
            return []

    [failed] = [each for each in tried("resolve", resolve).outcomes if not each.passed]
    assert "A caller that hears of no error" in failed.problem


def raises(host, port):
    raise RuntimeError


def waits(host, port):
    while True:
        pass


@pytest.mark.parametrize("function", [resolve_by_kind, raises, waits])
def test_the_resolver_is_the_usual_one_afterwards(function, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.3)
    monkeypatch.setattr(runner, "ALL_SECONDS", 1.5)
    before = (socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex, getaddrinfo)
    report = tried("resolve", function)
    after = (socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex, getaddrinfo)
    assert after == before
    assert report.left == []


def test_no_question_about_a_made_up_name_leaves_the_machine(monkeypatch):
    asked = []

    def real(host, *arguments, **options):
        asked.append(host)
        return []

    def resolve(host, port):
        return list(dict.fromkeys(entry[4][:2] for entry in socket.getaddrinfo(host, port)))

    monkeypatch.setattr(socket, "getaddrinfo", real)
    tried("resolve", resolve)
    assert set(asked) == {"127.0.0.1", "::1"}
