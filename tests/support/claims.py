"""Claims in nbval's own run: after each cell, in its kernel, what its source says must hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

import claims
import pytest
from editions import claims_of
from folded import unfold
from for_viewers import as_run

SECONDS = 30  # for one claim
QUIETLY = {"silent": True, "allow_stdin": False, "stop_on_error": False}


def attach(items: Iterable[pytest.Item]) -> None:
    """Let each cell's item run the claims of its cell after it; a claim that fails fails it.

    What a cell shows is compared as the kernel sends it: without the line that stands for a hidden
    result, and without what is saved for viewers.
    """
    for item in items:
        if type(item).__name__ != "IPyNbCell":
            continue
        as_run(item.cell)
        if (source := _source_of(item.path)) is not None:
            unfold(item.cell)
            wanted = _claims(source).get(item.cell_num, [])
            if wanted:
                item.runtest = functools.partial(_run, item, item.runtest, wanted)


def _source_of(notebook: Path) -> Path | None:
    folder = notebook.parent
    folder = folder.parent if folder.name == "solutions" else folder
    source = folder / "source" / f"{notebook.stem}.py"
    return source if re.match(r"\d\d_", source.name) and source.exists() else None


@functools.cache
def _claims(source: Path) -> dict[int, list[str]]:
    return claims_of(source)


def _run(item: pytest.Item, run_the_cell: functools.partial, wanted: list[str]) -> None:
    run_the_cell()
    kernel = item.parent.kernel
    for claim in wanted:
        message = kernel.kc.execute(claims.as_code(claim), **QUIETLY)
        reply = kernel.kc.get_shell_msg(timeout=SECONDS)
        while reply["parent_header"].get("msg_id") != message:
            reply = kernel.kc.get_shell_msg(timeout=SECONDS)
        content = reply["content"]
        kernel.await_idle(message, SECONDS)
        if content["status"] != "ok":
            what = f"{content.get('ename')}: {content.get('evalue')}".rstrip(": ")
            pytest.fail(f"after this cell a claim does not hold ({what}):\n{claim}", pytrace=False)
