"""What can be a server: an ordinary function of one argument."""

from __future__ import annotations

import inspect

NOT_ORDINARY = (
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
)


def check_function(serve: object) -> None:
    """Raise a TypeError, with what to write instead, unless it can be called as a server is.

    That is: an ordinary function (or another callable) of one argument, the socket.
    """
    if not callable(serve):
        raise TypeError(
            f"run_server takes a function, not {type(serve).__name__}: write run_server(echo), "
            "without calling echo"
        )
    name = getattr(serve, "__name__", "serve")
    code = serve if inspect.isroutine(serve) or hasattr(serve, "func") else serve.__call__
    if any(is_kind(code) for is_kind in NOT_ORDINARY):
        raise TypeError(
            f"{name} must be an ordinary function: without `async` before its `def`, "
            "and without `yield`"
        )
    try:
        inspect.signature(serve).bind(None)
    except ValueError:  # built in, says nothing of its arguments
        pass
    except TypeError:
        raise TypeError(
            f"{name}{inspect.signature(serve)} can't be called with the one argument that a "
            f"server gets, its socket: write `def {name}(listener):`"
        ) from None
