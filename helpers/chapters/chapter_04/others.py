"""Other right answers of chapter 04: what each does better, and what it costs."""

import asyncio
import contextlib
import select
import socket
import struct
import time
from collections import defaultdict

from helpers.checks.answers import answer

READING = struct.Struct("!IIf")


@answer("collect")
def collects_by_a_key_of_two(sock, idle):
    """One dict whose key is device and number says by itself what a duplicate is. All is sorted
    once more at the end, device by device."""
    readings = {}
    sock.settimeout(idle)
    with contextlib.suppress(TimeoutError):
        while True:
            data = sock.recv(2048)
            if len(data) == READING.size:
                device, number, celsius = READING.unpack(data)
                readings.setdefault((device, number), celsius)
    result = defaultdict(list)
    for (device, _number), celsius in sorted(readings.items()):
        result[device].append(celsius)
    return dict(result)


@answer("collect")
def leaves_the_socket_as_it_is(sock, idle):
    """`select` waits, so the caller's timeout of the socket stays what it was. Where files have
    numbers above 1,023 `select` fails, and a selector is needed."""
    readings = {}
    while select.select([sock], [], [], idle)[0]:
        data = sock.recv(2048)
        with contextlib.suppress(struct.error):  # not the length of a reading
            device, number, celsius = READING.unpack(data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return {device: [by[number] for number in sorted(by)] for device, by in readings.items()}


@answer("ping")
def lets_the_system_choose(address, count, timeout):
    """A connected socket hears only its peer, so no address is compared, and a refusal is told at
    once. It can't ping a device that answers from another address."""
    times = [None] * count
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            with contextlib.suppress(TimeoutError, ConnectionError):
                sock.send(question)
                while (left := began + timeout - time.perf_counter()) > 0:
                    sock.settimeout(left)
                    if sock.recv(2048) == question:
                        times[number - 1] = time.perf_counter() - began
                        break
    return times


@answer("ping")
def has_a_fresh_socket_for_each_ping(address, count, timeout):
    """Each ping has a socket of its own, so no late answer can reach another one. It costs a
    socket and a port for each ping."""

    def once(question):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            began = time.perf_counter()
            sock.sendto(question, address)
            while (left := began + timeout - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    if sock.recvfrom(2048) == (question, address):
                        return time.perf_counter() - began
                except ConnectionError:  # nobody listens, as Windows tells
                    continue
                except TimeoutError:
                    break
        return None

    return [once(b"ping %d" % number) for number in range(1, count + 1)]


@answer("discovery_responder")
def looks_answers_up(sock, name):
    """A dict of questions and answers grows to several questions without another `if`. For the
    only one that there is, it is more than is needed."""
    answers = {b"who is there?": name.encode("utf-8")}
    while True:
        try:
            question, asker = sock.recvfrom(2048)
        except ConnectionError:
            continue
        if (told := answers.get(question)) is not None:
            sock.sendto(told, asker)


@answer("discovery_responder")
def responds_among_other_tasks(sock, name):
    """While nobody asks the loop is free for other tasks, as a lamp that blinks. A loop of its own
    for one socket is more than is needed, and it is slower for each question."""

    async def respond():
        loop = asyncio.get_running_loop()
        sock.setblocking(False)
        while True:
            try:
                question, asker = await loop.sock_recvfrom(sock, 2048)
            except ConnectionError:
                continue
            if question == b"who is there?":
                await loop.sock_sendto(sock, name.encode("utf-8"), asker)

    asyncio.run(respond())


OTHERS = [
    ("collect", collects_by_a_key_of_two),
    ("collect", leaves_the_socket_as_it_is),
    ("ping", lets_the_system_choose),
    ("ping", has_a_fresh_socket_for_each_ping),
    ("discovery_responder", looks_answers_up),
    ("discovery_responder", responds_among_other_tasks),
]
