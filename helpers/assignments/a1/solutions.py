"""The right answers of assignment A1, as its source has them.

Written by `python3 course.py notebooks` from the assignment's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import contextlib
import math
import socket
import struct
import time


def hello_server(listener):
    """Answer the HELLO of one app after another, until the listener has ended.

    Argument: listener is a listening socket; the caller, as run_server does, ends it.
    The answer has the number of this HELLO, and version 2 if the app has listed it, else 1.

    Example: 00 00 00 05 01 00 01 01 02 is answered by 00 00 00 04 81 00 01 02.
    """
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # the listener has ended
            return
        with connection:
            # your lines: read HELLO, and make the answer
            hello = connection.recv(100)
            version = 2 if 2 in hello[7:] else 1
            answer = bytes.fromhex("00 00 00 04 81") + hello[5:7] + bytes([version])
            # end
            connection.sendall(answer)


HEAD = struct.Struct("!IBH")  # length of what follows it, kind, number

LENGTHS = range(3, 65)

HELLO, TEMPERATURE, TARGET, SET_TARGET, ANSWER, ERROR = 1, 2, 3, 4, 0x80, 0xFF

NO_VERSION, BAD_FRAME, UNKNOWN, BAD_BODY, OUT_OF_LIMITS, NO_HELLO = range(1, 7)

VALUE, VALUE_AND_UNIT = struct.Struct("!h"), struct.Struct("!hc")

TENTHS = range(-(2**15), 2**15)  # that a value can hold

VERSIONS = {1, 2}

A_FRAME, SILENCE, UNREAD = 0.5, 1.0, 1.0  # seconds that a server waits: for bytes, and to send


class Refused(Exception):
    """A request that gets an ERROR: its code and its reason."""

    @property
    def closes(self):
        return self.args[0] in (NO_VERSION, BAD_FRAME, NO_HELLO)

    def __str__(self):
        return self.args[1]


class Frames:
    """Frames over a connection: each is sent whole, and read whole or not at all."""

    def __init__(self, connection):
        self.connection = connection
        self.received = bytearray()

    def send(self, kind, number, body=b"", seconds=UNREAD):
        self.connection.settimeout(seconds)
        self.connection.sendall(HEAD.pack(3 + len(body), kind, number) + body)

    def receive(self, first, rest):
        """The next frame's kind, number and body; None where the peer has ended.

        It has `first` seconds to begin, and `rest` from then on to be complete.
        """
        ends = time.monotonic() + (rest if self.received else first)
        begun = bool(self.received)
        while True:
            if len(self.received) >= 4:
                length = int.from_bytes(self.received[:4], "big")
                if length not in LENGTHS:
                    raise Refused(BAD_FRAME, f"a frame has 3 to 64 bytes, not {length}")
                if len(self.received) >= 4 + length:
                    _, kind, number = HEAD.unpack_from(self.received)
                    body = bytes(self.received[HEAD.size : 4 + length])
                    del self.received[: 4 + length]
                    return kind, number, body
            self.connection.settimeout(max(0.001, ends - time.monotonic()))
            data = self.connection.recv(4096)
            if not data:
                return None
            self.received += data
            if not begun:
                begun, ends = True, time.monotonic() + rest
            if time.monotonic() > ends:
                raise TimeoutError("a frame took too long")


class Room:
    """What a thermostat knows, in tenths of a degree Celsius."""

    def __init__(self):
        self.temperature, self.target = 195, 200


def thermostat_server(listener):
    """Serve one app after another, as the specification says, until the listener is closed."""
    room = Room()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            _converse(Frames(connection), room)


def _converse(frames, room):
    version = None
    while True:
        number = 0
        try:
            frame = frames.receive(SILENCE, A_FRAME)
            if frame is None:
                return
            kind, number, body = frame
            if version is None and kind != HELLO:
                raise Refused(NO_HELLO, "say HELLO first")
            if kind == HELLO:
                version = _agree(body)
                frames.send(ANSWER | HELLO, number, bytes([version]))
            else:
                frames.send(ANSWER | kind, number, _answer(kind, body, version, room))
        except Refused as refused:
            code, reason = refused.args
            frames.send(ERROR, number, bytes([code]) + reason.encode())
            if refused.closes:
                return


def _agree(body):
    if not 1 <= len(body) <= 16:
        raise Refused(BAD_BODY, "HELLO has 1 to 16 versions")
    if not (common := VERSIONS & set(body)):
        raise Refused(NO_VERSION, "this thermostat speaks versions 1 and 2")
    return max(common)


def _answer(kind, body, version, room):
    if kind == SET_TARGET:
        celsius = _read_value(body, version)
        if not 50 <= celsius <= 300:
            raise Refused(OUT_OF_LIMITS, "a target is from 5 to 30 degrees Celsius")
        room.target = celsius
        return b""
    if kind not in (TEMPERATURE, TARGET):
        raise Refused(UNKNOWN, f"there is no request {kind}")
    if body:
        raise Refused(BAD_BODY, "this request has no body")
    celsius = room.temperature if kind == TEMPERATURE else room.target
    return VALUE.pack(celsius) if version == 1 else VALUE_AND_UNIT.pack(celsius, b"C")


def _read_value(body, version):
    """The tenths of a degree Celsius that a body holds."""
    try:
        if version == 1:
            return VALUE.unpack(body)[0]
        tenths, unit = VALUE_AND_UNIT.unpack(body)
    except struct.error:
        raise Refused(BAD_BODY, "this is no value of our version") from None
    if unit == b"F":
        return round((tenths - 320) * 5 / 9)
    if unit != b"C":
        raise Refused(BAD_BODY, "a unit is C or F")
    return tenths


class Thermostat:
    """An app's view of a thermostat, as the specification says. Use it in `with`, or close it."""

    def __init__(self, address, timeout):
        self._timeout, self._number = timeout, 0
        self._connection = socket.create_connection(address, timeout)
        self._frames = Frames(self._connection)
        try:
            body = self._greet()
            if len(body) != 1 or body[0] not in VERSIONS:
                raise ConnectionError("the thermostat chose a version that we don't speak")
            self._version = body[0]
        except BaseException:
            self.close()
            raise

    def temperature(self):
        return self._value(TEMPERATURE)

    def target(self):
        return self._value(TARGET)

    def set_target(self, celsius):
        if not math.isfinite(celsius) or round(celsius * 10) not in TENTHS:
            raise ValueError(f"{celsius} is no target")
        tenths = round(celsius * 10)
        body = VALUE.pack(tenths) if self._version == 1 else VALUE_AND_UNIT.pack(tenths, b"C")
        if self._ask(SET_TARGET, body):
            self._broken("an answer to SET_TARGET has no body")

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _value(self, kind):
        body = self._ask(kind)
        try:
            return _read_value(body, self._version) / 10
        except Refused as wrong:
            self._broken(f"the thermostat's answer can't be read: {wrong}")

    def _greet(self):
        try:
            return self._ask(HELLO, bytes(sorted(VERSIONS)))
        except ValueError as refused:
            self._broken(f"HELLO was refused: {refused}")

    def _ask(self, kind, body=b""):
        """Send a request; return the body of its answer."""
        if self._connection.fileno() < 0:
            raise ConnectionError("this conversation has ended")
        self._number += 1
        ends = time.monotonic() + self._timeout
        try:
            self._frames.send(kind, self._number, body, self._timeout)
            while True:
                left = ends - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the thermostat did not answer in time")
                frame = self._frames.receive(left, left)
                if frame is None:
                    raise ConnectionError("the thermostat has ended the conversation")
                if frame[1] == self._number or frame[:2] == (ERROR, 0):
                    break
                if not 0 < frame[1] < self._number:
                    raise ConnectionError(f"nobody has asked number {frame[1]}")
        except TimeoutError:
            raise
        except (OSError, Refused) as error:
            self._broken(error)
        answer, _, body = frame
        if answer == ANSWER | kind:
            return body
        if answer == ERROR and body:
            refused = Refused(body[0], body[1:].decode(errors="replace"))
            if body[0] in (UNKNOWN, BAD_BODY, OUT_OF_LIMITS):
                raise ValueError(refused.args[1])
            self._broken(f"the thermostat ends the conversation: {refused.args[1]}")
        self._broken("the thermostat answered something else")

    def _broken(self, why):
        self.close()
        raise ConnectionError(str(why))
