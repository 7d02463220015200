"""Links that die, and links that are only silent: all are tried side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.assignments.a2 import _receiver_cases as receiver
from helpers.assignments.a2 import _sender_cases as sender
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import beliefs
from helpers.assignments.a2._field import RECEIVER, SENDER, program, received, sent
from helpers.checks.stage import Stage
from helpers.checks.wrong import Wrong

EARLY, LATE = 2.8, 6.0  # seconds; the specification says 3 to 5
PAUSE = 0.5 + 0.4  # seconds: the limit, and what a busy machine may add
_KEPT = "ends"
_WHERE = "where the link was silent"


def _look(function: Callable, stage: Stage) -> dict[str, Callable[[], Any]]:
    """Begin all of them, once for all cases of this milestone; what gives each result."""
    kept: dict[str, Any] | None = stage.attempt.kept
    if kept is not None and _KEPT in kept:
        return kept[_KEPT]
    found: dict[str, Any] = {}
    begun: dict[str, Callable[[], Any]] = {}
    for name in (SENDER, RECEIVER):
        try:
            own = program(function, name)
        except Wrong as missing:
            found.update({f"{what} {name}": missing for what in ("dead", "silent")})
            continue
        if name == SENDER:
            silent = [sender.Silent(stage, own, after) for after in (0, 8)]
            begun[f"dead {name}"] = _dead_sender(sender.Dead(stage, own))
            begun[f"silent {name}"] = _silent_sender(silent)
        else:
            dead = [receiver.Dead(stage, own, begun) for begun in (False, True)]
            begun[f"dead {name}"] = _dead_receiver(dead)
            begun[f"silent {name}"] = _silent_receiver(receiver.Silent(stage, own))
    for what, result in begun.items():
        try:
            result()
        except Exception as error:
            found[what] = error
    if kept is not None:
        kept[_KEPT] = found
    return found


def _case(what: str) -> Callable[[Callable, Stage], None]:
    def run(function: Callable, stage: Stage) -> None:
        if (error := _look(function, stage).get(what)) is not None:
            raise error

    return run


sender_gives_up = _case(f"dead {SENDER}")
receiver_gives_up = _case(f"dead {RECEIVER}")
sender_survives_silence = _case(f"silent {SENDER}")
receiver_survives_silence = _case(f"silent {RECEIVER}")


def _expect_in_time(name: str, took: float, when: str) -> None:
    if took < EARLY:
        told = f"{name} gave up {took:.1f} s after the last valid packet, {when}: not before 3 s."
        raise Wrong(told, beliefs.SILENCE_IS_DEATH)
    if took > LATE:
        told = f"{name} gave up {took:.1f} s after the last valid packet, {when}: within 5 s."
        raise Wrong(told, beliefs.NEVER_GIVES_UP)


def _dead_sender(dead: sender.Dead) -> Callable[[], None]:
    def look() -> None:
        _expect_in_time(SENDER, dead.told(), "where the link had died")

    return look


def _dead_receiver(several: list[receiver.Dead]) -> Callable[[], None]:
    def look() -> None:
        for dead in several:
            when = "where the link died after two chunks" if dead.begun else "where it never worked"
            _expect_in_time(RECEIVER, dead.told(), when)

    return look


def _silent_sender(several: list[sender.Silent]) -> Callable[[], None]:
    def look() -> None:
        for silent in several:
            when = "for 2 s" if silent.after else "for 2 s from the first OFFER on"
            run = silent.receiver.wait(9)
            if not run.over:
                told = f"send_firmware had not come back 9 s after the call, {_WHERE} {when}."
                raise Wrong(told, beliefs.NEVER_GIVES_UP)
            sent(run, f"{_WHERE} {when}", beliefs.SILENCE_IS_DEATH)
            if silent.longest > PAUSE:
                raise Wrong(
                    f"send_firmware was silent for {silent.longest:.1f} s while it waited for "
                    f"answers, {_WHERE} {when}: not longer than {wire.SILENT:g} s are allowed.",
                    beliefs.PAUSES,
                )

    return look


def _silent_receiver(silent: receiver.Silent) -> Callable[[], None]:
    def look() -> None:
        run = silent.asker.receiving
        run.wait(9, lambda: silent.wrong)
        where = "where the sender was silent for 2 s, twice"
        if silent.wrong is not None and run.over and run.error is None:
            raise silent.wrong
        if silent.wrong is None or run.over:
            received(run, silent.asker.image, where, beliefs.SILENCE_IS_DEATH)
        raise_or_pass(silent)

    return look


def raise_or_pass(silent: receiver.Silent) -> None:
    """What was wrong with the answers, where something was."""
    if silent.wrong is not None:
        raise silent.wrong
