"""Other right answers of chapter 08: what each does better, and what it costs."""


from __future__ import annotations

import asyncio

import collections

import contextlib

import math

import selectors

import socket

import socketserver

import threading

from collections.abc import AsyncIterator, Iterator

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


OTHERS = [
    ("threaded_echo", by_socketserver),
    ("threaded_echo", with_one_buffer_for_each_client),
]


