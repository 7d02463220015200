"""Wrong programs of A1 as people write them: the solution with one thing done otherwise."""

from support.programs import changed

from helpers.assignments.a1.milestones import ASSIGNMENT

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


def first_step(name, *changes, belief=None):
    """A wrong `hello_server`, with nothing else: no other milestone is begun."""
    begin, end = "def hello_server(", "HEAD = struct.Struct("
    code = changed(SOLUTION, *changes)
    code = "import socket\n\n" + code[code.index(begin) : code.index(end)]
    may = tuple(each.name for each in ASSIGNMENT.milestones)
    return {"name": name, "loses": ("hello",), "may": may, "code": code, "belief": belief}


ANSWER = 'answer = bytes.fromhex("00 00 00 04 81") + hello[5:7] + bytes([version])'
SENT = "            connection.sendall(answer)\n"
RECV = "            data = self.connection.recv(4096)\n"
WRONG = [
    first_step(
        "a first server answers each app with the bytes of the example",
        (ANSWER, 'answer = bytes.fromhex("00 00 00 04 81 00 01 02")'),
    ),
    first_step(
        "a first server counts the whole frame in its length",
        ('bytes.fromhex("00 00 00 04 81")', 'bytes.fromhex("00 00 00 08 81")'),
    ),
    first_step(
        "a first server ends after its first app",
        (SENT, f"{SENT}        return\n"),
    ),
    first_step(
        "a first server takes the first version of the list",
        ("version = 2 if 2 in hello[7:] else 1", "version = hello[7]"),
        belief="versions are compared as they come",
    ),
    program(
        "a refused connection is told as silence",
        ["broken peers"],
        (
            "        self._connection = socket.create_connection(address, timeout)\n",
            "        try:\n"
            "            self._connection = socket.create_connection(address, timeout)\n"
            "        except OSError as error:\n"
            "            raise TimeoutError from error\n",
        ),
    ),
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
        ["hello", "greeting"],
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
    ),
    program(
        "every error ends the conversation",
        ["refusals", "together"],
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
        ["answers", "broken peers"],
        (
            "if frame[1] == self._number or frame[:2] == (ERROR, 0):",
            "if True:",
        ),
        belief="the next answer is the answer to my question",
    ),
    program(
        "an answer to another number breaks the conversation",
        ["answers"],
        (
            "if not 0 < frame[1] < self._number:",
            "if True:",
        ),
        belief="the next answer is the answer to my question",
    ),
    program(
        "a refusal breaks the app's conversation",
        ["answers", "together"],
        (
            "            if body[0] in (UNKNOWN, BAD_BODY, OUT_OF_LIMITS):\n"
            "                raise ValueError(refused.args[1])\n",
            "",
        ),
    ),
    program(
        "the app speaks version 2 whatever was chosen",
        ["asking", "answers", "broken peers"],
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
    program(
        "a frame has as long as a silence",
        ["hostile apps"],
        ("frame = frames.receive(SILENCE, A_FRAME)", "frame = frames.receive(SILENCE, SILENCE)"),
        belief="the timeout starts anew with each piece",
    ),
    program(
        "a conversation has a second in all",
        ["hostile apps"],
        (
            "    version = None\n    while True:\n",
            "    version, over = None, time.monotonic() + 1\n    while time.monotonic() < over:\n",
        ),
    ),
    program(
        "an app that is too slow gets an ERROR",
        ["hostile apps"],
        (
            "        except Refused as refused:\n            code, reason = refused.args\n",
            "        except (Refused, TimeoutError) as refused:\n"
            "            if isinstance(refused, TimeoutError):\n"
            '                refused = Refused(BAD_FRAME, "too slow")\n'
            "            code, reason = refused.args\n",
        ),
    ),
    program(
        "apps are served side by side, each by a thread",
        ["hostile apps"],
        (
            "        with connection, contextlib.suppress(OSError):\n"
            "            _converse(Frames(connection), room)\n",
            "        threading.Thread(target=_serve, args=(connection, room)).start()\n\n\n"
            "def _serve(connection, room):\n"
            "    with connection, contextlib.suppress(OSError):\n"
            "        _converse(Frames(connection), room)\n",
        ),
        ("import struct\n", "import struct\nimport threading\n"),
    ),
    program(
        "sendall waits for an app that does not read",
        ["hostile apps"],
        (
            "        self.connection.settimeout(seconds)\n",
            "        self.connection.settimeout(None)\n",
        ),
        belief="sending never waits",
    ),
    program(
        "a whole head is read before its length is looked at",
        ["frames", "broken peers"],
        ("            if len(self.received) >= 4:\n", "            if len(self.received) >= 7:\n"),
        belief="the length field can be trusted",
    ),
    program(
        "any list of versions will do",
        ["refusals"],
        ("    if not 1 <= len(body) <= 16:\n", "    if False:\n"),
    ),
    program(
        "the body is looked at before the kind",
        ["refusals"],
        (
            "    if kind not in (TEMPERATURE, TARGET):\n"
            '        raise Refused(UNKNOWN, f"there is no request {kind}")\n'
            "    if body:\n"
            '        raise Refused(BAD_BODY, "this request has no body")\n',
            "    if body:\n"
            '        raise Refused(BAD_BODY, "this request has no body")\n'
            "    if kind not in (TEMPERATURE, TARGET):\n"
            '        raise Refused(UNKNOWN, f"there is no request {kind}")\n',
        ),
    ),
    program(
        "any unit but F is Celsius",
        ["refusals", "broken peers"],
        ('    if unit != b"C":\n', "    if False:\n"),
    ),
    program(
        "a second HELLO changes nothing",
        ["requests"],
        (
            "                version = _agree(body)\n",
            "                chosen = _agree(body)\n                version = version or chosen\n",
        ),
    ),
    program(
        "the target is a global one",
        ["requests"],
        ("    room = Room()\n    while True:", "    room = ROOM\n    while True:"),
        ("def thermostat_server(", "ROOM = Room()\n\n\ndef thermostat_server("),
    ),
    program(
        "a conversion cuts the rest off",
        ["requests", "asking"],
        ("return round((tenths - 320) * 5 / 9)", "return int((tenths - 320) * 5 / 9)"),
        belief="a number says by itself what it means",
    ),
    program(
        "requests are counted from 0",
        ["asking"],
        ("self._timeout, self._number = timeout, 0", "self._timeout, self._number = timeout, -1"),
        ("if not 0 < frame[1] < self._number:", "if not 0 <= frame[1] < self._number:"),
    ),
    program(
        "a target is cut to tenths, and not rounded",
        ["asking"],
        ("        tenths = round(celsius * 10)\n", "        tenths = int(celsius * 10)\n"),
    ),
    program(
        "a target is packed as it comes",
        ["asking"],
        (
            "        if not math.isfinite(celsius) or round(celsius * 10) not in TENTHS:\n"
            '            raise ValueError(f"{celsius} is no target")\n',
            "",
        ),
    ),
    program(
        "half an answer is forgotten with its time",
        ["answers"],
        (
            "        except TimeoutError:\n            raise\n",
            "        except TimeoutError:\n            self._frames.received.clear()\n            raise\n",
        ),
    ),
    program(
        "the app judges the limits itself",
        ["asking", "answers"],
        ("range(-(2**15), 2**15)", "range(50, 301)"),
    ),
    program(
        "an answer to any other number is passed over",
        ["broken peers"],
        ("if not 0 < frame[1] < self._number:", "if False:"),
        belief="the next answer is the answer to my question",
    ),
    program(
        "a HELLO that is refused is a ValueError",
        ["broken peers"],
        (
            "        except ValueError as refused:\n            self._broken(",
            "        except ZeroDivisionError as refused:\n            self._broken(",
        ),
    ),
    program(
        "every ERROR that is not known is a refusal",
        ["broken peers"],
        ("if body[0] in (UNKNOWN, BAD_BODY, OUT_OF_LIMITS):", "if not refused.closes:"),
    ),
    program(
        "a broken conversation keeps its socket",
        ["broken peers"],
        ("    def _broken(self, why):\n        self.close()\n", "    def _broken(self, why):\n"),
    ),
    program(
        "a connection whose app has ended stays open",
        ["hostile apps"],
        (
            "        with connection, contextlib.suppress(OSError):\n"
            "            _converse(Frames(connection), room)\n",
            "        OPEN.append(connection)\n"
            "        with contextlib.suppress(OSError):\n"
            "            if _converse(Frames(connection), room) != 0:\n"
            "                connection.close()\n",
        ),
        (
            "            if frame is None:\n                return\n            kind, number",
            "            if frame is None:\n                return 0\n            kind, number",
        ),
        ("def thermostat_server(", "OPEN = []\n\n\ndef thermostat_server("),
    ),
]
