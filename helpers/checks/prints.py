"""What a learner's function prints and starts while it is checked."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpers.checks.ending import Ending
from helpers.checks.findings import learners_traceback
from helpers.servers.server_output import Log, join_household
from helpers.servers.servers import Server


class Household:
    """The threads of one case: they print to the same place and end with the case.

    Args:
        heard: called with each text that is printed, if it is to be heard at once.

    Attributes:
        ended: set when the case is over.
    """

    def __init__(self, heard: Callable[[str], None] | None = None) -> None:
        self.ended = Ending()
        self._log = Log()
        self._earlier: list[Log] = []
        self._heard = heard
        self._children: list[threading.Thread] = []

    def keep_output(self, text: str) -> None:
        """Take what one of the threads has printed."""
        self._log.write(text)
        self.hear(text)

    def hear(self, text: str) -> None:
        """Hand on a text that is printed, where it is to be heard at once."""
        if self._heard:
            self._heard(text)

    @property
    def lines(self) -> list[str]:
        """What its threads, and the servers that it has taken, have printed."""
        return [line for log in (*self._earlier, self._log) for line in log.lines]

    def take_prints_of(self, server: Server) -> None:
        """From now on what a server of the learner's prints counts as the case's."""
        self._earlier.append(server._log)  # with what it has printed already
        server.keep_output = self.keep_output  # type: ignore[method-assign]

    def take_log(self, log: Log) -> None:
        """What was printed elsewhere counts as the case's, too."""
        self._earlier.append(log)

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


class Beside:
    """A part of a case's household, for one of several calls of the function that run at once.

    Args:
        whole: the case's.

    Attributes:
        log: what the part's threads have printed. It counts as the case's only when that takes it.
        ended: set when this call is to end, at the latest with the case.
    """

    def __init__(self, whole: Household) -> None:
        self.whole = whole
        self.ended = whole.ended.part()
        self.log = Log()

    @property
    def early(self) -> object:
        """Ends waits, as that of the whole case does."""
        return getattr(self.whole, "early", None)

    def keep_output(self, text: str) -> None:
        """Take what one of the threads has printed."""
        self.log.write(text)
        self.whole.hear(text)

    def take_in(self, thread: threading.Thread) -> None:
        """Count a thread that one of them is about to start."""
        self.whole.take_in(thread)
        join_household(thread, self)
