"""Right programs of A1 in other styles: threads, one big loop, `selectors`, asyncio, and rarer."""

from pathlib import Path

from support.programs import solution

FRAMES = """
import struct, socket, time, threading, select, selectors, asyncio, contextlib, math

def take(buffer):
    if len(buffer) < 4:
        return None
    length = int.from_bytes(buffer[:4], "big")
    if length < 3 or length > 64:
        raise OverflowError
    if len(buffer) < 4 + length:
        return None
    whole = bytes(buffer[4 : 4 + length])
    del buffer[: 4 + length]
    return whole[0], whole[1:3], whole[3:]

def frame(kind, number, body=b""):
    return (3 + len(body)).to_bytes(4, "big") + bytes([kind]) + number + body

def error(code, number):
    return frame(255, number, bytes([code]) + b"no")

class Brain:
    temperature, target = 195, 200

    def answer(self, state, kind, number, body):
        # returns what to send, and whether to go on
        if not state.get("version") and kind != 1:
            return error(6, number), False
        if kind == 1:
            if not 0 < len(body) < 17:
                return error(4, number), True
            good = [v for v in body if v in (1, 2)]
            if not good:
                return error(1, number), False
            state["version"] = max(good)
            return frame(0x81, number, bytes([max(good)])), True
        if kind in (2, 3):
            if body:
                return error(4, number), True
            tenths = self.temperature if kind == 2 else self.target
            if state["version"] == 2 and kind == 3:  # in Fahrenheit: either is allowed
                return frame(0x83, number, struct.pack("!hc", round(tenths * 1.8) + 320, b"F")), True
            unit = b"C" if state["version"] == 2 else b""
            return frame(kind + 128, number, struct.pack("!h", tenths) + unit), True
        if kind != 4:
            return error(3, number), True
        if len(body) != state["version"] + 1 or body[2:] not in (b"", b"C", b"F"):
            return error(4, number), True
        tenths = struct.unpack("!h", body[:2])[0]
        if body[2:] == b"F":
            tenths = round((tenths - 320) / 1.8)
        if tenths < 50 or tenths > 300:
            return error(5, number), True
        self.target = tenths
        return frame(0x84, number), True
"""

BIG_LOOP = (
    FRAMES
    + """
def thermostat_server(listener):
    brain = Brain()
    connection = None
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        try:
            connection.settimeout(1)  # for sendall
            buffer, state, begun, quiet = bytearray(), {}, None, time.monotonic()
            going = True
            while going:
                now = time.monotonic()
                left = (begun + 0.5 if buffer else quiet + 1.0) - now
                if left <= 0 or not select.select([connection], [], [], left)[0]:
                    break
                data = connection.recv(10)
                if not data:
                    break
                if not buffer:
                    begun = time.monotonic()
                buffer += data
                while going:
                    try:
                        found = take(buffer)
                    except OverflowError:
                        connection.sendall(error(2, bytes(2)))
                        going = False
                        break
                    if found is None:
                        break
                    answer, going = brain.answer(state, *found)
                    connection.sendall(answer)
                    begun = quiet = time.monotonic()
        except OSError:
            pass
        finally:
            connection.close()
"""
)

SELECTORS = (
    FRAMES
    + """
def thermostat_server(listener):
    brain = Brain()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, selectors.DefaultSelector() as selector, contextlib.suppress(OSError):
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
            buffer, out, state, closing = bytearray(), bytearray(), {}, False
            ends = time.monotonic() + 1.0
            while True:
                events = selectors.EVENT_WRITE if out else selectors.EVENT_READ
                selector.modify(connection, events)
                if closing and not out:
                    break
                if not selector.select(max(0, ends - time.monotonic())):
                    break
                if out:
                    del out[: connection.send(out)]
                    continue
                data = connection.recv(4096)
                if not data:
                    break
                if not buffer:
                    ends = time.monotonic() + 0.5
                buffer += data
                while not closing:
                    try:
                        found = take(buffer)
                    except OverflowError:
                        out += error(2, bytes(2))
                        closing = True
                        break
                    if not found:
                        break
                    answer, go_on = brain.answer(state, *found)
                    out += answer
                    closing = not go_on
                    ends = time.monotonic() + (0.5 if buffer else 1.0)
"""
)

THREADS = (
    FRAMES
    + """
def thermostat_server(listener):
    brain = Brain()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        worker = threading.Thread(target=serve, args=(connection, brain))
        worker.start()
        worker.join()

def exactly(connection, count, ends):
    got = b""
    while len(got) < count:
        connection.settimeout(max(0.001, ends[0] - time.monotonic()))
        piece = connection.recv(count - len(got))
        if not piece:
            raise EOFError
        if not ends[1]:
            ends[:] = [time.monotonic() + 0.5, True]
        got += piece
    return got

def serve(connection, brain):
    state = {}
    with connection:
        try:
            while True:
                ends = [time.monotonic() + 1.0, False]
                length = int.from_bytes(exactly(connection, 4, ends), "big")
                if not 3 <= length <= 64:
                    connection.sendall(error(2, bytes(2)))
                    return
                whole = exactly(connection, length, ends)
                answer, go_on = brain.answer(state, whole[0], whole[1:3], whole[3:])
                connection.settimeout(0.9)
                connection.sendall(answer)
                if not go_on:
                    return
        except (OSError, EOFError):
            return
"""
)

ASYNCIO = (
    FRAMES
    + """
def thermostat_server(listener):
    brain = Brain()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError, EOFError, TimeoutError):
            asyncio.run(serve(connection, brain))

async def serve(connection, brain):
    loop = asyncio.get_running_loop()
    connection.setblocking(False)
    buffer, state = bytearray(), {}
    while True:
        async with asyncio.timeout(0.5 if buffer else 1.0) as limit:
            while True:
                try:
                    found = take(buffer)
                except OverflowError:
                    await loop.sock_sendall(connection, error(2, bytes(2)))
                    return
                if found:
                    break
                fresh = not buffer
                data = await loop.sock_recv(connection, 4096)
                if not data:
                    return
                buffer += data
                if fresh:
                    limit.reschedule(loop.time() + 0.5)
        answer, go_on = brain.answer(state, *found)
        async with asyncio.timeout(1.0):
            await loop.sock_sendall(connection, answer)
        if not go_on:
            return
"""
)

APP = """

class Thermostat:
    def __init__(self, address, timeout):
        self.timeout, self.n, self.buffer = timeout, 0, bytearray()
        self.sock = socket.create_connection(address, timeout=timeout)
        try:
            self.version = ord(self.ask(1, bytes([2, 1])))
            if self.version not in (1, 2):
                raise ConnectionError("which version?")
        except (ValueError, TypeError) as problem:
            self.close()
            raise ConnectionError("no thermostat") from problem
        except BaseException:
            self.close()
            raise

    def ask(self, kind, body=b""):
        if self.sock.fileno() < 0:
            raise ConnectionResetError("it is over")
        self.n += 1
        number = self.n.to_bytes(2, "big")
        deadline = time.monotonic() + self.timeout
        try:
            self.sock.settimeout(self.timeout)
            self.sock.sendall(frame(kind, number, body))
            while True:
                found = take(self.buffer)
                if found and (found[1] == number or found[:2] == (255, bytes(2))):
                    break
                if found and not 0 < int.from_bytes(found[1], "big") < self.n:
                    raise ConnectionAbortedError("nobody asked that")
                if found:
                    continue
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("no answer")
                self.sock.settimeout(left)
                data = self.sock.recv(64)
                if not data:
                    raise ConnectionAbortedError("the end")
                self.buffer += data
        except TimeoutError:
            raise
        except (OSError, OverflowError):
            self.close()
            raise ConnectionError("it broke") from None
        if found[0] == 255 and found[2][:1] in (b"\\x03", b"\\x04", b"\\x05"):
            raise ValueError(found[2][1:].decode())
        if found[0] != kind + 128:
            self.close()
            raise ConnectionRefusedError("not an answer")
        return found[2]

    def value(self, kind):
        body = self.ask(kind)
        if len(body) != 1 + self.version or body[2:] not in (b"", b"C", b"F"):
            self.close()
            raise ConnectionError("no value")
        tenths = int.from_bytes(body[:2], "big", signed=True)
        return (tenths / 10 - 32) / 1.8 if body.endswith(b"F") and len(body) == 3 else tenths / 10

    def temperature(self):
        return self.value(2)

    def target(self):
        return self.value(3)

    def set_target(self, celsius):
        try:
            if self.version == 2:
                body = struct.pack("!hc", round(celsius * 18) + 320, b"F")
            else:
                body = struct.pack("!h", round(celsius * 10))
        except (OverflowError, struct.error):
            raise ValueError("too much") from None
        if self.ask(4, body):
            self.close()
            raise ConnectionError("not an answer")

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()
"""


def _program(*names):
    here = Path(__file__).parent
    return "\n".join((here / name).read_text(encoding="utf-8") for name in names)


RIGHT = {
    "one big loop": BIG_LOOP + APP,
    "selectors": SELECTORS + APP,
    "a thread for each app": THREADS + APP,
    "asyncio": ASYNCIO + APP,
    "a generator finds frames, a thread reads, a queue waits": _program(
        "generator_server.py", "queue_app.py"
    ),
    "a listener that is polled, and a close that lingers": _program("lingering.py"),
    "a byte at a time, and Fahrenheit only": _program("bytewise.py"),
    "the solution": solution("a1"),
    "dataclasses": solution("a1", "others"),
}

# Four of them have the same app. `course.py abuse assignments` tries all of them at all.
_SERVER = ("hello", "greeting", "requests", "refusals", "frames", "hostile apps", "together")
_BOTH = ("requests", "refusals", "frames", "asking", "answers", "broken peers", "together")
IN_SUITE = dict.fromkeys(("selectors", "a thread for each app", "asyncio"), _SERVER)
IN_SUITE["dataclasses"] = _BOTH
