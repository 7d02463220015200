"""The first step of A1: a server that answers HELLO alone, in whatever way, has its point."""

import re
from pathlib import Path

import pytest
from editions import make
from support.programs import solution

from helpers.assignments.a1 import solutions
from helpers.study.assess import assess
from helpers.study.taken import from_cells

SOURCE = Path(__file__).parents[3] / "notebooks/source/assignments/A1_thermostat.py"
LOOP = """
import socket, struct, threading

def hello_server(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
"""
RIGHT = {
    "struct": """
            length, _, number = struct.unpack("!IBH", connection.recv(7))
            version = 2 if b"\\2" in connection.recv(length - 3) else 1
            connection.sendall(struct.pack("!IBHB", 4, 0x81, number, version))
""",
    "a file, an answer in three pieces, and a wait for the app's end": """
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection.makefile("rb") as stream:
                length = int.from_bytes(stream.read(4), "big")
                kind, high, low, *versions = stream.read(length)
                for piece in ([0, 0, 0, 4], [kind | 0x80, high], [low, max(versions)]):
                    connection.sendall(bytes(piece))
                stream.read()
""",
    "a thread for each app": """
            def answer():
                hello = connection.recv(64)
                connection.sendall(b"\\0\\0\\0\\4\\x81" + hello[5:7] + bytes([max(hello[7:])]))

            thread = threading.Thread(target=answer)
            thread.start()
            thread.join()
""",
}
WRONG = {
    "the answer is not sent": ("            connection.recv(100)\n", "no answer was sent"),
    "an answer that is too short": (
        "            h = connection.recv(100)\n"
        '            connection.sendall(b"\\0\\0\\0\\4\\x81" + h[6:7] + b"\\2")\n',
        "7 bytes came",
    ),
    "all versions are sent back": (
        '            connection.sendall(b"\\0\\0\\0\\4\\x81" + connection.recv(100)[5:])\n',
        "Behind the version nothing more may come.",
    ),
    "the kind of the request": (
        '            connection.sendall(b"\\0\\0\\0\\4\\1" + connection.recv(100)[5:7] + b"\\2")\n',
        "The kind of the answer is 81, and not 01.",
    ),
    "another number": (
        "            h = connection.recv(100)\n"
        '            connection.sendall(b"\\0\\0\\0\\4\\x81\\0\\1" + bytes([max(h[7:])]))\n',
        "The number is not that of the request, 00 07.",
    ),
    "text in place of bytes": (
        '            connection.sendall(b"00 00 00 04 81 00 01 02")\n',
        "`bytes.fromhex` makes bytes of it",
    ),
    "the end after the first app": (
        "            h = connection.recv(100)\n"
        '            connection.sendall(b"\\0\\0\\0\\4\\x81" + h[5:7] + bytes([max(h[7:])]))\n'
        "        return\n",
        "our server function has ",  # returned, or ended
    ),
}


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """What comes of the milestone `hello` for a program."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))

    def try_it(code):
        path = tmp_path / "mine.py"
        path.write_text(code, encoding="utf-8")
        return assess("A1", path, milestone="hello").reached[0]

    return try_it


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_a_first_server_of_any_style_has_its_point(tried, body):
    found = tried(LOOP + body)
    assert (found.points, found.text) == (1, "")


@pytest.mark.parametrize(("body", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_first_server_is_told_what_is_wrong(tried, body, told):
    found = tried(LOOP + body)
    assert found.points == 0
    assert told in found.text
    assert len(found.hints) == 3


def test_the_first_server_of_the_notebook_is_not_started_and_that_of_the_solutions_passes(tried):
    for edition, started in (("chapter", False), ("solutions", True)):
        cells = [each.source for each in make(SOURCE, edition).cells]
        (cell,) = (each for each in cells if "def hello_server" in each)
        found = tried(from_cells(("hello_server",), [cell]).code)
        assert (found.started, found.points) == (started, int(started))


def test_the_later_server_is_tried_in_place_of_the_first_one(tried):
    code = solution("a1")
    broken = re.sub(r"(?m)^            hello = .*$", "            return", code, count=1)
    assert broken != code
    assert tried(broken).points == 1
    assert tried(broken.replace("return max(common)", "return min(common)")).points == 0
    assert solutions.thermostat_server is not solutions.hello_server
