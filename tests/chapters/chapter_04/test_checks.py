"""The checks of chapter 04 beyond their answers: second tries, what a report says, its bounds."""

import contextlib
import io
import socket
import struct
import time
from dataclasses import replace

import pytest

from helpers.chapters.chapter_04 import solutions
from helpers.chapters.chapter_04._device import HELD, Device, pinged
from helpers.chapters.chapter_04._shared import note_sizes
from helpers.chapters.chapter_04.beliefs import ORDER
from helpers.checks import runner
from helpers.checks.causes import NOT_CLOSED
from helpers.checks.second_try import LONGER, Missing, twice
from helpers.checks.steps import steps
from helpers.checks.wrong import Wrong
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(name, function, cases=99):
    """The report of a function that was tried against the first of an exercise's cases."""
    exercise = replace(find_exercise(name), cases=find_exercise(name).cases[:cases])
    with contextlib.redirect_stdout(io.StringIO()):
        return runner.run_cases(name, function, exercise)


# A second try


def test_what_is_missing_is_tried_again_with_longer_waits(stage):
    waits = []

    @twice
    def case(function, stage, slower):
        waits.append(slower)
        if slower == 1:
            raise Missing("nothing came in time")

    case(None, stage)
    assert waits == [1, LONGER]


def test_what_is_missing_again_is_wrong(stage):
    @twice
    def case(function, stage, slower):
        raise Missing(f"still missing at {slower}")

    with pytest.raises(Missing, match=f"still missing at {LONGER}"):
        case(None, stage)


def test_what_a_slow_machine_can_not_explain_is_not_tried_again(stage):
    waits = []

    @twice
    def case(function, stage, slower):
        waits.append(slower)
        raise Wrong("a time where None should be")

    with pytest.raises(Wrong):
        case(None, stage)
    assert waits == [1]


def test_a_second_try_begins_with_an_empty_trace(stage):
    mine, peer = stage.socket_udp("you"), stage.socket_udp("sensor")

    @twice
    def case(function, stage, slower):
        peer.sendto(b"21.5", mine.getsockname())
        if slower == 1:
            raise Missing("")

    case(None, stage)
    assert [event.source for event in stage.trace] == ["sensor"]


def test_a_collector_that_is_late_once_is_not_blamed():
    calls = []

    def collect(sock, idle):
        calls.append(idle)
        if len(calls) == 1:
            return {}
        readings = {}
        sock.settimeout(idle)
        try:
            while True:
                data = sock.recv(2048)
                if len(data) == 12:
                    device, number, celsius = struct.unpack("!IIf", data)
                    readings.setdefault(device, {}).setdefault(number, celsius)
        except TimeoutError:
            return {each: [by[key] for key in sorted(by)] for each, by in readings.items()}

    report = tried("collect", collect)
    assert report.passed, repr(report)
    assert calls[1] == LONGER * calls[0]


# What a case sees


@pytest.mark.parametrize("method", ["recv", "recvfrom"])
def test_the_sizes_that_are_asked_for_are_noted(stage, method):
    sizes = []
    sock, peer = stage.socket_udp("you"), stage.socket_udp("sensor")
    note_sizes(sock, sizes)
    peer.sendto(b"21.5", sock.getsockname())
    getattr(sock, method)(7)
    assert sizes == [7]


def test_the_size_of_a_buffer_is_noted(stage):
    sizes = []
    sock, peer = stage.socket_udp("you"), stage.socket_udp("sensor")
    note_sizes(sock, sizes)
    peer.sendto(b"21.5", sock.getsockname())
    assert sock.recv_into(bytearray(9)) == 4
    assert sizes == [9]


# What is to be mended first


def test_a_wrong_idea_is_told_before_a_socket_that_was_left_open():
    left_open = []

    def ping(address, count, timeout):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        left_open.append(sock)
        sock.settimeout(timeout)
        times = []
        for number in range(1, count + 1):
            began = time.perf_counter()
            sock.sendto(b"ping %d" % number, address)
            try:
                sock.recvfrom(2048)
                times.append(time.perf_counter() - began)
            except TimeoutError:
                times.append(None)
        return times

    for _ in range(5):  # on a busy machine the late answer may come too late to be taken
        report = tried("ping", ping, cases=3)
        for sock in left_open:
            sock.close()
        if report.first.misconception:
            break
    assert NOT_CLOSED in report.outcomes[0].problem
    assert report.first.misconception is ORDER, report
    assert report.first.case.name == "a late answer"


def test_a_ping_that_was_given_up_meanwhile_is_not_called_early(stage):
    device, given_up = Device(lambda number, data, asker, sock: None), HELD / 2
    pinged(solutions.ping, stage, device, 2, given_up)
    assert device.received == [b"ping 1", b"ping 2"]
    assert device.early == []


def test_a_ping_that_does_not_wait_for_the_one_before_is_early(stage):
    def ping(address, count, timeout):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for number in (1, 2):
                sock.sendto(b"ping %d" % number, address)
            sock.settimeout(timeout)
            return [len(sock.recv(100)), len(sock.recv(100))]

    device = Device(lambda number, data, asker, sock: sock.sendto(data, asker))
    pinged(ping, stage, device, 2, 10.0)
    assert [data for data, _ in device.early] == [b"ping 2"]


# Results of other types


@pytest.mark.parametrize(
    "result", [None, [], "readings", {7: (20.0,)}, {7: None}, 3.5, {7: [None]}]
)
def test_a_collector_with_another_result_hears_what_was_expected(result):
    def collect(sock, idle):
        return result

    first = tried("collect", collect, cases=1).outcomes[0]
    assert not first.passed
    assert "xpected" in first.problem


@pytest.mark.parametrize("result", [None, (), "times", [True, 1, 2], ["0.1"] * 3, [0.1] * 99])
def test_a_pinger_with_another_result_hears_what_was_expected(result):
    def ping(address, count, timeout):
        return result

    first = tried("ping", ping, cases=1).outcomes[0]
    assert not first.passed
    assert "xpected" in first.problem


def test_the_steps_say_readings_in_words_and_show_what_is_none():
    def collect(sock, idle):
        return {}

    told = {each.case.name: steps(each.trace) for each in tried("collect", collect).outcomes}
    overtaken = told["readings that overtake each other"]
    assert overtaken[0][1].endswith("a datagram of 12 bytes: device 7, number 255, 22 °C")
    broken = [text for _, text in told["datagrams that are no readings"]]
    assert any(text.endswith("'hello', no reading") for text in broken)
