"""Tells, inside a kernel, what it owns more than at first: threads, descriptors, ports, processes.

Loaded into the kernel as the module `course_probe` by `kernels.load`, so that `%reset` between two
runs does not take it away. Standard library only.
"""

import gc
import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

NO_OBJECTS = "a socket that no object of Python has"


def descriptors() -> dict[str, str]:
    """Return the sockets, pipes and files that are open, by number; {} without /proc."""
    found = {}
    for number in os.listdir("/proc/self/fd") if on_linux else []:
        try:
            link = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the descriptor of the listing itself
            continue
        is_font = link.endswith(".ttf")  # matplotlib keeps those that it has drawn with
        if link.startswith(("socket:", "pipe:")) or (Path(link).is_file() and not is_font):
            found[number] = link
    return found


def tcp_sockets() -> Iterator[tuple[str, int, bool]]:
    """Yield the inode and the local port of each TCP socket, and whether it listens."""
    for table in ("tcp", "tcp6"):
        path = Path("/proc/self/net", table)
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            row = line.split()
            yield row[9], int(row[1].rpartition(":")[2], 16), row[3] == "0A"


def listening(owned: set[str]) -> list[int]:
    """Return the ports on which sockets of these inodes listen."""
    return [port for inode, port, listens in tcp_sockets() if listens and inode in owned]


def inodes(links: Iterable[str]) -> set[str]:
    """Return the inodes of those links that lead to sockets."""
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}


def connections_to_the_kernel() -> set[str]:
    """Return what connections to the kernel's own ports are called as links.

    A client whose heartbeat is late, on a busy machine, connects anew.
    """
    return {f"socket:[{inode}]" for inode, port, _ in tcp_sockets() if port in ports}


def socket_words(number: int) -> str:
    """Say which socket has this number, and what holds it."""
    for each in gc.get_objects():
        if isinstance(each, socket.socket) and each.fileno() == number:
            holders = {type(one).__name__ for one in gc.get_referrers(each)}
            return f"socket {each!r}, held by {', '.join(sorted(holders))}"
    return NO_OBJECTS


def children() -> list[str]:
    """Return the numbers of the processes that this one has started and that still run."""
    lists = Path("/proc/self/task").glob("*/children")
    return [number for path in lists for number in path.read_text().split()]


def process_words(number: str) -> str:
    """Say what a process runs, and in which state it is: Z has ended and was not waited for."""
    try:
        command = Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ").strip()
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "that is gone"
    return f"`{command}`, state {state}"


def forget_errors() -> None:
    """Let go of the last traceback and of all outputs, which hold what their frames held."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            setattr(sys, name, None)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.InteractiveTB.tb = None
    gc.collect()


def left() -> list[str]:
    """Return what there is now and was not there when this module was loaded, in words."""
    gc.collect()
    # The first output over 64 KiB makes pyzmq start a thread of its own in the kernel, for good.
    more = [t for t in threading.enumerate() if t not in threads]
    found = ["thread " + t.name for t in more if not type(t).__module__.startswith("zmq.")]
    now = descriptors().items()
    own = connections_to_the_kernel()
    new = {number: link for number, link in now if before.get(number) != link and link not in own}
    found += [f"listening port {port}" for port in listening(inodes(new.values()))]
    found += [
        socket_words(int(number)) if link.startswith("socket:") else link.partition(":")[0]
        for number, link in new.items()
    ]
    return found + [f"child process {process_words(number)}" for number in children() if on_linux]


on_linux = os.path.isdir("/proc/self/fd")
threads = set(threading.enumerate())
before = descriptors()
ports = set(listening(inodes(before.values())))
