"""The exercises of chapter 02: two clients and a server, against peers that are not kind."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator

from helpers.checks.runner import PEER, Case, Wrong, serving
from helpers.servers import Server, run_server

PAUSE = 0.05  # seconds between two pieces, so that they arrive apart
PATIENCE = 0.3  # seconds of timeout that the learner's clients are given

ONE_RECV = (
    "Misconception: one recv is one message. recv returns what has arrived so far, from one byte "
    "up to the number you gave; only an empty result says that the stream has ended."
)
SEND_ALL = (
    "Misconception: send sends everything. send returns how many bytes the system took, and with "
    "a timeout that may be a part; sendall goes on until all are taken, or raises."
)
EMPTY_RECV = (
    'Misconception: an empty recv means "nothing yet". It means that the peer has ended its '
    "side: nothing will come any more, however often you ask."
)
CLOSE_HALF = (
    "Misconception: closing one side closes the conversation at once. A stream has two "
    "directions. shutdown(SHUT_WR) ends yours, and the answer can still come; close() gives up "
    "both; with neither, the server still waits for the end of your request."
)
NO_TIMEOUT = (
    "Misconception: no timeout is needed on a local network. A peer may accept a connection and "
    "then be silent for ever, wherever it is."
)
CUT_CHARACTER = (
    "Misconception: decode each chunk as it comes. A character may be cut between two chunks: "
    "collect the bytes, and decode when all are there."
)
STILL_OPEN = (
    "its socket is still open: close it, best by `with`, also where an error ends the function. A "
    "program that leaves its sockets open runs out of them one day."
)
PEERS_VANISH = (
    "A peer can vanish at any time. That ends its conversation, and must not end the server: the "
    "next client is waiting."
)


def _pause(seconds: float = PAUSE) -> None:
    threading.Event().wait(seconds)


def _drain(connection: socket.socket) -> bytes:
    """All that comes until the peer has ended its side."""
    received = bytearray()
    while piece := connection.recv(65536):
        received += piece
    return bytes(received)


# fetch_welcome

WELCOME = "Welcome to the IoT Server!\n"


def _greeter(
    pieces: Iterable[bytes], client_has_closed: threading.Event
) -> Callable[[socket.socket], None]:
    """A server function that sends these pieces, apart from each other, and ends its side."""

    def greeter(listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                with contextlib.suppress(OSError):
                    for number, piece in enumerate(pieces):
                        if number:
                            _pause()
                        connection.sendall(piece)
                    connection.shutdown(socket.SHUT_WR)
                    _drain(connection)
                client_has_closed.set()

    return greeter


def _silent(listener: socket.socket) -> None:
    """A server function that accepts everyone and never says a word."""
    connections = []
    while True:
        connections.append(listener.accept())


def _expect_welcome(function: Callable, pieces: list[bytes], what: str) -> None:
    closed = threading.Event()
    with serving(_greeter(pieces, closed)) as server:
        got = function(server.address, 1.0)
        still_open = not closed.wait(0.5)
    expected = b"".join(pieces).decode("utf-8")
    if got == expected and still_open:
        raise Wrong(f"The server {what}. The function has returned, and {STILL_OPEN}")
    if got == expected:
        return
    told = f"The server {what}. Expected {_short(expected)}, got {_short(got)}."
    if isinstance(got, (bytes, bytearray)):
        raise Wrong(told + " The result is to be a str: decode the bytes as UTF-8.")
    if isinstance(got, str) and got == expected.strip():
        raise Wrong(told + " White space at the ends is part of what was sent: leave it.")
    if isinstance(got, str) and len(got) < len(expected) and expected.startswith(got):
        raise Wrong(told, ONE_RECV)
    raise Wrong(told)


def _whole_welcome(function: Callable) -> None:
    _expect_welcome(function, [WELCOME.encode()], "sent its welcome in one piece and closed")


def _welcome_in_pieces(function: Callable) -> None:
    text = (WELCOME * 4000).encode()
    pieces = [text[:7], text[7:900], text[900:]]
    _expect_welcome(function, pieces, f"sent {len(text):,} bytes in three pieces and closed")


def _cut_character(function: Callable) -> None:
    text = "Willkommen, 21 °C und schön!\n".encode()
    cut = text.index("°".encode()) + 1
    what = "sent its welcome in two pieces, the first of which ends inside the character °"
    _expect_welcome(function, [text[:cut], text[cut:]], what)


def _no_welcome(function: Callable) -> None:
    _expect_welcome(function, [], "closed without a word")


def _times_out(call: Callable[[Server], object]) -> None:
    with serving(_silent) as server:
        try:
            got = call(server)
        except TimeoutError:
            return
        raise Wrong(
            f"The server accepted and then said nothing. Expected TimeoutError after {PATIENCE} s, "
            f"got {_short(got)}.",
            NO_TIMEOUT,
        )


def _silent_welcome(function: Callable) -> None:
    _times_out(lambda server: function(server.address, PATIENCE))


# ask


def _answerer(reply: Callable[[bytes], list[bytes]]) -> Callable[[socket.socket], None]:
    """A server function that reads a request to its end, and then answers in pieces."""

    def answerer(listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                first = connection.recv(1)
                _pause()  # a busy server: meanwhile the buffers fill
                for number, piece in enumerate(reply(first + _drain(connection))):
                    if number:
                        _pause()
                    connection.sendall(piece)

    return answerer


def _expect_reply(
    function: Callable, request: bytes, reply: Callable[[bytes], list[bytes]], what: str
) -> object:
    expected = b"".join(reply(request))
    with serving(_answerer(reply)) as server:
        got = function(server.address, request, 1.0)
    if got == expected:
        return got
    told = f"{what} Expected {_short(expected)}, got {_short(got)}."
    if isinstance(got, str):
        raise Wrong(told + " The result is to be bytes, as they came.")
    if isinstance(got, bytes) and got and len(got) < len(expected) and expected.startswith(got):
        raise Wrong(told, ONE_RECV)
    if isinstance(got, bytes) and not got:
        raise Wrong(told, CLOSE_HALF)
    short = got.isdigit() and int(got) < len(request) if isinstance(got, bytes) else False
    raise Wrong(told, SEND_ALL if short else "")


def _short_question(function: Callable) -> None:
    what = "The server read the request to its end, and answered in capital letters."
    _expect_reply(function, b"temperature?", lambda text: [text.upper()], what)


def _reply_in_pieces(function: Callable) -> None:
    pieces = [b"21.5", b" degrees,\n", b"and falling.\n" * 8000]
    what = "The server read the request to its end, and answered in three pieces."
    _expect_reply(function, b"temperature?", lambda _: pieces, what)


def _large_question(function: Callable) -> None:
    size = 8_000_000
    what = f"The request had {size:,} bytes; the server counted those that reached it."
    _expect_reply(function, bytes(size), lambda text: [b"%d" % len(text)], what)


def _empty_reply(function: Callable) -> None:
    with serving(_answerer(lambda _: [])) as server:
        got = function(server.address, b"anything?", 1.0)
    if got != b"":
        raise Wrong(f"The server closed without an answer. Expected b'', got {_short(got)}.")


def _silent_answer(function: Callable) -> None:
    _times_out(lambda server: function(server.address, b"anyone?", PATIENCE))


# echo_server


@contextlib.contextmanager
def _client_of(server: Server, if_cut: str = "") -> Iterator[socket.socket]:
    """A client of the learner's server, which turns what goes wrong into words.

    Args:
        server: runs the learner's function.
        if_cut: the misconception behind a connection that ends too early.
    """
    try:
        with socket.create_connection(server.address, 1.0) as client:
            yield client
    except TimeoutError:
        raise Wrong(
            f"The client has waited for 1 s in vain. The server is in {server.place}."
        ) from None
    except ConnectionError:
        server.settle(0.2)  # a function that fails or returns may need a moment to do so
        if not server.running:
            raise Wrong("echo_server has returned. It is to serve for ever.") from None
        raise Wrong("The server has ended the connection too early.", if_cut) from None


def _echoing(function: Callable) -> Server:
    return run_server(function, name=PEER + "echo_server")


def _read(client: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size and (piece := client.recv(65536)):
        received += piece
    return bytes(received)


def _compare(sent: bytes, got: bytes, misconception: str = "") -> None:
    if got != sent:
        raise Wrong(
            f"The client sent {_short(sent)} and expected the same back, got {_short(got)}.",
            misconception,
        )


def _echo_once(server: Server, message: bytes) -> None:
    with _client_of(server) as client:
        client.sendall(message)
        _compare(message, _read(client, len(message)))


def _echoes_twice(function: Callable) -> None:
    with _echoing(function) as server, _client_of(server, ONE_RECV) as client:
        for message in (b"first", b"\x00\xff second\r\n"):
            client.sendall(message)
            _compare(message, _read(client, len(message)), ONE_RECV)


def _half_closed(function: Callable) -> None:
    with _echoing(function) as server, _client_of(server) as client:
        client.sendall(b"one last word")
        client.shutdown(socket.SHUT_WR)
        _compare(b"one last word", _read(client, 13), CLOSE_HALF)
        try:
            rest = client.recv(1)
        except TimeoutError:
            raise Wrong(
                "The client has ended its side and has its echo; the server is to close the "
                f"connection then, but after 1 s it is in {server.place}.",
                EMPTY_RECV,
            ) from None
        if rest:
            raise Wrong(f"After the echo the client got {_short(rest)} more.")


def _one_after_another(function: Callable) -> None:
    with _echoing(function) as server:
        for number in range(12):
            _echo_once(server, b"client %d" % number)


def _much(function: Callable) -> None:
    message = bytes(range(256)) * 800
    with _echoing(function) as server, _client_of(server, ONE_RECV) as client:
        sender = threading.Thread(target=_send_quietly, args=(client, message), daemon=True)
        sender.start()
        got = _read(client, len(message))
        if got != message:
            raise Wrong(
                f"The client sent {len(message):,} bytes and expected the same back; "
                f"{len(got):,} came{'' if message.startswith(got) else ', and not the same'}.",
                ONE_RECV,
            )
        sender.join()


def _send_quietly(client: socket.socket, message: bytes) -> None:
    with contextlib.suppress(OSError):
        client.sendall(message)


def _survives_reset(function: Callable) -> None:
    with _echoing(function) as server:
        with _client_of(server) as client:
            client.sendall(b"about to vanish")
            _read(client, 1)
            # A linger time of zero makes close() send RST in place of FIN.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _echo_once(server, b"still there?")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(value):,} in all)"


NOT_ENDED = {"TimeoutError": CLOSE_HALF, "OSError": CLOSE_HALF}

EXERCISES = {
    "fetch_welcome": [
        Case("a welcome in one piece", _whole_welcome, EMPTY_RECV),
        Case("a welcome of 108,000 bytes in three pieces", _welcome_in_pieces, EMPTY_RECV),
        Case(
            "a character cut in two",
            _cut_character,
            EMPTY_RECV,
            {"UnicodeDecodeError": CUT_CHARACTER},
        ),
        Case("a server that closes without a word", _no_welcome, EMPTY_RECV),
        Case("a server that never says a word", _silent_welcome, NO_TIMEOUT),
    ],
    "echo_server": [
        Case("two messages of one client", _echoes_twice, EMPTY_RECV),
        Case("a client that ends its side first", _half_closed, EMPTY_RECV),
        Case("twelve clients, one after another", _one_after_another, EMPTY_RECV),
        Case("200,000 bytes from one client", _much, EMPTY_RECV),
        Case(
            "a client that resets its connection",
            _survives_reset,
            EMPTY_RECV,
            {"ConnectionError": PEERS_VANISH},
        ),
    ],
    "ask": [
        Case(
            "a short question",
            _short_question,
            EMPTY_RECV,
            NOT_ENDED,
        ),
        Case("an answer in three pieces", _reply_in_pieces, EMPTY_RECV, NOT_ENDED),
        Case("a question of 8 million bytes", _large_question, EMPTY_RECV, NOT_ENDED),
        Case("no answer but an end", _empty_reply, EMPTY_RECV, NOT_ENDED),
        Case("a server that never answers", _silent_answer, NO_TIMEOUT),
    ],
}
