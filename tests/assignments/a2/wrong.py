"""Wrong programs of A2 as people write them: the solution with one thing done otherwise."""

from support.programs import changed, solution

SOLUTION = "a2"


def program(name, loses, *changes, belief=None, in_suite=None, may=()):
    """A wrong program.

    Args:
        name: what is wrong with it.
        loses: the milestones that give it fewer points than all; it loses no others.
        changes: pairs of a text of the solution and what stands in its place.
        belief: what a report names at the first of these milestones.
        in_suite: those of them that are tried in the suite, where it is not all of them.
        may: those that it loses as well where the last answer is lost, or the link is slow.
    """
    return {
        "name": name,
        "loses": tuple(loses),
        "in_suite": tuple(in_suite or loses),
        "may": tuple(may),
        "keeps": next(
            each for each in ("strangers", "order", "loss", "") if each not in (*loses, *may)
        ),
        "code": changed(SOLUTION, *changes),
        "belief": belief,
    }


IS_OURS = "return (address, packet.transfer) == (self.address, self.transfer)"
CHECKED = "return packet if packed(*packet) == datagram else None"
LINGERS = "while talk.receive(time.monotonic() + LINGER):"
EVERYTHING = ["small", "loss", "order", "damage", "limits", "strangers", "the end", "giving up"]
LAST = ["loss", "damage", "goodput", "few repeats", "together"]  # the last packets may get lost
WRONG = [
    program(
        "late packets of the last transfer are taken",
        ["strangers", "giving up"],
        (IS_OURS, "return address == self.address"),
        belief="whatever comes is meant for this transfer",
        in_suite=["strangers"],
    ),
    program(
        "a stranger's packets are taken",
        ["strangers", "giving up"],
        (IS_OURS, "return packet.transfer == self.transfer"),
        belief="whatever comes is meant for this transfer",
    ),
    program(
        "the CRC is not looked at",
        ["damage", "together"],
        (CHECKED, "return packet"),
        belief="what arrives is what was sent",
        in_suite=["damage"],
    ),
    program(
        "the CRC may be that of another kind",
        ["damage"],
        (
            CHECKED,
            "kinds = [packed(kind, *packet[1:])[9:] for kind in range(1, 6)]\n"
            "        return packet if datagram[9:] in kinds else None",
        ),
        belief="damage only hits the payload",
    ),
    program(
        "the CRC covers the payload alone",
        [*EVERYTHING, "goodput", "few repeats"],
        ("zlib.crc32(HEAD.pack(kind, transfer, number, 0) + payload)", "zlib.crc32(payload)"),
        belief="damage only hits the payload",
        in_suite=["small"],
        may=["together"],
    ),
    program(
        "the receiver goes as soon as it has said DONE",
        ["the end"],
        (LINGERS, "while False:"),
        belief="the last answer always arrives",
        may=LAST,
    ),
    program(
        "the receiver stays for a fifth of a second only",
        ["the end"],
        ("GIVE_UP, LINGER = 3.0, 1.0", "GIVE_UP, LINGER = 3.0, 0.2"),
        belief="the last answer always arrives",
        may=LAST,
    ),
    program(
        "the sender takes silence at the end for success",
        ["the end"],
        (
            "        if packet:\n            flight.confirm(packet, talk.heard)\n",
            "        if packet:\n            flight.confirm(packet, talk.heard)\n"
            "        elif flight.next == len(chunks) and len(flight.sent) < 2:\n"
            "            return Stats(flight.transmissions, time.monotonic() - began)\n",
        ),
        belief="the last answer always arrives",
        may=LAST,
    ),
    program(
        "the receiver never compares the hash",
        ["the end"],
        ("fits = hashlib.sha256(image).digest() == digest", "fits = True"),
        belief="all chunks are there, so the image is right",
    ),
    program(
        "a wrong hash fails, and the sender is not told",
        ["the end"],
        (
            "    with contextlib.suppress(ConnectionError):  # of a FAIL",
            "    if not fits:\n"
            '        raise ConnectionError("wrong hash")\n'
            "    with contextlib.suppress(ConnectionError):  # of a FAIL",
        ),
        belief="all chunks are there, so the image is right",
    ),
    program(
        "the window is not kept",
        ["limits"],
        ("min(self.count, self.lowest + WINDOW) if", "self.count if"),
        belief="a window is only a matter of speed",
    ),
    program(
        "the window is counted in bytes",
        ["goodput", "together"],
        ("len(self.sent) < IN_FLIGHT", "CHUNK * len(self.sent) < IN_FLIGHT"),
        belief="one packet at a time is enough",
        in_suite=["goodput"],
    ),
    program(
        "an ACK names the chunk that has come",
        [
            *("small", "order", "damage", "limits", "strangers", "the end", "giving up"),
            *("few repeats", "together"),
        ],
        ("talk.send(ACK, lowest, int(bits, 2)", "talk.send(ACK, max(0, lowest - 1), int(bits, 2)"),
        belief="an ACK names the chunk that has come",
        in_suite=["small"],
    ),
    program(
        "chunks out of order are thrown away",
        ["order", "few repeats"],
        (
            "        if packet.kind == DATA:\n            chunks",
            "        if packet.kind == DATA and packet.number == lowest:\n            chunks",
        ),
        belief="a chunk out of order is useless",
        may=["together"],
    ),
    program(
        "the header is forgotten when chunks are cut",
        [*EVERYTHING, "goodput", "few repeats", "together"],
        ("CHUNK = LARGEST - HEAD.size", "CHUNK = LARGEST"),
        ("if not HEAD.size <= len(datagram) <= LARGEST:", "if not HEAD.size <= len(datagram):"),
        belief="a datagram of any size gets through",
        in_suite=["small"],
    ),
    program(
        "it gives up after five tries",
        ["giving up"],
        ("GIVE_UP, LINGER = 3.0, 1.0", "GIVE_UP, LINGER = 1.5, 1.0"),
        belief="a short silence is the end",
    ),
    program(
        "it never gives up",
        ["giving up"],
        ("GIVE_UP, LINGER = 3.0, 1.0", "GIVE_UP, LINGER = 3600.0, 1.0"),
        belief="the other side comes back some day",
    ),
    program(
        "the timer doubles without a limit",
        ["giving up"],
        (
            "            self.repeated.add(chunk)\n",
            "            if chunk in self.repeated:\n"
            "                self.timer.seconds = min(4 * self.timer.seconds, 2.4)\n"
            "            self.repeated.add(chunk)\n",
        ),
        belief="a longer pause never hurts",
        may=["loss", "order", "damage", "goodput", "few repeats", "together"],
    ),
    program(
        "after a loss all is sent again",
        ["goodput", "few repeats"],
        (
            "            yield self._sent(chunk, now)\n        end",
            "            for each in [chunk, *sorted(self.sent)]:\n"
            "                self.repeated.add(each)\n"
            "                self.sent.pop(each, None)\n"
            "                yield self._sent(each, now)\n        end",
        ),
        belief="after a loss all is sent again",
        in_suite=["few repeats"],
    ),
    program(
        "the bit map is ignored, and the timer is short",
        ["few repeats"],
        ("for byte in ack.payload)", "for byte in b'')"),
        ("SHORTEST_TIMER, LONGEST_TIMER = 0.15, 0.4", "SHORTEST_TIMER, LONGEST_TIMER = 0.02, 0.03"),
        belief="after a loss all is sent again",
        may=["goodput"],
    ),
    program(
        "OFFER is repeated too seldom",
        ["giving up"],
        ("            offer_due = now + LONGEST_TIMER\n", "            offer_due = now + 1.2\n"),
        belief="a longer pause never hurts",
    ),
    program(
        "the CRC leaves its own bytes out",
        [*EVERYTHING, "goodput", "few repeats"],
        (
            "HEAD.pack(kind, transfer, number, 0) + p",
            "HEAD.pack(kind, transfer, number, 0)[:9] + p",
        ),
        in_suite=["small"],
    ),
    program(
        "the first OFFER is sent once",
        ["loss", "the end", "giving up", "goodput", "few repeats"],
        ("            offer_due = now + LONGEST_TIMER\n", "            offer_due = math.inf\n"),
        in_suite=["loss"],
    ),
    program(
        "numbers and sizes are believed",
        ["limits"],
        (
            "            return 0 < len(packet.payload) == min(CHUNK, size - packet.number * CHUNK)\n",
            "            return packet.number < math.ceil(size / CHUNK)\n",
        ),
    ),
    program(
        "each transfer has the number 1",
        ["small"],
        ("secrets.randbits(32)", "1"),
        belief="whatever comes is meant for this transfer",
    ),
    program(
        "seconds are a moment, and no time that it took",
        ["small"],
        ("time.monotonic() - began)", "time.monotonic())"),
    ),
    program(
        "any DONE ends it, whatever its number",
        ["limits"],
        ("return packet.number == len(image) and not packet.payload", "return not packet.payload"),
    ),
    program(
        "a DONE with a payload ends it",
        ["limits"],
        (
            "return packet.number == len(image) and not packet.payload",
            "return packet.number == len(image)",
        ),
    ),
    program(
        "a later OFFER is taken for the first one",
        ["small"],
        (
            "        if packet.kind == DATA:\n            chunks",
            "        if packet.kind == OFFER:\n            digest = packet.payload\n"
            "        if packet.kind == DATA:\n            chunks",
        ),
    ),
    {
        "name": "Go-Back-N, which is right, and slow where packets are lost",
        "loses": ("goodput", "few repeats"),
        "in_suite": ("few repeats",),
        "keeps": "limits",
        "code": solution(SOLUTION, "others"),
        "belief": "after a loss all is sent again",
    },
]
