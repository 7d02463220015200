"""The usual slips of a receiver, each tried on what was sent: the one that gives exactly that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpers.chapters.chapter_06 import _receive_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._wire import DATA, END, HEADER
from helpers.chapters.chapter_06.beliefs import ACK_LOST, DUPLICATE
from helpers.checks.wrong import Hints, Misconception

Cause = tuple[Misconception | None, Hints | None]
NONE: Cause = (None, None)
Part = tuple[int, int, bytes]


def which_ack(got: Sequence[int], acks: Sequence[int], sent: Sequence[bytes]) -> str:
    """Which of many ACKs is the first wrong one, and what it answers; empty where that is plain."""
    asking = [each for each in sent if wire.words(each).startswith(("DATA", "END"))]
    if not len(got) == len(acks) == len(asking):
        return ""
    place = next(k for k, (one, other) in enumerate(zip(got, acks, strict=True)) if one != other)
    answered = wire.words(asking[place])
    return f"; number {place + 1} answers {answered} and should be {acks[place]}"


def of_messages(got: list[bytes], expected: list[bytes], sent: Sequence[bytes]) -> Cause:
    """What is behind a wrong list of messages."""
    parts = [each for each in map(wire.read, sent) if each is not None and each[0] == DATA]
    for kept, cause in (
        (_unlike_the_last, (DUPLICATE, hints.LAST_ONLY)),
        (_all, (DUPLICATE, hints.KEPT_TWICE)),
        (_unlike_any_payload, (None, hints.EQUAL)),
        (_also_early, (None, hints.EARLY)),
        (_also_early_as_they_came, (None, hints.EARLY)),
        (_above_the_highest, (None, hints.EARLY)),
    ):
        if got == kept(parts) != expected:
            return cause
    if not got:
        return None, hints.NOTHING_KEPT
    if parts and parts[0][1] > 1 and got[0] == parts[0][2]:
        return None, hints.EARLY
    if got == _until_a_false_end(sent) != expected:
        return None, hints.FALSE_END
    if got == _until_an_early_end(sent) != expected:
        return None, hints.END_TOO_EARLY
    if got == [each for each in expected if each]:
        return None, hints.EMPTY
    if len(got) == len(expected):
        pairs = [(g, e) for g, e in zip(got, expected, strict=True) if g != e]
        if all(g and e.startswith(g) for g, e in pairs):
            return None, hints.CUT
        if all(g.endswith(e) and len(g) == len(e) + HEADER.size for g, e in pairs):
            return None, hints.HEADER
    if got[: len(expected)] == expected and len(got) == len(expected) + 1 and len(got[-1]) <= 5:
        again = [payload for _, _, payload in parts]
        if again.count(got[-1]) < 2:
            return None, hints.END_KEPT
    if len(got) > len(expected):
        rest = list(got)
        for each in expected:
            if each in rest:
                rest.remove(each)
        if all(each in _again(parts) for each in rest):
            return DUPLICATE, hints.KEPT_TWICE
    return NONE


def _until_a_false_end(sent: Sequence[bytes]) -> list[bytes]:
    """What came before an END with a payload."""
    kept: list[bytes] = []
    for kind, number, payload in filter(None, map(wire.read, sent)):
        if kind == END and payload:
            return kept
        if kind == DATA and number == len(kept) + 1:
            kept.append(payload)
    return kept


def _until_an_early_end(sent: Sequence[bytes]) -> list[bytes]:
    """What came in order before the first END, whatever its number."""
    kept: list[bytes] = []
    for kind, number, payload in filter(None, map(wire.read, sent)):
        if kind == END:
            return kept
        if kind == DATA and number == len(kept) + 1:
            kept.append(payload)
    return kept


def _again(parts: Sequence[Part]) -> list[bytes]:
    """The payloads that came more than once, by their numbers."""
    return [
        payload
        for place, (_, number, payload) in enumerate(parts)
        if any(number == other for _, other, _ in parts[:place])
    ]


def _all(parts: Sequence[Part]) -> list[bytes]:
    return [payload for _, _, payload in parts]


def _unlike_the_last(parts: Sequence[Part]) -> list[bytes]:
    before = [0, *(number for _, number, _ in parts)]
    return [payload for last, (_, number, payload) in zip(before, parts, strict=False)
            if number != last]  # fmt: skip


def _unlike_any_payload(parts: Sequence[Part]) -> list[bytes]:
    return list(dict.fromkeys(payload for _, _, payload in parts))


def _also_early(parts: Sequence[Part]) -> list[bytes]:
    by_number = {number: payload for _, number, payload in parts}
    return [by_number[number] for number in sorted(by_number)]


def _also_early_as_they_came(parts: Sequence[Part]) -> list[bytes]:
    return list({number: payload for _, number, payload in parts}.values())


def _above_the_highest(parts: Sequence[Part]) -> list[bytes]:
    kept, highest = [], 0
    for _, number, payload in parts:
        if number > highest:
            kept.append(payload)
            highest = number
    return kept


def of_answers(got: Sequence[int], sent: Sequence[bytes]) -> Cause:
    """What is behind the wrong numbers of ACKs, where the messages are right."""
    if not got:
        return None, hints.NEVER
    got = list(got)
    if got in (_play_with_early(sent), _play_with_early(sent, of_kinds=(DATA,))):
        return None, hints.EARLY
    for answer, cause in (
        (_end_at_any_time, (None, hints.END_TOO_EARLY)),
        (_end_forgotten, (None, hints.END_NOT_COUNTED)),
        (_that_number, (None, hints.THAT_NUMBER)),
        (_next, (None, hints.NEXT)),
        (_not_to_old, (ACK_LOST, hints.SILENT_TO_OLD)),
        (_not_to_early, (None, hints.SILENT_TO_EARLY)),
        (_only_to_the_next, (ACK_LOST, hints.SILENT_TO_OLD)),
        (_end_not_counted, (None, hints.END_NOT_COUNTED)),
        (_early_end_unanswered, (None, hints.END_UNANSWERED)),
        (_end_unanswered, (None, hints.END_UNANSWERED)),
    ):
        whole = _play(sent, answer)
        if got == whole:
            return cause
        if got == _play(sent, answer, leaves=True):
            return ACK_LOST, hints.LEAVES
    if got == _play(sent, _right, leaves=True):
        return ACK_LOST, hints.LEAVES
    right = _play(sent, _right)
    if len(got) > len(right):
        return None, hints.JUNK
    if got == right[: len(got)] and got[-1] == right[-1]:
        return None, hints.STAYS_TOO_SHORT
    return NONE


Answer = Callable[[int, int, int, bool, bool], int | None]
"""Of the kind, the number, how far all is here, whether END is, and whether that is new: an ACK."""


def _right(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto


def _that_number(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return number


def _next(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto + 1


def _not_to_old(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto if new or number > upto else None


def _not_to_early(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto if number <= upto else None


def _only_to_the_next(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto if new else None


def _end_at_any_time(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return number if kind == END else upto


def _end_not_counted(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return upto - ended


def _end_forgotten(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return number if kind == END else upto - ended


def _end_unanswered(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return None if kind == END else upto


def _early_end_unanswered(kind: int, number: int, upto: int, ended: bool, new: bool) -> int | None:
    return None if kind == END and number > upto else upto


def _play(sent: Sequence[bytes], answer: Answer, leaves: bool = False) -> list[int]:
    """The ACKs of a receiver that answers like this; `leaves` if it returns at END."""
    upto, ended, acks = 0, False, []
    for datagram in sent:
        parts = wire.read(datagram)
        if parts is None or parts[0] not in (DATA, END) or (parts[0] == END and parts[2]):
            continue
        kind, number, _ = parts
        new = number == upto + 1 and not ended
        upto += new
        ended = ended or (new and kind == END)
        number_of_it = answer(kind, number, upto, ended, new)
        if number_of_it is not None:
            acks.append(number_of_it)
        if ended and leaves:
            break
    return acks


def _play_with_early(sent: Sequence[bytes], of_kinds: Sequence[int] = (DATA, END)) -> list[int]:
    """The ACKs of a receiver that keeps what comes too early, where it is of these kinds."""
    here, upto, acks = {0}, 0, []
    for datagram in sent:
        parts = wire.read(datagram)
        if parts is None or parts[0] not in (DATA, END) or (parts[0] == END and parts[2]):
            continue
        if parts[0] in of_kinds or parts[1] == upto + 1:
            here.add(parts[1])
        while upto + 1 in here:
            upto += 1
        acks.append(upto)
    return acks
