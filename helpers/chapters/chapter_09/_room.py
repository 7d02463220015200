"""A room of clients of the broker that a learner has written, in chapter 09."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08._standing import is_met, one_thread_stands, patiently, the
from helpers.chapters.chapter_08.beliefs import BACKLOG
from helpers.chapters.chapter_09 import _broker_hints as hints
from helpers.checks.stage import Silence
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Misconception, Wrong

WAIT = 1.2  # seconds that a client waits for a line: long, on any machine
SOON = 0.5  # seconds after which a broker that rests is not waited for
AT_ONCE = 5  # clients that come without waiting for each other: so many fit into any backlog
AFTER = 0.3  # seconds for one that has waited already, when another has gone
STUCK = {
    "recv": hints.WAITS_IN_RECV,
    "send": hints.WAITS_IN_SEND,
    "again": hints.SENDS_AGAIN,
}


def _of(talker: Talker, begins: bool = False) -> str:
    """A client among others, as a sentence names it."""
    return the("first client" if talker.name == "client" else talker.name, begins)


class Room:
    """Clients of the learner's broker, each of which hears what the others say."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.members: list[Talker] = []
        self.all: list[Talker] = []

    def join(self, count: int = 1, timeout: float = WAIT) -> list[Talker]:
        """So many new clients, five at a time. The last of each five says hello to all others.

        Who comes first is accepted first: where that hello is heard, the broker has all of them.
        """
        for already in range(0, count, AT_ONCE):
            new = [
                Talker(self.watched.client(timeout)) for _ in range(min(AT_ONCE, count - already))
            ]
            self.members += new
            self.all += new
            if len(self.members) > 1:
                hello = b"hello from %s\n" % new[-1].name.encode()
                new[-1].say(hello)
                try:
                    self.heard(new[-1], hello)
                except Wrong as wrong:
                    raise self._not_accepted(wrong) from None
        return self.members[-count:]

    def _not_accepted(self, wrong: Wrong) -> Wrong:
        """What to say where the broker takes a new client only when another has gone."""
        before = self.watched.accepted
        if before >= len(self.members) or not self.watched.server.running:
            return wrong
        for member in self.members[:before]:
            member.sock.close()
        if not self.watched.wait_for_accepted(before + 1, AFTER):
            return wrong
        told = (
            f"{len(self.members)} clients were connected, and your function had accepted {before}. "
            "It accepted another only when one had gone: it serves one after another."
        )
        return Wrong(f"{wrong} {told}", BACKLOG, hints.ONE_AFTER)

    def leave(self, member: Talker) -> None:
        """From now on this client is not expected to hear anything."""
        self.members.remove(member)

    def heard(self, sender: Talker, *lines: bytes, by: Iterable[Talker] | None = None) -> None:
        """Expect that all others hear these lines of a sender, whole and in order.

        Raises:
            Wrong: where one of them does not.
        """
        for member in by or [each for each in self.members if each is not sender]:
            for number, line in enumerate(lines):
                try:
                    self.expect(member, sender, line)
                except Wrong as wrong:
                    first = number > 0 and wrong.hints is hints.NOBODY
                    cause = hints.MORE_LINES if first else wrong.hints
                    raise Wrong(str(wrong), wrong.misconception, cause) from None

    def say(self, sender: Talker, *lines: bytes) -> None:
        """Say these lines at once, and expect that all others hear them."""
        sender.say(b"".join(lines))
        self.heard(sender, *lines)

    def hear(self, member: Talker) -> bytes | None:
        """What a client hears next, as `Talker.hear`; a broker that rests is not waited for."""
        return patiently(self.watched, member.sock, member.hear, SOON)

    def expect(self, member: Talker, sender: Talker, line: bytes) -> None:
        """Expect that the next line that a client hears is this one."""
        silence = None
        try:
            got = self.hear(member)
        except Silence as error:
            got, silence = None, error
        if got == line:
            return
        told = f"{_of(sender, begins=True)} sent {short(line)}, and {_of(member)} was to hear it"
        if silence is not None:
            half = f" It got {short(member.half)}, and no end of that line." if member.half else ""
            raise Wrong(f"{told}.{half} {silence}", hints=self.why_silent(line, member))
        self.watched.settle(0.2)  # raises where the function has failed
        if got is None:
            half = f" It had got {short(member.half)} of a line." if member.half else ""
            cause = hints.ENDS_FOR_ALL if self.watched._returned.is_set() else None
            raise Wrong(f"{told}; its connection had ended.{half}", hints=cause)
        raise Wrong(f"{told}; it got {short(got)}.", hints=self._why(member, sender, line, got))

    def why_silent(self, line: bytes = b"", member: Talker | None = None) -> Hints | None:
        """What keeps a line from a client, as far as it is seen."""
        stuck = STUCK.get(one_thread_stands(self.watched))
        if stuck or line == b"\n":
            return stuck or hints.EMPTY
        if member is None or len(line) > 1000:
            return None
        if ".accept(" in self.watched.server.place:
            return hints.WAITS_IN_ACCEPT
        if not member.half:
            return hints.NOBODY if line.endswith(b"\n") else None
        return hints.NEWLINE_LOST if member.half + b"\n" == line else hints.NOT_WHOLE

    def _why(self, member: Talker, sender: Talker, line: bytes, got: bytes) -> Hints | None:
        """What is wrong with a line that a client has heard in place of another, if it is known."""
        if got in member.said:
            return hints.AUTHOR
        if got.split() == line.split() and got != line:
            return hints.STRIPPED if line.strip() else hints.EMPTY
        if line == b"\n":
            return hints.EMPTY
        if b"\xff" in line:
            return hints.TEXT
        if got.endswith(line) and len(got) > len(line):
            added = got[: -len(line)]
            if added in sender.said:
                return hints.NOT_WHOLE
            return hints.MIXED if any(added in each.said for each in self.all) else hints.ADDED
        whole = {each + b"\n" for talker in self.all for each in talker.said.split(b"\n")}
        piece = any(got.rstrip(b"\n") in talker.said for talker in self.all)
        return hints.NOT_WHOLE if piece and (got not in whole or self._is_half(got)) else None

    def _is_half(self, got: bytes) -> bool:
        """Whether somebody has said this as the beginning of a line whose end is still to come."""
        return any(talker.said.endswith(got.rstrip(b"\n")) for talker in self.all)

    def expect_open(
        self,
        number: int,
        told: str,
        belief: Misconception | None = None,
        cause: Hints | None = None,
    ) -> None:
        """Expect that the broker holds no more connections than these."""

        def closed() -> bool:
            return len(self.watched.open_connections()) <= number

        if not is_met(self.watched, closed, WAIT):
            self.watched.settle(0.1)
            raise Wrong(told, belief, cause)
