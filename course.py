#!/usr/bin/env python3
"""Set up the course and call its tools: `python3 course.py` lists the words that it knows.

In old syntax on purpose: an old Python then says what it lacks. All else is in `tools/start`.
"""

import os
import sys

ROOT = os.path.dirname(os.path.realpath(__file__))
OLD = (
    "course.py: this is Python %d.%d, and the course needs 3.11 or newer: install one from "
    "python.org, then run course.py with it.\n"
)
IN_PART = (
    "course.py: the folder %s has no tools/start, so it is not the whole course: download all of "
    "it again, and run course.py there.\n"
)


def main(arguments):
    """Hand over to tools/start; return the exit code."""
    if sys.version_info < (3, 11):
        sys.stderr.write(OLD % tuple(sys.version_info[:2]))
        return 1
    if not os.path.isdir(os.path.join(ROOT, "tools", "start")):
        sys.stderr.write(IN_PART % ROOT)
        return 1
    sys.path.insert(0, os.path.join(ROOT, "tools"))
    from start.words import main as do

    return do(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
