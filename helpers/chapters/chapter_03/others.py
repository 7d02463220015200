"""Other right answers of chapter 03: what each does better, and what it costs."""

import json
import random
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

from helpers.checks.answers import answer


@answer("recv_exactly")
def fills_one_room(connection, size):
    """It makes room once, and the socket writes right into it: nothing is copied before the end.

    The room is reserved before anything has come, so `size` must be a number that you trust.
    """
    room = bytearray(size)
    view, count = memoryview(room), 0
    while count < size:
        got = connection.recv_into(view[count:])
        if not got:
            raise EOFError(f"the stream ended after {count} of {size} bytes")
        count += got
    return bytes(room)


@answer("recv_exactly")
def joins_the_pieces(connection, size):
    """It counts what is missing and joins a list once: easy to read, and each byte is copied once.

    Very many small pieces make a long list, and each has some 30 bytes of its own beside its data.
    """
    pieces, missing = [], size
    while missing:
        piece = connection.recv(min(missing, 65536))
        if not piece:
            raise EOFError(f"{size - missing} of {size} bytes came")
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


@answer("read_lines")
def lets_a_file_collect(connection):
    """A file of the connection cuts the lines, so there is no rest to keep, and it is quick.

    It reads ahead: what it has in its buffer at the end is lost for whoever reads the socket next.
    """
    with connection.makefile("rb") as stream:
        while line := stream.readline(1001):
            if line.endswith(b"\n"):
                yield line[:-1].decode("utf-8")
            elif len(line) > 1000:
                raise ValueError("a line has more than 1000 bytes")
            else:
                raise EOFError(f"the stream ended after {len(line)} bytes of a line")


@answer("read_lines")
def remembers_how_far_it_has_looked(connection):
    """It looks at every byte once, however small the pieces are, and it cuts nothing that is long.

    Two numbers have to be kept in step with the buffer, and each of them is a place for a mistake.
    """
    collected, looked = bytearray(), 0
    while True:
        end = collected.find(b"\n", looked)
        if end > 1000 or (end < 0 and len(collected) > 1000):
            raise ValueError("a line has more than 1000 bytes")
        if end >= 0:
            line = bytes(collected[:end])
            del collected[: end + 1]
            looked = 0
            yield line.decode("utf-8")
            continue
        looked = len(collected)
        piece = connection.recv(4096)
        if not piece:
            break
        collected += piece
    if collected:
        raise EOFError(f"the stream ended after {len(collected)} bytes of a line")


@answer("send_frame")
def sends_in_two_calls(connection, payload):
    """It makes no second copy of the payload, which may be large.

    The header may go as a packet of its own, and a small payload then waits for its confirmation.
    """
    connection.sendall(len(payload).to_bytes(4, "big"))
    connection.sendall(payload)


@answer("send_frame")
def gathers_both(connection, payload):
    """One call hands header and payload to the system as they are: no copy, and no packet too many.

    Windows has no sendmsg, and it may take a part like send: the rest has to be sent as well.
    """
    header = struct.pack("!I", len(payload))
    if not hasattr(connection, "sendmsg"):
        connection.sendall(header + payload)
        return
    sent = connection.sendmsg([header, payload])
    connection.sendall(header[sent:])
    connection.sendall(memoryview(payload)[max(0, sent - len(header)) :])


def _fill(connection, room):
    """Read into these bytes until they are full or the stream ends; how many came."""
    view, count = memoryview(room), 0
    while count < len(room) and (got := connection.recv_into(view[count:])):
        count += got
    return count


@answer("recv_frame")
def fills_two_rooms(connection, limit):
    """The socket writes right into the room for each part: nothing is put together or copied.

    The room is reserved before the payload comes, and only the limit keeps it small.
    """
    header = bytearray(4)
    count = _fill(connection, header)
    if count == 0:
        return None
    if count < 4:
        raise EOFError(f"the stream ended after {count} of 4 bytes of a header")
    size = int.from_bytes(header, "big")
    if size > limit:
        raise ValueError(f"a frame of {size} bytes is over the limit of {limit}")
    payload = bytearray(size)
    count = _fill(connection, payload)
    if count < size:
        raise EOFError(f"the stream ended after {count} of {size} bytes of a payload")
    return bytes(payload)


def _read(connection, size):
    """So many bytes, or fewer where the stream ends."""
    data = b""
    while len(data) < size and (piece := connection.recv(size - len(data))):
        data += piece
    return data


@answer("recv_frame")
def looks_before_it_reads(connection, limit):
    """It looks for a goodbye without taking anything, so the header is read in one piece of code.

    MSG_PEEK is a call of the system more for each frame, and Python's ssl sockets don't have it.
    """
    if not connection.recv(1, socket.MSG_PEEK):
        return None
    header = _read(connection, 4)
    if len(header) < 4:
        raise EOFError(f"the stream ended after {len(header)} of 4 bytes of a header")
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(f"a frame of {size} bytes is over the limit of {limit}")
    payload = _read(connection, size)
    if len(payload) < size:
        raise EOFError(f"the stream ended after {len(payload)} of {size} bytes of a payload")
    return payload


@dataclass
class _Lamp:
    """The lamp without its network: from a line to its answer."""

    state: str = "off"
    answers: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, line):
        try:
            command = json.loads(line)
        except (ValueError, RecursionError):
            command = None
        match command:
            case {"id": bool()}:  # a pattern of int takes true for a number
                return {"id": None, "error": "an id is a whole number or a text"}
            case {"id": int() | str() as identity}:
                with self.lock:
                    return self._obey(identity, command.get("set"))
        return {"id": None, "error": "a command is an object with id and set"}

    def _obey(self, identity, wanted):
        if identity in self.answers:  # whatever else the line says
            return self.answers[identity]
        if wanted == "toggle":
            wanted = "off" if self.state == "on" else "on"
        if wanted not in ("on", "off"):
            return {"id": identity, "error": "set is on, off or toggle"}
        self.state = wanted
        self.answers[identity] = {"id": identity, "state": wanted}
        return self.answers[identity]


def _talk(connection, lamp):
    """Answer each line of a connection, until it ends or a line ends it; close it."""
    try:
        with connection, connection.makefile("rb") as stream:
            while (line := stream.readline(1001)).endswith(b"\n"):
                reply = json.dumps(lamp.reply(line.decode("utf-8")))
                connection.sendall(reply.encode() + b"\n")
    except (OSError, UnicodeDecodeError):
        pass


@answer("lamp_server")
def is_a_lamp_and_its_network(listener):
    """The lamp itself knows no socket, so lines alone can test it, and patterns say the protocol.

    There are more parts to read, and a pattern for int also takes true, which has to come first.
    """
    lamp = _Lamp()
    while True:
        connection, _ = listener.accept()
        _talk(connection, lamp)


@answer("lamp_server")
def has_a_thread_for_each_app(listener):
    """A silent app keeps nobody waiting, as each has a thread of its own (chapter 08).

    What the threads share needs a lock, and the number of threads needs a limit.
    """
    lamp = _Lamp()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_talk, args=(connection, lamp), daemon=True).start()


_BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError)


@answer("judge_lamp")
def holds_one_long_conversation(address):
    """It has few connections and no wait between two tests: each answer is read as it comes.

    After the first surprise it knows no more: what follows in the conversation can't be told apart.
    """
    on, off = {"id": 1, "state": "on"}, {"id": 2, "state": "off"}
    try:
        with socket.create_connection(address, timeout=0.5) as app, app.makefile("rb") as stream:

            def ask(text):
                app.sendall(text)
                return json.loads(stream.readline())

            toggle = b'{"id": 1, "set": "toggle"}\n'
            if ask(toggle) != on or ask(toggle) != on or "error" not in ask(b"hello\n"):
                return False
            app.sendall(b'{"id": 2, ')
            time.sleep(0.05)
            if ask(b'"set": "toggle"}\n') != off:
                return False
            app.sendall(b'{"id": 3, "set": "on"}')
            app.shutdown(socket.SHUT_WR)
            if stream.read():
                return False
        with socket.create_connection(address, timeout=0.5) as app, app.makefile("rb") as stream:
            app.sendall(toggle + b"x" * 1001)
            return [json.loads(line) for line in stream] == [on]
    except _BROKEN:
        return False


def _answers(address, *pieces, end=True):
    """What a lamp answers in a conversation of its own, without the texts of its errors."""
    with socket.create_connection(address, timeout=0.5) as app, app.makefile("rb") as stream:
        for piece in pieces:
            app.sendall(piece)
            time.sleep(0.02)
        if end:
            app.shutdown(socket.SHUT_WR)
        return [_without_text(json.loads(line)) for line in stream]


def _without_text(answer):
    return {**answer, "error": "…"} if "error" in answer else answer


@answer("judge_lamp")
def compares_with_a_lamp_of_its_own(address):
    """It invents conversations, so it finds faults that nobody thought of when the tests were made.

    The model must be right itself, and which fault it was is hard to read from a chance command.
    """
    model, chance = _Lamp(), random.Random(3)  # a seed: the next run tries the same
    try:
        for _ in range(5):
            lines = ["hello"]
            for _ in range(5):
                command = {"id": chance.randrange(4), "set": chance.choice(["on", "toggle"])}
                lines.insert(chance.randrange(len(lines) + 1), json.dumps(command))
            expected = [_without_text(model.reply(line)) for line in lines]
            text = "".join(line + "\n" for line in lines).encode()
            cut = chance.randrange(1, len(text))
            unfinished = b'{"id": "never", "set": "toggle"}'
            if _answers(address, text[:cut], text[cut:] + unfinished) != expected:
                return False
        return _answers(address, b"x" * 1001, end=False) == []
    except _BROKEN:
        return False


OTHERS = [
    ("recv_exactly", fills_one_room),
    ("recv_exactly", joins_the_pieces),
    ("read_lines", lets_a_file_collect),
    ("read_lines", remembers_how_far_it_has_looked),
    ("send_frame", sends_in_two_calls),
    ("send_frame", gathers_both),
    ("recv_frame", fills_two_rooms),
    ("recv_frame", looks_before_it_reads),
    ("lamp_server", is_a_lamp_and_its_network),
    ("lamp_server", has_a_thread_for_each_app),
    ("judge_lamp", holds_one_long_conversation),
    ("judge_lamp", compares_with_a_lamp_of_its_own),
]
