"""Right answers to the exercises of chapter 08 in different styles."""

import contextlib
import queue
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


# tally_server


def _accept_all(listener, serve):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("tally_server")
def counts_with_one_lock(listener, totals):
    lock = threading.Lock()

    def serve(connection):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                name = line[:-1].decode()
                with lock:
                    count = totals.get(name, 0) + 1
                    totals[name] = count
                connection.sendall(f"{name} {count}\n".encode())

    _accept_all(listener, serve)


_module_lock = threading.RLock()


@answer("tally_server")
def counts_with_a_lock_of_the_module(listener, totals):
    def serve(connection):
        rest = b""
        try:
            while piece := connection.recv(4096):
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    name = str(line, "utf-8")
                    _module_lock.acquire()
                    try:
                        totals.setdefault(name, 0)
                        totals[name] += 1
                        count = totals[name]
                    finally:
                        _module_lock.release()
                    connection.sendall(b"%s %d\n" % (line, count))
        except ConnectionError:
            pass
        finally:
            connection.close()

    _accept_all(listener, serve)


class _Counting(threading.Thread):
    lock = threading.Lock()

    def __init__(self, connection, totals):
        super().__init__(daemon=True)
        self.connection, self.totals = connection, totals

    def run(self):
        with contextlib.suppress(OSError), self.connection as connection:
            file = connection.makefile("rwb", buffering=0)
            reader = connection.makefile("rb")
            with file, reader:
                while (line := reader.readline()).endswith(b"\n"):
                    file.write(self.count(line[:-1].decode()))

    def count(self, name):
        with self.lock:
            if name in self.totals:
                self.totals[name] += 1
            else:
                self.totals[name] = 1
            return f"{name} {self.totals[name]}\n".encode()


@answer("tally_server")
def counts_by_a_class_of_threads(listener, totals):
    with contextlib.suppress(OSError):
        while True:
            _Counting(listener.accept()[0], totals).start()


@answer("tally_server")
def counts_with_a_lock_for_each_name(listener, totals):
    locks, lock_of_locks = {}, threading.Lock()

    def serve(connection):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                name = line[:-1].decode()
                with lock_of_locks:
                    lock = locks.setdefault(name, threading.Lock())
                with lock:
                    count = totals[name] = totals.get(name, 0) + 1
                connection.sendall(f"{name} {count}\n".encode())

    _accept_all(listener, serve)


@answer("tally_server")
def counts_by_a_keeper_with_queues(listener, totals):
    requests = queue.Queue()

    def keep():
        while True:
            name, reply = requests.get()
            totals[name] = totals.get(name, 0) + 1
            reply.put(totals[name])

    def serve(connection):
        reply = queue.Queue()
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                requests.put((line[:-1].decode(), reply))
                connection.sendall(b"%s %d\n" % (line[:-1], reply.get()))

    threading.Thread(target=keep, daemon=True).start()
    _accept_all(listener, serve)


@answer("tally_server")
def counts_all_lines_of_a_piece_and_then_answers(listener, totals):
    turn = threading.Semaphore(1)

    def serve(connection):
        received = bytearray()
        with connection, contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                received += piece
                lines = received.split(b"\n")
                received = lines.pop()
                answers = []
                for line in lines:
                    with turn:
                        count = totals.get(line.decode(), 0) + 1
                        totals[line.decode()] = count
                    answers.append(b"%s %d\n" % (line, count))
                connection.sendall(b"".join(answers))

    _accept_all(listener, serve)


class _TallyHandler(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                if line.endswith(b"\n"):
                    self.wfile.write(self.server.count(line[:-1].decode()))

    def finish(self):
        with contextlib.suppress(OSError):
            super().finish()


@answer("tally_server")
def counts_by_socketserver(listener, totals):
    server = socketserver.ThreadingTCPServer(
        listener.getsockname(), _TallyHandler, bind_and_activate=False
    )
    server.socket.close()
    server.socket = listener
    server.daemon_threads = True
    lock = threading.Condition()

    def count(name):
        with lock:
            totals[name] = number = totals.get(name, 0) + 1
        return f"{name} {number}\n".encode()

    server.count = count
    with contextlib.suppress(OSError):
        while True:
            server.process_request(*server.get_request())


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
        counts_with_one_lock,
        counts_with_a_lock_of_the_module,
        counts_by_a_class_of_threads,
        counts_with_a_lock_for_each_name,
        counts_by_a_keeper_with_queues,
        counts_all_lines_of_a_piece_and_then_answers,
        counts_by_socketserver,
    )
]
