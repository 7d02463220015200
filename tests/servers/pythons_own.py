"""Runs Python's own tests of sockets on a socket of the stage; a process of its own does this.

    python tests/servers/pythons_own.py SHARE SHARES [kind:test ...]

runs every SHARES-th test, or those that are named, with the stage's sockets in the place of
`socket.socket`, and says on a line of JSON what begins and what came of it. A kind is "served", the
socket of a server, "peer", one that a check hands to a learner's function, or "plain", that of
Python.
"""

import contextlib
import json
import os
import re
import socket
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers.checks.peers import PeerSocket
from helpers.servers.owner import Owner
from helpers.servers.served_socket import ServedSocket
from helpers.trace.trace import Trace

PLAIN = socket.socket
# TCP, UDP, timeouts, files, buffers and messages. Not: other families, what IPv6 does as well, and
# NetworkConnectionBehaviourTest, which waits for six seconds.
WANTED = (
    r"Basic(TCP|UDP|SocketPair)Test|TCPCloserTest|NonBlockingTCPTests|NonblockConstantTest|"
    r"\w*FileObjectClassTestCase|NetworkConnection(NoServer|AttributesTest)|(TCP|UDP)TimeoutTest|"
    r"TestExceptions|ContextManagersTest|InheritanceTest|SendfileUsingSendTest|"
    r"CreateServer(Functional)?Test|SendRecvFdsTests|BufferIOTest|Interrupted\w+Test|"
    r"(Sendmsg|Recvmsg(Into)?)(UDP|TCP|UnixStream|SCMRightsStream)Test"
)
# These wait for a second or two: it is enough that one kind of socket, and one kind of file, does.
SLOW = r"\w+TimeoutTest\.test(TCP|UDP|Interrupted)Timeout|TCPCloserTest|.*TimeoutTriggeredSend"
AGAIN = r"(SmallBuffered|LineBuffered|Unicode\w+)FileObjectClassTestCase\.testReadAfterTimeout"
SLOW_FOR_PEERS = rf"{SLOW}|.*testReadAfterTimeout"


def main(arguments: list[str]) -> None:
    """Run the tests of one share."""
    share, shares, *named = arguments
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the tests print is no result

    def tell(**what: Any) -> None:
        print(json.dumps(what), file=output, flush=True)

    try:
        from test import test_socket
        from test.support import threading_helper
    except ImportError as error:
        tell(state="none", why=str(error))
        return
    # It waits some hundredths of a second for each test's threads, whose ends `done` tells.
    threading_helper.wait_threads_exit = lambda *_: contextlib.nullcontext()

    def tests() -> Iterator[unittest.TestCase]:  # new ones: some serve only once
        return _flat(unittest.defaultTestLoader.loadTestsFromModule(test_socket))

    with contextlib.ExitStack() as stack:
        kinds = _kinds(stack)
        chosen = [
            f"{kind}:{name_of(test)}" for kind in kinds for test in tests() if _wanted(kind, test)
        ]
        mine = named or chosen[int(share) :: int(shares)]
        tell(state="plan", tests=mine)
        for kind, socket.socket in kinds.items():
            suite = [test for test in tests() if f"{kind}:{name_of(test)}" in mine]
            try:
                unittest.TestSuite(suite).run(_Result(kind, tell))
            finally:
                socket.socket = PLAIN


def name_of(test: unittest.TestCase) -> str:
    """A test's name, as "BasicTCPTest.testRecv"."""
    return ".".join(test.id().split(".")[-2:])


def _flat(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _flat(each)
        else:
            yield each


def _wanted(kind: str, test: unittest.TestCase) -> bool:
    name = name_of(test)
    if kind == "plain" or not re.fullmatch(WANTED, name.split(".")[0]):
        return False
    return not re.match(AGAIN if kind == "served" else SLOW_FOR_PEERS, name)


def _kinds(stack: contextlib.ExitStack) -> dict[str, type[socket.socket]]:
    """What is to stand in the place of `socket.socket`, by its name."""
    kinds = {"plain": PLAIN}
    for kind, base in (("served", ServedSocket), ("peer", PeerSocket)):
        owner = Owner("server", Trace())
        stack.callback(owner.close)
        kinds[kind] = _in_place(base, owner)
    return kinds


def _in_place(base: type[ServedSocket], owner: Owner) -> type[socket.socket]:
    """A class for the place of `socket.socket`: what it makes belongs to the owner."""

    class Standing(base):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            owner.add(self)

    Standing.__name__ = Standing.__qualname__ = "socket"
    Standing.__module__ = "socket"
    return Standing


class _Result(unittest.TestResult):
    """Tells what comes of each test as soon as it is known."""

    def __init__(self, kind: str, tell: Any) -> None:
        super().__init__()
        self._kind, self._tell = kind, tell
        self._state, self._why = "passed", ""

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._state, self._why = "passed", ""
        self._tell(state="begins", test=f"{self._kind}:{name_of(test)}")

    def addError(self, test: Any, error: Any) -> None:
        super().addError(test, error)
        self._state, self._why = "failed", self.errors[-1][1]
        if not isinstance(test, unittest.TestCase):  # what prepares a class of tests
            self._tell(state="failed", test=f"{self._kind}:{test.id()}", why=self._why)

    def addFailure(self, test: Any, error: Any) -> None:
        super().addFailure(test, error)
        self._state, self._why = "failed", self.failures[-1][1]

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self._state, self._why = "skipped", reason

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._tell(state=self._state, test=f"{self._kind}:{name_of(test)}", why=self._why)


if __name__ == "__main__":
    main(sys.argv[1:])
