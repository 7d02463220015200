"""The socket that a server's function gets: an ordinary one that its owner can wake and watch."""

from __future__ import annotations

import select
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from helpers.trace.trace import Trace

READ, WRITE = "read", "write"
WAITALL = getattr(socket, "MSG_WAITALL", 0)


class ServerStopped(SystemExit):
    """Ends a server's thread at its next call on a socket, once the server has been stopped.

    A kind of SystemExit, since `threading` lets that pass in silence and a learner's
    `except Exception` or `except OSError` does not swallow it.
    """


class Owner:
    """What the sockets of one server share: a line to wake them, a trace, who is open.

    Args:
        server_name: the server's name in the trace.
        trace: where its sockets write what passes.
    """

    def __init__(self, server_name: str, trace: Trace) -> None:
        self.server_name = server_name
        self.trace = trace
        self.stopping = False
        self.default_timeout = socket.getdefaulttimeout()  # of the notebook, before the server
        self.sockets: weakref.WeakSet[ServedSocket] = weakref.WeakSet()
        self.parked: dict[int, tuple[int, str]] = {}  # thread -> the file number it waits on
        self._peers: dict[Any, str] = {}
        self._ignored_stops = 0
        self._lock = threading.Lock()
        self._wake_reader, self._wake_writer = socket.socketpair()

    def wake(self) -> None:
        """Make every wait on a socket of this server end, now and from now on."""
        self.stopping = True
        self._wake_writer.close()

    def close_sockets(self) -> None:
        """Close every socket of this server."""
        for sock in self.open_sockets():
            sock.close()
            if sock.fileno() >= 0:  # a file of `makefile` keeps it open
                sock._real_close()

    def close(self) -> None:
        """Close every socket of this server and the line that wakes them."""
        self.close_sockets()
        self._wake_writer.close()
        self._wake_reader.close()

    def open_sockets(self) -> list[ServedSocket]:
        """The sockets of this server that are still open."""
        with self._lock:
            return [sock for sock in self.sockets if sock.fileno() >= 0]

    def add(self, sock: ServedSocket) -> None:
        """Take a socket into this server's care."""
        sock._owner = self
        with self._lock:
            self.sockets.add(sock)

    def leave_if_stopped(self) -> None:
        """Raise ServerStopped in a server's thread if its server has been stopped."""
        if not self.stopping:
            return
        if threading.current_thread() is threading.main_thread():
            raise OSError(f"the server {self.server_name!r} has been stopped, its sockets closed")
        self._ignored_stops += 1
        if self._ignored_stops > 100:
            time.sleep(0.01)  # a bare `except:` in a loop must not take the whole processor
        raise ServerStopped

    def wait(self, sock: ServedSocket, event: str, deadline: float | None) -> None:
        """Wait until the socket is ready, the deadline has passed, or the server is stopped.

        Raises:
            ServerStopped: when the server is stopped.
            TimeoutError: when the deadline (on the monotonic clock) has passed.
        """
        thread, number = threading.get_ident(), sock.fileno()
        seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
        self.parked[thread] = (number, event)
        try:
            ready = wait_ready(number, event, self._wake_reader.fileno(), seconds)
        finally:
            self.parked.pop(thread, None)
        self.leave_if_stopped()
        if not ready:
            raise TimeoutError("timed out")

    def peer_name(self, address: Any) -> str:
        """A short name for a peer: "client 1" for the first that was seen, and so on."""
        with self._lock:
            return self._peers.setdefault(address, f"client {len(self._peers) + 1}")


def wait_ready(number: int, event: str, waker: int, seconds: float | None) -> bool:
    """Wait until a file number is ready or the waker is readable; False when the time is up.

    `poll` where there is one, as `select` fails for file numbers of 1,024 and more.
    """
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(number, select.POLLIN if event == READ else select.POLLOUT)
        poller.register(waker, select.POLLIN)
        return bool(poller.poll(None if seconds is None else seconds * 1000))
    readers = [number, waker] if event == READ else [waker]
    writers = [number] if event == WRITE else []
    return any(select.select(readers, writers, writers, seconds))


class ServedSocket(socket.socket):
    """A socket whose blocking calls end with ServerStopped as soon as its server is stopped.

    Underneath it never blocks; waiting is done here, so that the wake-up line can be heard.
    Seen from outside it is an ordinary socket: timeouts, flags and errors are the standard
    library's. A socket that `accept` returns belongs to the same server.
    """

    _owner: Owner  # given by Owner.add, which `adopt`, `accept` and `dup` call
    _patience: float | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience = super().gettimeout()
        self._peer: Any = None
        self._peer_ended = False
        super().settimeout(0.0)

    @classmethod
    def adopt(cls, sock: socket.socket, owner: Owner) -> ServedSocket:
        """Turn an ordinary socket into a served one; the ordinary one is detached."""
        timeout = sock.gettimeout()
        served = cls(sock.family, sock.type, sock.proto, fileno=sock.detach())
        served.settimeout(timeout)
        owner.add(served)
        return served

    @property
    def is_connection(self) -> bool:
        """Whether `accept` returned it, so that it has one peer."""
        return self._peer is not None

    def dup(self) -> ServedSocket:
        duplicate = super().dup()
        self._owner.add(duplicate)
        return duplicate

    def settimeout(self, value: float | None) -> None:
        super().settimeout(value)  # checks the value
        self._patience = super().gettimeout()
        super().settimeout(0.0)

    def gettimeout(self) -> float | None:
        return self._patience

    timeout = property(gettimeout)

    def setblocking(self, flag: bool) -> None:
        self.settimeout(None if flag else 0.0)

    def getblocking(self) -> bool:
        return self._patience != 0.0

    def accept(self) -> tuple[socket.socket, Any]:
        number, peer = self._patiently(READ, self._accept)
        connection = type(self)(self.family, self.type, self.proto, fileno=number)
        if connection._patience == self._owner.default_timeout:  # not set by the server's function
            connection._patience = None
        connection._peer = peer
        self._owner.add(connection)
        connection._record("connect", from_peer=True)
        return connection, peer

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        if flags & WAITALL and self._patience is None and bufsize > 0:
            whole = bytearray(bufsize)
            return bytes(whole[: self.recv_into(whole, bufsize, flags)])
        data = self._patiently(READ, super().recv, bufsize, flags)
        self._record_received(data, bufsize, flags)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        wanted, count = nbytes or view.nbytes, 0
        # Underneath nothing blocks, so the kernel can't wait for all: this loop does.
        whole = bool(flags & WAITALL) and self._patience is None
        while True:
            rest = view[count:]
            got = self._patiently(READ, super().recv_into, rest, wanted - count, flags & ~WAITALL)
            self._record_received(bytes(rest[:got]), wanted - count, flags)
            count += got
            if not whole or not got or count == wanted:
                return count

    def recvfrom(self, bufsize: int, flags: int = 0) -> tuple[bytes, Any]:
        data, sender = self._patiently(READ, super().recvfrom, bufsize, flags)
        self._record_received(data, bufsize, flags, sender)
        return data, sender

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        count, sender = self._patiently(READ, super().recvfrom_into, buffer, nbytes, flags)
        self._record_received(bytes(memoryview(buffer).cast("B")[:count]), 1, flags, sender)
        return count, sender

    def recvmsg(self, *args: Any) -> tuple:
        return self._patiently(READ, super().recvmsg, *args)

    def recvmsg_into(self, *args: Any) -> tuple:
        return self._patiently(READ, super().recvmsg_into, *args)

    def sendmsg(self, *args: Any) -> int:
        return self._patiently(WRITE, super().sendmsg, *args)

    def send(self, data: Any, flags: int = 0) -> int:
        if self._patience is None and self.type == socket.SOCK_STREAM:
            self.sendall(data, flags)  # as the kernel does for a blocking socket
            return memoryview(data).nbytes
        sent = self._patiently(WRITE, super().send, data, flags)
        self._record("data", bytes(memoryview(data).cast("B")[:sent]))
        return sent

    def sendall(self, data: Any, flags: int = 0) -> None:
        view = memoryview(data).cast("B")
        deadline = self._deadline()
        sent = 0
        while True:
            sent += self._patiently(WRITE, super().send, view[sent:], flags, deadline=deadline)
            if sent == view.nbytes:
                break
        if sent:
            self._record("data", bytes(view))

    def sendto(self, data: Any, *args: Any) -> int:
        sent = self._patiently(WRITE, super().sendto, data, *args)
        self._record("datagram", bytes(memoryview(data).cast("B")[:sent]), peer=args[-1])
        return sent

    def shutdown(self, how: int) -> None:
        super().shutdown(how)
        if how != socket.SHUT_RD:
            self._record("end")

    def detach(self) -> int:
        super().settimeout(self._patience)  # as whoever gets the number expects it
        return super().detach()

    def _real_close(self, *args: Any) -> None:
        if self._peer is not None and self.fileno() >= 0:
            self._record("close")
        super()._real_close(*args)

    def _deadline(self) -> float | None:
        return None if self._patience is None else time.monotonic() + self._patience

    def _patiently(
        self, event: str, call: Callable, *args: Any, deadline: float | None = None
    ) -> Any:
        """Do a call that does not block, waiting before it is tried again as long as it may."""
        if deadline is None:
            deadline = self._deadline()
        while True:
            self._owner.leave_if_stopped()
            try:
                return call(*args)
            except BlockingIOError:
                if self._patience == 0.0:
                    raise
            except ConnectionResetError:
                # Windows tells a UDP socket in this way (10054) that an earlier datagram
                # found nobody; it has nothing to do with the one that we wait for.
                if self.type == socket.SOCK_DGRAM and event == READ:
                    continue
                self._record("reset", from_peer=True)
                raise
            except OSError:
                self._owner.leave_if_stopped()
                raise
            self._owner.wait(self, event, deadline)

    def _record_received(self, data: bytes, wanted: int, flags: int, sender: Any = None) -> None:
        if flags & socket.MSG_PEEK:
            return
        if self.type == socket.SOCK_DGRAM:
            self._record("datagram", data, from_peer=True, peer=sender)
        elif data:
            self._record("data", data, from_peer=True)
        elif wanted and not self._peer_ended:
            self._peer_ended = True
            self._record("end", from_peer=True)

    def _record(
        self, kind: str, payload: bytes = b"", from_peer: bool = False, peer: Any = None
    ) -> None:
        address = peer or self._peer
        if address is None:
            return
        here, there = self._owner.server_name, self._owner.peer_name(address)
        source, target = (there, here) if from_peer else (here, there)
        self._owner.trace.record(source, target, kind, payload)
