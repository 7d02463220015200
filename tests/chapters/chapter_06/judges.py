"""Judges of receivers, as a learner would write them: wrong ones, and right ones of other kinds."""

import asyncio
import contextlib
import select
import socket
import struct
import time

from support.answers import WrongAnswer, answer

ACK_LOST = "an ACK can't be lost"
DUPLICATE = "a duplicate is a new message"
IN_ORDER = "packets arrive in the order in which they were sent"
BROKEN = (OSError, ValueError, struct.error)
HEADER = struct.Struct("!BI")


def data(number, payload=b"open"):
    return HEADER.pack(1, number) + payload


def end(number):
    return HEADER.pack(3, number)


FIRST_STEP = [(data(1), 1)]
COPY = [(data(1), 1)]
GAP = [(data(3), 1)]
GAP_BEFORE_END = [(end(3), 1)]
SHORT = [(b"\x01\x02", None)]
SECOND = [(data(2, b"shut"), 2)]
AT_THE_END = [(end(3), 3)]


@contextlib.contextmanager
def sender(timeout=0.3):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        yield sock


def ask(sock, address, datagram):
    sock.sendto(datagram, address)
    kind, number = HEADER.unpack(sock.recv(2048))
    if kind != 2:
        raise ValueError(kind)
    return number


def passes(address, steps, timeout=0.3):
    with sender(timeout) as sock:
        for datagram, expected in steps:
            try:
                number = ask(sock, address, datagram)
            except BROKEN:
                number = None
            if number != expected:
                return False
    return True


ALL = FIRST_STEP + COPY + GAP + GAP_BEFORE_END + SHORT + SECOND + AT_THE_END * 2

# Wrong ones


@answer("judge_receiver", "send|sent|ask")
def trusts_every_receiver(address):
    return True


@answer("judge_receiver", "right")
def accuses_every_receiver(address):
    return not passes(address, FIRST_STEP)


@answer("judge_receiver", "right")
def wants_early_messages_confirmed(address):
    return passes(address, [*FIRST_STEP, (data(3), 3), *SECOND])


@answer("judge_receiver", "right")
def wants_silence_about_copies(address):
    return passes(address, [*FIRST_STEP, (data(1), None), *GAP, *SECOND])


@answer("judge_receiver", "right")
def begins_a_second_transfer(address):
    return passes(address, FIRST_STEP + COPY + [(end(2), 2)]) and passes(address, FIRST_STEP)


@answer("judge_receiver", "right")
def expects_an_answer_to_nonsense(address):
    return passes(address, [*FIRST_STEP, *COPY, *GAP, (b"\x01\x02", 1), *SECOND])


@answer("judge_receiver", "right")
def gives_it_ten_milliseconds(address):
    return passes(address, ALL, timeout=0.01)


@answer("judge_receiver", "again|twice")
def tries_a_good_day(address):
    return passes(address, FIRST_STEP + SECOND + AT_THE_END)


@answer("judge_receiver", "again|twice")
def never_repeats_a_number(address):
    return passes(address, FIRST_STEP + GAP + GAP_BEFORE_END + SHORT + SECOND + AT_THE_END)


@answer("judge_receiver", "twice|number")
def looks_only_whether_something_comes(address):
    try:
        with sender() as sock:
            for datagram in (data(1), data(1), data(3), data(2), end(3), end(3)):
                ask(sock, address, datagram)
    except BROKEN:
        return False
    return True


@answer("judge_receiver", "missing|gap")
def sends_in_order(address):
    return passes(address, FIRST_STEP + COPY + SHORT + SECOND + AT_THE_END * 2)


@answer("judge_receiver", "missing|gap")
def knows_only_copies(address):
    return passes(address, FIRST_STEP + COPY * 3 + SECOND + AT_THE_END * 3)


@answer("judge_receiver", "False|catch")
def raises_at_silence(address):
    with sender() as sock:
        return all(
            ask(sock, address, datagram) == number for datagram, number in ALL if number is not None
        )


@answer("judge_receiver", "False|catch")
def asserts(address):
    assert passes(address, ALL)
    return True


@answer("judge_receiver", "return|True or False")
def prints_its_verdict(address):
    print("right" if passes(address, ALL) else "wrong")


@answer("judge_receiver", "close")
def leaves_a_socket_open(address):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(0.3)
    with contextlib.suppress(OSError):
        ask(sock, address, data(1))
    leaves_a_socket_open.kept = sock
    return passes(address, ALL[1:])


@answer("judge_receiver", "limit|timeout|how long")
def waits_for_ever(address):
    return passes(address, [each for each in ALL if each[1] is not None], timeout=None)


@answer("judge_receiver", "limit|timeout|how long")
def takes_three_seconds(address):
    time.sleep(3)
    return passes(address, ALL)


FIRST = "the course's own receiver"
SLOW = "a receiver on a slow device"
SILENT = "a receiver that says nothing to a message that it has"
COPIES = "a receiver that takes a copy for the next message"
EARLY = "a receiver that confirms a message although one before it is missing"

WRONG_JUDGES = [
    WrongAnswer("judge_receiver", trusts_every_receiver, None, FIRST),
    WrongAnswer("judge_receiver", accuses_every_receiver, None, FIRST),
    WrongAnswer("judge_receiver", wants_early_messages_confirmed, None, FIRST),
    WrongAnswer("judge_receiver", wants_silence_about_copies, None, FIRST),
    WrongAnswer("judge_receiver", begins_a_second_transfer, None, FIRST),
    WrongAnswer("judge_receiver", expects_an_answer_to_nonsense, None, FIRST),
    WrongAnswer("judge_receiver", gives_it_ten_milliseconds, None, SLOW),
    WrongAnswer("judge_receiver", tries_a_good_day, ACK_LOST, SILENT),
    WrongAnswer("judge_receiver", never_repeats_a_number, ACK_LOST, SILENT),
    WrongAnswer("judge_receiver", looks_only_whether_something_comes, DUPLICATE, COPIES),
    WrongAnswer("judge_receiver", sends_in_order, IN_ORDER, EARLY),
    WrongAnswer("judge_receiver", knows_only_copies, IN_ORDER, EARLY),
    WrongAnswer("judge_receiver", raises_at_silence, None, SILENT),
    WrongAnswer("judge_receiver", asserts, None, SILENT),
    WrongAnswer("judge_receiver", prints_its_verdict, None, FIRST),
    WrongAnswer("judge_receiver", leaves_a_socket_open, None, FIRST),
    WrongAnswer("judge_receiver", waits_for_ever, None, SILENT),
    WrongAnswer("judge_receiver", takes_three_seconds, None, FIRST),
]

# Right ones


@answer("judge_receiver")
def stops_at_the_first_surprise(address):
    with sender() as sock:
        try:
            if ask(sock, address, data(2)) != 0 or ask(sock, address, end(2)) != 0:
                return False
            for number in (1, 2):
                for _ in range(2):
                    sock.sendto(b"", address)
                    sock.sendto(end(number) + b"x", address)
                    if ask(sock, address, data(number)) != number:
                        return False
            return [ask(sock, address, end(3)) for _ in range(2)] == [3, 3]
        except BROKEN:
            return False


@answer("judge_receiver")
def hears_all_answers_at_the_end(address):
    datagrams = [data(1), b"\x01", data(1), data(3), end(3), data(2), data(1), end(3), end(3)]
    answers = []
    with contextlib.suppress(OSError), sender(0.5) as sock:
        sock.connect(address)
        for datagram in datagrams:
            sock.send(datagram)
        while select.select([sock], [], [], 0.4)[0]:
            answers.append(sock.recv(100))
    return answers == [HEADER.pack(2, number) for number in (1, 1, 1, 1, 2, 2, 3, 3)]


class _Answers(asyncio.DatagramProtocol):
    def __init__(self):
        self.came = asyncio.Queue()

    def datagram_received(self, data, peer):
        self.came.put_nowait(data)


@answer("judge_receiver")
def judges_in_a_loop(address):
    async def judge():
        loop = asyncio.get_running_loop()
        transport, answers = await loop.create_datagram_endpoint(_Answers, remote_addr=address)
        try:
            for datagram, expected in ALL:
                transport.sendto(datagram)
                if expected is not None:
                    answer = await asyncio.wait_for(answers.came.get(), 0.4)
                    if answer != HEADER.pack(2, expected):
                        return False
            return answers.came.empty()
        except (TimeoutError, OSError):
            return False
        finally:
            transport.close()
            await asyncio.sleep(0)

    return asyncio.run(judge())


@answer("judge_receiver")
def has_a_socket_for_each_step(address):
    return all(passes(address, [step]) for step in ALL)


RIGHT_JUDGES = [
    ("judge_receiver", stops_at_the_first_surprise),
    ("judge_receiver", hears_all_answers_at_the_end),
    ("judge_receiver", judges_in_a_loop),
    ("judge_receiver", has_a_socket_for_each_step),
]
