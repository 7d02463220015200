"""What a view of a link is told: which packets are on their way, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from helpers.trace.trace import CAUSE, DELIVERED, FATE, preview

MOST = 60  # packets that a view shows at a time
MOST_GONE = 12  # that were over before a view could show them, of each time that it is told
TARGET, SIZE, HEAD, NUMBER = 2, 4, 5, 9  # places in a trace's row


class Flight:
    """Looks at a link and its trace, and says what has changed since it last did.

    Nothing is noted for it while packets cross: it reads what the link keeps anyway.

    Args:
        link: as `live` takes it.
        words: says what a payload means.
        roles: what the client and the server are called.
    """

    def __init__(
        self,
        link: Any,
        words: Callable[[bytes], str] | None,
        roles: tuple[str, str] = ("client", "server"),
    ) -> None:
        self._link, self._words, self._roles = link, words, roles
        self._count = len(link.trace) + link.trace.left_out  # what was before is over
        self._rows: dict[int, list] = {}  # of packets whose end is not told so far, by their id
        self._told: dict[int, float] = {}  # when each packet that is shown is due

    def tell_all_again(self) -> None:
        """Let the next news hold all packets on their way, for a view that has just come."""
        self._told.clear()

    def news(self) -> dict[str, Any]:
        """What has changed; empty where nothing has.

        Returns:
            `packets`: those that have come, or are due at another moment: id, when it was sent,
            whether it goes up, label, the share of its way behind it, and milliseconds to go.
            `gone`: those whose way has ended: id, whether it went up, label, fate ("arrived",
            "killed" or "lost"), and a sentence. `more`: how many are on their way and not shown.
        """
        now = perf_counter()
        self._count, rows = self._link.trace.after(self._count)
        flying = {each.id: each for each in self._link.in_flight()}
        self._rows.update((id(row), row) for row in rows)
        packets, gone, unseen = [], [], 0
        for packet, row in list(self._rows.items()):
            each = flying.get(packet)
            if each is not None:
                known = self._told.get(packet)
                if known != each.due and (known is not None or len(self._told) < MOST):
                    self._told[packet] = each.due
                    packets.append(_on_its_way(each, self.label(packet), now))
            elif row[DELIVERED] is not None or row[FATE] == "dropped":  # else it is handed on now
                if self._told.pop(packet, None) is not None or (unseen := unseen + 1) <= MOST_GONE:
                    up = row[TARGET] == "server"
                    gone.append({"id": packet, "up": up, **self._end(packet, row)})
                del self._rows[packet]
        found = {"packets": packets, "gone": gone}
        if packets or gone:
            found["more"] = len(flying) - len(self._told)
        return {name: value for name, value in found.items() if value or name == "more"}

    def label(self, packet: int) -> str:
        """What a packet on its way is called: in the chapter's words, or its number and text."""
        row = self._rows.get(packet)
        if row is None:
            return "the packet"
        if self._words:
            try:
                return self._words(row[HEAD])
            except Exception:  # the learner's own, or bytes that it was not made for
                pass
        return f"{row[NUMBER]}: {preview(row[HEAD], row[SIZE], 16) or 'empty'}"

    def _end(self, packet: int, row: list) -> dict[str, str]:
        label = self.label(packet)
        if row[FATE] == "dropped":
            killed = row[CAUSE] == "by hand"
            how = "killed by hand" if killed else f"lost ({row[CAUSE] or 'loss'})"
            fate = "killed" if killed else "lost"
            return {"label": label, "fate": fate, "said": f"{label} was {how}."}
        copy = "A copy of " if row[FATE] == "duplicate" else ""
        damaged = ", damaged" if row[CAUSE] == "corrupt" else ""
        whom = self._roles[row[TARGET] == "server"]
        said = f"{copy}{label} has reached the {whom}{damaged}."
        return {"label": label, "fate": "arrived", "said": said}


def _on_its_way(each: Any, label: str, now: float) -> dict[str, Any]:
    whole = max(each.due - each.sent, 1e-6)
    return {
        "id": each.id,
        "sent": each.sent,
        "up": each.way == "up",
        "label": f"{label} (copy)" if each.copy else label,
        "at": round(min(1.0, max(0.0, (now - each.sent) / whole)), 4),
        "left": round(max(0.0, each.due - now) * 1000, 1),
    }
