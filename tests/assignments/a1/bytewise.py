"""Reads one byte at a time, and says everything in Fahrenheit where it may."""

import socket
import time
from contextlib import ExitStack


class Ended(Exception):
    """The other side is gone, or must go."""


def request(kind, number, *body):
    return bytes([0, 0, 0, 3 + len(body), kind, number >> 8, number & 255, *body])


def value(celsius_tenths, version):
    number = celsius_tenths if version == 1 else round(celsius_tenths * 1.8) + 320
    return [number >> 8 & 255, number & 255] + [0x46] * (version - 1)


def celsius(body, version):
    """Tenths, or None for no value."""
    if len(body) != version + 1 or (version == 2 and body[2] not in b"CF"):
        return None
    number = (body[0] << 8 | body[1]) - (body[0] >> 7 << 16)
    return round((number - 320) / 1.8) if body[2:] == b"F" else number


class Wire:
    def __init__(self, sock):
        self.sock, self.some = sock, []

    def send(self, data, seconds):
        self.sock.settimeout(seconds)
        self.sock.sendall(data)

    def frame(self, until, once_begun=None):
        """The next frame; what has come of it stays where a time is over."""
        while True:
            if len(self.some) >= 4:
                length = self.some[0] << 24 | self.some[1] << 16 | self.some[2] << 8 | self.some[3]
                if not 2 < length < 65:
                    raise ValueError("length")
                if len(self.some) == 4 + length:
                    whole, self.some = bytes(self.some[4:]), []
                    return whole[0], whole[1] << 8 | whole[2], whole[3:]
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("too slow")
            self.sock.settimeout(left)
            byte = self.sock.recv(1)
            if byte == b"":
                raise Ended
            if not self.some and once_begun:
                until = time.monotonic() + once_begun
            self.some += byte


def thermostat_server(listener):
    target = 200
    while True:
        try:
            sock = listener.accept()[0]
        except OSError:
            break
        with sock:
            wire, version = Wire(sock), None
            try:
                while True:
                    code = None
                    try:
                        kind, number, body = wire.frame(time.monotonic() + 1, 0.5)
                    except ValueError:
                        wire.send(request(255, 0, 2, 63), 1)
                        break
                    match version, kind:
                        case _, 1 if 1 <= len(body) <= 16:
                            both = [each for each in (2, 1) if each in body][:1]
                            version, answer = (both[0], both) if both else (version, [])
                            code = None if both else 1
                        case _, 1:
                            code = 4
                        case None, _:
                            code = 6
                        case _, 2 | 3:
                            answer = value(195 if kind == 2 else target, version)
                            code = 4 if body else None
                        case _, 4:
                            tenths, answer = celsius(body, version), []
                            code = 4 if tenths is None else None if 50 <= tenths <= 300 else 5
                            target = target if code else tenths
                        case _:
                            code = 3
                    if code:
                        wire.send(request(255, number, code, *"nö".encode()), 1)
                        if code in (1, 6):
                            break
                    else:
                        wire.send(request(kind + 128, number, *answer), 1)
            except (OSError, Ended):
                continue


class Thermostat:
    def __init__(self, address, timeout):
        self.seconds, self.number = timeout, 0
        with ExitStack() as undo:
            self.sock = undo.enter_context(socket.create_connection(address, timeout))
            self.wire = Wire(self.sock)
            try:
                answer = self.ask(1, 1, 2)
            except ValueError as refused:
                raise ConnectionError(refused) from None
            if answer not in (b"\1", b"\2"):
                raise ConnectionError("a version of its own")
            self.version = answer[0]
            undo.pop_all()

    def ask(self, kind, *body):
        if self.sock.fileno() == -1:
            raise ConnectionError("it is closed")
        until = time.monotonic() + self.seconds
        self.number += 1
        try:
            self.wire.send(request(kind, self.number, *body), self.seconds)
            while True:
                got, number, answer = self.wire.frame(until)
                if not 0 < number < self.number:
                    break
            if number != self.number or (got != kind + 128 and (got != 255 or not answer)):
                raise Ended
        except TimeoutError:
            raise
        except (OSError, Ended, ValueError) as error:
            raise self.over(error) from None
        if got == 255 and 3 <= answer[0] <= 5:
            raise ValueError(answer[1:].decode(errors="ignore"))
        if got == 255:
            raise self.over("refused")
        return answer

    def over(self, why):
        self.close()
        return ConnectionError(f"over: {why!r}")

    def tenths(self, kind):
        found = celsius(self.ask(kind), self.version)
        if found is None:
            raise self.over("no value")
        return found / 10

    def temperature(self):
        return self.tenths(2)

    def target(self):
        return self.tenths(3)

    def set_target(self, degrees):
        if not -3276.85 < degrees < (3276.75 if self.version == 1 else 1802):
            raise ValueError("not with this thermostat")
        if self.ask(4, *value(round(degrees * 10), self.version)):
            raise self.over("too many words")

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
