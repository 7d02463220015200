"""Judges of brokers, as a learner would write them: wrong ones, and right ones in other styles."""

import asyncio
import contextlib
import socket
import struct
import time

from support.answers import WrongAnswer, answer

WHOLE_LINES = "a test's lines come whole"
ALL_READ = "every client reads what it is sent"
GOODBYE = "a dead client says goodbye"
LINE = b"x" * 49_999 + b"\n"


class Talker:
    def __init__(self, address, timeout=0.5):
        self.sock = socket.create_connection(address, timeout=timeout)
        self.rest = b""

    def say(self, data):
        self.sock.sendall(data)

    def hear(self):
        while b"\n" not in self.rest:
            piece = self.sock.recv(65_536)
            if not piece:
                raise EOFError
            self.rest += piece
        line, _, self.rest = self.rest.partition(b"\n")
        return line + b"\n"

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


@contextlib.contextmanager
def room(address, timeout=0.5):
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(3):
            new = Talker(address, timeout)
            stack.callback(new.sock.close)
            if clients:
                new.say(b"hello\n")
                for each in clients:
                    each.hear()
            clients.append(new)
        yield clients


def talks(one, two, three):
    one.say(b"lamp on\n")
    if two.hear() != b"lamp on\n" or three.hear() != b"lamp on\n":
        return False
    two.say(b"lamp off\n")
    return three.hear() == one.hear() == b"lamp off\n"


def pieces(one, two, three):
    two.say(b"21")
    time.sleep(0.05)
    three.say(b"open\n")
    first = one.hear()
    two.say(b".5\n")
    return first == b"open\n" and one.hear() == b"21.5\n"


def slow(one, two, three):
    for _ in range(14):
        one.say(LINE)
        if two.hear() != LINE:
            return False
    return all(three.hear() == LINE for _ in range(14))


def resets(one, two, three):
    three.reset()
    one.say(b"?\n")
    return two.hear() == b"?\n"


def endless(one, two, three):
    try:
        one.say(b"z" * 65_537)
        one.hear()
    except (EOFError, ConnectionError):
        return True
    return False


TESTS = (talks, pieces, slow, resets, endless)


def all_of(address, *tests, **options):
    try:
        for test in tests:
            with room(address, **options) as clients:
                if not test(*clients):
                    return False
    except (OSError, EOFError):
        return False
    return True


# Wrong ones


@answer("judge_broker", "send|sent|ask")
def trusts_every_broker(address):
    return True


@answer("judge_broker", "right")
def accuses_every_broker(address):
    return not all_of(address, talks)


@answer("judge_broker", "right")
def wants_its_own_line_back(address):
    def echoes(one, two, three):
        one.say(b"?\n")
        return one.hear() == b"?\n"

    return all_of(address, echoes, *TESTS)


@answer("judge_broker", "pieces|half")
def sends_whole_lines(address):
    return all_of(address, talks, slow, resets)


@answer("judge_broker", "late|read")
def reads_at_once(address):
    return all_of(address, talks, pieces, resets, endless)


@answer("judge_broker", "reset")
def leaves_in_good_order(address):
    return all_of(address, lambda *clients: slow(*clients) and pieces(*clients))


@answer("judge_broker", "False|catch|try")
def raises_at_a_broken_broker(address):
    for test in TESTS:
        with room(address) as clients:
            if not test(*clients):
                return False
    return True


@answer("judge_broker", "return|True or False")
def prints_its_verdict(address):
    print(all_of(address, *TESTS))


@answer("judge_broker", "limit|timeout|how long")
def waits_for_ever(address):
    return all_of(address, *TESTS, timeout=None)


@answer("judge_broker", "close")
def leaves_its_clients_open(address):
    three = [Talker(address) for _ in range(3)]
    for each in three[1:]:
        each.say(b"hello\n")
        three[0].hear()
    return all_of(address, *TESTS)


FIRST = "the course's own broker"
PIECES = "a broker that mixes the pieces of two lines"
RESET = "a broker that ends when one client resets"
WAITS = "a broker in which all wait for a slow reader"
LOST = "a broker that loses what a slow reader has not taken"

WRONG_JUDGES = [
    WrongAnswer("judge_broker", trusts_every_broker, None, FIRST),
    WrongAnswer("judge_broker", accuses_every_broker, None, FIRST),
    WrongAnswer("judge_broker", wants_its_own_line_back, None, FIRST),
    WrongAnswer("judge_broker", sends_whole_lines, WHOLE_LINES, PIECES),
    WrongAnswer("judge_broker", reads_at_once, ALL_READ, LOST),
    WrongAnswer("judge_broker", leaves_in_good_order, GOODBYE, RESET),
    WrongAnswer("judge_broker", raises_at_a_broken_broker, None, WAITS),
    WrongAnswer("judge_broker", prints_its_verdict, None, FIRST),
    WrongAnswer("judge_broker", waits_for_ever, None, WAITS),
    WrongAnswer("judge_broker", leaves_its_clients_open, None, FIRST),
]

# Right ones


@answer("judge_broker")
def has_a_room_for_each_test(address):
    return all_of(address, *TESTS)


@answer("judge_broker")
def runs_a_loop(address):
    async def join(clients):
        new = await asyncio.open_connection(*address)
        new[1].write(b"hello\n" if clients else b"")
        for reader, _ in clients:
            await reader.readline()
        clients.append(new)

    async def says(writer, data):
        writer.write(data)
        await writer.drain()

    async def judge(clients):
        for _ in range(4):
            await join(clients)
        (one, say_one), (two, say_two), (three, say_three), (gone, say_gone) = clients
        await says(say_one, b"on\n21")
        if [await each.readline() for each in (two, three, gone)] != [b"on\n"] * 3:
            return False
        await says(say_two, b"off\n")
        say_gone.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        say_gone.transport.abort()
        if await one.readline() != b"off\n":
            return False
        await says(say_one, b".5\n")
        if [await two.readline(), await three.readline()] != [b"21.5\n", b"off\n"]:
            return False
        for _ in range(16):
            await says(say_two, LINE)
            if await one.readline() != LINE:
                return False
        if [await three.readline() for _ in range(17)] != [b"21.5\n", *[LINE] * 16]:
            return False
        with contextlib.suppress(ConnectionError):
            await says(say_one, b"z" * 65_537)
            return await one.read() == b""
        return True

    async def with_a_limit():
        clients = []
        try:
            return await asyncio.wait_for(judge(clients), 1.5)
        finally:
            for _, writer in clients:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    try:
        return asyncio.run(with_a_limit())
    except (OSError, ValueError):
        return False


@answer("judge_broker")
def misses_the_one_without_an_end(address):
    return all_of(address, talks, pieces, slow, resets)


RIGHT_JUDGES = [
    ("judge_broker", has_a_room_for_each_test),
    ("judge_broker", runs_a_loop),
    ("judge_broker", misses_the_one_without_an_end),
]
