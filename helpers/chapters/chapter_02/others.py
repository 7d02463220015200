"""Other right answers of chapter 02: what each does better, and what it costs."""

import contextlib
import select
import socket
from functools import partial

from helpers.checks.answers import answer


@answer("fetch_welcome")
def reads_a_file(address, timeout):
    """A file object collects the pieces and stops at the end, so there is no loop to get wrong.

    It hides how the pieces came, and after a timeout what it has read so far is lost.
    """
    with socket.create_connection(address, timeout) as connection:
        with connection.makefile("rb") as stream:
            return stream.read().decode("utf-8")


@answer("fetch_welcome")
def joins_the_pieces(address, timeout):
    """Each piece is kept as it is and all are joined once, which suits very long texts.

    `iter` with an end value and `partial` have to be known to whoever reads it.
    """
    with socket.create_connection(address, timeout) as connection:
        pieces = iter(partial(connection.recv, 4096), b"")
        return b"".join(pieces).decode("utf-8")


@answer("echo_server")
def serves_in_a_function_of_its_own(listener):
    """One conversation has a name of its own, and any error of the network ends only that one.

    `OSError` is wide: it would also hide a mistake of yours, as a socket that is closed too early.
    """

    def serve(connection):
        while piece := connection.recv(4096):
            connection.sendall(piece)

    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            serve(connection)


@answer("echo_server")
def reads_into_one_buffer(listener):
    """It reads into the same memory again and again, and so makes no new bytes for each piece.

    The view must be cut to what has come, or old bytes go out again: more to get wrong.
    """
    buffer = bytearray(65536)
    view = memoryview(buffer)
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while count := connection.recv_into(buffer):
                    connection.sendall(view[:count])
            except ConnectionError:
                pass


@answer("ask")
def reads_the_answer_as_a_file(address, request, timeout):
    """A file object reads the answer to its end, so that only the order of the calls is left.

    The socket and the file both have to be closed, and the answer is all in memory.
    """
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            return stream.read()


@answer("ask")
def reads_while_it_sends(address, request, timeout):
    """It takes the answer while it still sends, as a server needs that answers before the end.

    It is three times as long, and a socket that does not block must be waited for by `select`.
    """
    reply, rest = bytearray(), memoryview(request)
    with socket.create_connection(address, timeout) as connection:
        connection.setblocking(False)
        sending = True
        while True:
            writers = [connection] if sending else []
            readable, writable, _ = select.select([connection], writers, [], timeout)
            if not readable and not writable:
                raise TimeoutError("the server neither reads nor answers")
            if writable and rest:
                rest = rest[connection.send(rest) :]
            if sending and not rest:
                connection.shutdown(socket.SHUT_WR)
                sending = False
            if readable:
                piece = connection.recv(65536)
                if not piece:
                    return bytes(reply)
                reply += piece


@answer("hear_all")
def names_the_end_in_its_loop(connection):
    """The walrus reads and looks in one line, so the end can't be forgotten.

    It does the same calls, and a reader has to know the sign.
    """
    received = bytearray()
    while piece := connection.recv(1024):
        received += piece
    return bytes(received)


@answer("hear_all")
def reads_all_as_a_file(connection):
    """A file reads to the end by itself, so there is no loop to get wrong.

    It hides how the pieces came, and it is one object more to close.
    """
    with connection.makefile("rb") as stream:
        return stream.read()


OTHERS = [
    ("hear_all", names_the_end_in_its_loop),
    ("hear_all", reads_all_as_a_file),
    ("fetch_welcome", reads_a_file),
    ("fetch_welcome", joins_the_pieces),
    ("echo_server", serves_in_a_function_of_its_own),
    ("echo_server", reads_into_one_buffer),
    ("ask", reads_the_answer_as_a_file),
    ("ask", reads_while_it_sends),
]
