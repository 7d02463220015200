"""Right answers to the exercises of chapter 02 in another style than the solutions'."""

import asyncio
import codecs
import contextlib
import io
import selectors
import socket
import socketserver
import threading

from support.answers import answer

# fetch_welcome


@answer("fetch_welcome")
def reads_a_file(address, timeout):
    with socket.create_connection(address, timeout=timeout) as connection:
        with connection.makefile("rb") as stream:
            return stream.read().decode()


@answer("fetch_welcome")
def reads_a_text_file(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        with connection.makefile("r", encoding="utf-8", newline="") as stream:
            return stream.read()


@answer("fetch_welcome")
def reads_by_a_bare_socket(address, timeout):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(address)
        pieces = []
        while True:
            piece = connection.recv(7)
            if piece == b"":
                return b"".join(pieces).decode("utf-8")
            pieces.append(piece)
    finally:
        connection.close()


@answer("fetch_welcome")
def decodes_step_by_step(address, timeout):
    decoder = codecs.getincrementaldecoder("utf-8")()
    text = io.StringIO()
    with socket.create_connection(address, timeout) as connection:
        buffer = bytearray(64)
        while count := connection.recv_into(buffer):
            text.write(decoder.decode(buffer[:count]))
    return text.getvalue() + decoder.decode(b"", final=True)


@answer("fetch_welcome")
def waits_for_all_in_one_call(address, timeout):
    if not hasattr(socket, "MSG_WAITALL"):
        return reads_a_file(address, timeout)
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(65536, socket.MSG_WAITALL):
            received += piece
    return str(received, "utf-8")


@answer("fetch_welcome")
def reads_by_a_selector(address, timeout):
    received = b""
    with (
        socket.create_connection(address, timeout) as connection,
        selectors.DefaultSelector() as selector,
    ):
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout):
                raise TimeoutError("no word from the server")
            piece = connection.recv(4096)
            if not piece:
                return received.decode()
            received += piece


@answer("fetch_welcome")
def reads_by_asyncio(address, timeout):
    async def fetch():
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(*address)
        try:
            received = b""
            while True:
                piece = await asyncio.wait_for(reader.read(1024), timeout)
                if not piece:
                    return received.decode()
                received += piece
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    return asyncio.run(fetch())


@answer("fetch_welcome")
def puts_the_default_timeout_back(address, timeout):
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(timeout)
    try:
        connection = socket.create_connection(address)
    finally:
        socket.setdefaulttimeout(before)
    with connection, connection.makefile("rb", buffering=0) as stream:
        return stream.readall().decode()


# echo_server


@answer("echo_server")
def echoes_by_a_file(listener):
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(ConnectionError), connection:
            with connection.makefile("rb") as stream:
                while piece := stream.read1(512):
                    connection.sendall(piece)


@answer("echo_server")
def echoes_in_a_function_of_its_own(listener):
    def serve(connection):
        buffer = bytearray(1024)
        view = memoryview(buffer)
        while count := connection.recv_into(buffer):
            connection.sendall(view[:count])

    while True:
        connection, peer = listener.accept()
        try:
            serve(connection)
        except OSError:
            continue
        finally:
            connection.close()


@answer("echo_server")
def sends_what_is_left(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            with contextlib.suppress(ConnectionResetError, BrokenPipeError, ConnectionAbortedError):
                while rest := connection.recv(100_000):
                    while rest:
                        rest = rest[connection.send(rest) :]


@answer("echo_server")
def echoes_by_a_selector(listener):
    while True:
        connection, _ = listener.accept()
        with connection, selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            try:
                while True:
                    selector.select()
                    piece = connection.recv(2048)
                    if not piece:
                        break
                    connection.sendall(piece)
            except ConnectionError:
                continue


@answer("echo_server")
def lets_its_listener_time_out_and_goes_on(listener):
    listener.settimeout(0.1)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(None)
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(4096):
                    connection.sendall(piece)


@answer("echo_server")
def ends_only_with_its_listener(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                while piece := connection.recv(1):
                    connection.sendall(piece)
            except (ConnectionResetError, BrokenPipeError):
                print("a client has gone")


@answer("echo_server")
def is_built_on_socketserver(listener):
    class Echo(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(ConnectionError):
                while piece := self.request.recv(4096):
                    self.request.sendall(piece)

    while True:
        connection, peer = listener.accept()
        with connection:
            Echo(connection, peer, None)


@answer("echo_server")
def has_a_thread_for_each_client(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            while piece := connection.recv(4096):
                connection.sendall(piece)

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


# ask


@answer("ask")
def asks_by_a_file(address, request, timeout):
    with socket.create_connection(address, timeout=timeout) as connection:
        with connection.makefile("rwb") as stream:
            stream.write(request)
            stream.flush()
            connection.shutdown(socket.SHUT_WR)
            return stream.read()


@answer("ask")
def asks_by_a_bare_socket(address, request, timeout):
    connection = socket.socket()
    connection.settimeout(timeout)
    try:
        connection.connect(address)
        view = memoryview(request)
        while view:
            view = view[connection.send(view) :]
        connection.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := connection.recv(100):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        connection.close()


@answer("ask")
def asks_by_asyncio(address, request, timeout):
    async def ask():
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*address), timeout)
        try:
            writer.write(request)
            await asyncio.wait_for(writer.drain(), timeout)
            writer.write_eof()
            reply = b""
            while piece := await asyncio.wait_for(reader.read(4096), timeout):
                reply += piece
            return reply
        finally:
            writer.transport.abort()

    return asyncio.run(ask())


@answer("ask")
def asks_with_a_thread_that_sends(address, request, timeout):
    with socket.create_connection(address, timeout) as connection:

        def send():
            with contextlib.suppress(OSError):
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            reply = b""
            while piece := connection.recv(4096):
                reply += piece
            return reply
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            sender.join()


@answer("ask")
def waits_for_the_whole_reply_in_one_call(address, request, timeout):
    if not hasattr(socket, "MSG_WAITALL"):
        return asks_by_a_file(address, request, timeout)
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        reply = b""
        while piece := connection.recv(1 << 20, socket.MSG_WAITALL):
            reply += piece
        return reply


RIGHT = [
    ("fetch_welcome", reads_a_file),
    ("fetch_welcome", reads_a_text_file),
    ("fetch_welcome", reads_by_a_bare_socket),
    ("fetch_welcome", decodes_step_by_step),
    ("fetch_welcome", waits_for_all_in_one_call),
    ("fetch_welcome", reads_by_a_selector),
    ("fetch_welcome", reads_by_asyncio),
    ("fetch_welcome", puts_the_default_timeout_back),
    ("echo_server", echoes_by_a_file),
    ("echo_server", echoes_in_a_function_of_its_own),
    ("echo_server", sends_what_is_left),
    ("echo_server", echoes_by_a_selector),
    ("echo_server", lets_its_listener_time_out_and_goes_on),
    ("echo_server", ends_only_with_its_listener),
    ("echo_server", is_built_on_socketserver),
    ("echo_server", has_a_thread_for_each_client),
    ("ask", asks_by_a_file),
    ("ask", asks_by_a_bare_socket),
    ("ask", asks_by_asyncio),
    ("ask", asks_with_a_thread_that_sends),
    ("ask", waits_for_the_whole_reply_in_one_call),
]

# hear_all


@answer("hear_all")
def hears_byte_by_byte(connection):
    received = bytearray()
    while piece := connection.recv(1):
        received += piece
    return bytes(received)


@answer("hear_all")
def hears_by_a_file(connection):
    with connection.makefile("rb") as file:
        return file.read()


@answer("hear_all")
def hears_into_a_buffer(connection):
    buffer, received = bytearray(700), []
    while count := connection.recv_into(buffer):
        received.append(bytes(buffer[:count]))
    return b"".join(received)


RIGHT += [
    ("hear_all", hears_byte_by_byte),
    ("hear_all", hears_by_a_file),
    ("hear_all", hears_into_a_buffer),
]
