"""Judges of lamps, as a learner would write them: wrong ones, and right ones in other styles."""

import asyncio
import contextlib
import json
import socket
import time

from support.answers import WrongAnswer, answer

IN_ONE_PIECE = "a test's commands come whole"
ASKED_ONCE = "an app asks only once"
WELL_MEANT = "whoever connects keeps the protocol"
BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError)


def line(identity, wanted="toggle"):
    return json.dumps({"id": identity, "set": wanted}).encode() + b"\n"


def talk(address, *pieces, end=True, timeout=0.4):
    with socket.create_connection(address, timeout=timeout) as app, app.makefile("rb") as stream:
        for piece in pieces:
            app.sendall(piece)
            time.sleep(0.03)
        if end:
            app.shutdown(socket.SHUT_WR)
        answers = [json.loads(each) for each in stream]
    return [(each["id"], each.get("state")) for each in answers]


def toggles(address):
    return talk(address, line(1)) == [(1, "on")]


def asks_again(address):
    return talk(address, line(1)) == [(1, "on")]


def cuts(address):
    whole = line(2)
    return talk(address, whole[:9], whole[9:]) == [(2, "off")] and talk(address, line(3)[:-1]) == []


def talks_nonsense(address):
    return talk(address, b"hello\n" + line(4)) == [(None, None), (4, "on")]


def does_not_end(address):
    return talk(address, b"x" * 1001, end=False) == []


def all_of(address, *tests):
    try:
        return all(test(address) for test in tests)
    except BROKEN:
        return False


# Wrong ones


@answer("judge_lamp", "send|sent|ask")
def trusts_every_lamp(address):
    return True


@answer("judge_lamp", "send|sent|ask")
def only_connects(address):
    with socket.create_connection(address, timeout=1):
        return True


@answer("judge_lamp", "right")
def accuses_every_lamp(address):
    return not toggles(address)


@answer("judge_lamp", "right")
def wants_words_of_its_own(address):
    with socket.create_connection(address, timeout=0.4) as app, app.makefile("rb") as stream:
        app.sendall(b"hello\n")
        if stream.readline() != b'{"id": null, "error": "unknown command"}\n':
            return False
    return all_of(address, toggles, asks_again)


@answer("judge_lamp", "right")
def forgets_that_the_lamp_remembers(address):
    return all_of(address, toggles, lambda address: talk(address, line(7)) == [(7, "on")])


@answer("judge_lamp", "pieces|cut")
def tries_a_good_day(address):
    return all_of(address, toggles)


@answer("judge_lamp", "pieces|cut")
def sends_whole_lines(address):
    def talks_nonsense(address):
        return talk(address, b"hello\n", line(4)) == [(None, None), (4, "off")]

    return all_of(address, toggles, asks_again, talks_nonsense, does_not_end)


@answer("judge_lamp", "again|second time|twice")
def asks_once(address):
    def all_once(address):
        whole = line(1)
        return talk(address, whole[:9], whole[9:]) == [(1, "on")]

    def nonsense(address):
        return talk(address, b"hello\n" + line(4)) == [(None, None), (4, "off")]

    def half(address):
        return talk(address, line(3)[:-1]) == []

    return all_of(address, all_once, half, nonsense, does_not_end)


@answer("judge_lamp", "no command|nonsense|json|protocol")
def trusts_the_app(address):
    return all_of(address, toggles, asks_again, cuts)


@answer("judge_lamp", "False|catch")
def raises_at_a_broken_lamp(address):
    tests = toggles, asks_again, cuts, talks_nonsense, does_not_end
    return all(test(address) for test in tests)


@answer("judge_lamp", "False|catch")
def asserts(address):
    for test in (toggles, asks_again, cuts, talks_nonsense, does_not_end):
        assert test(address)
    return True


@answer("judge_lamp", "return|True or False")
def prints_its_verdict(address):
    print("right" if all_of(address, toggles, asks_again, cuts) else "wrong")


@answer("judge_lamp", "close")
def leaves_a_socket_open(address):
    app = socket.create_connection(address, timeout=0.4)
    app.sendall(line(1))
    answer = app.recv(4096)
    app.shutdown(socket.SHUT_WR)
    fine = json.loads(answer) == {"id": 1, "state": "on"}
    return fine and all_of(address, asks_again, cuts, talks_nonsense, does_not_end)


@answer("judge_lamp", "limit|timeout|how long")
def waits_for_ever(address):
    def does_not_end(address):
        return talk(address, b"x" * 1001, end=False, timeout=None) == []

    return all_of(address, toggles, asks_again, cuts, talks_nonsense, does_not_end)


@answer("judge_lamp", "limit|timeout|how long")
def takes_three_seconds(address):
    time.sleep(3)
    return all_of(address, toggles, asks_again, cuts, talks_nonsense, does_not_end)


FIRST = "the course's own lamp"
PIECES = "a lamp that understands a command only in one piece"
AGAIN = "a lamp that toggles again when the app asks again"
BAD_LINE = "a lamp that hangs up at one bad line"
ENDLESS = "a lamp that takes in a line without an end"

WRONG_JUDGES = [
    WrongAnswer("judge_lamp", trusts_every_lamp, None, FIRST),
    WrongAnswer("judge_lamp", only_connects, None, FIRST),
    WrongAnswer("judge_lamp", accuses_every_lamp, None, FIRST),
    WrongAnswer("judge_lamp", wants_words_of_its_own, None, FIRST),
    WrongAnswer("judge_lamp", forgets_that_the_lamp_remembers, None, FIRST),
    WrongAnswer("judge_lamp", tries_a_good_day, IN_ONE_PIECE, PIECES),
    WrongAnswer("judge_lamp", sends_whole_lines, IN_ONE_PIECE, PIECES),
    WrongAnswer("judge_lamp", asks_once, ASKED_ONCE, AGAIN),
    WrongAnswer("judge_lamp", trusts_the_app, WELL_MEANT, BAD_LINE),
    WrongAnswer("judge_lamp", raises_at_a_broken_lamp, None, ENDLESS),
    WrongAnswer("judge_lamp", asserts, None, PIECES),
    WrongAnswer("judge_lamp", prints_its_verdict, None, FIRST),
    WrongAnswer("judge_lamp", leaves_a_socket_open, None, FIRST),
    WrongAnswer("judge_lamp", waits_for_ever, None, ENDLESS),
    WrongAnswer("judge_lamp", takes_three_seconds, None, FIRST),
]

# Right ones


class App:
    """A conversation that reads answers one by one."""

    def __init__(self, address):
        self.sock, self.rest = socket.create_connection(address, timeout=0.5), b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def answer(self):
        while b"\n" not in self.rest:
            piece = self.sock.recv(100)
            if not piece:
                return None
            self.rest += piece
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)


@answer("judge_lamp")
def has_an_app_of_its_own(address):
    faults = []

    def expect(answer, identity, state):
        if answer != {"id": identity, "state": state}:
            faults.append(answer)

    try:
        with App(address) as app:
            for _ in range(2):
                app.sock.sendall(line("é"))
                expect(app.answer(), "é", "on")
            app.sock.sendall(b"[]\n")
            if "error" not in app.answer():
                faults.append("obeys nonsense")
            app.sock.sendall(line(2)[:-5])
        with App(address) as app:
            app.sock.sendall(line("é") + line(3, "off")[:10])
            expect(app.answer(), "é", "on")
            time.sleep(0.1)
            app.sock.sendall(line(3, "off")[10:] + b"x" * 1001)
            expect(app.answer(), 3, "off")
            if app.answer() is not None:
                faults.append("goes on")
        with App(address) as app:
            app.sock.sendall(line(4, "on")[:-1])
            app.sock.shutdown(socket.SHUT_WR)
            if app.answer() is not None:
                faults.append("obeys half a line")
    except (OSError, ValueError, TypeError):
        return False
    return not faults


async def _conversation(address, *pieces, end=True):
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.03)
        if end:
            writer.write_eof()
        return [json.loads(each) for each in (await reader.read()).splitlines()]
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@answer("judge_lamp")
def runs_a_loop(address):
    async def judge():
        async with asyncio.timeout(1.2):
            yield await _conversation(address, line(1)) == [{"id": 1, "state": "on"}]
            yield await _conversation(address, line(1)) == [{"id": 1, "state": "on"}]
            yield await _conversation(address, line(2)[:-1]) == []
            first, second = await _conversation(address, b"nonsense\n" + line(3))
            yield "error" in first and second == {"id": 3, "state": "off"}
            both = await _conversation(address, line(4)[:4], line(4)[4:] + line(4))
            yield both == [{"id": 4, "state": "on"}] * 2
            yield await _conversation(address, b"x" * 1001, end=False) == []

    async def all_right():
        return all([each async for each in judge()])

    try:
        return asyncio.run(all_right())
    except (OSError, ValueError, TypeError):
        return False


_heard = []  # it is written for one lamp at a time


@answer("judge_lamp")
def keeps_what_it_hears_in_a_global(address):
    _heard.clear()
    try:
        for pieces in ([line(1)], [line(1), line(2)[:12], line(2)[12:]], [b"?\n"], [line(3)[:-1]]):
            _heard.append(talk(address, *pieces))
        _heard.append(talk(address, b" " * 1001, end=False))
    except BROKEN:
        return False
    return _heard == [[(1, "on")], [(1, "on"), (2, "off")], [(None, None)], [], []]


RIGHT_JUDGES = [
    ("judge_lamp", has_an_app_of_its_own),
    ("judge_lamp", runs_a_loop),
    ("judge_lamp", keeps_what_it_hears_in_a_global),
]
