"""One set-up at a time."""

import contextlib
import errno
import os
from collections.abc import Iterator

from start.places import Problem, Venv


@contextlib.contextmanager
def only_one(venv: Venv) -> Iterator[None]:
    """Hold .venv.lock; the system lets go of it when this process ends, however it ends."""
    with open(f"{venv.folder}.lock", "w") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:  # any other error: a file system without locks
            if error.errno in (errno.EAGAIN, errno.EACCES):
                said = f"another course.py is setting up {venv.folder.name}: "
                raise Problem(said + "run this when it has ended.") from None
        yield
