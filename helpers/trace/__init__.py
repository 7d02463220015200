"""What crossed between two peers, and its views, all without matplotlib.

`trace.Trace` is the one log that links, servers and checks write; `closes` tells it who has closed
a socket. It is read as a sequence diagram (`diagram`, with `diagram_layout` and `diagram_marks`),
as a table (`packet_table`) and as a capture for Wireshark (`pcap`, with `headers`). May import:
look, ground.
"""
