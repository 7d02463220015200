"""The network made worse: `link.Link` stands between two peers and loses, delays or cuts.

A `relay` is the thread that carries, in one of two kinds (`udp_relay`, `tcp_relay`). Each direction
has settings of its own (`direction`, `streams`). What becomes of a packet is its fate (`fates`),
made of `impairments`, each one idea, and drawn in `blocks` with numpy, which the first link loads.
May import: trace, servers, ground.
"""
