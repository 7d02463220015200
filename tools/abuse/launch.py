"""Starts a command under limits that it cannot lift, and becomes it.

    python launch.py [--files 256] [--one-core] [--no-ipv6] [--full FOLDER]
        [--read-only FOLDER]... [--hosts FILE] -- COMMAND...

Without IPv6 the command has a network of its own, with IPv6 switched off and only loopback in it.
Only the command sees a full disk in the first FOLDER, others that can't be written, and FILE as its
hosts file. All that is done with namespaces of Linux, which end with it. Standard library only:
this is not a part of the kernel that it starts.
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import resource
import socket
import struct
import sys
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
MS_REC, MS_PRIVATE, MS_BIND, MS_REMOUNT, MS_RDONLY = 0x4000, 0x40000, 0x1000, 0x20, 0x1
KEPT = os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC  # a user namespace may not take them away
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
C = ctypes.CDLL(None, use_errno=True)


def called(result: int, what: str) -> None:
    """Raise OSError where a call of the C library has failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(spaces: int) -> None:
    """Leave the namespaces of the parent; without the right to, within a user namespace."""
    user, group = os.getuid(), os.getgid()
    if user != 0:
        spaces |= CLONE_NEWUSER
    called(C.unshare(spaces), "unshare")
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def take_ipv6_away() -> None:
    """Switch IPv6 off in this network namespace, and loopback on."""
    for name in ("all", "default", "lo"):
        Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(sock, SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def fill(folder: str) -> None:
    """Mount a file system of one page here, and fill it."""
    called(C.mount(b"full", folder.encode(), b"tmpfs", 0, b"size=4096"), "mount")
    with contextlib.suppress(OSError), open(Path(folder, "filler"), "wb", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass


def make_read_only(folder: str) -> None:
    """Mount a folder on itself, for reading alone: an administrator can't write there either."""
    place = folder.encode()
    called(C.mount(place, place, None, MS_BIND | MS_REC, None), "mount")
    flags = MS_BIND | MS_REMOUNT | MS_RDONLY | os.statvfs(folder).f_flag & KEPT
    called(C.mount(None, place, None, flags, None), "mount")


def main(arguments: list[str]) -> None:
    """Set the limits, and become the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int)
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("--no-ipv6", action="store_true")
    parser.add_argument("--full")
    parser.add_argument("--read-only", action="append", default=[])
    parser.add_argument("--hosts")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(arguments)
    mounts = given.full or given.read_only or given.hosts
    spaces = (CLONE_NEWNET if given.no_ipv6 else 0) | (CLONE_NEWNS if mounts else 0)
    if spaces:
        unshare(spaces)
    if mounts:
        called(C.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount")
    if given.no_ipv6:
        take_ipv6_away()
    if given.full:
        fill(given.full)
    for folder in given.read_only:
        make_read_only(folder)
    if given.hosts:
        called(C.mount(given.hosts.encode(), b"/etc/hosts", None, MS_BIND, None), "mount")
    if given.one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if given.files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given.files, given.files))
    os.execvp(given.command[0], given.command)


if __name__ == "__main__":
    main(sys.argv[1:])
