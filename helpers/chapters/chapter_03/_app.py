"""The apps of the check of `lamp_server`."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

from helpers.chapters.chapter_03._pieces import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong
from helpers.servers.servers import Server

PATIENCE = 1.5  # seconds that an app waits for an answer
SETTLE = 0.3  # seconds that the lamp gets in all to deal with each piece before the next one

SOON = (
    "The app waits for the answer to its command, and the lamp for more from the app.",
    "A command is whole when its newline has come, whether the app says more or not.",
    "Obey and answer each line as soon as it is whole, inside the loop that reads.",
)
TOO_EARLY = (
    "When may the lamp end a conversation? The app had not ended its side.",
    "An app may send any number of commands on one connection.",
    "Serve a connection in a loop of its own, until its stream ends.",
)


def line_of(identity: Any, wanted: Any) -> bytes:
    """A command as an app sends it."""
    return json.dumps({"id": identity, "set": wanted}, ensure_ascii=False).encode() + b"\n"


class App:
    """A client of the learner's lamp, which turns what goes wrong into words.

    Args:
        stage: of the case.
        server: runs the learner's function.
        belief: that leads to an answer which is none, or too early.
    """

    def __init__(self, stage: Stage, server: Server, belief: Misconception | None = None) -> None:
        self.sock: PeerSocket = stage.client(server, timeout=PATIENCE)
        self.server, self.belief = server, belief
        self._rest, self._heard = b"", 0

    def send(self, *pieces: bytes) -> None:
        """Send these pieces, each when the lamp has taken in the one before, or time is up."""
        deadline = time.monotonic() + SETTLE
        for number, piece in enumerate(pieces):
            if number:  # settle raises where the function has failed
                self.server.settle(max(0.0, deadline - time.monotonic()))
            with contextlib.suppress(ConnectionError):  # the lamp's answer says more
                self.sock.sendall(piece)

    def hear(self, expected: str) -> dict:
        """The lamp's next answer.

        Args:
            expected: what is expected, for the message where none comes.
        """
        while b"\n" not in self._rest:
            try:
                piece = self.sock.recv(65536)
            except Silence as silence:
                raise self._silent(expected, silence) from None
            except ConnectionError:
                piece = b""
            if not piece:
                self.server.settle(SETTLE)  # a function that failed needs a moment to do so
                if not self.server.running:
                    raise Wrong("lamp_server has returned. It is to serve for ever.") from None
                told = f"Expected {expected}, and the lamp ended the conversation."
                belief = None if self._heard else self.belief
                raise Wrong(told, belief, None if belief else TOO_EARLY)
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        self._heard += 1
        try:
            answer = json.loads(line)
        except ValueError:
            raise Wrong(f"Expected {expected}, got the line {short(line)}: no JSON.") from None
        if not isinstance(answer, dict):
            raise Wrong(f"Expected {expected}, got {short(answer)}.")
        return answer

    def _silent(self, expected: str, silence: Silence) -> Wrong:
        """What a lamp that does not answer is to be told."""
        if self._rest:
            came = f"got {short(self._rest)} without one"
            return Wrong(f"Expected {expected}, and a newline after it; {came}.")
        told = f"Expected {expected}. {silence}"
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)
            self.sock.settimeout(0.2)
            if self.sock.recv(65536):
                return Wrong(f"{told} The answer came when the app had ended its side.", None, SOON)
        return Wrong(told, self.belief)

    def expect(self, identity: Any, state: str) -> None:
        """Hear that a command was obeyed, or raise Wrong."""
        expected = {"id": identity, "state": state}
        answer = self.hear(short(expected))
        if answer != expected:
            belief = self.belief if "error" in answer else None
            raise Wrong(f"Expected {short(expected)}, got {short(answer)}.", belief)

    def expect_error(self, line: bytes, *identities: Any) -> None:
        """Hear that a line was no command; its answer has one of these ids."""
        told = f'For the line {short(line)}: expected an answer with "error" and the id '
        told += short(identities[0])
        answer = self.hear(f'an answer to {short(line)} with "error"')
        if "error" not in answer or "state" in answer or answer.get("id", ...) not in identities:
            raise Wrong(f"{told}, got {short(answer)}.")

    def tell(self, identity: Any, wanted: str, state: str) -> None:
        """Send a command in one piece, and hear that it was obeyed."""
        self.send(line_of(identity, wanted))
        self.expect(identity, state)

    def end(self) -> None:
        """End this side, and wait until the lamp has ended its own."""
        with contextlib.suppress(ConnectionError):
            self.sock.shutdown(socket.SHUT_WR)
        self.until_the_end("The app has ended its side, and expected the same of the lamp.")
        self.sock.close()

    def until_the_end(self, told: str) -> None:
        """Wait until the lamp ends the conversation; an answer before that does not matter."""
        try:
            while self.sock.recv(65536):
                pass
        except Silence as silence:
            raise Wrong(f"{told} {silence}") from None
        except ConnectionError:
            pass

    def vanish(self) -> None:
        """Reset the connection."""
        reset(self.sock)
