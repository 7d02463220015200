"""Right answers to the exercises of chapter 08 in different styles."""


import asyncio

import collections

import contextlib

import math

import select

import selectors

import socket

import socketserver

import sys

import threading

from support.answers import answer

def _echo(connection):
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(65_536):
            connection.sendall(data)


@answer("threaded_echo")
def echoes_by_a_thread_for_each_client(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_echo, args=(connection,), daemon=True).start()


class _EchoThread(threading.Thread):
    def __init__(self, connection):
        super().__init__(daemon=True)
        self.connection = connection
        self.buffer = memoryview(bytearray(4096))

    def run(self):
        try:
            while size := self.connection.recv_into(self.buffer):
                self.connection.sendall(self.buffer[:size])
        except OSError:
            pass
        finally:
            self.connection.close()


@answer("threaded_echo")
def echoes_by_a_class_of_threads(listener):
    with contextlib.suppress(OSError):
        while True:
            _EchoThread(listener.accept()[0]).start()


class _EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(1024):
                self.request.sendall(data)
        except ConnectionError:
            pass


@answer("threaded_echo")
def echoes_by_socketserver(listener):
    server = socketserver.ThreadingTCPServer(
        listener.getsockname(), _EchoHandler, bind_and_activate=False
    )
    server.socket.close()
    server.socket = listener
    server.daemon_threads = True
    try:
        while True:
            server.process_request(*server.get_request())
    except OSError:
        return


@answer("threaded_echo")
def echoes_with_a_timeout_that_looks_round(listener):
    def serve(client):
        try:
            for piece in iter(lambda: client.recv(9000), b""):
                client.sendall(piece)
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        client.close()

    listener.settimeout(0.25)
    while listener.fileno() >= 0:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            break
        client.settimeout(None)
        threading.Thread(target=serve, args=[client], daemon=True).start()


@answer("threaded_echo")
def echoes_from_one_buffer_that_is_cleared(listener):
    def serve(connection):
        room = bytearray()
        with connection, contextlib.suppress(ConnectionError):
            while data := connection.recv(4096):
                room += data
                connection.sendall(room)
                room.clear()

    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo")
def echoes_by_threads_that_exit(listener):
    def serve(connection):
        _echo(connection)
        sys.exit()

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo")
def echoes_with_timeouts_that_only_look_round(listener):
    def serve(connection):
        connection.settimeout(0.5)
        with connection:
            while True:
                try:
                    data = connection.recv(4096)
                    if not data:
                        return
                    connection.settimeout(None)
                    connection.sendall(data)
                    connection.settimeout(0.5)
                except TimeoutError:
                    continue
                except ConnectionError:
                    return

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


RIGHT = [
    (each.exercise, each)
    for each in (
        echoes_by_a_thread_for_each_client,
        echoes_by_a_class_of_threads,
        echoes_by_socketserver,
        echoes_with_a_timeout_that_looks_round,
        echoes_from_one_buffer_that_is_cleared,
        echoes_with_timeouts_that_only_look_round,
        echoes_by_threads_that_exit,
    )
]


