"""Python as it is when it has just started: what a learner's function meets in a check."""

from __future__ import annotations

import builtins
import functools
import re
import socket
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

# Arguments by name that Python's own functions of these names know.
_PYTHONS_OWN = {"key", "default", "start", "ndigits", "base", "exp", "mod"}

_NEVER_AWAITED = re.compile(r"coroutine '([^']*)' was never awaited")


@contextmanager
def fresh_python(
    names: MutableMapping[str, Any], never_awaited: Callable[[str], None] = lambda name: None
) -> Iterator[None]:
    """Undo in this block what an earlier cell may have set for all code, and redo it after it.

    That is the timeout of sockets to come, warnings that are errors, and what `%pylab` or
    `from numpy import *` has put in the place of `all`, `sum`, `min`, `max` and their like.

    Args:
        names: the learner's.
        never_awaited: called with the name of each coroutine that is dropped without being awaited,
            in place of Python's warning, which names a line that has nothing to do with it.
    """
    timeout = socket.getdefaulttimeout()
    stand_ins = {name: _stand_in(name, value) for name, value in _numpys(names)}
    theirs = {name: names[name] for name in stand_ins}
    try:
        with warnings.catch_warnings():
            _usual_warnings()
            _catch_never_awaited(never_awaited)
            socket.setdefaulttimeout(None)
            names.update(stand_ins)
            yield
    finally:
        socket.setdefaulttimeout(timeout)
        names.update({name: theirs[name] for name in theirs if names.get(name) is stand_ins[name]})


def _usual_warnings() -> None:
    """Put the filters with which Python starts in force, where all warnings are errors."""
    if not any(
        action == "error" and message is module is None and category is Warning
        for action, message, category, module, _ in warnings.filters
    ):
        return
    warnings.resetwarnings()
    for each in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", each)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _catch_never_awaited(tell: Callable[[str], None]) -> None:
    shown = warnings.showwarning

    def show(message: Any, category: type[Warning], *place: Any, **options: Any) -> None:
        found = _NEVER_AWAITED.match(str(message)) if category is RuntimeWarning else None
        if found:
            tell(found[1])
        else:
            shown(message, category, *place, **options)

    warnings.filterwarnings("always", _NEVER_AWAITED.pattern, RuntimeWarning)
    warnings.showwarning = show


def _numpys(names: MutableMapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The names of Python's own functions that stand for something of NumPy's."""
    for name, own in vars(builtins).items():
        value = names.get(name, own)
        if value is not own and _is_numpys(value):
            yield name, value


def _is_numpys(value: Any) -> bool:
    module = getattr(value, "__module__", None) or type(value).__module__
    return isinstance(module, str) and module.partition(".")[0] == "numpy"


def _stand_in(name: str, numpys: Any) -> Any:
    """Python's own, but for what only NumPy's can do: with arrays, and with arguments of its own.

    `all` of NumPy's takes a generator for something true, `sum` warns of one, and `min(a, b)` takes
    b for an axis.
    """
    own: Callable[..., Any] = getattr(builtins, name)
    if isinstance(own, type):
        return own

    @functools.wraps(own)
    def either(*args: Any, **options: Any) -> Any:
        arrays = any(_is_numpys(type(each)) for each in args) or options.keys() - _PYTHONS_OWN
        return (numpys if arrays else own)(*args, **options)

    return either
