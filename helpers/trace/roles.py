"""The names that a chapter gives to the peers of a trace: sensor and collector, app and lamp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Roles = Mapping[str, str] | tuple[str, str]


def names_of(peers: Iterable[str], roles: Roles | None) -> dict[str, str]:
    """What each peer is called in a picture.

    Args:
        peers: their names in the trace, as "client 1" and "server".
        roles: a name for the client and one for the server, as ("sensor", "collector"). Of several
            clients each keeps its number, as "sensor 2". Or a mapping from names to names, in
            which a peer that is left out keeps its own.

    Raises:
        TypeError: where roles are neither.
    """
    peers = list(peers)
    if roles is None:
        return dict(zip(peers, peers, strict=True))
    if isinstance(roles, Mapping):
        return {peer: roles.get(peer, peer) for peer in peers}
    if isinstance(roles, str) or len(roles) != 2:
        raise TypeError(
            'roles are two names, the client\'s and the server\'s, as ("sensor", "collector"), '
            f"or a mapping from the trace's names, not {roles!r}"
        )
    client, server = roles
    clients = [peer for peer in peers if peer.startswith("client ")]
    names = {peer: peer for peer in peers} | {"server": server}
    for peer in clients:
        names[peer] = client if len(clients) == 1 else peer.replace("client", client, 1)
    return {peer: names[peer] for peer in peers}
