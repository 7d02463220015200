"""What the checks of chapter 04 share: the sizes that a function asks for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any


def note_sizes(sock: socket.socket, sizes: list[int]) -> None:
    """Note in `sizes` what size is given when anything is received from this socket."""

    def noting(call: Callable) -> Callable:
        def receive(size: Any, *rest: Any, **options: Any) -> Any:
            sizes.append(size if isinstance(size, int) else len(size))
            return call(size, *rest, **options)

        return receive

    for name in ("recv", "recvfrom", "recv_into", "recvfrom_into"):
        setattr(sock, name, noting(getattr(sock, name)))
