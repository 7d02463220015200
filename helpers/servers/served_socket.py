"""The socket that a server's function gets: an ordinary one that its owner can wake and watch."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.servers.owner import READ, WRITE, Owner
from helpers.trace.closes import tell_close

WAITALL = getattr(socket, "MSG_WAITALL", 0)
DONTWAIT = getattr(socket, "MSG_DONTWAIT", 0)
UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK)  # what a connect that does not block returns
Plain = socket.socket  # as Python has it, whoever puts another in its place


class ServedSocket(Plain):
    """A socket whose blocking calls end with ServerStopped as soon as its server is stopped.

    Underneath it never blocks; waiting is done here, so that the wake-up line can be heard.
    Seen from outside it is an ordinary socket: timeouts, flags and errors are the standard
    library's. The file's own flags (`os.get_blocking`) alone can't show what `setblocking` was
    told: they always say that the file does not block. No buffer is held any longer than a call
    takes: each view of one is released before, as this call's frame may be kept by whoever looks
    at threads.

    A socket that `accept` returns belongs to the same server, which closes it at its end; one that
    is dropped before is closed in silence, and not with a ResourceWarning.
    """

    may_end_early = True  # whether a check may let its waits run out before their time
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

    def __repr__(self) -> str:
        """As Python's own: an error that shows it, as a KeyError, is about a socket."""
        return f"<socket.socket {super().__repr__().partition(' ')[2]}"

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
        number, peer = self._patiently(READ, self._accept_one)
        connection = type(self)(self.family, self.type, self.proto, fileno=number)
        if connection._patience == self._owner.default_timeout:  # not set by the server's function
            connection._patience = None
        connection._peer = peer
        self._owner.add(connection)
        connection._record("connect", from_peer=True)
        return connection, peer

    def _accept_one(self) -> tuple[int, Any]:
        self._owner.refuse_if_closed()
        number, peer = self._accept()
        if self._owner.refusals is not None:  # closed between the two lines
            socket.close(number)
            self._owner.refuse_if_closed()
        return number, peer

    def connect(self, address: Any) -> None:
        deadline = self._deadline()
        self._owner.leave_if_stopped()
        try:
            super().connect(address)
        except BlockingIOError:
            if self._patience == 0.0:
                raise
            self._owner.wait(self, WRITE, deadline)
            if error := self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(error, os.strerror(error)) from None

    def connect_ex(self, address: Any) -> int:
        deadline = self._deadline()
        self._owner.leave_if_stopped()
        error = super().connect_ex(address)
        if error not in UNDER_WAY or self._patience == 0.0:
            return error
        try:
            self._owner.wait(self, WRITE, deadline)
        except TimeoutError:
            return errno.EWOULDBLOCK  # as Python's sockets do
        return self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        if self._waits_for_all(flags) and bufsize > 0:
            whole = bytearray(bufsize)
            return bytes(whole[: self.recv_into(whole, bufsize, flags)])
        data = self._patiently(READ, super().recv, bufsize, flags, flags=flags)
        self._record_received(data, bufsize, flags)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        with memoryview(buffer) as whole, whole.cast("B") as view:
            wanted, count = nbytes or view.nbytes, 0
            # Underneath nothing blocks, so the kernel can't wait for all: this loop does.
            all_of_it = self._waits_for_all(flags)
            while True:
                got = self._receive_into(view, count, wanted - count, flags)
                count += got
                if not all_of_it or not got or count == wanted:
                    return count

    def _waits_for_all(self, flags: int) -> bool:
        return bool(flags & WAITALL) and not flags & DONTWAIT and self._patience is None

    def _receive_into(self, view: memoryview, start: int, wanted: int, flags: int) -> int:
        kernels = flags & ~WAITALL
        with view[start:] as rest:
            got = self._patiently(READ, super().recv_into, rest, wanted, kernels, flags=flags)
            self._record_received(_copy(rest, got), wanted, flags)
            return got

    def recvfrom(self, bufsize: int, flags: int = 0) -> tuple[bytes, Any]:
        data, sender = self._patiently(READ, super().recvfrom, bufsize, flags, flags=flags)
        self._record_received(data, bufsize, flags, sender)
        return data, sender

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        call = super().recvfrom_into
        count, sender = self._patiently(READ, call, buffer, nbytes, flags, flags=flags)
        self._record_received(_copy(buffer, count), 1, flags, sender)
        return count, sender

    def recvmsg(self, bufsize: int, ancbufsize: int = 0, flags: int = 0) -> tuple:
        call = super().recvmsg
        found = self._patiently(READ, call, bufsize, ancbufsize, flags, flags=flags)
        self._record_received(found[0], bufsize, flags, found[3])
        return found

    def recvmsg_into(self, buffers: Any, ancbufsize: int = 0, flags: int = 0) -> tuple:
        buffers = tuple(buffers)  # this may be called several times
        call = super().recvmsg_into
        found = self._patiently(READ, call, buffers, ancbufsize, flags, flags=flags)
        self._record_received(b"".join(buffers)[: found[0]], 1, flags, found[3])
        return found

    def sendmsg(self, buffers: Any, ancdata: Any = (), flags: int = 0, address: Any = None) -> int:
        buffers, ancdata = tuple(buffers), tuple(ancdata)  # this may be called several times
        to = () if address is None else (address,)
        call = super().sendmsg
        sent = self._patiently(WRITE, call, buffers, ancdata, flags, *to, flags=flags)
        data = b"".join(buffers)
        is_stream = self.type == socket.SOCK_STREAM
        self._record("data" if is_stream else "datagram", data[:sent], peer=address)
        if sent < len(data) and self._sends_all(flags):
            self.sendall(data[sent:], flags)
            return len(data)
        return sent

    def send(self, data: Any, flags: int = 0) -> int:
        if self._sends_all(flags):
            self.sendall(data, flags)  # as the kernel does for a blocking socket
            with memoryview(data) as view:
                return view.nbytes
        sent = self._patiently(WRITE, super().send, data, flags, flags=flags)
        self._record("data", _copy(data, sent))
        return sent

    def _sends_all(self, flags: int) -> bool:
        is_stream = self.type == socket.SOCK_STREAM
        return is_stream and self._patience is None and not flags & DONTWAIT

    def sendall(self, data: Any, flags: int = 0) -> None:
        deadline = self._deadline()
        sent = 0
        send = functools.partial(self._patiently, WRITE, super().send, deadline=deadline)
        with memoryview(data) as whole, whole.cast("B") as view:
            while True:
                with view[sent:] as rest:
                    sent += send(rest, flags, flags=flags)
                if sent == view.nbytes:
                    break
            if sent:
                self._record("data", bytes(view))

    def sendto(self, data: Any, *args: Any) -> int:
        flags = args[0] if len(args) > 1 and isinstance(args[0], int) else 0
        sent = self._patiently(WRITE, super().sendto, data, *args, flags=flags)
        self._record("datagram", _copy(data, sent), peer=args[-1])
        return sent

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        return self._sendfile_use_send(file, offset, count)  # by `send`, which is recorded

    def shutdown(self, how: int) -> None:
        super().shutdown(how)
        if how != socket.SHUT_RD:
            self._record("end")

    def detach(self) -> int:
        with contextlib.suppress(OSError):  # of a number that is closed
            super().settimeout(self._patience)  # as whoever gets the number expects it
        return super().detach()

    def __del__(self) -> None:
        """Close what the function has dropped: its owner answers for it, so no warning is due."""
        with contextlib.suppress(OSError):  # whose number was closed by somebody else
            # Not `_real_close`, which writes to the trace: this may happen inside of any line.
            super(Plain, self).close()

    def _real_close(self, *args: Any) -> None:
        if self.fileno() >= 0:
            self._tell_close()
            if self._peer is not None:
                self._record("close")
        super()._real_close(*args)

    def _tell_close(self) -> None:
        """Tell traces elsewhere, as a link's, of a close that is the function's own."""
        owner = getattr(self, "_owner", None)
        if owner is not None and not owner.stopping and self.type == socket.SOCK_STREAM:
            tell_close(self, self._peer)

    def _deadline(self) -> float | None:
        return None if self._patience is None else time.monotonic() + self._patience

    def _patiently(
        self,
        event: str,
        call: Callable,
        *args: Any,
        flags: int = 0,
        deadline: float | None = None,
    ) -> Any:
        """Do a call that does not block, waiting before it is tried again as long as it may.

        With MSG_DONTWAIT it may not; as with Python's sockets that holds where there is no timeout.
        """
        if deadline is None:
            deadline = self._deadline()
        at_once = self._patience == 0.0 or (self._patience is None and bool(flags & DONTWAIT))
        while True:
            self._owner.leave_if_stopped()
            try:
                return call(*args)
            except BlockingIOError:
                if at_once:
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


def _copy(data: Any, size: int) -> bytes:
    """The first bytes of a buffer of any kind."""
    with memoryview(data) as whole, whole.cast("B") as view, view[:size] as part:
        return bytes(part)
