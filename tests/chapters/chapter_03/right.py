"""Right answers to the exercises of chapter 03 in another style than the solutions'."""

import codecs
import collections
import contextlib
import io
import json
import selectors
import socket
import socketserver
import struct
import threading

from support.answers import answer

from chapters.chapter_03 import judges

# recv_exactly


@answer("recv_exactly")
def reads_into_a_view(connection, size):
    room = bytearray(size)
    view, count = memoryview(room), 0
    while count < size:
        got = connection.recv_into(view[count:])
        if got == 0:
            raise EOFError(f"{count} bytes came, of {size}")
        count += got
    return bytes(room)


@answer("recv_exactly")
def reads_a_file_without_a_buffer(connection, size):
    with connection.makefile("rb", buffering=0) as stream:
        pieces, missing = [], size
        while missing:
            piece = stream.read(missing)
            if not piece:
                raise EOFError(f"only {size - missing} bytes")
            pieces.append(piece)
            missing -= len(piece)
    return b"".join(pieces)


@answer("recv_exactly")
def waits_for_all_in_one_call(connection, size):
    if not hasattr(socket, "MSG_WAITALL"):
        return reads_into_a_view(connection, size)
    data = connection.recv(size, socket.MSG_WAITALL)
    if len(data) < size:
        raise EOFError(f"{len(data)} of {size}")
    return data


@answer("recv_exactly")
def reads_byte_by_byte(connection, size):
    data = b""
    for _ in range(min(size, 2000)):
        byte = connection.recv(1)
        if byte == b"":
            raise EOFError(len(data))
        data += byte
    return data + (reads_into_a_view(connection, size - 2000) if size > 2000 else b"")


@answer("recv_exactly")
def looks_before_it_takes(connection, size):
    taken = bytearray()
    while len(taken) < size:
        seen = connection.recv(min(size - len(taken), 4096), socket.MSG_PEEK)
        if not seen:
            raise EOFError(f"{len(taken)} bytes")
        taken += connection.recv(len(seen))
    return taken


@answer("recv_exactly")
def waits_by_a_selector(connection, size):
    received = b""
    timeout = connection.gettimeout()
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        while len(received) != size:
            if not selector.select(timeout):
                raise TimeoutError("nothing came")
            piece = connection.recv(size - len(received))
            if not piece:
                raise EOFError(f"{len(received)}/{size}")
            received = received + piece
    return received


@answer("recv_exactly")
def asks_for_seven_at_a_time(connection, size):
    pieces, missing = [], size
    while missing > 0:
        pieces.append(connection.recv(min(missing, 7)))
        if pieces[-1] == b"":
            raise EOFError("The stream ended; only " + str(size - missing) + " bytes came.")
        missing -= len(pieces[-1])
    return b"".join(pieces)


# read_lines


@answer("read_lines")
def reads_a_file(connection):
    with connection.makefile("rb") as stream:
        while line := stream.readline(1001):
            if not line.endswith(b"\n"):
                if len(line) > 1000:
                    raise ValueError("too long")
                raise EOFError(f"{len(line)} bytes")
            yield line[:-1].decode()


@answer("read_lines")
def reads_one_byte_at_a_time(connection):
    line = bytearray()
    while True:
        byte = connection.recv(1)
        if not byte:
            break
        if byte == b"\n":
            yield str(line, "utf-8")
            line.clear()
        else:
            line.append(byte[0])
            if len(line) > 1000:
                raise ValueError(line)
    if line:
        raise EOFError(f"only {len(line)} bytes of a line")


class Lines:
    """An iterator that is no generator."""

    def __init__(self, connection):
        self.connection, self.rest, self.ready = connection, b"", collections.deque()

    def __iter__(self):
        return self

    def __next__(self):
        while not self.ready:
            if len(self.rest) > 1000:
                raise ValueError("a line without an end")
            piece = self.connection.recv(512)
            if not piece:
                if self.rest:
                    raise EOFError(f"{len(self.rest)} left")
                raise StopIteration
            self.rest += piece
            while b"\n" in self.rest:
                line, _, self.rest = self.rest.partition(b"\n")
                self.ready.append(line)
        line = self.ready.popleft()
        if len(line) > 1000:
            raise ValueError("a long line")
        return line.decode("utf-8")


@answer("read_lines")
def returns_an_iterator(connection):
    return Lines(connection)


@answer("read_lines")
def finds_newlines(connection):
    buffer = b""
    for piece in iter(lambda: connection.recv(100_000), b""):
        buffer += piece
        start = 0
        while (end := buffer.find(b"\n", start)) >= 0:
            if end - start > 1000:
                raise ValueError("more than 1,000 bytes")
            yield buffer[start:end].decode("utf-8")
            start = end + 1
        buffer = buffer[start:]
        if len(buffer) > 1000:
            raise ValueError("more than 1,000 bytes")
    if buffer:
        raise EOFError(f"ended after {len(buffer)} bytes")


@answer("read_lines")
def decodes_step_by_step(connection):
    decoder, text, size = codecs.getincrementaldecoder("utf-8")(), io.StringIO(), 0
    while True:
        byte = connection.recv(1)
        if not byte:
            break
        if byte == b"\n":
            decoder.decode(b"", final=True)
            yield text.getvalue()
            text, size = io.StringIO(), 0
            continue
        size += 1
        if size > 1000:
            raise ValueError(size)
        text.write(decoder.decode(byte))
    if size:
        raise EOFError(size)


# send_frame


@answer("send_frame")
def sends_twice(connection, payload):
    connection.sendall(len(payload).to_bytes(4, "big"))
    connection.sendall(payload)


@answer("send_frame")
def sends_what_is_left(connection, payload):
    frame = memoryview(struct.pack(">L", len(payload)) + bytes(payload))
    while frame:
        frame = frame[connection.send(frame) :]


@answer("send_frame")
def writes_a_file(connection, payload):
    with connection.makefile("wb") as stream:
        stream.write(struct.pack("!I", len(payload)))
        stream.write(payload)


@answer("send_frame")
def shifts_the_length(connection, payload):
    size = len(payload)
    header = bytes((size >> 24 & 255, size >> 16 & 255, size >> 8 & 255, size & 255))
    connection.sendall(b"".join((header, payload)))


# recv_frame


def exactly(connection, size, inside=True):
    data = b""
    while len(data) < size:
        piece = connection.recv(min(65536, size - len(data)))
        if not piece:
            if inside or data:
                raise EOFError("an end inside a frame")
            return None
        data += piece
    return data


@answer("recv_frame")
def reads_the_header_first(connection, limit):
    header = exactly(connection, 4, inside=False)
    if header is None:
        return None
    size = int.from_bytes(header, "big")
    if size > limit:
        raise ValueError("too large")
    return exactly(connection, size)


@answer("recv_frame")
def reads_into_one_room(connection, limit):
    def fill(room):
        view, count = memoryview(room), 0
        while count < len(room):
            got = connection.recv_into(view[count:], len(room) - count)
            if not got:
                return count
            count += got
        return count

    header = bytearray(4)
    count = fill(header)
    if count == 0:
        return None
    if count < 4:
        raise EOFError
    (size,) = struct.unpack(">L", header)
    if not size <= limit:
        raise ValueError(size)
    payload = bytearray(size)
    if fill(payload) < size:
        raise EOFError
    return payload


@answer("recv_frame")
def reads_a_file_without_a_buffer_(connection, limit):
    with connection.makefile("rb", buffering=0) as stream:

        def read(size):
            data = b""
            while len(data) < size and (piece := stream.read(size - len(data))):
                data += piece
            return data

        header = read(4)
        if not header:
            return None
        if len(header) < 4:
            raise EOFError("in the header")
        size = struct.unpack("!I", header)[0]
        if size > limit:
            raise ValueError(f"{size} > {limit}")
        payload = read(size)
        if len(payload) < size:
            raise EOFError("in the payload")
        return payload


@answer("recv_frame")
def waits_for_all(connection, limit):
    if not hasattr(socket, "MSG_WAITALL"):
        return reads_the_header_first(connection, limit)
    header = connection.recv(4, socket.MSG_WAITALL)
    if not header:
        return None
    if len(header) != 4:
        raise EOFError(header)
    size = struct.unpack("!I", header)[0]
    if size > limit:
        raise ValueError
    payload = connection.recv(size, socket.MSG_WAITALL) if size else b""
    if len(payload) != size:
        raise EOFError(payload)
    return payload


@answer("recv_frame")
def looks_at_the_header_first(connection, limit):
    if not connection.recv(1, socket.MSG_PEEK):
        return None
    size = int.from_bytes(exactly(connection, 4), "big")
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


# lamp_server


class Lamp:
    def __init__(self):
        self.on, self.done = False, {}

    def answer(self, line):
        try:
            command = json.loads(line)
            identity = command["id"]
            if type(identity) not in (int, str):
                raise TypeError("an id is a whole number or a text")
        except (ValueError, TypeError, KeyError, RecursionError):
            return {"id": None, "error": "what?"}
        if identity in self.done:
            return self.done[identity]
        match command.get("set"):
            case "on":
                self.on = True
            case "off":
                self.on = False
            case "toggle":
                self.on = not self.on
            case _:
                return {"id": identity, "error": "no such wish"}
        self.done[identity] = {"id": identity, "state": "on" if self.on else "off"}
        return self.done[identity]

    def answer_bytes(self, line):
        return json.dumps(self.answer(line), ensure_ascii=False).encode() + b"\n"


@answer("lamp_server")
def talks_through_files(listener):
    lamp = Lamp()
    while True:
        connection, _ = listener.accept()
        try:
            with connection, connection.makefile("rwb") as stream:
                while (line := stream.readline(1001)).endswith(b"\n"):
                    stream.write(lamp.answer_bytes(line.decode()))
                    stream.flush()
        except (OSError, UnicodeDecodeError):
            continue


@answer("lamp_server")
def is_built_on_socketserver(listener):
    lamp = Lamp()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self):
            try:
                while (line := self.rfile.readline(1001)).endswith(b"\n"):
                    self.wfile.write(lamp.answer_bytes(line.decode("utf-8")))
            except (OSError, UnicodeDecodeError):
                pass

    server = socketserver.TCPServer(listener.getsockname(), Conversation, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    while True:
        request, address = listener.accept()
        try:
            server.process_request(request, address)
        except OSError:
            server.shutdown_request(request)


@answer("lamp_server")
def has_a_thread_for_each_app(listener):
    lamp, lock = Lamp(), threading.Lock()

    def serve(connection):
        with connection:
            rest = b""
            try:
                while (piece := connection.recv(1000)) and len(rest) <= 1000:
                    *lines, rest = (rest + piece).split(b"\n")
                    for line in lines:
                        if len(line) > 1000:
                            return
                        with lock:
                            reply = lamp.answer_bytes(line.decode())
                        connection.sendall(reply)
                    if len(rest) > 1000:
                        return
            except (OSError, ValueError):
                pass

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("lamp_server")
def is_driven_by_a_selector(listener):
    lamp, rests = Lamp(), {}
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    rests[connection] = b""
                    selector.register(connection, selectors.EVENT_READ)
                    continue
                connection = key.fileobj
                try:
                    piece = connection.recv(4096)
                    *lines, rests[connection] = (rests[connection] + piece).split(b"\n")
                    for line in lines:
                        if len(line) > 1000:
                            raise ValueError("too long")
                        connection.sendall(lamp.answer_bytes(line.decode()))
                    going_on = piece and len(rests[connection]) <= 1000
                except (OSError, ValueError):
                    going_on = False
                if not going_on:
                    selector.unregister(connection)
                    connection.close()
                    del rests[connection]


@answer("read_lines")
def remembers_where_it_has_looked(connection):
    collected, looked = bytearray(), 0
    while True:
        end = collected.find(b"\n", looked)
        if end > 1000 or (end < 0 and len(collected) > 1000):
            raise ValueError("over 1,000 bytes")
        if end >= 0:
            line = bytes(collected[:end])
            del collected[: end + 1]
            looked = 0
            yield str(line, "utf-8")
            continue
        looked = len(collected)
        piece = connection.recv(65536)
        if not piece:
            break
        collected.extend(piece)
    if collected:
        raise EOFError(f"{len(collected)} bytes of a line came")


@answer("send_frame")
def sends_in_slices(connection, payload):
    size = len(payload)
    frame = struct.pack("!HH", size >> 16, size & 0xFFFF) + payload
    for start in range(0, len(frame), 4096):
        connection.sendall(frame[start : start + 4096])


@answer("recv_frame")
def asks_the_error_how_far_it_came(connection, limit):
    def part(size):
        data = b""
        while len(data) < size:
            piece = connection.recv(size - len(data))
            if not piece:
                raise EOFError(len(data))
            data += piece
        return data

    try:
        header = part(4)
    except EOFError as error:
        if error.args == (0,):
            return None
        raise
    size = socket.ntohl(struct.unpack("=I", header)[0])
    if not size <= limit:
        raise ValueError
    return part(size)


@answer("lamp_server")
def matches_patterns(listener):
    state, states = "off", {}
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            while (line := lines.readline(1001)).endswith(b"\n"):
                try:
                    command = json.loads(line.decode())
                except UnicodeDecodeError:
                    break
                except (ValueError, RecursionError):
                    command = None
                match command:
                    case {"id": bool()}:
                        reply = {"id": None, "error": "true and false are no ids"}
                    case {"id": int() | str() as identity, "set": "on" | "off" | "toggle" as wish}:
                        if identity not in states:
                            toggled = "on" if state == "off" else "off"
                            state = states[identity] = toggled if wish == "toggle" else wish
                        reply = {"state": states[identity], "id": identity}
                    case {"id": int() | str() as identity}:
                        reply = {"id": identity, "error": "unknown"}
                    case _:
                        reply = {"id": None, "error": "no command"}
                text = json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
                connection.sendall(text.encode() + b"\n")


@answer("lamp_server")
def keeps_its_answers_as_text(listener):
    state, texts = ["off"], {}

    def reply_to(line):
        identity = None
        try:
            command = json.loads(line)
            if not isinstance(command["id"], (int, str)) or isinstance(command["id"], bool):
                raise ValueError("an id is a whole number or a text")
            identity = command["id"]
            if identity not in texts:
                toggled = "off" if state[0] == "on" else "on"
                state[0] = {"on": "on", "off": "off", "toggle": toggled}[command["set"]]
                texts[identity] = json.dumps({"id": identity, "state": state[0]})
            return texts[identity]
        except Exception as error:
            return json.dumps({"id": identity, "error": repr(error)})

    while True:
        connection, _ = listener.accept()
        collected = b""
        try:
            while len(collected) <= 1000 and (piece := connection.recv(100)):
                collected += piece
                while b"\n" in collected[:1001]:
                    line, _, collected = collected.partition(b"\n")
                    connection.sendall(reply_to(line.decode()).encode() + b"\n")
        except (ConnectionError, UnicodeDecodeError):
            pass
        finally:
            connection.close()


@answer("lamp_server")
def looks_up_from_time_to_time(listener):
    lamp = Lamp()
    listener.settimeout(0.5)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.settimeout(0.5)
        rest = b""
        with connection, contextlib.suppress(OSError, ValueError):
            while len(rest) <= 1000:
                try:
                    piece = connection.recv(4096)
                except TimeoutError:
                    continue
                if not piece:
                    break
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if len(line) > 1000:
                        raise ValueError("too long")
                    connection.sendall(lamp.answer_bytes(line.decode()))


@answer("lamp_server")
def ends_with_its_listener(listener):
    lamp = Lamp()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with contextlib.suppress(OSError, ValueError), connection:
            with connection.makefile("rb") as stream:
                while (line := stream.readline(1001)).endswith(b"\n"):
                    connection.sendall(lamp.answer_bytes(line.decode()))


RIGHT = [
    *judges.RIGHT_JUDGES,
    ("lamp_server", looks_up_from_time_to_time),
    ("lamp_server", ends_with_its_listener),
    ("recv_exactly", asks_for_seven_at_a_time),
    ("read_lines", remembers_where_it_has_looked),
    ("send_frame", sends_in_slices),
    ("recv_frame", asks_the_error_how_far_it_came),
    ("lamp_server", matches_patterns),
    ("lamp_server", keeps_its_answers_as_text),
    ("recv_exactly", reads_into_a_view),
    ("recv_exactly", reads_a_file_without_a_buffer),
    ("recv_exactly", waits_for_all_in_one_call),
    ("recv_exactly", reads_byte_by_byte),
    ("recv_exactly", looks_before_it_takes),
    ("recv_exactly", waits_by_a_selector),
    ("read_lines", reads_a_file),
    ("read_lines", reads_one_byte_at_a_time),
    ("read_lines", returns_an_iterator),
    ("read_lines", finds_newlines),
    ("read_lines", decodes_step_by_step),
    ("send_frame", sends_twice),
    ("send_frame", sends_what_is_left),
    ("send_frame", writes_a_file),
    ("send_frame", shifts_the_length),
    ("recv_frame", reads_the_header_first),
    ("recv_frame", reads_into_one_room),
    ("recv_frame", reads_a_file_without_a_buffer_),
    ("recv_frame", waits_for_all),
    ("recv_frame", looks_at_the_header_first),
    ("lamp_server", talks_through_files),
    ("lamp_server", is_built_on_socketserver),
    ("lamp_server", has_a_thread_for_each_app),
    ("lamp_server", is_driven_by_a_selector),
]
