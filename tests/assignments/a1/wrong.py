"""Wrong programs of A1 as people write them: the solution with one thing done otherwise."""

from support.programs import changed

SOLUTION = "a1"


def program(name, loses, *changes, belief=None):
    """A wrong program.

    Args:
        name: what is wrong with it.
        loses: the milestones that give it fewer points than all; it loses no others.
        changes: pairs of a text of the solution and what stands in its place.
        belief: what a report names at the first of these milestones.
    """
    return {
        "name": name,
        "loses": tuple(loses),
        "code": changed(SOLUTION, *changes),
        "belief": belief,
    }


RECV = "            data = self.connection.recv(4096)\n"
WRONG = [
    program(
        "one recv is a frame",
        ["frames", "hostile apps", "answers", "broken peers"],
        (
            """            if len(self.received) >= 4:
""",
            """            if self.received:
""",
        ),
        (
            """                if len(self.received) >= 4 + length:
""",
            """                if True:
""",
        ),
        (
            """                    del self.received[: 4 + length]
""",
            """                    self.received.clear()
""",
        ),
        (
            "_, kind, number = HEAD.unpack_from(self.received)",
            "_, kind, number = HEAD.unpack_from(bytes(self.received) + bytes(7))",
        ),
        belief="one recv is one frame",
    ),
    program(
        "the first version of the list is taken",
        ["greeting"],
        ("return max(common)", "return next(each for each in body if each in common)"),
        belief="versions are compared as they come",
    ),
    program(
        "the highest of the app's versions is taken, known or not",
        ["greeting"],
        ("return max(common)", "return max(body)"),
        belief="versions are compared as they come",
    ),
    program(
        "versions are compared as text",
        ["greeting"],
        (
            "(common := VERSIONS & set(body))",
            '(common := {int(c) for c in "12" if c in str(body)})',
        ),
        belief="versions are compared as they come",
    ),
    program(
        "requests are answered before HELLO",
        ["greeting"],
        (
            "            if version is None and kind != HELLO:\n",
            "            version = version or 1\n            if False:\n",
        ),
    ),
    program(
        "any length is believed",
        ["frames", "broken peers"],
        ("if length not in LENGTHS:", "if length < 3:"),
        belief="the length field can be trusted",
    ),
    program(
        "a length is read as signed, and a negative one passes",
        ["frames", "broken peers"],
        (
            'length = int.from_bytes(self.received[:4], "big")',
            'length = int.from_bytes(self.received[:4], "big", signed=True)',
        ),
        ("if length not in LENGTHS:", "if length > 64:"),
        belief="the length field can be trusted",
    ),
    program(
        "every error ends the conversation",
        ["refusals", "frames", "answers", "together"],
        ("return self.args[0] in (NO_VERSION, BAD_FRAME, NO_HELLO)", "return True"),
        belief="an error ends the conversation",
    ),
    program(
        "each conversation has a room of its own",
        ["requests"],
        ("_converse(Frames(connection), room)", "_converse(Frames(connection), Room())"),
        belief="what a client has set is that client's",
    ),
    program(
        "values have no sign",
        ["asking"],
        (
            'VALUE, VALUE_AND_UNIT = struct.Struct("!h"), struct.Struct("!hc")',
            'VALUE, VALUE_AND_UNIT = struct.Struct("!H"), struct.Struct("!Hc")',
        ),
        belief="a temperature is never below zero",
    ),
    program(
        "the unit is ignored",
        ["requests", "asking"],
        (
            '    if unit == b"F":\n        return round((tenths - 320) * 5 / 9)\n    if unit != b"C":',
            '    if unit not in (b"C", b"F"):',
        ),
        belief="a number says by itself what it means",
    ),
    program(
        "limits are exclusive",
        ["requests"],
        ("if not 50 <= celsius <= 300:", "if not 50 < celsius < 300:"),
    ),
    program(
        "the target is stored before it is refused",
        ["refusals", "together"],
        (
            "        if not 50 <= celsius <= 300:",
            "        old, room.target = room.target, celsius\n        if not 50 <= celsius <= 300:",
        ),
        belief="an error ends the conversation",
    ),
    program(
        "an app that resets ends the server",
        ["hostile apps"],
        (
            "with connection, contextlib.suppress(OSError):",
            "with connection, contextlib.suppress(TimeoutError):",
        ),
        belief="a client always ends as it should",
    ),
    program(
        "a silent app is waited for",
        ["hostile apps"],
        ("frame = frames.receive(SILENCE, A_FRAME)", "frame = frames.receive(3600, 3600)"),
        belief="a client always ends as it should",
    ),
    program(
        "the time starts anew with each piece",
        ["hostile apps", "broken peers"],
        (
            "            if not begun:\n                begun, ends = True, time.monotonic() + rest\n",
            "            begun, ends = True, time.monotonic() + rest\n",
        ),
        belief="the timeout starts anew with each piece",
    ),
    program(
        "whatever comes next is the answer",
        ["answers"],
        (
            "if frame[1] == self._number or (frame[0] == ERROR and frame[1] == 0):",
            "if True:",
        ),
        belief="the next answer is the answer to my question",
    ),
    program(
        "an answer to another number breaks the conversation",
        ["answers"],
        (
            "                if frame[1] == self._number or (frame[0] == ERROR and frame[1] == 0):\n"
            "                    break\n",
            "                if frame[1] != self._number and frame[1] != 0:\n"
            '                    raise ConnectionError("another number")\n'
            "                break\n",
        ),
        belief="the next answer is the answer to my question",
    ),
    program(
        "a refusal breaks the app's conversation",
        ["answers", "together"],
        (
            "            if not refused.closes:\n                raise ValueError(refused.args[1])\n",
            "",
        ),
    ),
    program(
        "the app speaks version 2 whatever was chosen",
        ["asking", "answers"],
        ("            self._version = body[0]\n", "            self._version = 2\n"),
        belief="the other side speaks my version",
    ),
    program(
        "a constructor that fails leaves its socket open",
        ["broken peers"],
        (
            "        except BaseException:\n            self.close()\n            raise\n",
            "        except BaseException:\n            raise\n",
        ),
        ("    def _broken(self, why):\n        self.close()\n", "    def _broken(self, why):\n"),
    ),
    program(
        "the server's loop takes the end of the listener for an app's",
        ["hostile apps"],
        (
            "        except OSError:\n            return\n        with connection",
            "        except OSError:\n            continue\n        with connection",
        ),
    ),
]
