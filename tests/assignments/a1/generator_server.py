"""Only the server: a generator parses, select waits, a table says what each request does."""

import select
import struct
import time


class Error(Exception):
    def __init__(self, code, text, number=None):
        super().__init__(text)
        self.code, self.text, self.number = code, text, number


class Room:
    target = 200


def parser():
    """send() it bytes, it yields the list of frames; raises Error 2."""
    data = b""
    frames = []
    while True:
        data += yield frames, len(data)
        frames = []
        while len(data) >= 4:
            (length,) = struct.unpack("!L", data[:4])
            if length < 3 or length > 64:
                frames.append(Error(2, "length", 0))
                data = b""
                break
            if len(data) < 4 + length:
                break
            frames.append(data[4 : 4 + length])
            data = data[4 + length :]


def frame(kind, number, body):
    return struct.pack("!LBH", 3 + len(body), kind, number) + body


def hello(room, version, body):
    if len(body) == 0 or len(body) > 16:
        raise Error(4, "1 to 16 versions")
    for v in (2, 1):
        if v in body:
            return v, bytes([v])
    raise Error(1, "versions 1 and 2 only")


def nothing(body):
    if body:
        raise Error(4, "no body, please")


def value(version, tenths):
    return struct.pack("!h", tenths) + b"C" * (version - 1)


def temperature(room, version, body):
    nothing(body)
    return version, value(version, 195)


def target(room, version, body):
    nothing(body)
    return version, value(version, room.target)


def set_target(room, version, body):
    if len(body) != version + 1:
        raise Error(4, "a value has another size")
    tenths = int.from_bytes(body[:2], "big", signed=True)
    if version == 2:
        if body[2] == ord("F"):
            tenths = round((tenths - 320) / 1.8)
        elif body[2] != ord("C"):
            raise Error(4, "unit is C or F")
    if tenths < 50 or tenths > 300:
        raise Error(5, "from 5 to 30 °C")
    room.target = tenths
    return version, b""


TABLE = {1: hello, 2: temperature, 3: target, 4: set_target}


def one(conn, room, listener):
    conn.setblocking(False)
    parse = parser()
    next(parse)
    version, rest = None, 0
    since = time.monotonic()
    while True:
        limit = since + (0.5 if rest else 1.0)
        wait = min(limit - time.monotonic(), 0.05)
        if limit < time.monotonic() or listener.fileno() < 0:
            return
        readable, _, _ = select.select([conn], [], [], max(wait, 0))
        if not readable:
            continue
        data = conn.recv(1000)
        if not data:
            return
        had = rest
        frames, rest = parse.send(data)
        if frames or not had:
            since = time.monotonic()
        for f in frames:
            try:
                if isinstance(f, Error):
                    raise f
                kind, number = struct.unpack("!BH", f[:3])
                if version is None and kind != 1:
                    raise Error(6, "HELLO first")
                if kind not in TABLE:
                    raise Error(3, "unknown request")
                version, body = TABLE[kind](room, version, f[3:])
                send(conn, frame(kind + 128, number, body))
            except Error as e:
                n = number if e.number is None else e.number
                send(conn, frame(0xFF, n, bytes([e.code]) + e.text.encode()))
                if e.code in (1, 2, 6):
                    return


def send(conn, data):
    _, w, _ = select.select([], [conn], [], 0.5)
    if not w:
        raise OSError("does not read")
    conn.sendall(data)


def thermostat_server(listener):
    room = Room()
    while True:
        try:
            r, _, _ = select.select([listener], [], [], 0.05)
            if not r:
                continue
            conn, _ = listener.accept()
        except (OSError, ValueError):
            if listener.fileno() < 0:
                return
            continue
        try:
            with conn:
                one(conn, room, listener)
        except OSError:
            pass
