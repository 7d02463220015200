"""What a learner's function prints and starts while it is checked."""

from __future__ import annotations

import threading

from helpers.checks.ending import Ending
from helpers.checks.findings import learners_traceback
from helpers.servers.server_output import Log, join_household

MOST_PRINTS = 20  # lines of the function's prints that are shown


class Prints:
    """What a learner's function prints in all its cases, shown in the end and not at length."""

    def __init__(self) -> None:
        self._log = Log()

    def write(self, text: str) -> None:
        """Take what a thread of a case has printed."""
        self._log.write(text)

    def show(self) -> None:
        """Print the first lines, and how many more there were."""
        lines = self._log.unseen()
        for line in lines[:MOST_PRINTS]:
            print(line)
        rest = len(lines) - MOST_PRINTS
        if rest > 0:
            print(f"... and {'at least ' if self._log.left_out else ''}{rest:,} lines more")


class Household:
    """The threads of one case: they print to the same place and end with the case.

    Attributes:
        ended: set when the case is over.
    """

    def __init__(self, prints: Prints) -> None:
        self.ended = Ending()
        self._prints = prints
        self._children: list[threading.Thread] = []

    def keep_output(self, text: str) -> None:
        """Take what one of the threads has printed."""
        self._prints.write(text)

    def take_in(self, thread: threading.Thread) -> None:
        """Count a thread that one of them, so the learner's code, is about to start."""
        thread.daemon = True  # it must not keep the kernel alive
        join_household(thread, self)
        run = thread.run

        def run_quietly() -> None:
            try:
                run()
            except SystemExit:
                pass
            except BaseException as error:
                if not self.ended.is_set():  # else it comes from the end of the case
                    self.keep_output(f"A thread failed. {learners_traceback(error)}\n")

        thread.run = run_quietly
        self._children.append(thread)

    def children(self) -> list[threading.Thread]:
        """Those of the learner's threads that are alive."""
        return [thread for thread in self._children if thread.is_alive()]
