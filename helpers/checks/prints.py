"""What a learner's function prints and starts while it is checked."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpers.checks.ending import Ending
from helpers.checks.findings import learners_traceback
from helpers.servers.server_output import Log, join_household


class Household:
    """The threads of one case: they print to the same place and end with the case.

    Args:
        heard: called with each text that is printed, if it is to be heard at once.

    Attributes:
        ended: set when the case is over.
        log: the lines that were printed.
    """

    def __init__(self, heard: Callable[[str], None] | None = None) -> None:
        self.ended = Ending()
        self.log = Log()
        self._heard = heard
        self._children: list[threading.Thread] = []

    def keep_output(self, text: str) -> None:
        """Take what one of the threads has printed."""
        self.log.write(text)
        if self._heard:
            self._heard(text)

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
