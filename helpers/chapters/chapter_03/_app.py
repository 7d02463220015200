"""The apps of the check of `lamp_server`."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import weakref
from typing import Any

from helpers.chapters.chapter_03 import _hints_lamp as lamp
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.servers.servers import Server

PATIENCE = 1.2  # seconds that an app waits for an answer
SHORTER = 0.8  # seconds for a lamp that has answered before: the machine is not that slow
SETTLE = 0.3  # seconds that the lamp gets in all to deal with each piece before the next one

_answered: weakref.WeakSet[Server] = weakref.WeakSet()  # learner's lamps that have answered once

# What is said to a lamp that answers by an error, by what is said to one in the wrong state.
REFUSALS = {
    lamp.STATE_KEPT: lamp.NOT_OBEYED,
    lamp.ALIKE: lamp.ALIKE,
    **dict.fromkeys((lamp.KNOWN, lamp.OF_THEN, lamp.FORGOTTEN, lamp.OUTLAST), lamp.SAME_ANSWER),
}


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
        try:
            self.sock: PeerSocket = stage.client(server, timeout=PATIENCE)
        except Wrong as wrong:  # nobody listens
            raise Wrong(str(wrong), hints=lamp.RETURNED) from None
        self.server, self.belief = server, belief
        self._rest, self._heard = b"", 0
        if server in _answered:
            self.sock.settimeout(SHORTER)

    def send(self, *pieces: bytes) -> None:
        """Send these pieces, each when the lamp has taken in the one before, or time is up."""
        deadline = time.monotonic() + SETTLE
        for number, piece in enumerate(pieces):
            if number:  # settle raises where the function has failed
                self.server.settle(max(0.0, deadline - time.monotonic()))
            with contextlib.suppress(ConnectionError):  # the lamp's answer says more
                self.sock.sendall(piece)

    def hear(self, expected: str, hints: Hints | None = None, silent: Hints | None = None) -> dict:
        """The lamp's next answer.

        Args:
            expected: what is expected, for the message where none comes.
            hints: for a conversation that the lamp ends here.
            silent: for a lamp that says nothing.
        """
        while b"\n" not in self._rest:
            try:
                piece = self.sock.recv(65536)
            except Silence as silence:
                raise self._silent(expected, silence, silent) from None
            except ConnectionError:
                piece = b""
            if not piece:
                raise self._ended(expected, hints)
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        self._heard += 1
        _answered.add(self.server)
        self.sock.settimeout(SHORTER)
        told = f"Expected {expected}, got the line {short(line)}"
        try:
            answer = json.loads(line)
        except ValueError:
            whole = _is_json(line + b"\n" + self._rest)
            hints = lamp.ONE_LINE if whole or line in (b"{", b"[") else lamp.NOT_JSON
            raise Wrong(f"{told}: no JSON.", hints=hints) from None
        if not isinstance(answer, dict):
            raise Wrong(f"Expected {expected}, got {short(answer)}.", hints=lamp.MEMBERS)
        return answer

    def _ended(self, expected: str, hints: Hints | None) -> Wrong:
        """What a lamp that has ended the conversation is to be told."""
        self.server.settle(SETTLE)  # a function that failed needs a moment to do so
        if not self.server.running:
            return Wrong("lamp_server has returned. It is to serve for ever.", hints=lamp.RETURNED)
        told = f"Expected {expected}, and the lamp ended the conversation."
        if self._rest:
            told = f"Expected {expected}, and a newline after it; got {short(self._rest)} without "
            return Wrong(f"{told}one, and the conversation's end.", hints=lamp.NEWLINE)
        belief = None if self._heard or hints else self.belief
        return Wrong(told, belief, None if belief else hints or lamp.TOO_EARLY)

    def _silent(self, expected: str, silence: Silence, hints: Hints | None) -> Wrong:
        """What a lamp that does not answer is to be told."""
        if self._rest:
            came = f"got {short(self._rest)} without one"
            told = f"Expected {expected}, and a newline after it; {came}."
            return Wrong(told, hints=lamp.NEWLINE)
        told = f"Expected {expected}. {silence}"
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)
            self.sock.settimeout(0.2)
            if self.sock.recv(65536):
                told = f"{told} The answer came when the app had ended its side."
                return Wrong(told, hints=lamp.SOON)
        return Wrong(told, self.belief, None if self.belief else hints or lamp.NO_ANSWER)

    def expect(
        self,
        identity: Any,
        state: str,
        hints: Hints = lamp.STATES,
        ended: Hints | None = None,
        silent: Hints | None = None,
    ) -> None:
        """Hear that a command was obeyed, or raise Wrong.

        Args:
            identity: the command's.
            state: the lamp's, after it.
            hints: for the other state.
            ended: for a conversation that the lamp ends here.
            silent: for a lamp that says nothing.
        """
        expected = {"id": identity, "state": state}
        answer = self.hear(short(expected), ended, silent)
        if answer == expected and type(answer["id"]) is type(identity):
            return
        told = f"Expected {short(expected)}, got {short(answer)}."
        if "error" in answer and "state" not in answer:
            refused = REFUSALS.get(hints, lamp.REFUSED)
            raise Wrong(told, self.belief, None if self.belief else refused)
        if set(answer) != set(expected):
            raise Wrong(told, hints=lamp.MEMBERS)
        if answer["state"] not in ("on", "off"):
            raise Wrong(told, hints=lamp.STATE_TEXT)
        if str(answer["id"]) != str(identity):
            raise Wrong(told, hints=lamp.ORDER)
        same = type(answer["id"]) is type(identity)
        raise Wrong(told, hints=hints if same else lamp.ID_AS_IT_CAME)

    def expect_error(self, line: bytes, *identities: Any, hints: Hints | None = None) -> None:
        """Hear that a line was no command; its answer has one of these ids.

        Args:
            line: that was sent.
            identities: that the answer may have.
            hints: for a lamp that obeys it.
        """
        told = f'For the line {short(line)}: expected an answer with "error" and the id '
        told += short(identities[0])
        answer = self.hear(f'an answer to {short(line)} with "error"', lamp.HANGS_UP)
        told = f"{told}, got {short(answer)}."
        if "state" in answer or "error" not in answer:
            obeyed = answer.get("state") in ("on", "off")
            other = lamp.OBEYED_NONSENSE if obeyed else lamp.ERROR_MEMBER
            raise Wrong(told, hints=hints or other)
        identity = answer.get("id", ...)
        if not any(identity == each and type(identity) is type(each) for each in identities):
            raise Wrong(told, hints=lamp.ERRORS_ID)

    def tell(self, identity: Any, wanted: str, state: str, *hints: Hints) -> None:
        """Send a command in one piece, and hear that it was obeyed; hints as `expect` takes "
        "them."""
        self.send(line_of(identity, wanted))
        self.expect(identity, state, *hints)

    def end(self) -> None:
        """End this side, and wait until the lamp has ended its own."""
        with contextlib.suppress(ConnectionError):
            self.sock.shutdown(socket.SHUT_WR)
        told = "The app has ended its side, and expected the same of the lamp."
        self.until_the_end(told, lamp.NOT_CLOSED)
        self.sock.close()

    def until_the_end(self, told: str, hints: Hints, never: tuple[Any, ...] = ()) -> None:
        """Wait until the lamp ends the conversation; most answers before that do not matter.

        Args:
            told: what was sent, as a sentence.
            hints: for a lamp that goes on.
            never: ids of commands that must not be obeyed.
        """
        try:
            while piece := self.sock.recv(65536):
                self._rest += piece
                *lines, self._rest = self._rest.split(b"\n")
                for line in lines:
                    if any(_obeyed(line, identity) for identity in never):
                        told = f"{told} Expected the conversation's end, got {short(line)}."
                        raise Wrong(told, hints=hints)
        except Silence as silence:
            raise Wrong(f"{told} {silence}", hints=hints) from None
        except ConnectionError:
            pass

    def vanish(self) -> None:
        """Reset the connection."""
        reset(self.sock)


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _obeyed(line: bytes, identity: Any) -> bool:
    """Whether a line of the lamp says that the command of this id was obeyed."""
    try:
        answer = json.loads(line)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("id") == identity and "state" in answer
