"""Programs of A1 that a learner's can be set against, and how two of them talk."""

from __future__ import annotations

import time
from typing import Any

from helpers.assignments.a1 import _broken, others, solutions
from helpers.assignments.a1._wire import named
from helpers.checks.interop import REFUSED, WORKED, WRONG, Interop, Names, Talk, right
from helpers.link.link import Link
from helpers.servers.servers import run_server

SIDES = ("Thermostat", "thermostat_server")
TIMEOUT = 0.6  # of the app, in seconds
_count = iter(range(1, 1 << 60))


def converse(app: Names, thermostat: Names) -> Talk:
    """Let an app ask, set, be refused and ask again."""
    number = next(_count)
    with (
        run_server(thermostat["thermostat_server"], name=f"thermostat {number}") as server,
        Link(server.address, kind="tcp", name=f"talk {number}") as link,
    ):
        talk = _talk(app["Thermostat"], link.address)
        talk.trace = link.trace
    return talk


def _talk(app: Any, address: tuple[str, int]) -> Talk:
    done = "Thermostat(address, timeout)"
    began = time.monotonic()
    try:
        with app(address, TIMEOUT) as thermostat:
            for done, call, wanted in (
                ("temperature()", thermostat.temperature, 19.5),
                ("target()", thermostat.target, 20.0),
                ("set_target(21.5)", lambda: thermostat.set_target(21.5), None),
                ("target() after it", thermostat.target, 21.5),
            ):
                got = call()
                if got != wanted and not (wanted and abs(got - wanted) < 0.06):
                    return Talk(WRONG, f"{done}: expected {wanted}, got {got}.", "See section 3.")
            done = "set_target(35.0)"
            try:
                thermostat.set_target(35.0)
            except ValueError:
                pass
            else:
                return Talk(WRONG, "set_target(35.0) was not refused.", "See sections 5 and 6.")
            done = "target() after a refusal"
            got = thermostat.target()
            if abs(got - 21.5) > 0.06:
                return Talk(WRONG, f"{done}: expected 21.5, got {got}.", "See section 6.")
    except (ConnectionError, TimeoutError) as error:
        told = f"{done} raised {type(error).__name__}: {error}"
        took = time.monotonic() - began
        if took > 5 * TIMEOUT:
            return Talk(WRONG, f"{told}, after {took:.1f} s.", "See section 7.")
        return Talk(REFUSED, f"{told}.")
    except Exception as error:
        told = f"{done} raised {type(error).__name__}: {error}."
        return Talk(WRONG, told, "See the table of errors in section 9.")
    return Talk(WORKED, "The app asked, set a target, was refused another one, and asked again.")


INTEROP = Interop(
    SIDES,
    ("app", "thermostat"),
    (*right(SIDES, solutions, others), *_broken.PROGRAMS),
    converse,
    words=named,
)
