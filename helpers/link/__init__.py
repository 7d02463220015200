"""The network made worse: `link.Link` stands between two peers and loses, delays or cuts.

A `relay` is the thread that carries, in one of two kinds: `udp_relay`, with a `flow` for each
client, and `tcp_relay`, with a `connection` for each. Each direction has settings of its own
(`direction`, `streams`). What becomes of a packet is its fate (`fates`), made of `impairments`,
each one idea, with a `bottleneck` where time counts, and drawn in `blocks` with numpy, which the
first link loads. `settings` makes impairments of plain numbers, which `ranges` checks;
`kernel_drops` tells what the system lost, and `by_hand` lets a reader kill a packet on its way.
May import: trace, servers, ground.
"""
