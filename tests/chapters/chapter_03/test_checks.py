"""The checks of chapter 03 beyond their answers: pieces that wait, what a report says, bounds."""

import contextlib
import io
import socket
import struct
import sys
import time
import tracemalloc

import pytest

from chapters.chapter_03 import right, wrong
from helpers.chapters.chapter_03._app import App, line_of
from helpers.chapters.chapter_03._ends import early_end
from helpers.chapters.chapter_03._pieces import sending
from helpers.chapters.chapter_03.beliefs import END_INSIDE, ONE_RECV, RECV_N, SHORT_READ
from helpers.checks import runner
from helpers.checks.wrong import Wrong
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(name, function):
    with contextlib.redirect_stdout(io.StringIO()):
        return runner.run_cases(name, function, find_exercise(name))


def failed(report, case):
    return next(each for each in report.outcomes if each.case.name == case and not each.passed)


# A peer that sends in pieces


def test_a_piece_comes_when_the_one_before_it_was_read(stage):
    ends = sending(stage, [b"21", b".5", b" C"], then="end")
    pieces = ends.call(lambda connection: [connection.recv(100) for _ in range(4)])
    assert pieces == [b"21", b".5", b" C", b""]


def test_the_first_piece_is_there_before_the_function_is_called(stage):
    ends = sending(stage, [b"21", b".5"])
    ends.mine.setblocking(False)
    assert ends.mine.recv(100) == b"21"


def test_whoever_only_looks_gets_the_next_piece_as_well(stage):
    ends = sending(stage, [b"21", b".5"])

    def look(connection):
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if len(seen := connection.recv(100, socket.MSG_PEEK)) == 4:
                return seen

    assert ends.call(look) == b"21.5"


def test_after_a_failure_the_peer_sends_the_rest_for_the_diagram(stage):
    ends = sending(stage, [b"21", b".5"], then="end")
    with pytest.raises(ZeroDivisionError):
        ends.call(lambda connection: 1 / 0)
    assert [event.kind for event in stage.trace] == ["data", "data", "end"]


def test_a_reset_is_the_last_thing_in_the_diagram(stage):
    ends = sending(stage, [b"21"], then="reset")
    with pytest.raises(ConnectionResetError):
        ends.call(lambda connection: [connection.recv(100) for _ in range(2)])
    assert [event.kind for event in stage.trace] == ["data", "reset"]


@pytest.mark.parametrize(("size", "in_part"), [(0, False), (1, True), (3, True), (4, False)])
def test_what_was_read_is_known(stage, size, in_part):
    ends = sending(stage, [b"21.5"], then="end")
    ends.call(lambda connection: connection.recv(size))
    assert (ends.taken(), ends.read_in_part()) == (size, in_part)


@pytest.mark.parametrize(
    ("function", "belief"),
    [
        (lambda connection: connection.recv(9), RECV_N),
        (wrong.raises_at_a_short_read, SHORT_READ),
        (wrong.returns_what_there_was_at_the_end, END_INSIDE),
        (lambda connection: b"", None),
    ],
    ids=["one recv", "raises", "returns a part", "reads nothing"],
)
def test_beliefs_about_an_early_end_are_told_apart(stage, function, belief):
    ends = sending(stage, [b"21", b".", b"5"], then="end")
    arguments = (9,) if hasattr(function, "exercise") else ()
    with pytest.raises(Wrong) as caught:
        early_end(ends, function, *arguments)
    assert caught.value.misconception is belief


# Apps


def lamp_that(answers):
    """A lamp that sends these bytes to the first line, whatever it is, and waits."""

    def lamp_server(listener):
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.sendall(answers)
        connection.recv(1000)

    return lamp_server


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"on\n", "no JSON"),
        (b"[1]\n", r"got \[1\]"),
        (b'{"id": 1, "state": "off"}\n', "got {'id': 1, 'state': 'off'}"),
        (b'{"id": 1, "state": "on"}', "a newline after it"),
    ],
)
def test_an_app_says_what_is_wrong_with_an_answer(stage, answer, told):
    app = App(stage, stage.run(lamp_that(answer)))
    app.sock.settimeout(0.2)
    with pytest.raises(Wrong, match=told):
        app.tell(1, "on", "on")


def test_an_app_notices_an_answer_that_came_only_with_its_end(stage):
    def lamp_server(listener):
        connection, _ = listener.accept()
        while connection.recv(1000):
            pass
        connection.sendall(b'{"id": 1, "state": "on"}\n')

    app = App(stage, stage.run(lamp_server), ONE_RECV)
    app.sock.settimeout(0.2)
    with pytest.raises(Wrong, match="when the app had ended its side") as caught:
        app.tell(1, "on", "on")
    assert caught.value.misconception is None


def test_a_lamp_that_has_returned_is_told_so(stage):
    def lamp_server(listener):
        listener.accept()[0].close()

    app = App(stage, stage.run(lamp_server))
    with pytest.raises(Wrong, match="has returned"):
        app.tell(1, "on", "on")


def test_a_command_goes_as_a_line_of_utf8():
    assert line_of("café", "on") == '{"id": "café", "set": "on"}\n'.encode()


# What a report says


def test_the_diagram_of_a_short_read_shows_what_came_later():
    report = tried("recv_exactly", wrong.receives_once)
    sizes = [event.size for event in failed(report, "three pieces").trace]
    assert sizes == [2, 1, 3]


@pytest.mark.parametrize(
    "answer",
    [wrong.makes_room_first, wrong.makes_room_before_it_compares],
    ids=["waits", "refuses"],
)
def test_a_trusted_length_takes_no_more_memory_than_a_claim_of_70_mb(monkeypatch, answer):
    resource = pytest.importorskip("resource", reason="Windows has no getrusage")
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = tried("recv_frame", answer)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert failed(report, "a huge length").misconception.name == wrong.TRUSTED
    assert grown < 200_000 * (1024 if sys.platform == "darwin" else 1)  # kilobytes on Linux


def test_the_memory_of_a_refusal_is_not_traced_any_more():
    tried("recv_frame", wrong.makes_room_before_it_compares)
    assert not tracemalloc.is_tracing()


def test_lines_that_are_all_right_are_not_taken_for_pieces_where_an_error_follows():
    report = tried("read_lines", wrong.takes_every_end_for_early)
    problem = failed(report, "three lines in one piece").problem
    assert "got them, and then EOFError" in problem
    assert failed(report, "one byte at a time").misconception is None


def test_a_good_line_before_a_bad_one_is_asked_for():
    report = tried("read_lines", wrong.decodes_whole_pieces_step_by_step)
    problem = failed(report, "bytes that are no text").problem
    assert "'on' first" in problem and "UnicodeDecodeError (line" in problem


def test_a_connection_that_was_closed_or_shut_down_is_told_as_such():
    report = tried("send_frame", wrong.closes_after_sending)
    late = next(each for each in report.outcomes if "reads late" in each.case.name)
    assert "has closed the connection" in late.problem
    report = tried("send_frame", wrong.ends_its_side_after_sending)
    assert "shut down" in failed(report, "four frames, with any bytes").problem


@pytest.mark.parametrize("result", [None, "21.5 C", 6, [b"21.5 C"], object()])
def test_a_result_of_another_type_is_told(result):
    def recv_exactly(connection, size):
        return result

    assert "Expected bytes" in failed(tried("recv_exactly", recv_exactly), "three pieces").problem


@pytest.mark.parametrize("result", [None, "on", b"on\n", 5])
def test_lines_of_another_type_are_told(result):
    def read_lines(connection):
        return result

    report = tried("read_lines", read_lines)
    assert "Expected lines" in failed(report, "three lines in one piece").problem


def test_lines_without_an_end_are_told():
    def read_lines(connection):
        while True:
            yield "on"

    problem = failed(tried("read_lines", read_lines), "three lines in one piece").problem
    assert "yields on and on" in problem


def test_half_written_code_is_said_to_be_so():
    def recv_frame(connection, limit):
        connection.recv(1)
        raise NotImplementedError

    report = tried("recv_frame", recv_frame)
    assert "not written yet" in failed(report, "one frame").problem
    assert all(each.misconception is None for each in report.outcomes)


# A hint for each failure


def test_a_timeout_of_the_functions_own_is_told_and_not_waited_for():
    def recv_frame(connection, limit):
        connection.settimeout(60)
        return right.reads_the_header_first(connection, limit)

    case = failed(tried("recv_frame", recv_frame), "a silent peer")
    assert "gave the connection one of 60 s" in case.problem
    assert "another timeout" in case.hints[0]


def test_what_a_first_call_has_taken_from_the_next_is_counted():
    problem = failed(tried("recv_frame", wrong.reads_ahead), "four frames in one segment").problem
    assert "left 0 bytes in the socket, and 315 had come" in problem


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda payload: struct.pack("!Q", len(payload)) + payload, "four bytes"),
        (lambda payload: struct.pack("!I", len(payload) + 4) + payload, "not itself"),
        (lambda payload: str(len(payload)).encode() + payload, "digits"),
        (lambda payload: payload + struct.pack("!I", len(payload)), "length after it"),
        (lambda payload: bytes(len(payload)) + payload, "bytes of zero"),
        (lambda payload: struct.pack("!Is", len(payload), payload), "one byte"),
    ],
    ids=["another size", "itself", "digits", "afterwards", "zeros", "one letter"],
)
def test_a_slip_is_known_by_what_is_on_the_wire(build, words):
    def send_frame(connection, payload):
        connection.sendall(build(payload))

    report = tried("send_frame", send_frame)
    assert words in report.hint(1)
    assert all(each.misconception is None for each in report.outcomes)


def test_no_room_is_made_for_a_payload_that_only_claims_to_be_large():
    def send_frame(connection, payload):
        frame = bytearray(4 + len(payload))
        frame[:4], frame[4:] = len(payload).to_bytes(4, "big"), payload
        connection.sendall(frame)

    assert tried("send_frame", send_frame).passed


def test_a_lamp_that_asks_on_and_on_is_told_so():
    def lamp_server(listener):
        listener.setblocking(False)
        while True:
            with contextlib.suppress(BlockingIOError):
                connection, _ = listener.accept()
                connection.setblocking(True)
                wrong.converse(connection, wrong.lamp())

    problem = failed(tried("lamp_server", lamp_server), "three commands, one after another").problem
    assert "called accept or recv" in problem


# The end


def test_a_right_answer_leaves_nothing_behind():
    for name, function in right.RIGHT:
        if not name.startswith("judge"):  # slower; the tests of judges have theirs
            assert tried(name, function).left == []
