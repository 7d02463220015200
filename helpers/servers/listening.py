"""Opening the socket of a server, with errors that say what to do."""

from __future__ import annotations

import contextlib
import errno
import gc
import ipaddress
import os
import socket
import warnings

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
BACKLOG = 128  # finished handshakes that may wait for accept()
_promised: dict[int, socket.socket] = {}  # the port that `free_port` has given out, and its token


def open_server_socket(kind: str, host: str, port: int) -> socket.socket:
    """A socket that is bound, and for "tcp" listening; the caller closes it.

    Args:
        kind: "tcp" or "udp".
        host: an address of this machine or a name for one; the first address of a name is used.
        port: 0 to 65535; 0 lets the operating system choose a free one.

    Raises:
        ValueError: for an unknown kind or a port out of range.
        TypeError: for a port that is not a whole number.
        PermissionError: for a port that only administrators may open.
        OSError: when the port is taken, or the host is unknown or not this machine's.
    """
    if kind not in KINDS:
        raise ValueError(f'kind is {kind!r}: use "tcp" or "udp"')
    if isinstance(port, bool) or not isinstance(port, int):
        raise TypeError(f"port is {port!r}: use a whole number from 0 to 65535")
    if not 0 <= port <= 65535:
        raise ValueError(f"port is {port}: use a number from 0 (any free port) to 65535")
    family, address = _resolve(host, port, KINDS[kind])
    _warn_unless_loopback(address[0])
    sock = socket.socket(family, KINDS[kind])
    try:
        sock.settimeout(None)  # whatever `setdefaulttimeout` has set for all
        if os.name == "nt":
            # On Windows SO_REUSEADDR would let two servers share one port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif kind == "tcp":
            # Connections of the last run that linger in TIME_WAIT do not hold the port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        if kind == "tcp":
            sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise _explained(error, host, port) from None
    return sock


def reachable(address: tuple) -> tuple[str, int]:
    """Where clients of this machine find a server that is bound to this address: (host, port).

    "Every address", 0.0.0.0 or ::, is no place to connect to, except on Linux and macOS.
    """
    host, port = address[:2]
    ip = ipaddress.ip_address(host.partition("%")[0])
    if ip.is_unspecified:
        host = "127.0.0.1" if ip.version == 4 else "::1"
    return host, port


def free_port(preferred: int, host: str = "127.0.0.1") -> int:
    """The first TCP port from `preferred` on that no program holds at this moment.

    For scripts that want a port by number. Until `let_go` is called, as `run_script` does when its
    script is ready, or until this is called again, no other kernel gets the same port from here.
    A program that takes a port by itself may take it before the script does.

    Raises:
        OSError: when none of the hundred ports from `preferred` on is free.
    """
    let_go()
    for port in range(preferred, preferred + 100):
        try:
            # The UDP port of the same number is a token that one process at a time can hold, and
            # that the system takes back from a kernel that dies.
            token = open_server_socket("udp", host, port)
            try:
                open_server_socket("tcp", host, port).close()
            except BaseException:
                token.close()
                raise
            _promised[port] = token
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return port
    raise OSError(errno.EADDRINUSE, f"no port from {preferred} to {preferred + 99} is free")


def let_go(*ports: int) -> None:
    """Let other kernels have ports again that `free_port` has given out; without any, all."""
    for port in ports or list(_promised):
        token = _promised.pop(port, None)
        if token is not None:
            token.close()


def _resolve(host: str, port: int, kind: int) -> tuple[int, tuple]:
    try:
        found = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else socket.EAI_NONAME
        raise socket.gaierror(
            number,
            f"no address is known for host {host!r}: check its spelling, "
            'or use "127.0.0.1" for this machine',
        ) from None
    family, _, _, _, address = found[0]
    return family, address


def _warn_unless_loopback(address: str) -> None:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if not ip.is_loopback:
        where = "every network that this machine is on" if ip.is_unspecified else f"{address}"
        warnings.warn(
            f"this server listens on {where}, so other machines can connect to it; "
            'use host="127.0.0.1" to keep it to this one',
            stacklevel=5,  # the line that calls run_server
        )


def _is_held_here(port: int) -> bool:
    """Whether a socket of this very process is bound to the port, as far as Python knows it."""
    for each in gc.get_objects():
        if issubclass(type(each), socket.socket):
            with contextlib.suppress(OSError):
                address = each.getsockname()
                if isinstance(address, tuple) and address[1] == port:
                    return True
    return False


def _explained(error: OSError, host: str, port: int) -> OSError:
    # Windows answers EACCES too where another program holds the port exclusively.
    if error.errno == errno.EADDRINUSE or (os.name == "nt" and error.errno == errno.EACCES):
        if _is_held_here(port):
            return OSError(
                errno.EADDRINUSE,
                f"port {port} on {host} is taken, and not by another program: a socket of this "
                "notebook holds it. Close that socket, restart the kernel, or use port=0 to let "
                "the system choose a free one",
            )
        return OSError(
            errno.EADDRINUSE,
            f"port {port} on {host} is taken by another program: end that program, "
            "or use port=0 to let the system choose a free one",
        )
    if error.errno == errno.EACCES:
        return PermissionError(
            errno.EACCES,
            f"port {port} is kept for administrators (as most below 1024 are): "
            "use a port from 1024 to 65535, or port=0 for any free one",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return OSError(
            errno.EADDRNOTAVAIL,
            f"{host} is not an address of this machine, so no server can listen on it: "
            'use "127.0.0.1" or, where the machine has IPv6, "::1"',
        )
    return OSError(error.errno, f"can't open port {port} on {host}: {error.strerror}")
