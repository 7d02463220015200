"""The right answers of chapter 09, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import asyncio
import selectors
import socket
import struct
import time
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress


def take_lines(received):
    r"""Remove the whole lines from a buffer, and return them.

    - Argument: received is a bytearray, what has come from a client and was not taken yet.
    - Returns a list of bytes: the whole lines in order, each without the b"\n" that ends it.
    - If no line is whole, the list is empty.
    - What stands after the last b"\n" stays in received, and nothing else does.
    - Nothing but b"\n" ends a line, and bytes are not decoded.

    Example: received is bytearray(b"lamp on\nlamp o"). Then take_lines(received) == [b"lamp on"],
    and afterwards received == b"lamp o".
    """
    *lines, rest = bytes(received).split(b"\n")
    received[:] = rest
    return lines


def send_some(connection, waiting):
    r"""Send as much of a buffer as the system takes now, and remove that from it; never wait.

    Arguments:
    - connection: a connected socket that does not block. The caller closes it.
    - waiting: a bytearray of what is still to be sent, perhaps empty.

    Returns None.
    - What was not taken stays in waiting, and goes first in a later call.
    - If nothing can be sent now, nothing happens.
    - Errors of a broken connection (ConnectionError) pass to the caller.

    Example: the system takes 5 bytes of bytearray(b"lamp on\n"). Then the buffer is b"on\n".
    """
    try:
        sent = connection.send(waiting)
    except BlockingIOError:
        return
    del waiting[:sent]


def selector_broker(listener):
    r"""Pass each line of a client on to every other client, in one thread, with `selectors`.

    - A line is all bytes up to and including b"\n". It goes to every other client that is
      connected at that moment.
    - Lines go out whole, never cut by another client's line. Those of one client go out in the
      order in which it sent them.
    - Half a line waits for its rest.
    - What a slow reader has not taken waits in a buffer of its own, and harms nobody.

    What may go wrong:
    - A client ends its side, or resets: it is forgotten, its connection closed, and its half line
      dropped. The others go on.
    - More than 65,536 bytes of a client are left without a newline: it is disconnected.
    - More than 1,000,000 bytes wait for a client: it is disconnected.

    Argument: listener is a listening TCP socket. The caller closes it, perhaps while the
    function waits. Within half a second the function notices that, closes the clients'
    connections, and returns.

    Example: of three clients, one sends b"lamp on\n"; the two others read b"lamp on\n".
    """
    received, waiting = {}, {}  # for each connection a buffer in each direction
    selector = selectors.DefaultSelector()

    def accept():
        with suppress(OSError):  # the client, or the listener, has gone
            connection, _ = listener.accept()
            connection.setblocking(False)
            received[connection], waiting[connection] = bytearray(), bytearray()
            selector.register(connection, selectors.EVENT_READ)

    def receive(connection):
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:  # it was reset
            data = b""
        if not data:
            return forget(connection)
        received[connection] += data
        # your lines: pass on the whole lines, and disconnect a client whose line is too long
        whole = b"".join(line + b"\n" for line in take_lines(received[connection]))
        for other in waiting.keys() - {connection}:
            waiting[other] += whole
            send(other)
        if len(received[connection]) > 65536:
            forget(connection)
        # end

    def send(connection):
        try:
            send_some(connection, waiting[connection])
        except OSError:
            return forget(connection)
        # your lines: disconnect a client for whom too much waits, or ask for the right events
        if len(waiting[connection]) > 1_000_000:
            return forget(connection)
        writing = selectors.EVENT_WRITE if waiting[connection] else 0
        selector.modify(connection, selectors.EVENT_READ | writing)
        # end

    def forget(connection):
        if connection in waiting:
            del received[connection], waiting[connection]
            selector.unregister(connection)
            connection.close()

    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    try:
        while listener.fileno() >= 0:  # it is -1 when the listener has been closed
            ready = []
            with suppress(OSError):  # which Windows raises when the listener has been closed
                ready = selector.select(0.2)  # the closing of a listener may not wake it
            for key, events in ready:
                if key.fileobj is listener:
                    accept()
                # `events & EVENT_WRITE` is 0 if there is no room. A client may have been forgotten.
                if key.fileobj in waiting and events & selectors.EVENT_WRITE:
                    send(key.fileobj)
                if key.fileobj in waiting and events & selectors.EVENT_READ:
                    receive(key.fileobj)
    finally:
        for connection in list(waiting):
            forget(connection)
        selector.close()


def judge_broker(address):
    r"""Tell whether a broker keeps the contract of exercise 3, by talking to it.

    - Argument: address is the (host, port) of a broker that was just started.
    - Returns True if it keeps the contract in all that you try, and False if it does not: also
      if it breaks off or stays silent.
    - Raises nothing, takes at most 2 seconds, and closes each socket that it opens.

    Three things to know:
    - Lines of two clients may overtake each other: send the second when somebody has heard the
      first.
    - To send half a line alone, wait for 0.05 seconds before another client speaks.
    - A slow reader is a client whose hear function you call late. The check makes the system's
      buffers small: sixteen lines of 50,000 bytes fill them, and are less than the million that
      may wait for a client.

    Example: of three clients, one sends b"lamp on\n", and another hears nothing within half a
    second. Then judge_broker(address) is False.
    """
    try:
        with _room(address) as ((one, two, three), (hear_one, hear_two, hear_three)):
            one.sendall(b"lamp on\n")
            passed = [hear_two() == b"lamp on\n", hear_three() == b"lamp on\n"]
            # your lines: a test for each way to break the contract
            three.sendall(b"21")
            time.sleep(0.05)  # so that it comes by itself
            two.sendall(b"open\n")
            passed.append(hear_one() == b"open\n")  # and not its own line
            three.sendall(b".5\n")
            passed += [hear() == b"21.5\n" for hear in (hear_one, hear_two)]
            line = b"x" * 49_999 + b"\n"
            for _ in range(16):  # three is a slow reader now
                one.sendall(line)
                passed.append(hear_two() == line)
            passed += [hear_three() == each for each in [b"open\n", *[line] * 16]]
            _reset(three)
            one.sendall(b"still there?\n")
            passed.append(hear_two() == b"still there?\n")
            with suppress(ConnectionError):  # it may be cut off by a reset, as early as here
                two.sendall(b"z" * 65_537)
                passed.append(hear_two() == b"")
            # end
        return all(passed)
    except OSError:  # silence is one, too: a TimeoutError
        return False


@contextmanager
def _room(address):
    """Three sockets that the broker has taken in, and for each a function that hears a line.

    Such a function returns the next line of its client. After half a second of silence it raises
    TimeoutError, and can't be used again.
    """
    with ExitStack() as stack:
        socks, hears = [], []
        for _ in range(3):
            sock = stack.enter_context(socket.create_connection(address, timeout=0.5))
            sock.sendall(b"hello\n" if hears else b"")  # nobody can hear the first
            for hear in hears:
                hear()
            socks.append(sock)
            hears.append(stack.enter_context(sock.makefile("rb")).readline)
        yield socks, hears


def _reset(sock):
    """Throw a connection away, as a client that crashes may."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(sock.detach())


async def telemetry_server(host, port):
    r"""Start a server that counts the readings of each device, and return it at once.

    - A line is UTF-8 text: a device, a space and a value, such as b"lamp 21.5\n".
    - Its answer is b"ok lamp 3\n", where 3 is how many readings this device has sent to this
      server so far, with this one, through all connections together.
    - Answers come in the order of the lines.
    - Any other line is answered by b"error\n", and the connection goes on: one of more than
      1,000 bytes before its newline, one that is not UTF-8, one whose value is no number
      (`float` decides; nan and inf are errors too).
    - Half a line at the end gets no answer.
    - A client that ends, resets or falls silent harms nobody. When it has ended its side, or
      reset, its connection is closed.
    - While a client leaves its answers unread, the server reads no more of its lines, so that
      what waits for it here stays below a million bytes.

    Arguments:
    - host: an address of this machine.
    - port: a number, 0 for any free one.

    Returns the asyncio.Server, which listens; the caller closes it.

    Example: lamp has sent one reading through another connection. A client that sends
    b"lamp 21.5\nlamp on\n" reads b"ok lamp 2\nerror\n".
    """
    counts = {}

    async def serve(reader, writer):
        try:
            while (line := await _next_line(reader)) != b"":
                device = _device_of(line)
                if device is None:
                    writer.write(b"error\n")
                else:
                    counts[device] = counts.get(device, 0) + 1  # no await between: nobody else runs
                    writer.write(f"ok {device} {counts[device]}\n".encode())
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, limit=1000)


async def _next_line(reader):
    """The next line, None for one that is too long, b"" at the end."""
    too_long = False
    while True:
        try:
            line = await reader.readuntil(b"\n")
            return None if too_long else line
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            too_long = True
        except asyncio.IncompleteReadError:
            return b""


def _device_of(line):
    """The device of a good line, or None."""
    try:
        device, value = line.decode("utf-8").removesuffix("\n").split(" ")
        return device if device and abs(float(value)) < float("inf") else None
    except (AttributeError, ValueError):
        return None
