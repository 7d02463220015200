"""Wrong answers to the exercises of chapter 09, as a learner would write them."""

import asyncio
import contextlib
import math
import selectors
import socket
import threading
import time

from support.answers import WrongAnswer, answer

from chapters.chapter_09.bricks import WRONG_BRICKS
from chapters.chapter_09.judges import WRONG_JUDGES

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "`sendall` on a non-blocking socket",
    "a dead client says goodbye",
    'always watching for "can be written" is free',
    "blocking calls are harmless inside asyncio",
    "`write` without `drain` is sent",
    "non-blocking means faster",
    "calling a coroutine runs it",
    "a coroutine needs a loop of its own",
]


def _broker(listener, send):
    """A broker that sends as it is told."""
    clients = {}

    def drop(sock):
        if sock in clients:
            del clients[sock]
            selector.unregister(sock)
            sock.close()

    with selectors.DefaultSelector() as selector:
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in selector.select():
                    if key.fileobj is listener:
                        try:
                            sock, _ = listener.accept()
                        except BlockingIOError:
                            continue
                        except OSError:
                            return
                        sock.setblocking(False)
                        clients[sock] = b""
                        selector.register(sock, selectors.EVENT_READ)
                        continue
                    sock = key.fileobj
                    if sock not in clients:
                        continue
                    try:
                        data = sock.recv(4096)
                    except BlockingIOError:
                        continue
                    except ConnectionError:
                        data = b""
                    buffer = clients[sock] + data
                    *lines, clients[sock] = buffer.split(b"\n")
                    for line in lines:
                        for other in list(clients):
                            if other is not sock:
                                send(other, line + b"\n", drop)
                    if not data or len(clients.get(sock, b"")) > 65536:
                        drop(sock)
        finally:
            for sock in list(clients):
                drop(sock)


@answer("selector_broker", "sendall")
def sends_all_to_a_socket_that_does_not_block(listener):
    def send(sock, line, drop):
        try:
            sock.sendall(line)
        except ConnectionError:
            drop(sock)

    _broker(listener, send)


@answer("selector_broker", "sendall")
def takes_an_unfinished_sendall_for_done(listener):
    def send(sock, line, drop):
        try:
            sock.sendall(line)
        except BlockingIOError:
            pass
        except OSError:
            drop(sock)

    _broker(listener, send)


@answer("selector_broker", "sendall")
def drops_whom_sendall_can_not_reach(listener):
    def send(sock, line, drop):
        try:
            sock.sendall(line)
        except OSError:
            drop(sock)

    _broker(listener, send)


@answer("selector_broker", "send", "return|how many|how much|part|rest")
def does_not_look_how_much_was_sent(listener):
    def send(sock, line, drop):
        try:
            sock.send(line)
        except BlockingIOError:
            pass
        except OSError:
            drop(sock)

    _broker(listener, send)


@answer("selector_broker", "event_write|selector|buffer")
def sends_again_until_all_is_sent(listener):
    def send(sock, line, drop):
        while line:
            try:
                line = line[sock.send(line) :]
            except BlockingIOError:
                continue
            except OSError:
                drop(sock)
                return

    _broker(listener, send)


def _send_with_buffer(waiting, limit=None):
    """Sends what can be sent when there is something new, and keeps the rest."""

    def send(sock, line, drop):
        waiting[sock] = waiting.get(sock, b"") + line
        try:
            sent = sock.send(waiting[sock])
            waiting[sock] = waiting[sock][sent:]
        except BlockingIOError:
            pass
        except OSError:
            drop(sock)
        if limit and len(waiting[sock]) > limit:
            drop(sock)

    return send


@answer("selector_broker", "event_write|can be written|writable")
def sends_the_rest_with_the_next_line(listener):
    _broker(listener, _send_with_buffer({}, 1_000_000))


class _Own:
    """A broker that works; its methods are for wrong ones to replace."""

    limit = 65536
    waiting = 1_000_000

    def __init__(self, listener):
        self.listener = listener
        self.selector = selectors.DefaultSelector()
        self.inputs, self.outputs = {}, {}

    def run(self):
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ)
        try:
            while self.turn():
                pass
        finally:
            self.end()
            self.selector.close()

    def turn(self):
        for key, events in self.selector.select():
            sock = key.fileobj
            if sock is self.listener:
                if not self.accept():
                    return False
                continue
            if events & selectors.EVENT_WRITE and sock in self.outputs:
                self.flush(sock)
            if events & selectors.EVENT_READ and sock in self.inputs:
                self.read(sock)
        return True

    def accept(self):
        try:
            sock, _ = self.listener.accept()
        except BlockingIOError:
            return True
        except OSError:
            return False
        sock.setblocking(False)
        self.inputs[sock], self.outputs[sock] = b"", b""
        self.selector.register(sock, selectors.EVENT_READ)
        return True

    def read(self, sock):
        try:
            data = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.take(sock, data)
        else:
            self.ended(sock)

    def ended(self, sock):
        self.drop(sock)

    def take(self, sock, data):
        self.inputs[sock] += data
        while b"\n" in self.inputs.get(sock, b""):
            line, self.inputs[sock] = self.inputs[sock].split(b"\n", 1)
            self.publish(sock, line + b"\n")
        if len(self.inputs.get(sock, b"")) > self.limit:
            self.drop(sock)

    def publish(self, sender, line):
        for sock in list(self.outputs):
            if sock is not sender:
                self.send(sock, line)

    def send(self, sock, line):
        self.outputs[sock] += line
        self.flush(sock)

    def flush(self, sock):
        try:
            sent = sock.send(self.outputs[sock])
            self.outputs[sock] = self.outputs[sock][sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.drop(sock)
            return
        if len(self.outputs[sock]) > self.waiting:
            self.drop(sock)
            return
        write = selectors.EVENT_WRITE if self.outputs[sock] else 0
        self.selector.modify(sock, selectors.EVENT_READ | write)

    def drop(self, sock):
        if sock in self.inputs:
            del self.inputs[sock], self.outputs[sock]
            self.selector.unregister(sock)
            sock.close()

    def end(self):
        for sock in list(self.inputs):
            self.drop(sock)


@answer("selector_broker", "recv|reset", "except|catch|error")
def fails_at_a_reset(listener):
    class Broker(_Own):
        def read(self, sock):
            data = sock.recv(4096)
            if data:
                self.take(sock, data)
            else:
                self.drop(sock)

    Broker(listener).run()


@answer("selector_broker", "send", "except|catch|error|raise")
def fails_when_it_sends_to_the_dead(listener):
    class Broker(_Own):
        def flush(self, sock):
            with contextlib.suppress(BlockingIOError):
                sent = sock.send(self.outputs[sock])
                self.outputs[sock] = self.outputs[sock][sent:]
            if len(self.outputs[sock]) > self.waiting:
                self.drop(sock)
                return
            write = selectors.EVENT_WRITE if self.outputs[sock] else 0
            self.selector.modify(sock, selectors.EVENT_READ | write)

    Broker(listener).run()


@answer("selector_broker", "close")
def forgets_the_dead_without_closing(listener):
    gone = []

    class Broker(_Own):
        def drop(self, sock):
            if sock in self.inputs:
                del self.inputs[sock], self.outputs[sock]
                self.selector.unregister(sock)
                gone.append(sock)

        def ended(self, sock):
            super().drop(sock)

        def read(self, sock):
            try:
                data = sock.recv(65536)
            except OSError:
                self.drop(sock)
                return
            if data:
                self.take(sock, data)
            else:
                self.ended(sock)

    Broker(listener).run()


@answer("selector_broker", "newline|whole line")
def sends_pieces_and_not_lines(listener):
    class Broker(_Own):
        def take(self, sock, data):
            self.publish(sock, data)

    Broker(listener).run()


@answer("selector_broker", "sender|author|itself|other")
def sends_to_the_sender_too(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            for sock in list(self.outputs):
                self.send(sock, line)

    Broker(listener).run()


@answer("selector_broker", "buffer", "each|own")
def has_one_buffer_for_all(listener):
    class Broker(_Own):
        together = b""

        def take(self, sock, data):
            self.together += data
            while b"\n" in self.together:
                line, self.together = self.together.split(b"\n", 1)
                self.publish(sock, line + b"\n")

    Broker(listener).run()


@answer("selector_broker", "65,536|65536|limit")
def has_no_limit_for_a_line(listener):
    class Broker(_Own):
        limit = math.inf

    Broker(listener).run()


@answer("selector_broker", "1,000,000|million|limit")
def has_no_limit_for_what_waits(listener):
    class Broker(_Own):
        waiting = math.inf

    Broker(listener).run()


@answer("selector_broker", "rest|unfinished|without a newline|lines first")
def looks_at_the_limit_before_it_looks_for_lines(listener):
    class Broker(_Own):
        def take(self, sock, data):
            if len(self.inputs[sock]) + len(data) > 65536:
                self.drop(sock)
            else:
                super().take(sock, data)

    Broker(listener).run()


@answer("selector_broker", "half|unfinished", "drop|forget|nobody|end")
def passes_the_half_line_on_at_the_end(listener):
    class Broker(_Own):
        def ended(self, sock):
            if self.inputs[sock]:
                self.publish(sock, self.inputs[sock] + b"\n")
            self.drop(sock)

    Broker(listener).run()


@answer("selector_broker", "close")
def leaves_its_clients_open_at_the_end(listener):
    class Broker(_Own):
        def end(self):
            pass

    Broker(listener).run()


@answer("selector_broker", "listener", "caller|belong")
def closes_the_listener_too(listener):
    class Broker(_Own):
        def end(self):
            super().end()
            self.listener.close()

    Broker(listener).run()


@answer("selector_broker", "listener", "fileno|timeout|time out|return")
def does_not_end_with_its_listener(listener):
    class Broker(_Own):
        def accept(self):
            super().accept()
            return True

    Broker(listener).run()


@answer("selector_broker", "accept|listener", "oserror|except|catch")
def fails_with_its_listener(listener):
    class Broker(_Own):
        def accept(self):
            sock, _ = self.listener.accept()
            sock.setblocking(False)
            self.inputs[sock], self.outputs[sock] = b"", b""
            self.selector.register(sock, selectors.EVENT_READ)
            return True

    Broker(listener).run()


@answer("selector_broker", "decode|utf-8|bytes")
def reads_text(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            super().publish(sender, line.decode().encode())

    Broker(listener).run()


@answer("selector_broker", "strip|space|blank|every byte|all bytes")
def strips_its_lines(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            super().publish(sender, line.strip() + b"\n")

    Broker(listener).run()


@answer("selector_broker", "empty")
def leaves_out_empty_lines(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            if line != b"\n":
                super().publish(sender, line)

    Broker(listener).run()


@answer("selector_broker", "block|sendall")
def blocks_while_it_sends(listener):
    class Broker(_Own):
        def flush(self, sock):
            sock.setblocking(True)
            try:
                sock.sendall(self.outputs[sock])
                self.outputs[sock] = b""
            except OSError:
                self.drop(sock)
            else:
                sock.setblocking(False)

    Broker(listener).run()


@answer("selector_broker", "half|block|wait")
def reads_a_whole_line_at_once(listener):
    class Broker(_Own):
        def read(self, sock):
            sock.setblocking(True)
            line = b""
            while not line.endswith(b"\n"):
                try:
                    byte = sock.recv(1)
                except OSError:
                    byte = b""
                if not byte or len(line) > 65536:
                    self.drop(sock)
                    return
                line += byte
            sock.setblocking(False)
            self.publish(sock, line)

    Broker(listener).run()


@answer("selector_broker", "thread")
def has_a_thread_for_each_client(listener):
    clients, lock = [], threading.Lock()

    def serve(sock):
        try:
            with sock.makefile("rb") as file:
                while (line := file.readline(65537)).endswith(b"\n"):
                    with lock:
                        for other in clients:
                            if other is not sock:
                                with contextlib.suppress(OSError):
                                    other.sendall(line)
        except OSError:
            pass
        with lock:
            clients.remove(sock)
        sock.close()

    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            break
        with lock:
            clients.append(sock)
        threading.Thread(target=serve, args=(sock,), daemon=True).start()


@answer("selector_broker", "selector|at once|one after|at the same time")
def listens_to_one_after_another(listener):
    listener.listen(50)
    clients = []
    with contextlib.suppress(OSError):
        while True:
            sock, _ = listener.accept()
            clients.append(sock)
            with sock.makefile("rb") as file:
                for line in file:
                    for other in clients:
                        if other is not sock:
                            other.sendall(line)
            clients.remove(sock)
            sock.close()


def _device_of(line):
    """The device of a line as it should be, or None."""
    try:
        device, value = line.decode().removesuffix("\n").split(" ")
        return device if math.isfinite(float(value)) and len(line) <= 1000 else None
    except ValueError:
        return None


async def _line_of(reader):
    """The next line; cut where it is too long; b"" at the end."""
    start = b""
    while True:
        try:
            return (start + await reader.readuntil(b"\n"))[-2000:]
        except asyncio.IncompleteReadError:
            return b""
        except asyncio.LimitOverrunError as error:
            start = (start + await reader.readexactly(error.consumed))[:2000]


async def _telemetry(host, port, count, device_of=_device_of, line_of=_line_of, **options):
    """A server whose counting, reading or understanding may be wrong."""

    async def serve(reader, writer):
        try:
            while line := await line_of(reader):
                device = device_of(line)
                number = await count(device) if device is not None else None
                writer.write(f"ok {device} {number}\n".encode() if number else b"error\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, **options)


def _count_well():
    counts = {}

    async def count(device):
        counts[device] = counts.get(device, 0) + 1
        return counts[device]

    return count


@answer("telemetry_server", "sleep")
async def sleeps_while_it_stores(host, port):
    counts = {}

    async def count(device):
        time.sleep(0.002)
        counts[device] = counts.get(device, 0) + 1
        return counts[device]

    return await _telemetry(host, port, count)


@answer("telemetry_server", "sleep")
async def sleeps_long_while_it_stores(host, port):
    counts = {}

    async def count(device):
        time.sleep(0.2)
        counts[device] = counts.get(device, 0) + 1
        return counts[device]

    return await _telemetry(host, port, count)


@answer("telemetry_server", "accept|start_server|block")
async def accepts_as_in_a_thread(host, port):
    counts = {}
    listener = socket.create_server((host, port))
    with listener:
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as file:
                for line in file:
                    device = _device_of(line)
                    counts[device] = counts.get(device, 0) + 1
                    file.write(b"ok %s %d\n" % (device.encode(), counts[device]))
                    file.flush()


@answer("telemetry_server", "block")
async def reads_by_a_socket_that_blocks(host, port):
    counts = {}

    async def serve(reader, writer):
        sock = writer.get_extra_info("socket").dup()
        sock.setblocking(True)
        with sock, sock.makefile("rwb") as file, contextlib.suppress(OSError):
            for line in file:
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                file.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
                file.flush()
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "result|block|await")
async def waits_for_a_future_as_a_thread_would(host, port):
    counts = {}

    async def count(device):
        counts[device] = counts.get(device, 0) + 1
        return counts[device]

    def count_in_the_loop(device):
        loop = asyncio.get_running_loop()
        return asyncio.run_coroutine_threadsafe(count(device), loop).result()

    async def counted(device):
        return count_in_the_loop(device)

    return await _telemetry(host, port, counted)


@answer("telemetry_server", "await")
async def stores_between_reading_and_writing(host, port):
    counts = {}

    async def count(device):
        number = counts.get(device, 0)
        await asyncio.sleep(0.001)
        counts[device] = number + 1
        return number + 1

    return await _telemetry(host, port, count)


@answer("telemetry_server", "await")
async def gives_others_a_turn_in_the_middle(host, port):
    counts = {}

    async def count(device):
        number = counts.setdefault(device, 0)
        await asyncio.sleep(0)
        counts[device] = number + 1
        return counts[device]

    return await _telemetry(host, port, count)


@answer("telemetry_server", "drain|await")
async def counts_up_when_the_answer_has_gone(host, port):
    counts = {}

    async def serve(reader, writer):
        try:
            while line := await _line_of(reader):
                device = _device_of(line)
                if device is None:
                    writer.write(b"error\n")
                    continue
                number = counts.get(device, 0) + 1
                writer.write(f"ok {device} {number}\n".encode())
                await writer.drain()
                counts[device] = number
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "thread|lock")
async def counts_in_threads_without_a_lock(host, port):
    counts = {}

    def count(device):
        number = counts.get(device, 0)
        number += 1
        counts[device] = number
        return number

    async def counted(device):
        return await asyncio.to_thread(count, device)

    return await _telemetry(host, port, counted)


@answer("telemetry_server", "thread|await")
async def stores_the_readings_in_a_thread(host, port):
    readings = {}

    async def count(device):
        number = len(readings.get(device, ()))
        await asyncio.to_thread(readings.setdefault(device, []).append, device)
        return number + 1

    return await _telemetry(host, port, count)


@answer("telemetry_server", "lock|one at a time|one after|others wait")
async def locks_for_a_whole_conversation(host, port):
    counts, lock = {}, asyncio.Lock()

    async def serve(reader, writer):
        try:
            async with lock:
                while line := await _line_of(reader):
                    device = _device_of(line)
                    counts[device] = counts.get(device, 0) + 1
                    text = f"ok {device} {counts[device]}\n" if device else "error\n"
                    writer.write(text.encode())
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, backlog=1000)


@answer("telemetry_server", "semaphore|any number|limit|ten ")
async def lets_ten_in(host, port):
    counts, places = {}, asyncio.Semaphore(10)

    async def serve(reader, writer):
        try:
            async with places:
                while line := await _line_of(reader):
                    device = _device_of(line)
                    counts[device] = counts.get(device, 0) + 1
                    text = f"ok {device} {counts[device]}\n" if device else "error\n"
                    writer.write(text.encode())
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "connection", "share|all|same|one dict")
async def counts_by_connection(host, port):
    async def serve(reader, writer):
        counts = {}
        try:
            while line := await _line_of(reader):
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "device")
async def counts_all_devices_together(host, port):
    counts = []

    async def count(device):
        counts.append(device)
        return len(counts)

    return await _telemetry(host, port, count)


_counts_of_the_notebook = {}


@answer("telemetry_server", "global|outside|own|new|each server")
async def counts_on_from_the_last_server(host, port):
    async def count(device):
        _counts_of_the_notebook[device] = _counts_of_the_notebook.get(device, 0) + 1
        return _counts_of_the_notebook[device]

    return await _telemetry(host, port, count)


@answer("telemetry_server", "return|serve_forever")
async def serves_for_ever(host, port):
    server = await _telemetry(host, port, _count_well())
    async with server:
        await server.serve_forever()


@answer("telemetry_server", "with|close")
async def has_a_server_that_closes_at_once(host, port):
    async with await _telemetry(host, port, _count_well()) as server:
        return server


@answer("telemetry_server", "return|none")
async def returns_nothing(host, port):
    await _telemetry(host, port, _count_well())


@answer("telemetry_server", "asyncio.run|running loop|loop is running")
def runs_a_loop_of_its_own(host, port):
    return asyncio.run(_telemetry(host, port, _count_well()))


@answer("telemetry_server", "host")
async def listens_everywhere(host, port):
    return await _telemetry(None, port, _count_well(), family=socket.AF_INET)


@answer("telemetry_server", "port")
async def takes_any_port(host, port):
    return await _telemetry(host, 0, _count_well())


@answer("telemetry_server", "inf|finite")
async def takes_infinity_for_a_reading(host, port):
    def device_of(line):
        try:
            device, value = line.decode().split()
            float(value)
        except ValueError:
            return None
        return device if len(line) <= 1000 else None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "float|digit|minus|sign")
async def takes_only_digits_for_a_number(host, port):
    def device_of(line):
        try:
            device, value = line.decode().split()
        except ValueError:
            return None
        digits = value.replace(".", "", 1).isdigit()
        return device if digits and len(line) <= 1000 else None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "utf-8|decode|unicode")
async def fails_at_what_is_no_text(host, port):
    def device_of(line):
        parts = line.decode().split()
        try:
            return parts[0] if math.isfinite(float(parts[1])) and len(line) < 1001 else None
        except (ValueError, IndexError):
            return None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "goes on|go on|next line|break")
async def ends_at_an_error(host, port):
    counts = {}

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                device = _device_of(line)
                if device is None:
                    writer.write(b"error\n")
                    break
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode())
                await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "count")
async def counts_bad_lines_too(host, port):
    counts = {}

    def device_of(line):
        device = line.decode(errors="replace").split(" ")[0]
        counts[device] = counts.get(device, 0) + 1
        return _device_of(line)

    async def count(device):
        return counts[device]

    return await _telemetry(host, port, count, device_of)


@answer("telemetry_server", "answer|error")
async def says_nothing_to_bad_lines(host, port):
    counts = {}

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                if device := _device_of(line):
                    counts[device] = counts.get(device, 0) + 1
                    writer.write(f"ok {device} {counts[device]}\n".encode())
                    await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "limit")
async def fails_at_a_very_long_line(host, port):
    return await _telemetry(
        host, port, _count_well(), line_of=lambda reader: reader.readuntil(b"\n")
    )


@answer("telemetry_server", "rest|one line|one answer|once")
async def takes_the_end_of_a_long_line_for_another(host, port):
    async def line_of(reader):
        try:
            line = await reader.readline()
        except ValueError:
            return b"too long\n"
        return line if line.endswith(b"\n") else b""

    return await _telemetry(host, port, _count_well(), line_of=line_of)


@answer("telemetry_server", "newline|rest|one answer|once")
async def leaves_the_newline_of_a_long_line(host, port):
    async def line_of(reader):
        try:
            return await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return b""
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            return b"too long"

    return await _telemetry(host, port, _count_well(), line_of=line_of, limit=1000)


@answer("telemetry_server", "1,000|1000|long")
async def takes_lines_of_any_length(host, port):
    def device_of(line):
        try:
            device, value = line.decode().split()
            return device if math.isfinite(float(value)) else None
        except ValueError:
            return None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "newline|half|partial")
async def counts_half_a_line_at_the_end(host, port):
    async def line_of(reader):
        try:
            return await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            return error.partial
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            return (await _line_of(reader)) and b"too long"

    return await _telemetry(host, port, _count_well(), line_of=line_of)


@answer("telemetry_server", "readline|readuntil|piece|newline|read(")
async def takes_a_piece_for_a_line(host, port):
    return await _telemetry(host, port, _count_well(), line_of=lambda reader: reader.read(1000))


@answer("telemetry_server", "close")
async def never_closes_a_connection(host, port):
    counts, writers = {}, []

    async def serve(reader, writer):
        writers.append(writer)
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
                await writer.drain()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "await")
async def forgets_an_await(host, port):
    counts = {}

    async def serve(reader, writer):
        while line := reader.readline():
            device = _device_of(line)
            counts[device] = counts.get(device, 0) + 1
            writer.write(f"ok {device} {counts[device]}\n".encode())

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "server", "close|others")
async def closes_all_when_a_client_dies(host, port):
    counts, server = {}, None

    async def serve(reader, writer):
        try:
            while line := await _line_of(reader):
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
                await writer.drain()
        except ConnectionError:
            server.close()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, port)
    return server


@answer("selector_broker", "rest|half|newline")
def keeps_no_rest(listener):
    class Broker(_Own):
        def take(self, sock, data):
            for line in data.split(b"\n"):
                if line:
                    self.publish(sock, line + b"\n")

    Broker(listener).run()


@answer("selector_broker", "buffer|keep|rest")
def drops_whom_it_can_not_send_all_at_once(listener):
    class Broker(_Own):
        def send(self, sock, line):
            try:
                if sock.send(line) < len(line):
                    self.drop(sock)
            except OSError:
                self.drop(sock)

    Broker(listener).run()


@answer("selector_broker", "part|how many|how much|returns|rest")
def takes_a_line_half_sent_for_sent(listener):
    class Broker(_Own):
        def flush(self, sock):
            try:
                while self.outputs[sock]:
                    line, newline, rest = self.outputs[sock].partition(b"\n")
                    sock.send(line + newline)
                    self.outputs[sock] = rest
            except BlockingIOError:
                self.selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
            except OSError:
                self.drop(sock)
            else:
                self.selector.modify(sock, selectors.EVENT_READ)
            if len(self.outputs.get(sock, b"")) > self.waiting:
                self.drop(sock)

    Broker(listener).run()


@answer("selector_broker", "waits|buffer|unsent|not taken")
def counts_what_was_sent_and_not_what_waits(listener):
    class Broker(_Own):
        def __init__(self, listener):
            super().__init__(listener)
            self.sent = {}

        def send(self, sock, line):
            self.sent[sock] = self.sent.get(sock, 0) + len(line)
            if self.sent[sock] > self.waiting:
                self.drop(sock)
            else:
                super().send(sock, line)

    Broker(listener).run()


@answer("selector_broker", "copy|list(|while|during|changed")
def changes_its_clients_while_it_goes_through_them(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            for sock in self.outputs:
                if sock is not sender:
                    self.send(sock, line)

    Broker(listener).run()


@answer("selector_broker", "sleep|event_write|block|waits")
def sleeps_until_a_reader_has_read(listener):
    class Broker(_Own):
        def flush(self, sock):
            while self.outputs.get(sock):
                try:
                    self.outputs[sock] = self.outputs[sock][sock.send(self.outputs[sock]) :]
                except BlockingIOError:
                    time.sleep(0.01)
                except OSError:
                    self.drop(sock)

    Broker(listener).run()


@answer("telemetry_server", "order|task")
async def has_a_task_for_each_line(host, port):
    counts, tasks = {}, set()

    async def respond(line, writer):
        device = _device_of(line)
        if device:
            counts[device] = counts.get(device, 0) + 1
            text = f"ok {device} {counts[device]}\n"
            await asyncio.sleep(0.001)
        else:
            text = "error\n"
        writer.write(text.encode())

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                tasks.add(asyncio.create_task(respond(line, writer)))
                await writer.drain()
            await asyncio.gather(*tasks)
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "so far|forget|clear|as long as|survive")
async def forgets_all_when_nobody_is_connected(host, port):
    counts, connected = {}, set()

    async def serve(reader, writer):
        connected.add(writer)
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
                await writer.drain()
        connected.remove(writer)
        if not connected:
            counts.clear()
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "lock")
async def holds_a_lock_of_threads_while_it_stores(host, port):
    counts, lock = {}, threading.Lock()

    async def count(device):
        with lock:
            number = counts.get(device, 0)
            await asyncio.sleep(0.001)
            counts[device] = number + 1
            return number + 1

    return await _telemetry(host, port, count)


@answer("telemetry_server", "lock|drain")
async def holds_a_lock_while_it_drains(host, port):
    counts, lock = {}, asyncio.Lock()

    async def serve(reader, writer):
        try:
            while line := await _line_of(reader):
                device = _device_of(line)
                async with lock:
                    counts[device] = counts.get(device, 0) + 1
                    text = f"ok {device} {counts[device]}\n" if device else "error\n"
                    writer.write(text.encode())
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "finite|float|inf")
async def knows_nan_by_its_name(host, port):
    def device_of(line):
        try:
            device, value = line.decode().split()
            float(value)
        except ValueError:
            return None
        known = value.lower() in ("nan", "inf", "-inf", "infinity")
        return device if not known and len(line) <= 1000 else None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "limit|valueerror|1,000|long")
async def lets_the_reader_limit_its_lines(host, port):
    return await _telemetry(
        host, port, _count_well(), line_of=lambda reader: reader.readline(), limit=1000
    )


@answer("selector_broker", "event_write")
def always_watches_for_room(listener):
    class Broker(_Own):
        def accept(self):
            before = set(self.inputs)
            goes_on = super().accept()
            for sock in set(self.inputs) - before:
                self.selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
            return goes_on

        def flush(self, sock):
            super().flush(sock)
            if sock in self.outputs:
                self.selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)

    Broker(listener).run()


@answer("selector_broker", "event_write")
def watches_for_room_ever_after(listener):
    class Broker(_Own):
        def flush(self, sock):
            super().flush(sock)
            self.slow = getattr(self, "slow", set())
            if self.outputs.get(sock):
                self.slow.add(sock)
            if sock in self.outputs and sock in self.slow:
                both = selectors.EVENT_READ | selectors.EVENT_WRITE
                self.selector.modify(sock, both)

    Broker(listener).run()


class _Restless(selectors.DefaultSelector):
    def select(self, timeout=None):
        return super().select(0)


@answer("selector_broker", "processor|busy|time to wait")
def gives_select_no_time(listener):
    broker = _Own(listener)
    broker.selector.close()
    broker.selector = _Restless()
    broker.run()


@answer("selector_broker", "65,536|limit")
def allows_a_hundred_bytes_more(listener):
    class Broker(_Own):
        limit = 65_636

    Broker(listener).run()


@answer("selector_broker", "65,536|limit")
def disconnects_at_the_limit_and_not_above(listener):
    class Broker(_Own):
        limit = 65_535

    Broker(listener).run()


@answer("selector_broker", "1,000,000|million|limit")
def keeps_two_million_bytes(listener):
    class Broker(_Own):
        waiting = 2_000_000

    Broker(listener).run()


@answer("selector_broker", "empty list|timeout|time out")
def takes_a_quiet_time_for_the_end(listener):
    class Broker(_Own):
        def turn(self):
            ready = self.selector.select(3)
            if not ready:
                return False
            self.selector.select, before = (lambda: ready), self.selector.select
            goes_on = super().turn()
            self.selector.select = before
            return goes_on

    Broker(listener).run()


@answer("telemetry_server", "drain")
async def writes_and_never_drains(host, port):
    counts = {}

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await _line_of(reader):
                device = _device_of(line)
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode() if device else b"error\n")
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "utf-8|decode")
async def leaves_out_what_is_not_utf8(host, port):
    def device_of(line):
        try:
            device, value = line.decode(errors="ignore").split()
            return device if math.isfinite(float(value)) and len(line) <= 1000 else None
        except ValueError:
            return None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "await")
async def returns_what_nobody_has_awaited(host, port):
    async def serve(reader, writer):
        writer.close()

    return asyncio.start_server(serve, host, port)


@answer("telemetry_server", "asyncio.run|loop")
async def runs_a_loop_within_a_loop(host, port):
    return asyncio.run(_telemetry(host, port, _count_well()))


@answer("telemetry_server", "1,000|limit")
async def takes_a_line_of_a_thousand_for_too_long(host, port):
    def device_of(line):
        return _device_of(line) if len(line) < 1000 else None

    return await _telemetry(host, port, _count_well(), device_of)


@answer("telemetry_server", "wait|processor")
async def looks_for_bytes_all_the_time(host, port):
    async def line_of(reader):
        while not reader._buffer and not reader.at_eof():
            await asyncio.sleep(0)
        return await _line_of(reader)

    return await _telemetry(host, port, _count_well(), line_of=line_of)


@answer("selector_broker", "events|ready")
def reads_whatever_the_selector_says(listener):
    class Broker(_Own):
        def accept(self):
            goes_on = super().accept()
            for sock in self.inputs:
                self.selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
            return goes_on

        def turn(self):
            for key, _ in self.selector.select():
                if key.fileobj is not self.listener:
                    self.take(key.fileobj, key.fileobj.recv(4096))
                elif not self.accept():
                    return False
            return True

    Broker(listener).run()


@answer("selector_broker", "unregister|forgotten")
def never_unregisters(listener):
    class Broker(_Own):
        def drop(self, sock):
            if sock in self.inputs:
                del self.inputs[sock], self.outputs[sock]
                sock.close()

    Broker(listener).run()


@answer("selector_broker", "return|break|ends")
def returns_when_a_client_leaves(listener):
    class Broker(_Own):
        left = False

        def ended(self, sock):
            self.left = True

        def turn(self):
            return super().turn() and not self.left

    Broker(listener).run()


@answer("selector_broker", "adds|not sent|stands in")
def says_who_has_said_it(listener):
    class Broker(_Own):
        def publish(self, sender, line):
            super().publish(sender, b"someone: " + line)

    Broker(listener).run()


@answer("telemetry_server", "count", "before|first|1")
async def counts_from_zero(host, port):
    counts = {}

    async def count(device):
        counts[device] = counts.get(device, -1) + 1
        return str(counts[device])

    return await _telemetry(host, port, count)


@answer("telemetry_server", "call|name")
async def calls_what_it_should_name(host, port):
    async def serve(reader, writer):
        writer.close()

    return await asyncio.start_server(serve(), host, port)


@answer("telemetry_server", "end", "except")
async def takes_the_end_for_a_bad_line(host, port):
    counts = {}

    async def serve(reader, writer):
        while True:
            try:
                line = await reader.readuntil(b"\n")
                device, value = line.decode().split()
                if not math.isfinite(float(value)) or len(line) > 1000:
                    raise ValueError
                counts[device] = counts.get(device, 0) + 1
                writer.write(f"ok {device} {counts[device]}\n".encode())
            except Exception:
                writer.write(b"error\n")
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            await asyncio.sleep(0)

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server", "utf-8|decode")
async def knows_ascii_only(host, port):
    def device_of(line):
        return _device_of(line) if line.isascii() else None

    return await _telemetry(host, port, _count_well(), device_of)


BACKLOG = "a bigger backlog is concurrency"


SENDALL = "`sendall` on a non-blocking socket"


GOODBYE = "a dead client says goodbye"


GIL = "the GIL makes `+=` safe"


AWAIT = "calling a coroutine runs it"


RUN = "a coroutine needs a loop of its own"


WRITABLE = 'always watching for "can be written" is free'


FASTER = "non-blocking means faster"


UNDRAINED = "`write` without `drain` is sent"


BLOCKING = "blocking calls are harmless inside asyncio"


FIFTY = "fifty silent clients, and one more"


END = "a caller that closes the listener"


RESET = "clients that reset"


THREE = "three clients"


SLOW = "a slow reader"


NEVER = "a client that never reads"


ODD = "odd lines"


HALF = "half a line, then its rest"


MID_LINE = "a client that ends in mid-line"


MEGABYTE = "a megabyte without a newline"


ONE = "one client, three devices"


SEVERAL = "one device through many connections"


SEGMENT = "many lines in one segment, and lines cut anywhere"


BAD = "bad lines between good ones"


LONG = "long lines"


AT_ONCE = "one device through fifty connections at the same moment"


DEAF = "a client that reads no answers"


NOTHING = "clients that say nothing"


FLOOD = "a client that sends on and on and reads no answers"


TWO = "two servers at once"


# answer, the misconception it must hear of, a case that must fail
TABLE = [
    (sends_all_to_a_socket_that_does_not_block, SENDALL, SLOW),
    (takes_an_unfinished_sendall_for_done, SENDALL, SLOW),
    (drops_whom_sendall_can_not_reach, SENDALL, SLOW),
    (does_not_look_how_much_was_sent, None, SLOW),
    (sends_again_until_all_is_sent, None, SLOW),
    (fails_when_it_sends_to_the_dead, GOODBYE, RESET),
    (forgets_the_dead_without_closing, GOODBYE, RESET),
    (sends_the_rest_with_the_next_line, None, SLOW),
    (fails_at_a_reset, GOODBYE, RESET),
    (sends_pieces_and_not_lines, None, HALF),
    (sends_to_the_sender_too, None, THREE),
    (has_one_buffer_for_all, None, HALF),
    (has_no_limit_for_a_line, None, MEGABYTE),
    (has_no_limit_for_what_waits, None, NEVER),
    (looks_at_the_limit_before_it_looks_for_lines, None, MEGABYTE),
    (passes_the_half_line_on_at_the_end, None, MID_LINE),
    (leaves_its_clients_open_at_the_end, None, END),
    (closes_the_listener_too, None, END),
    (does_not_end_with_its_listener, None, END),
    (fails_with_its_listener, None, END),
    (reads_text, None, ODD),
    (strips_its_lines, None, ODD),
    (leaves_out_empty_lines, None, ODD),
    (blocks_while_it_sends, None, SLOW),
    (reads_a_whole_line_at_once, None, HALF),
    (has_a_thread_for_each_client, None, "fifty clients"),
    (listens_to_one_after_another, BACKLOG, THREE),
    (sleeps_while_it_stores, BLOCKING, ONE),
    (sleeps_long_while_it_stores, BLOCKING, ONE),
    (accepts_as_in_a_thread, BLOCKING, ONE),
    (reads_by_a_socket_that_blocks, BLOCKING, SEVERAL),
    (waits_for_a_future_as_a_thread_would, BLOCKING, ONE),
    (stores_between_reading_and_writing, GIL, AT_ONCE),
    (gives_others_a_turn_in_the_middle, GIL, AT_ONCE),
    (counts_up_when_the_answer_has_gone, GIL, DEAF),
    (counts_in_threads_without_a_lock, GIL, AT_ONCE),
    (stores_the_readings_in_a_thread, GIL, AT_ONCE),
    (locks_for_a_whole_conversation, BACKLOG, SEVERAL),
    (lets_ten_in, None, FIFTY),
    (counts_by_connection, None, SEVERAL),
    (counts_all_devices_together, None, ONE),
    (counts_on_from_the_last_server, None, TWO),
    (serves_for_ever, None, ONE),
    (has_a_server_that_closes_at_once, None, ONE),
    (returns_nothing, None, ONE),
    (runs_a_loop_of_its_own, RUN, ONE),
    (listens_everywhere, None, ONE),
    (takes_any_port, None, TWO),
    (takes_infinity_for_a_reading, None, BAD),
    (takes_only_digits_for_a_number, None, ONE),
    (fails_at_what_is_no_text, None, BAD),
    (ends_at_an_error, None, BAD),
    (counts_bad_lines_too, None, BAD),
    (says_nothing_to_bad_lines, None, BAD),
    (fails_at_a_very_long_line, None, LONG),
    (takes_the_end_of_a_long_line_for_another, None, LONG),
    (leaves_the_newline_of_a_long_line, None, LONG),
    (takes_lines_of_any_length, None, LONG),
    (counts_half_a_line_at_the_end, None, MID_LINE),
    (takes_a_piece_for_a_line, None, SEGMENT),
    (never_closes_a_connection, None, MID_LINE),
    (forgets_an_await, AWAIT, ONE),
    (closes_all_when_a_client_dies, None, RESET),
    (keeps_no_rest, None, HALF),
    (drops_whom_it_can_not_send_all_at_once, None, SLOW),
    (takes_a_line_half_sent_for_sent, None, SLOW),
    (counts_what_was_sent_and_not_what_waits, None, NEVER),
    (changes_its_clients_while_it_goes_through_them, None, RESET),
    (sleeps_until_a_reader_has_read, None, SLOW),
    (has_a_task_for_each_line, None, SEGMENT),
    (forgets_all_when_nobody_is_connected, None, SEVERAL),
    (holds_a_lock_of_threads_while_it_stores, BLOCKING, AT_ONCE),
    (holds_a_lock_while_it_drains, None, DEAF),
    (knows_nan_by_its_name, None, BAD),
    (lets_the_reader_limit_its_lines, None, LONG),
    (always_watches_for_room, WRITABLE, NOTHING),
    (watches_for_room_ever_after, WRITABLE, SLOW),
    (gives_select_no_time, FASTER, NOTHING),
    (allows_a_hundred_bytes_more, None, MEGABYTE),
    (disconnects_at_the_limit_and_not_above, None, MEGABYTE),
    (keeps_two_million_bytes, None, NEVER),
    (takes_a_quiet_time_for_the_end, None, NOTHING),
    (writes_and_never_drains, UNDRAINED, FLOOD),
    (leaves_out_what_is_not_utf8, None, BAD),
    (returns_what_nobody_has_awaited, AWAIT, ONE),
    (runs_a_loop_within_a_loop, RUN, ONE),
    (takes_a_line_of_a_thousand_for_too_long, None, LONG),
    (looks_for_bytes_all_the_time, None, FIFTY),
    (reads_whatever_the_selector_says, None, THREE),
    (never_unregisters, None, RESET),
    (returns_when_a_client_leaves, None, MID_LINE),
    (says_who_has_said_it, None, THREE),
    (counts_from_zero, None, ONE),
    (calls_what_it_should_name, None, ONE),
    (takes_the_end_for_a_bad_line, None, SEVERAL),
    (knows_ascii_only, None, ONE),
]


WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]


@answer("selector_broker", "accept")
def waits_for_the_next_client_in_accept(listener):
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    clients = []
    while True:
        for key, _ in selector.select(0.2):
            if key.fileobj is listener:
                while True:
                    connection, _ = listener.accept()
                    clients.append(connection)
                    selector.register(connection, selectors.EVENT_READ)


WRONG += [WrongAnswer(each.exercise, each) for each in (waits_for_the_next_client_in_accept,)]

WRONG += [*WRONG_BRICKS, *WRONG_JUDGES]
