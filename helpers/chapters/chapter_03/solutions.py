"""The right answers of chapter 03, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import json
import socket
import struct
import time


def recv_exactly(connection, size):
    """Return exactly `size` bytes from a connection, in however many pieces they come.

    Arguments: connection is a connected socket; size is in bytes, 0 or more.
    Returns bytes. What comes after them stays in the socket, for whoever reads next.
    Raises EOFError when the stream ends before; its message says how many bytes came.
    Errors of the socket (TimeoutError, ConnectionResetError) pass as they are.
    The caller closes the connection.

    Example: a peer sends b"21.522.0". Then recv_exactly(connection, 4) == b"21.5", and the
    same call again gives b"22.0".
    """
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(size - len(received))
        if not piece:
            raise EOFError(f"the stream ended after {len(received)} of {size} bytes")
        received += piece
    return bytes(received)


def read_lines(connection):
    r"""Yield each line of a connection, as soon as the line is whole.

    Argument: connection is a connected socket.
    Yields str, decoded from UTF-8, without the b"\n" that ends the line. Only b"\n" ends a
    line: b"\r" and other line separators are part of it. After the last line of the stream
    the generator ends.

    Example: a peer sends b"on\nof", then b"f\n", and ends its side.
    Then list(read_lines(connection)) == ["on", "off"].

    Raises
    - EOFError when the stream ends inside a line; it says how many bytes of that line came;
    - ValueError when a line has more than 1,000 bytes, its b"\n" not counted. It does so even
      before the line's end has come;
    - UnicodeDecodeError when a line is not UTF-8.
    Errors of the socket pass as they are. The caller closes the connection.
    """
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield _within_limit(line).decode("utf-8")
        _within_limit(rest)
    if rest:
        raise EOFError(f"the stream ended after {len(rest)} bytes of a line")


def _within_limit(line, limit=1000):
    if len(line) > limit:
        raise ValueError(f"a line has more than {limit} bytes")
    return line


def send_frame(connection, payload):
    """Send a payload as one frame: its length, then itself.

    Arguments: connection is a connected socket; payload is bytes, up to 4,294,967,295 of them.
    The length is 4 bytes without a sign, in network byte order, and does not count itself.
    Returns None, once the system has taken the whole frame.
    Errors of the socket pass as they are. The caller closes the connection.

    Example: send_frame(connection, b"on") sends the bytes 00 00 00 02 6f 6e.
    """
    connection.sendall(struct.pack("!I", len(payload)) + payload)


def recv_frame(connection, limit):
    """Return the payload of the next frame, as send_frame sends it.

    Arguments: connection is a connected socket; limit is the largest payload that is
    accepted, in bytes.
    Returns bytes, b"" for an empty frame; None when the stream ends between two frames. What
    comes after the frame stays in the socket.

    Example: a peer sends 00 00 00 02 6f 6e and ends its side. Then recv_frame(connection, 100)
    gives b"on", and the next call None; recv_frame(connection, 1) would raise ValueError.

    Raises
    - EOFError when the stream ends inside a frame;
    - ValueError when the length is over the limit, before it makes room for the payload or
      waits for any of it.
    Errors of the socket pass as they are. The caller closes the connection.
    """
    first = connection.recv(1)
    if not first:
        return None
    (size,) = struct.unpack("!I", first + recv_exactly(connection, 3))
    if size > limit:
        raise ValueError(f"a frame of {size} bytes is over the limit of {limit}")
    return recv_exactly(connection, size)


def lamp_server(listener):
    """Serve a lamp to one client after another, for ever, by the protocol above.

    Argument: listener is a listening socket; the caller, as run_server does, ends it.
    - The lamp is off at first. The next client finds the lamp as the last one left it: its
      state, and the answers that it keeps, outlast each conversation.
    - The function closes each connection when its conversation ends. It never returns.

    Example: {"id": 1, "set": "toggle"} is answered by {"id": 1, "state": "on"}, and once more
    by the same when it comes again, also from another connection.

    What must not end the lamp: a client that talks nonsense, or one that vanishes. (Then the
    socket may raise an OSError, such as ConnectionResetError or BrokenPipeError.)
    """
    state, answers = "off", {}
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                for line in read_lines(connection):
                    identity, wanted = _parse(line)
                    answer = answers.get(identity)
                    if answer is None and wanted is None:
                        answer = {"id": identity, "error": "no command that I know"}
                    elif answer is None:
                        toggled = "off" if state == "on" else "on"
                        state = toggled if wanted == "toggle" else wanted
                        answer = answers[identity] = {"id": identity, "state": state}
                    connection.sendall(json.dumps(answer).encode() + b"\n")
            except (OSError, EOFError, ValueError):
                pass


def _parse(line):
    """The id and the wanted state of a line; None for what can't be read."""
    try:
        command = json.loads(line)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(command, dict) or type(command.get("id")) not in (int, str):
        return None, None  # isinstance would take true for a number
    wanted = command.get("set")
    return command["id"], wanted if wanted in ("on", "off", "toggle") else None


def judge_lamp(address):
    """Tell whether a lamp keeps the protocol of exercise 5, by talking to it.

    Argument: address is the (host, port) of a lamp that was just started: it should be off.
    Returns True if it keeps the protocol in all that you try, and False if it does not: also
    if it breaks off, stays silent or answers what can't be read. Raises nothing.
    A verdict takes at most 2 seconds. The function closes each socket that it opens.

    Example: a lamp answers {"id": 1, "set": "toggle"} by {"id": 1, "state": "off"}. Then
    judge_lamp(address) is False, as a lamp that was off is on after a toggle.
    """
    try:
        passed = [_talk(address, b'{"id": 1, "set": "toggle"}\n') == [(1, "on")]]
        # your lines: a test for each way to break the protocol
        for pieces, answers in [
            ([b'{"id": 1, "set": "toggle"}\n'], [(1, "on")]),  # asks again
            ([b'{"id": 2, "set"', b': "toggle"}\n'], [(2, "off")]),
            ([b'{"id": 3, "set": "on"}'], []),  # cut off
            ([b'hello\n{"id": 4, "set": "toggle"}\n'], [(None, None), (4, "on")]),
        ]:
            passed.append(_talk(address, *pieces) == answers)
        passed.append(_talk(address, b"x" * 1001, end=False) == [])  # silence is a TimeoutError
        # end
        return all(passed)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _talk(address, *pieces, end=True):
    """Send pieces, end this side, and return the answers until the lamp ends its own side.

    Each answer is a pair: its id, and its state or None. With end=False this side stays open.
    """
    with socket.create_connection(address, timeout=0.5) as app, app.makefile("rb") as stream:
        for piece in pieces:
            app.sendall(piece)
            time.sleep(0.05)  # so that the next piece comes by itself
        if end:
            app.shutdown(socket.SHUT_WR)
        answers = [json.loads(line) for line in stream]
    return [(answer["id"], answer.get("state")) for answer in answers]
