"""Receivers as `judge_receiver` meets them: right ones, and six that are wrong in one belief."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from helpers.chapters.chapter_06._wire import DATA, END, SIZE, ack, read

PATIENCE = 2.0  # seconds of the socket's timeout, as the exercise says it
SLOW = 0.03  # seconds that a slow device takes to answer

Serve = Callable[[socket.socket], None]


class Rules:
    """The rules of a right receiver: a datagram goes in, the number to confirm comes out."""

    def __init__(self) -> None:
        self.upto, self.ended = 0, False

    def take(self, datagram: bytes) -> int | None:
        """The number to confirm; None for what is ignored."""
        parts = self.parts(datagram)
        if parts is None or parts[0] not in (DATA, END) or (parts[0] == END and parts[2]):
            return None
        return self.number(*parts[:2])

    def parts(self, datagram: bytes) -> tuple[int, int, bytes] | None:
        """Kind, number and payload; None for what is too short."""
        return read(datagram)

    def number(self, kind: int, number: int) -> int | None:
        """The number to confirm, for a DATA or an END of this number."""
        if number < 1:
            return None
        if number == self.upto + 1 and not self.ended:
            self.upto, self.ended = number, kind == END
        return self.upto


def serving(rules: type[Rules], answers_late: float = 0.0) -> Serve:
    """A program that receives by such rules, once."""

    def serve(sock: socket.socket) -> None:
        here = rules()
        while True:
            datagram, sender = sock.recvfrom(SIZE)
            number = here.take(datagram)
            if number is not None:
                time.sleep(answers_late)
                sock.sendto(ack(number), sender)

    return serve


def program(receive: Callable[[socket.socket], object]) -> Serve:
    """A program that calls a `receive_reliably` once."""

    def serve(sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        receive(sock)

    return serve


class SilentToCopies(Rules):
    """It believes that what was confirmed once needs no second ACK."""

    def number(self, kind: int, number: int) -> int | None:
        """None for a DATA that is here."""
        old = kind == DATA and number <= self.upto
        return None if old else super().number(kind, number)


class CountsCopies(Rules):
    """It believes that whatever comes is new."""

    def number(self, kind: int, number: int) -> int | None:
        """A copy of a DATA is taken for the next one."""
        if kind == DATA and 1 <= number <= self.upto and not self.ended:
            number = self.upto + 1
        return super().number(kind, number)


class KeepsWhatIsEarly(Rules):
    """It believes that packets come in order, so the newest number tells how far all is here."""

    def number(self, kind: int, number: int) -> int | None:
        """A DATA after a gap moves it on."""
        if kind == DATA and number > self.upto and not self.ended:
            self.upto = number
        return super().number(kind, number)


class EndsAtAnyEnd(Rules):
    """It believes that where END is, all that was sent before is there."""

    def number(self, kind: int, number: int) -> int | None:
        """An END after a gap ends it."""
        if kind == END and number > self.upto and not self.ended:
            self.upto, self.ended = number, True
        return super().number(kind, number)


class TrustsTheLength(Rules):
    """It believes that every datagram has a header."""

    def parts(self, datagram: bytes) -> tuple[int, int, bytes]:
        """Raises ValueError for what is too short, and so the program ends."""
        parts = read(datagram)
        if parts is None:
            raise ValueError(f"{datagram!r} has no header")
        return parts


def leaves_at_the_end(sock: socket.socket) -> None:
    """It believes that its last ACK can't be lost: it goes as soon as END is here."""
    here = Rules()
    while not here.ended:
        datagram, sender = sock.recvfrom(SIZE)
        number = here.take(datagram)
        if number is not None:
            sock.sendto(ack(number), sender)


is_slow = serving(Rules, SLOW)
is_silent_to_copies = serving(SilentToCopies)
counts_copies = serving(CountsCopies)
keeps_what_is_early = serving(KeepsWhatIsEarly)
ends_at_any_end = serving(EndsAtAnyEnd)
trusts_the_length = serving(TrustsTheLength)
