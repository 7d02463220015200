"""The claims of chapter 03's prose, each by the experiment that shows it."""

import ast
import codecs
import json
import random
import re
import socket
import struct
import threading
import tracemalloc
from types import SimpleNamespace

import jupytext
import pytest
import record
from drive.on_disk import ROOT

from helpers.chapters.chapter_03._commands import judged
from helpers.link.link import Link
from helpers.servers.servers import run_server
from helpers.study.questions import find_question

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "03_messages_on_a_stream.py"
CONSTANTS = ("COMMANDS", "STREAM", "SENT")
CUT = "Café\n".encode()


@pytest.fixture(scope="module")
def chapter():
    """The chapter's imports, functions and constants, without running its experiments."""
    names = {"json": json, "socket": socket, "struct": struct}
    names |= {"Link": Link, "run_server": run_server}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type != "code" or "sys.path" in cell.source:
            continue
        kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
        exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def _is_definition(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in CONSTANTS
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))


# Where a command ends


def test_three_sends_in_a_hurry_come_as_one_piece():
    all_sent, pieces = threading.Event(), []

    def lamp(listener):
        connection, _ = listener.accept()
        all_sent.wait(5)
        while piece := connection.recv(1024):
            pieces.append(piece)

    with run_server(lamp) as server, socket.create_connection(server.address, timeout=5) as client:
        for command in (b"on", b"off", b"on"):
            client.sendall(command)
        all_sent.set()
    assert b"".join(pieces) == b"onoffon"
    assert len(pieces) < 3


def test_sends_apart_come_as_one_piece_each():
    taken, pieces = threading.Semaphore(0), []

    def lamp(listener):
        connection, _ = listener.accept()
        while piece := connection.recv(1024):
            pieces.append(piece)
            taken.release()

    with run_server(lamp) as server, socket.create_connection(server.address, timeout=5) as client:
        for command in (b"on", b"off", b"on"):
            client.sendall(command)
            assert taken.acquire(timeout=5)
    assert pieces == [b"on", b"off", b"on"]


def test_the_experiment_gives_every_byte_whatever_the_chunk(chapter):
    for chunk in (1, 5, 25):
        assert b"".join(chapter.received(chunk)) == chapter.STREAM


def test_the_stream_has_25_bytes(chapter):
    assert len(chapter.STREAM) == 25


def verdicts(chapter, parts):
    return [judged(part, chapter.COMMANDS) for part in parts]


def test_the_naive_parser_gets_all_four_right_at_no_chunk_size(chapter):
    for size in range(1, 26):
        assert verdicts(chapter, chapter.naive(chapter.cut_by(size))).count("right") < 4


def test_the_framed_parser_gets_all_four_right_at_every_chunk_size(chapter):
    for size in range(1, 26):
        assert verdicts(chapter, chapter.framed(chapter.cut_by(size))) == ["right"] * 4


def test_at_5_bytes_the_naive_lamp_takes_40_for_4_and_at_25_it_understands_nothing(chapter):
    first = chapter.cut_by(5)[0]
    assert (first, *verdicts(chapter, [first])) == (b"dim 4", "another")
    assert verdicts(chapter, chapter.cut_by(25)) == ["none"]


# Characters


def test_a_piece_with_half_a_character_is_no_text():
    with pytest.raises(UnicodeDecodeError):
        CUT[:4].decode()


def test_replacing_spoils_what_was_cut_and_whole_bytes_give_it_back():
    pieces = [CUT[:4], CUT[4:]]
    assert "é" not in "".join(piece.decode(errors="replace") for piece in pieces)
    assert b"".join(pieces).decode() == "Café\n"


def test_an_incremental_decoder_keeps_half_a_character():
    decoder = codecs.getincrementaldecoder("utf-8")()
    assert [decoder.decode(CUT[:4]), decoder.decode(CUT[4:])] == ["Caf", "é\n"]


def test_a_cut_that_misses_the_character_shows_nothing():
    assert [CUT[:3].decode(), CUT[3:].decode()] == ["Caf", "é\n"]


def test_two_ways_to_text_fail_at_three_of_ten_cuts_and_two_at_none(chapter):
    ways = [list(chapter.texts_of(cut).values()) for cut in range(1, 11)]
    assert len(chapter.SENT.encode()) == 11
    right = [sum(text == chapter.SENT for text in texts) for texts in zip(*ways, strict=True)]
    assert right == [7, 7, 10, 10]


def test_no_byte_of_a_longer_character_of_utf8_is_below_128():
    for number in range(128, 0x11_0000):
        if not 0xD800 <= number < 0xE000:  # surrogates are no characters
            assert min(chr(number).encode()) >= 128


# Lines


def test_json_written_without_indent_is_one_line_whatever_is_in_it():
    everything = "".join(map(chr, range(0x300)))
    for ensure_ascii in (True, False):
        line = json.dumps({everything: everything}, ensure_ascii=ensure_ascii).encode()
        assert b"\n" not in line
        assert json.loads(line) == {everything: everything}


def test_json_with_indent_is_more_than_one_line():
    assert "\n" in json.dumps({"id": 7}, indent=1)


# Costs


@pytest.mark.parametrize(
    ("payload", "more"),
    [
        (b"21.5", 3),
        (b"lamp on\n" * 500, 503),
        (random.Random(3).randbytes(6000), 2003),
        ("é".encode() * 1000, 4003),
    ],
)
def test_what_a_line_of_json_adds(chapter, payload, more):
    assert len(chapter.as_json_line(payload)) - len(payload) == more


def test_a_text_that_is_not_escaped_adds_three_bytes():
    text = "é" * 1000
    assert len(json.dumps(text, ensure_ascii=False).encode()) + 1 - len(text.encode()) == 3


def test_the_next_newline_is_a_fresh_start_and_after_a_wrong_length_there_is_none(chapter):
    lines = b'{"id": 1, "set": "on"\n{"id": 2}\n'.splitlines()
    assert json.loads(lines[1]) == {"id": 2}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\0\0\0\x0adim 40" + b"\0\0\0\2on" + b"\0\0\0\3off")
        assert chapter.recv_frame(ours, 100) == b"dim 40\0\0\0\2"
        with pytest.raises(ValueError):
            chapter.recv_frame(ours, 100)


# Limits


def test_a_claim_of_50_mb_makes_a_receiver_reserve_50_mb():
    (size,) = struct.unpack("!I", struct.pack("!I", 50_000_000))
    tracemalloc.start()
    try:
        room = bytearray(size)
        assert round(tracemalloc.get_traced_memory()[1] / 1e6) == 50
    finally:
        tracemalloc.stop()
    assert len(room) == size


def test_four_bytes_say_up_to_4_294_967_295_and_a_hundred_such_claims_are_430_gb():
    (most,) = struct.unpack("!I", b"\xff" * 4)
    assert most == 4_294_967_295
    assert round(100 * most / 1e9) == 429


# The lamp


def test_the_app_hears_the_same_whether_the_command_or_its_confirmation_is_lost(chapter):
    heard = {}
    for broken in ("up", "down"):
        heard[broken], done, _ = chapter.press(broken)
        assert done == ([] if broken == "up" else ["on"])
    assert heard == {"up": "TimeoutError", "down": "TimeoutError"}


def test_on_may_be_done_twice_and_toggle_may_not(chapter):
    assert chapter.insist(b"on") == ["off", "on", "on"]
    assert chapter.insist(b"toggle") == ["off", "on", "off"]


def test_the_examples_of_the_contracts_hold(chapter):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"21.522.0")
        assert [chapter.recv_exactly(ours, 4) for _ in range(2)] == [b"21.5", b"22.0"]
        chapter.send_frame(theirs, b"on")
        assert ours.recv(6, socket.MSG_PEEK).hex(" ") == "00 00 00 02 6f 6e"
        assert chapter.recv_frame(ours, 100) == b"on"
        chapter.send_frame(theirs, b"on")
        with pytest.raises(ValueError):
            chapter.recv_frame(ours, 1)


def test_the_example_of_lines_holds(chapter):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"on\nof")
        theirs.sendall(b"f\n")
        theirs.shutdown(socket.SHUT_WR)
        assert list(chapter.read_lines(ours)) == ["on", "off"]


def test_the_example_of_the_lamp_holds(chapter):
    with run_server(chapter.lamp_server) as server:
        with socket.create_connection(server.address, timeout=5) as app:
            app.sendall(b'{"id": 1, "set": "toggle"}\n' * 2)
            with app.makefile("rb") as answers:
                for _ in range(2):
                    assert json.loads(answers.readline()) == {"id": 1, "state": "on"}


def test_the_conversation_of_the_text_is_the_lamps(chapter):
    text = SOURCE.read_text(encoding="utf-8").split("## Exercise 5")[1].split("```")[1]
    lines = [
        re.fullmatch(r"# [\d ] +(app|lamp) +(.+?)(?:  .*)?", each) for each in text.split("\n")
    ]
    said = [each.groups() for each in lines if each]
    assert [who for who, _ in said] == ["app", "lamp"] * 5
    with run_server(chapter.lamp_server) as server:
        with socket.create_connection(server.address, timeout=5) as app:
            app.sendall("".join(line + "\n" for who, line in said if who == "app").encode())
            with app.makefile("rb") as stream:
                for told in (json.loads(line) for who, line in said if who == "lamp"):
                    answer = json.loads(stream.readline())
                    assert answer.keys() == told.keys()
                    assert answer["id"] == told["id"]
                    assert answer.get("state") == told.get("state")


def test_a_silent_client_keeps_the_others_waiting(chapter):
    with run_server(chapter.lamp_server) as server:
        with socket.create_connection(server.address, timeout=5):
            with socket.create_connection(server.address, timeout=0.2) as second:
                second.sendall(b'{"id": 1, "set": "on"}\n')
                with pytest.raises(TimeoutError):
                    second.recv(100)


# The puzzles


@pytest.mark.parametrize("name", ["a wrong length", "one wrong answer"])
def test_a_recorded_conversation_goes_the_same_way_again(name):
    """Bytes and their order are compared; how the last connection ends depends on the system."""
    kept = json.loads(record.file_of(f"03 {name}").read_text(encoding="utf-8"))
    again = json.loads(record.RUNS[f"03 {name}"]())
    data = [[event[1:6] for event in run if event[3] == "data"] for run in (kept, again)]
    assert data[0] == data[1]
    assert find_question(f"03 {name}", "puzzles").conversation == name.replace(" ", "_")
