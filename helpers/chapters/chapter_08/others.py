"""Other right answers of chapter 08: what each does better, and what it costs."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import MutableMapping
from queue import Queue

from helpers.checks.answers import answer


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while data := self.request.recv(65_536):
                self.request.sendall(data)


@answer("threaded_echo")
def by_socketserver(listener: socket.socket) -> None:
    """The standard library makes the threads, closes the connections and reports errors, so that
    only `handle` is left to write. It hides where a thread begins and ends, and it takes a few
    lines to hand it a listener that you have already."""
    address = listener.getsockname()
    server = socketserver.ThreadingTCPServer(address, _Echo, bind_and_activate=False)
    server.socket.close()  # its own, in whose place comes ours
    server.socket = listener
    server.daemon_threads = True
    with contextlib.suppress(OSError):  # the listener is closed
        while True:
            server.process_request(*server.get_request())


@answer("threaded_echo")
def with_one_buffer_for_each_client(listener: socket.socket) -> None:
    """`recv_into` fills the same buffer again and again, so that no piece is copied and nothing is
    allocated while a client talks. Each connection holds its 64 kB for as long as it lasts."""

    def serve(connection: socket.socket) -> None:
        room = memoryview(bytearray(65_536))
        with connection, contextlib.suppress(ConnectionError):
            while size := connection.recv_into(room):
                connection.sendall(room[:size])

    with contextlib.suppress(OSError):  # the listener is closed
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("tally_server")
def with_a_queue_and_one_keeper(listener: socket.socket, totals: MutableMapping[str, int]) -> None:
    """Only one thread ever touches the mapping, so nothing needs a lock, however many things are to
    be counted together. Each update costs a walk through two queues, and the keeper is one more
    thread that somebody has to end."""
    requests: Queue = Queue()

    def keeper() -> None:
        while True:
            name, reply = requests.get()
            count = totals[name] = totals.get(name, 0) + 1
            reply.put(count)

    def serve(connection: socket.socket) -> None:
        reply: Queue = Queue()
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                requests.put((line[:-1].decode(), reply))
                connection.sendall(b"%s %d\n" % (line[:-1], reply.get()))

    threading.Thread(target=keeper, daemon=True).start()
    with contextlib.suppress(OSError):  # the listener is closed
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("tally_server")
def with_a_lock_for_each_device(listener: socket.socket, totals: MutableMapping[str, int]) -> None:
    """Updates of different devices do not wait for each other, which counts where the mapping is
    slow. There is a lock to keep for each name, and the mapping itself must bear it that two
    threads use it at once, as a dictionary does."""
    locks: dict[str, threading.Lock] = {}

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                name = line[:-1].decode()
                with locks.setdefault(name, threading.Lock()):
                    count = totals[name] = totals.get(name, 0) + 1
                connection.sendall(f"{name} {count}\n".encode())

    with contextlib.suppress(OSError):  # the listener is closed
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


OTHERS = [
    ("threaded_echo", by_socketserver),
    ("threaded_echo", with_one_buffer_for_each_client),
    ("tally_server", with_a_queue_and_one_keeper),
    ("tally_server", with_a_lock_for_each_device),
]
