"""A right program with dataclasses, and a table of what to do.

A frame is an object here, and what finds frames in a stream knows no socket, so each can be tried
without a network; each request has a function of its own in a table, so that a new one is a line.
The price is more names to know before one can follow a single request. It is as long as the
course's own (some 190 lines) and as fast: both take about 50 µs of the processor for a question
and its answer, measured with 2,000 of them on one machine.
"""

from __future__ import annotations

import contextlib
import math
import select
import socket
import struct
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Frame:
    """A frame of the protocol."""

    kind: int
    number: int
    body: bytes = b""

    def __bytes__(self):
        return struct.pack("!IBH", 3 + len(self.body), self.kind, self.number) + self.body


@dataclass
class Reader:
    """Finds frames in what has come, however it was cut. It never waits: that is its caller's."""

    received: bytearray = field(default_factory=bytearray)

    def next(self):
        """The next whole frame, or None; ValueError for a length that is not allowed."""
        if len(self.received) < 4:
            return None
        (length,) = struct.unpack_from("!I", self.received)
        if not 3 <= length <= 64:
            raise ValueError(f"a length of {length}")
        if len(self.received) < 4 + length:
            return None
        kind, number = struct.unpack_from("!BH", self.received, 4)
        frame = Frame(kind, number, bytes(self.received[7 : 4 + length]))
        del self.received[: 4 + length]
        return frame


@dataclass
class Conversation:
    """A connection on which frames are sent, and read within a time."""

    connection: socket.socket
    reader: Reader = field(default_factory=Reader)

    def send(self, frame):
        self.connection.settimeout(1)
        self.connection.sendall(bytes(frame))

    def receive(self, until, a_frame=math.inf):
        """The next frame, which has to be whole at the time `until`, and `a_frame` seconds after
        its first byte. EOFError at the end, TimeoutError for one that takes too long.
        """
        if self.reader.received:
            until = min(until, time.monotonic() + a_frame)
        while (frame := self.reader.next()) is None:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.connection], [], [], left)[0]:
                raise TimeoutError("no whole frame came in time")
            fresh = not self.reader.received
            piece = self.connection.recv(2048)
            if not piece:
                raise EOFError("the other side has ended the conversation")
            self.reader.received += piece
            if fresh:
                until = min(until, math.inf) if a_frame == math.inf else time.monotonic() + a_frame
        return frame


class Refusal(Exception):
    """Why a request is refused: a code, and a reason."""


def value_of(body, version):
    """Degrees Celsius, in tenths; Refusal for a body that is no value."""
    if len(body) != 1 + version or body[2:] not in (b"", b"C", b"F"):
        raise Refusal(4, "no value of this version")
    tenths = int.from_bytes(body[:2], "big", signed=True)
    return round((tenths - 320) / 1.8) if body[2:] == b"F" else tenths


def body_of(tenths, version):
    """A value as a body; OverflowError for one that it can't hold."""
    return int(tenths).to_bytes(2, "big", signed=True) + b"C" * (version - 1)


def thermostat_server(listener):
    """One conversation after another, each request given to the function that the table names."""
    state = {"target": 200, "temperature": 195}

    def hello(body, version):
        if not 1 <= len(body) <= 16:
            raise Refusal(4, "1 to 16 versions, please")
        if not {1, 2} & {*body}:
            raise Refusal(1, "1 and 2 are spoken here")
        return bytes([max({1, 2} & {*body})])

    def told(name):
        def answer(body, version):
            if body:
                raise Refusal(4, "no body, please")
            return body_of(state[name], version)

        return answer

    def set_target(body, version):
        tenths = value_of(body, version)
        if tenths not in range(50, 301):
            raise Refusal(5, "from 5 to 30 degrees")
        state["target"] = tenths
        return b""

    table = {1: hello, 2: told("temperature"), 3: told("target"), 4: set_target}

    def talk(conversation):
        version = 0
        while True:
            frame = Frame(0, 0)
            try:
                try:
                    frame = conversation.receive(time.monotonic() + 1.0, 0.5)
                except ValueError:
                    raise Refusal(2, "no such length") from None
                if not version and frame.kind != 1:
                    raise Refusal(6, "HELLO comes first")
                if frame.kind not in table:
                    raise Refusal(3, "no such request")
                body = table[frame.kind](frame.body, version)
                if frame.kind == 1:
                    version = body[0]
                conversation.send(Frame(frame.kind | 0x80, frame.number, body))
            except Refusal as refusal:
                code, reason = refusal.args
                conversation.send(Frame(0xFF, frame.number, bytes([code]) + reason.encode()))
                if code in (1, 2, 6):
                    return

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError, EOFError):
            talk(Conversation(connection))


class Thermostat:
    """An app; `_ask` is the only place that sends and waits."""

    def __init__(self, address, timeout):
        self._timeout = timeout
        self._requests = 0
        connection = socket.create_connection(address, timeout)
        self._conversation = Conversation(connection)
        try:
            body = self._ask(1, b"\x01\x02")
        except ValueError as error:
            self.close()
            raise ConnectionError(f"HELLO was refused: {error}") from None
        except OSError:
            self.close()
            raise
        if body not in (b"\x01", b"\x02"):
            self.close()
            raise ConnectionError("it chose a version that was not offered")
        self._version = body[0]

    def temperature(self):
        return self._value(2)

    def target(self):
        return self._value(3)

    def set_target(self, celsius):
        try:
            body = body_of(round(celsius * 10), self._version)
        except (OverflowError, ValueError):
            raise ValueError(f"{celsius} is no target") from None
        if self._ask(4, body) != b"":
            raise self._over("an answer without a body was expected")

    def close(self):
        self._conversation.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _value(self, kind):
        try:
            return value_of(self._ask(kind), self._version) / 10
        except Refusal as refusal:
            raise self._over(refusal.args[1]) from None

    def _over(self, why):
        self.close()
        return ConnectionError(why)

    def _ask(self, kind, body=b""):
        if self._conversation.connection.fileno() == -1:
            raise ConnectionError("closed")
        self._requests += 1
        number, until = self._requests, time.monotonic() + self._timeout
        try:
            self._conversation.send(Frame(kind, number, body))
            while True:
                answer = self._conversation.receive(until)
                if answer.number == number or (answer.kind == 0xFF and answer.number == 0):
                    break
                if answer.number not in range(1, number):
                    raise ValueError(f"an answer to number {answer.number}, never asked")
        except TimeoutError:
            raise
        except (OSError, EOFError, ValueError) as error:
            raise self._over(str(error)) from None
        if answer.kind == kind | 0x80:
            return answer.body
        if answer.kind == 0xFF and answer.body[:1] in (b"\x03", b"\x04", b"\x05"):
            raise ValueError(answer.body[1:].decode("utf-8", "replace"))
        raise self._over("an answer that the specification does not know")
