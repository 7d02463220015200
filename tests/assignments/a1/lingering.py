"""A thermostat and its app, after the specification of assignment 1."""

import contextlib
import math
import socket
import struct
import time

HEADER = struct.Struct("!IBH")
SHORTEST, LONGEST = 3, 64
HELLO, TEMPERATURE, TARGET, SET_TARGET = 1, 2, 3, 4
ANSWER = 0x80
ERROR = 0xFF
NO_VERSION, BAD_LENGTH, BAD_KIND, BAD_BODY, OUT_OF_LIMITS, NOT_YET = 1, 2, 3, 4, 5, 6
VERSIONS = (1, 2)
IDLE, WHOLE = 1.0, 0.5
POLL = 0.1


def pack(kind, number, body=b""):
    return HEADER.pack(len(body) + 3, kind, number) + body


class BadLength(Exception):
    pass


class Buffer:
    """Bytes that have come, cut into frames."""

    def __init__(self):
        self.data = bytearray()

    def take(self):
        """Return (kind, number, body), or None if no whole frame is there."""
        if len(self.data) < 4:
            return None
        length = int.from_bytes(self.data[:4], "big")
        if not SHORTEST <= length <= LONGEST:
            raise BadLength(f"a length of {length}")
        if len(self.data) < 4 + length:
            return None
        _, kind, number = HEADER.unpack_from(self.data)
        body = bytes(self.data[7 : 4 + length])
        del self.data[: 4 + length]
        return kind, number, body


def pack_value(tenths, version):
    return struct.pack("!h", tenths) + (b"C" if version == 2 else b"")


def read_value(body, version):
    """Return tenths of a degree Celsius. Raises ValueError if it is no value."""
    if len(body) != (3 if version == 2 else 2):
        raise ValueError("a value of the wrong size")
    (tenths,) = struct.unpack("!h", body[:2])
    if version == 1 or body[2:] == b"C":
        return tenths
    if body[2:] == b"F":
        return round((tenths - 320) * 5 / 9)
    raise ValueError("an unknown unit")


class Refused(Exception):
    def __init__(self, code, reason, closes=False):
        self.code, self.reason, self.closes = code, reason, closes


def thermostat_server(listener):
    target = [200]
    listener.settimeout(POLL)
    while listener.fileno() != -1:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        except ConnectionError:
            continue
        except (OSError, ValueError):
            if listener.fileno() == -1:
                return
            time.sleep(0.01)
            continue
        with connection:
            with contextlib.suppress(OSError):
                converse(connection, target, listener)


def converse(connection, target, listener):
    buffer = Buffer()
    version = None
    idle_until = time.monotonic() + IDLE
    frame_until = None
    while True:
        try:
            frame = buffer.take()
        except BadLength:
            connection.settimeout(IDLE)
            connection.sendall(pack(ERROR, 0, bytes([BAD_LENGTH]) + b"length must be 3 to 64"))
            return hang_up(connection)
        if frame is not None:
            kind, number, body = frame
            connection.settimeout(IDLE)
            try:
                version, answer = handle(kind, body, version, target)
                connection.sendall(pack(kind | ANSWER, number, answer))
            except Refused as refused:
                what = bytes([refused.code]) + refused.reason.encode()
                connection.sendall(pack(ERROR, number, what))
                if refused.closes:
                    return hang_up(connection)
            now = time.monotonic()
            idle_until = now + IDLE
            frame_until = now + WHOLE if buffer.data else None
            continue
        deadline = frame_until if buffer.data else idle_until
        left = deadline - time.monotonic()
        if left <= 0 or listener.fileno() == -1:
            return None
        connection.settimeout(min(left, POLL))
        try:
            data = connection.recv(4096)
        except TimeoutError:
            continue
        if not data:
            return None
        if not buffer.data:
            frame_until = time.monotonic() + WHOLE
        buffer.data += data


def hang_up(connection):
    """End so that the last answer isn't lost to a reset."""
    connection.shutdown(socket.SHUT_WR)
    until = time.monotonic() + 0.2
    while (left := until - time.monotonic()) > 0:
        connection.settimeout(left)
        if not connection.recv(4096):
            return


def handle(kind, body, version, target):
    """Return (version, body of the answer). Raises Refused."""
    if kind == HELLO:
        if not 1 <= len(body) <= 16:
            raise Refused(BAD_BODY, "HELLO takes 1 to 16 versions")
        both = set(body) & set(VERSIONS)
        if not both:
            raise Refused(NO_VERSION, "I speak versions 1 and 2", closes=True)
        return max(both), bytes([max(both)])
    if version is None:
        raise Refused(NOT_YET, "say HELLO first", closes=True)
    if kind in (TEMPERATURE, TARGET):
        if body:
            raise Refused(BAD_BODY, "this request has no body")
        return version, pack_value(195 if kind == TEMPERATURE else target[0], version)
    if kind == SET_TARGET:
        try:
            tenths = read_value(body, version)
        except ValueError as problem:
            raise Refused(BAD_BODY, str(problem)) from None
        if not 50 <= tenths <= 300:
            raise Refused(OUT_OF_LIMITS, "a target is from 5.0 to 30.0 °C")
        target[0] = tenths
        return version, b""
    raise Refused(BAD_KIND, f"there is no request of kind {kind}")


class Thermostat:
    def __init__(self, address, timeout):
        self._timeout = timeout
        self._number = 0
        self._buffer = Buffer()
        self._socket = None
        try:
            self._socket = socket.create_connection(address, timeout)
        except (TimeoutError, ConnectionError):
            raise
        except OSError as problem:
            raise ConnectionError(f"no thermostat at {address}: {problem}") from problem
        try:
            body = self._ask(HELLO, bytes(VERSIONS))
            if len(body) != 1 or body[0] not in VERSIONS:
                raise ConnectionError("it chose a version that we don't speak")
            self._version = body[0]
        except ValueError as problem:
            self.close()
            raise ConnectionError(f"HELLO was refused: {problem}") from None
        except BaseException:
            self.close()
            raise

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def temperature(self):
        return self._value(self._ask(TEMPERATURE)) / 10

    def target(self):
        return self._value(self._ask(TARGET)) / 10

    def set_target(self, celsius):
        if self._socket is None:
            raise ConnectionError("the conversation is over")
        if not isinstance(celsius, (int, float)) or not math.isfinite(celsius):
            raise ValueError(f"{celsius!r} is no temperature")
        tenths = round(celsius * 10)
        if not -32768 <= tenths <= 32767:
            raise ValueError(f"{celsius} does not fit into a value")
        if self._ask(SET_TARGET, pack_value(tenths, self._version)):
            self.close()
            raise ConnectionError("the answer to SET_TARGET has a body")

    def _value(self, body):
        try:
            return read_value(body, self._version)
        except ValueError as problem:
            self.close()
            raise ConnectionError(f"not a thermostat: {problem}") from None

    def _ask(self, kind, body=b""):
        """Send a request, return the body of its answer."""
        if self._socket is None:
            raise ConnectionError("the conversation is over")
        until = time.monotonic() + self._timeout
        self._number = self._number % 0xFFFF + 1
        number = self._number
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(pack(kind, number, body))
            while True:
                got_kind, got_number, got_body = self._next(until)
                if got_number == number:
                    break
                if not 0 < got_number < number:
                    raise ConnectionError(f"an answer to number {got_number}, which nobody asked")
            if got_kind == kind | ANSWER:
                return got_body
            if got_kind != ERROR:
                raise ConnectionError(f"an answer of kind {got_kind}")
            if len(got_body) < 2:
                raise ConnectionError("an ERROR without a reason")
            code, reason = got_body[0], got_body[1:].decode()
        except TimeoutError:
            raise
        except UnicodeDecodeError:
            self.close()
            raise ConnectionError("a reason that is no UTF-8") from None
        except (OSError, BadLength) as problem:
            self.close()
            raise ConnectionError(f"the conversation broke: {problem}") from problem
        if code in (BAD_KIND, BAD_BODY, OUT_OF_LIMITS):
            raise ValueError(reason)
        self.close()
        raise ConnectionError(f"the thermostat refused: {reason}")

    def _next(self, until):
        while (frame := self._buffer.take()) is None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer in time")
            self._socket.settimeout(left)
            data = self._socket.recv(4096)
            if not data:
                raise ConnectionError("the thermostat hung up")
            self._buffer.data += data
        return frame
