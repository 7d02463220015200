"""The process in which programs of an assignment talk to each other.

Its job is {"assignment": "A1", "programs": [{"name": text, "code": text}, ...]}; it tells {"cell":
[first, second], "outcome": text, "told": text, "must": text, "html": text} for each pair, by the
programs' places, and {"problem": [place, text]} for a program that can't be loaded.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from helpers.checks.interop import HUNG, Interop, Names, Talk
from helpers.study.assessor import _told, load
from helpers.study.beside import take_job, tell
from helpers.study.finding import find_programs
from helpers.trace.diagram import sequence_diagram


def main() -> None:
    """Do one job; the process ends with it, whatever the programs have left running."""
    job, out = take_job()
    _work(job, out)
    os._exit(0)


def _work(job: dict[str, Any], out: IO[str]) -> None:
    interop: Interop = find_programs(job["assignment"]).INTEROP
    programs: list[Names] = []
    for place, each in enumerate(job["programs"]):
        try:
            programs.append(load(each["code"], each["name"]))
        except BaseException as error:
            programs.append({})
            tell(out, problem=[place, _told(error)])
    programs += [each.names or {} for each in interop.programs]
    first, second = interop.sides
    pairs = [
        (row, column)
        for row, one in enumerate(programs)
        for column, other in enumerate(programs)
        if first in one and second in other
    ]
    lock = threading.Lock()

    def one(pair: tuple[int, int]) -> None:
        talk = in_time(interop, programs[pair[0]], programs[pair[1]])
        picture = sequence_diagram(
            talk.trace, "What passed", words=interop.words, roles=interop.roles, times=False
        )
        html = picture._repr_mimebundle_()["text/html"]
        with lock:
            what = {"outcome": talk.outcome, "told": talk.told, "must": talk.must}
            tell(out, cell=list(pair), html=html, **what)

    with ThreadPoolExecutor(interop.at_once) as pool:
        list(pool.map(one, pairs))


def in_time(interop: Interop, first: Names, second: Names) -> Talk:
    """What comes of a conversation, or that it hangs."""
    found: list[Talk] = []

    def converse() -> None:
        found.append(interop.converse(first, second))

    thread = threading.Thread(target=converse, daemon=True)
    thread.start()
    thread.join(interop.seconds)
    if found:
        return found[0]
    return Talk(HUNG, f"It had not ended after {interop.seconds:g} s.")
