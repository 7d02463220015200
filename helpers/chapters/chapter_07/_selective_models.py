"""What a receiver of Selective Repeat answers and keeps, the right one and those with one slip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._wire import DATA, END
from helpers.chapters.chapter_06.beliefs import ACK_LOST, DUPLICATE
from helpers.chapters.chapter_07 import _selective_hints as hints
from helpers.chapters.chapter_07.beliefs import SPACE, USELESS
from helpers.checks.wrong import Hints, Misconception

Told = tuple[list[int], list[bytes] | None]  # its ACKs, and its list; None where it raises


@dataclass(frozen=True)
class Model:
    """A receiver, right but for what is set otherwise.

    Attributes:
        keeps_early: whether it keeps what comes early.
        confirms_early: whether it confirms that.
        confirms_again: whether it confirms what was here before.
        keeps_again: whether it keeps that again.
        room: how many places it has more than it should; None for no bound.
        confirms_beyond: whether it confirms what lies beyond, without keeping it.
        ring: whether it puts each packet at its number modulo the window, old ones too.
        as_it_comes: whether its list is in the order of arrival.
        one_at_a_time: whether each arrival hands out one packet at the most.
        ends_early: whether each END counts.
        answers_early_end: whether an END that does not count is answered.
        named: the number in an ACK, of the packet's number and the wanted one.
        end_too: whether that also holds for END.
        silent_below: whether only what was handed out is not confirmed again.
        ends: whether END is answered.
        leaves: whether nothing is answered after END.
    """

    keeps_early: bool = True
    confirms_early: bool = True
    confirms_again: bool = True
    keeps_again: bool = False
    room: int | None = 0
    confirms_beyond: bool = False
    ring: bool = False
    as_it_comes: bool = False
    one_at_a_time: bool = False
    ends_early: bool = False
    answers_early_end: bool = False
    named: Callable[[int, int], int] = lambda number, wanted: number
    end_too: bool = False
    silent_below: bool = False
    ends: bool = True
    leaves: bool = False

    def receive(self, sent: Sequence[bytes], window: int) -> Told:
        """What it makes of these datagrams."""
        run = _Run(self, window)
        for datagram in sent:
            parts = wire.read(datagram)
            if parts is None or not parts[1] or (run.ended and self.leaves):
                continue
            kind, number, payload = parts
            if kind == DATA:
                run.data(number, payload)
            elif kind == END and not payload:
                run.end(number)
        return run.acks, run.messages if run.ended else None


class _Run:
    """A model at work."""

    def __init__(self, model: Model, window: int) -> None:
        self._model, self._window = model, window
        self.acks: list[int] = []
        self._early: dict[int, bytes] = {}
        self._kept: list[tuple[int, bytes]] = []  # as they came
        self._wanted, self.ended = 1, False

    @property
    def messages(self) -> list[bytes]:
        """Its list."""
        kept = self._kept
        if not self._model.as_it_comes:
            kept = sorted(kept, key=lambda each: each[0])
        return [payload for _, payload in kept]

    def data(self, number: int, payload: bytes) -> None:
        """Take a message."""
        model, window = self._model, self._window
        if model.ring:
            self._early[number % window] = payload
            while self._wanted % window in self._early:
                self._kept.append((self._wanted, self._early.pop(self._wanted % window)))
                self._wanted += 1
            self.acks.append(number)
            return
        beyond = model.room is not None and number >= self._wanted + window + model.room
        if beyond or (self.ended and number >= self._wanted):
            self.acks += [number] if model.confirms_beyond and beyond else []
            return
        again = number < self._wanted or number in self._early
        is_early = number > self._wanted
        if not again and (model.keeps_early or not is_early):
            self._early[number] = payload
        if model.keeps_again or (number in self._early and not again):
            self._kept.append((number, payload))
        before = self._wanted
        while self._wanted in self._early:
            del self._early[self._wanted]
            self._wanted += 1
            if model.one_at_a_time:
                break
        if model.silent_below and number < before:
            return
        if (model.confirms_again or not again) and (model.confirms_early or not is_early):
            self.acks.append(model.named(number, self._wanted))

    def end(self, number: int) -> None:
        """Take an END."""
        if number == self._wanted or self._model.ends_early:
            self.ended = True
            if self._model.ends:
                named = self._model.named(number, number + 1)
                self.acks.append(named if self._model.end_too else number)
        elif self._model.answers_early_end:
            self.acks.append(number)


RIGHT = Model()
SLIPS: list[tuple[Model, Misconception | None, Hints | None]] = [
    # Where two slips do the same, the one that tells of no belief comes first.
    (Model(named=lambda number, wanted: wanted - 1), None, hints.OWN_NUMBER),
    (Model(named=lambda number, wanted: number + 1), None, hints.NEXT_NUMBER),
    (Model(named=lambda number, wanted: number + 1, end_too=True), None, hints.NEXT_NUMBER),
    (Model(named=lambda number, wanted: wanted), None, hints.OWN_NUMBER),
    (Model(named=lambda number, wanted: wanted, end_too=True), None, hints.OWN_NUMBER),
    (Model(as_it_comes=True), None, hints.ORDER),
    (Model(as_it_comes=True, room=None), None, hints.ORDER),
    (Model(confirms_early=False), None, hints.EARLY_SILENT),
    (Model(room=-1), None, hints.NARROW),
    (Model(room=1), None, hints.WIDE),
    (Model(confirms_beyond=True), None, hints.BEYOND_CONFIRMED),
    (Model(confirms_beyond=True, answers_early_end=True), None, hints.BEYOND_CONFIRMED),
    (Model(answers_early_end=True), None, hints.END_EARLY),
    (Model(one_at_a_time=True), None, hints.ONE_AT_A_TIME),
    (Model(room=None), None, hints.BEYOND),
    (Model(ends_early=True), None, hints.END_EARLY),
    (Model(ends=False), None, hints.END_UNANSWERED),
    (Model(leaves=True), None, hints.LEAVES),
    (Model(keeps_early=False, confirms_early=False), USELESS, None),
    (Model(keeps_early=False), USELESS, None),
    (Model(keeps_early=False, named=lambda number, wanted: wanted - 1), USELESS, None),
    (Model(confirms_again=False), ACK_LOST, hints.COPIES_UNANSWERED),
    (Model(silent_below=True), ACK_LOST, hints.COPIES_UNANSWERED),
    (Model(keeps_again=True), DUPLICATE, None),
    (Model(keeps_again=True, room=None), DUPLICATE, None),
    (Model(keeps_again=True, room=None, as_it_comes=True), DUPLICATE, None),
    (Model(ring=True), SPACE, None),
]


def slip_of(
    told: Told, sent: Sequence[bytes], window: int
) -> tuple[Misconception | None, Hints | None]:
    """The belief and the hints of the first slip that does exactly this; none where none does."""
    for model, belief, hint in SLIPS:
        if model.receive(sent, window) == told:
            return belief, hint
    return None, None
