# %% [markdown]
# # Assignment 1: a thermostat's protocol
#
# In an exercise you fill in one function, and the chapter has prepared all else. An assignment is
# the other way round: you get a specification and an empty page, and you build both ends of a
# conversation from it. Your programs will then meet programs that we have built from the same
# pages, some of them wrong.
#
# About 210 minutes, which is an estimate; beginners may need twice as long. So take two sittings,
# or three. The server takes some two hours, almost half of them for the frames, and gives 12
# points. The app takes an hour and a half, since it shares the frames with the server, and gives
# 7. The last of the 20 points is for the two together.
#
# This is the largest step so far, because nothing is prepared. You may also go on to chapter 04,
# and come back. Read chapters [00](../00_start_here.ipynb) to
# [03](../03_messages_on_a_stream.ipynb) first.

# %% tags=["about"]
# learn: build a server and a client from a specification, and meet programs that strangers have built from it

# %%
import socket
import sys
from pathlib import Path

# Finds the course's folder, this one or one above it, by a file that no other has.
here = Path.cwd()
places = (here, *here.parents, *map(Path, sys.path))
course = [folder for folder in places if (folder / "helpers/welcome.py").is_file()]
if not course:
    do = "Open the notebook in that folder: `python3 course.py lab` starts there."
    if "google.colab" in sys.modules:
        do = "Upload it, or in a cell above run:\n!git clone THE-ADDRESS-OF-THE-COURSE course\n%cd course/notebooks"
    python = f"Python {sys.version.split()[0]}, {sys.executable}"
    problem = ImportError(f"The course's folder is neither {here} nor above it ({python}). {do}")
    problem._render_traceback_ = lambda: [str(problem)]  # in place of a long traceback
    raise problem
sys.path.insert(0, str(course[0]))

from helpers import assess, interop, page_style

page_style()  # pictures follow a dark theme

# %% [markdown]
# ## Why a specification?
#
# In 1999 a space probe came too close to Mars and was lost. One program on the ground had written a
# number in pound-force seconds; the other one, written by another team, had read it as newton
# seconds. Each program did what its authors had in mind, and nobody had tried the two together
# ([the board's report](https://llis.nasa.gov/llis_lib/pdf/1009464main1_0641-mr.pdf), page 6).
#
# A thermostat on a wall meets the same risk every day. The company that builds it writes one half
# of the conversation, and the phone app comes from somebody else, years later perhaps, when the
# thermostat speaks an old version that nobody remembers. All that the two have in common is a text.
# So such a text says what goes over the wire, byte by byte, and what each side does when the other
# one is wrong.
#
# Below stands such a text. Read it once as a whole, with the example of its section 8 beside you,
# and look things up in it later. The word **must** means that a program which does otherwise is
# wrong, and the tests ask for every *must* where it can be seen from outside. **May** leaves the
# choice to you ([RFC 2119](https://www.rfc-editor.org/rfc/rfc2119) defines these words).

# %% [markdown]
# ## The specification
#
# ### 1. Roles and words
#
# A **thermostat** is a server: it listens on a TCP port, measures a temperature and keeps a
# **target**, the temperature that people want in the room. An **app** is a client. A
# **conversation** is one TCP connection. A **request** goes from the app to the thermostat, and an
# **answer** comes back. Both travel in **frames**. All numbers are unsigned, which means never
# negative, and in network byte order, unless a section says otherwise. `0x` begins a hexadecimal
# one.
#
# ### 2. Frames
#
#     offset  0          4      5          7               4 + length
#             +----------+------+----------+---------------+
#             |  length  | kind |  number  |  body         |
#             | 4 bytes  |  1   | 2 bytes  |  length - 3   |
#             +----------+------+----------+---------------+
#
# The length counts what follows it: kind, number and body. It must be from 3 to 64, both included.
# A frame may arrive in any pieces, and several may arrive at once.
#
# The app must give each request, HELLO included, a number from 1 to 65,535 that no other request of
# this conversation has had. An answer must carry the number of its request. An app may send several
# requests before it reads the first answer, and the thermostat must answer them in the order in
# which they came.
#
# ### 3. Requests and answers
#
# | kind | request | body of the request | kind of the answer | body of the answer |
# |---|---|---|---|---|
# | 1 | HELLO | versions, 1 byte each, 1 to 16 of them | 0x81 | the version that was chosen, 1 byte |
# | 2 | TEMPERATURE | empty | 0x82 | a value |
# | 3 | TARGET | empty | 0x83 | a value |
# | 4 | SET_TARGET | a value | 0x84 | empty |
# | | any that is refused | | 0xFF, ERROR | a code, 1 byte, and a reason in UTF-8 |
#
# A **value** is a temperature in tenths of a degree, as a number of 16 bits that may be negative
# (`h` in `struct`). In version 1 it is in degrees Celsius and has 2 bytes. In version 2 a third
# byte follows, the unit: the byte `C` for Celsius or `F` for Fahrenheit. Either side may use either
# unit, and must understand both: *C* = (*F* - 32) * 5 / 9. A thermostat must round a target to the
# nearest tenth of a degree Celsius before it compares or keeps it. An app may keep more digits.
#
# ### 4. Versions
#
# There are versions 1 and 2, and there will be others: any byte can be one, also 0. Until a version
# is agreed on, every request must be HELLO, in which the app lists the versions that it speaks, in
# any order. The thermostat must choose the highest one that both speak, and both must use that one
# from then on. Both programs of this assignment must speak 1 and 2. A later HELLO must be answered
# in the same way: it chooses anew.
#
# ### 5. The thermostat
#
# A new thermostat must begin with a target of 20.0 °C; each call of `thermostat_server` is a new
# one. Its sensor is not part of this specification, so it must answer TEMPERATURE with 19.5 °C. A
# target must be from 5.0 to 30.0 °C, both included. The target belongs to the room, so it must
# outlive a conversation.
#
# The thermostat must hold one conversation at a time: the next app waits until the one before has
# ended. Whatever happens in one conversation, the next app must be served. So that nobody can hold
# it up, the thermostat must end a conversation without an answer:
#
# | when | after | counted from |
# |---|---|---|
# | no frame begins | 1 second | its last answer, or the beginning of the conversation |
# | a frame is not complete | 0.5 seconds | the frame's first byte |
#
# A slow but honest app must be served, so the thermostat must not end a conversation for its
# silence before that time. It must have ended it at most 0.3 seconds later. A byte counts from the
# moment when the thermostat reads it. For an app that does not read its answers, `sendall` waits
# when the buffers are full: such a wait must end after 1 second at the most, and the conversation
# with it.
#
# ### 6. Errors
#
# | code | what happened | number in the ERROR | afterwards |
# |---|---|---|---|
# | 1 | HELLO has no version that the thermostat speaks | the request's | the thermostat closes |
# | 2 | the length is not from 3 to 64 | 0 | the thermostat closes |
# | 3 | a request of an unknown kind | the request's | both go on |
# | 4 | a body that does not fit its kind and version | the request's | both go on |
# | 5 | a target outside of the limits | the request's | both go on |
# | 6 | a request other than HELLO, before a version was agreed on | the request's | the thermostat closes |
#
# The thermostat must refuse such requests with the code of the table, and must close or go on as it
# says. Where several codes fit, the one that comes first in this list counts: 2, 6, 3, 4, and then
# 1 (for HELLO) or 5 (for SET_TARGET). So an unknown kind before HELLO is 6. A HELLO without any
# version is 4, even as the first request, and the app may greet again.
#
# A length must be refused as soon as its four bytes are there. A request that was refused must
# change nothing, neither the target nor the version. The reason must be UTF-8, must not be empty,
# and must fit in its frame. It is for a person to read, so an app may accept any.
#
# ### 7. The app
#
# An app waits for each answer for a limited time, counted from its request to the last byte of the
# answer. When the time is over, the conversation goes on (unless the request was HELLO), and the
# app must not lose its place in the stream: part of an answer may have come already, and the rest
# will follow. It must pass over whatever carries the number of an earlier request, because that is
# late.
#
# If the conversation breaks, or the thermostat sends what this specification does not allow, the
# app must close the connection. Not allowed are, for example, a number that was never asked, the
# answer to another kind of request, a body that does not fit, and a code that section 6 lacks.
#
# ### 8. An example
#
# | who | bytes | what it is |
# |---|---|---|
# | app | `00 00 00 05` `01` `00 01` `01 02` | HELLO, number 1: I speak 1 and 2 |
# | thermostat | `00 00 00 04` `81` `00 01` `02` | version 2 it is |
# | app | `00 00 00 03` `02` `00 02` | TEMPERATURE, number 2 |
# | thermostat | `00 00 00 06` `82` `00 02` `00 c3 43` | 195 tenths, Celsius: 19.5 °C |
# | app | `00 00 00 06` `04` `00 03` `02 a8 46` | SET_TARGET, number 3: 680 tenths, Fahrenheit: 20.0 °C |
# | thermostat | `00 00 00 03` `84` `00 03` | done |
# | app | `00 00 00 06` `04` `00 04` `01 5e 43` | SET_TARGET, number 4: 35.0 °C |
# | thermostat | `00 00 00 0b` `ff` `00 04` `05` `too hot` | ERROR 5: out of limits; both go on |
#
# ### 9. The functions
#
# `thermostat_server(listener)` serves on a listening TCP socket, one conversation after another.
# The caller may close the listener at any time. From then on `accept` raises `OSError`, and the
# call that waits does so as well. The function must return then, and must have closed all
# connections. It may finish a conversation first.
#
# `Thermostat(address, timeout)` connects to a thermostat and says HELLO. `timeout` is in seconds:
# connecting may take so long, and so may each answer. Its methods `temperature()` and `target()`
# must return degrees Celsius as a float. `set_target(celsius)` takes a number, rounds it to the
# nearest tenth of the unit that it sends, and must return None. It must send every target that a
# value can hold, because the limits of section 5 are the thermostat's to judge. `close()` must
# close the connection, and may be called again. The object must be usable in `with`, whose end
# closes the connection.
#
# | what happened | the error that must be raised |
# |---|---|
# | ERROR 3, 4 or 5 to a method's request | `ValueError`, whose text has the reason |
# | a target that is no number (NaN), infinite, or too large for a value | `ValueError`, and nothing is sent |
# | no answer in time | `TimeoutError`; after a method the conversation goes on |
# | HELLO is refused, whatever the code | `ConnectionError` |
# | an ERROR of another code | `ConnectionError` |
# | the conversation breaks | `ConnectionError` |
# | the thermostat sends what is not allowed | `ConnectionError` |
# | a method is called after a `ConnectionError`, or after `close()` | `ConnectionError` |
#
# A constructor that raises an error must have closed its socket.
#
# ### 10. What is not specified
#
# How a thermostat is found, who may speak to it, how the temperature comes to the target, what an
# app shows, and which of the two units a program prefers. What an app does after its request number
# 65,535, or with an argument that is no number. What a thermostat does with a request whose number
# is 0 or was used before, or with a HELLO that lists a version twice. What a thermostat sends at
# the end of a conversation may be a FIN or a reset; so an app that had sent more than the
# thermostat has read may lose the last ERROR (as in the reset puzzle of chapter 02).
#
# ### 11. Security considerations
#
# Whoever reaches the port can set the target, and whoever is on the way can read and change it:
# nothing here proves who speaks. The limits of sections 2 and 5 keep one app from using up the
# memory or the time of a thermostat. They don't keep out an app that comes again and again.

# %% [markdown]
# ## In which order?
#
# A specification is too long to write a program for it in one go. Make a small part work, try it,
# and add the next one.
#
# 1. **Frames.** Write one function that sends a frame and one that takes the next frame out of what
#    has come. Both sides use them. Chapter 03 has most of it. Try yours on the two sockets that
#    `socket.socketpair()` returns: they are connected with each other.
# 2. **A server for a polite app.** It answers HELLO and the three requests. Be the app yourself,
#    with the bytes of section 8:
#
#    ```python
#    from helpers import run_server
#
#    with run_server(thermostat_server) as server, socket.create_connection(server.address, 1) as app:
#        app.sendall(bytes.fromhex("00 00 00 05 01 00 01 01 02"))
#        print(app.recv(100).hex(" "))  # 00 00 00 04 81 00 01 02
#    ```
#
#    Then let `assess("A1", milestone="greeting")` try one *milestone* alone, which is a group of
#    tests.
# 3. **What it refuses.** Go through the table of section 6, line by line.
# 4. **Its limits of time.** Write down for each call that waits (`accept`, `recv`, `sendall`) who
#    can make it wait, and for how long at the most. A socket's timeout begins anew with each
#    `recv`, so it does not limit a whole frame. Note by `time.monotonic()` when the frame has to be
#    complete, and before each `recv` give `settimeout` only what is left until then.
# 5. **The app.** Its frames are those of the server. Begin with an app that believes all that it is
#    told. Then let section 7 make it careful.
#
# The app is a **class**, which keeps values together with the functions that use them, its
# *methods*. Each method gets the object itself as `self`, and finds the values there. Run this
# small one first:
#
# ```python
# class Counter:
#     def __init__(self, start):  # Counter(5) runs it
#         self.count = start
#
#     def add(self, many):
#         self.count += many
#
# counter = Counter(5)
# counter.add(2)  # self is the counter
# print(counter.count)  # 7
# ```
#
# Your app is such a class, too. `with` calls two of its methods, at its beginning and at its end.
# So this much works already (`...` stands for your lines):
#
# ```python
# class Thermostat:
#     def __init__(self, address, timeout):  # the constructor: Thermostat(address, timeout) runs it
#         self.connection = socket.create_connection(address, timeout)
#
#     def temperature(self):
#         ...  # uses self.connection; so do target and set_target
#
#     def close(self):
#         self.connection.close()
#
#     def __enter__(self):  # `with Thermostat(...) as app:` makes this the app
#         return self
#
#     def __exit__(self, *error):  # the end of the `with`; `error` says why, if one did it
#         self.close()
# ```
#
# A program in a file is as good as cells: `assess("A1", "my_file.py")`.
#
# ## How points are given
#
# | milestone | points | | milestone | points |
# |---|---|---|---|---|
# | `greeting`: versions | 2 | | `asking`: the app asks and sets | 2 |
# | `requests`: answers, the target | 2 | | `answers`: which answer is whose | 2 |
# | `refusals`: errors that do not close | 2 | | `broken peers`: errors, time, closing | 3 |
# | `frames`: pieces, limits | 3 | | `together`: your app and your server | 1 |
# | `hostile apps`: the next one is served | 3 | | | |
#
# A milestone is made of several cases, and gives its points in proportion to those that pass,
# rounded down. The report shows the first case that failed.
#
# Good code reads frames at one place, keeps the errors in one table or one class, gives each number
# of the protocol a name, and says who closes what. The points don't ask for that, but the people
# who will read your code do.
#
# ## Your program
#
# Use as many cells as you like. The assessment takes imports, functions, classes and constants from
# the cells that you have run, and of each name the newest.

# %%
# Your program begins here.

# %% tags=["worked"]
import contextlib
import math
import struct
import time

HEAD = struct.Struct("!IBH")  # length of what follows it, kind, number
LENGTHS = range(3, 65)
HELLO, TEMPERATURE, TARGET, SET_TARGET, ANSWER, ERROR = 1, 2, 3, 4, 0x80, 0xFF
NO_VERSION, BAD_FRAME, UNKNOWN, BAD_BODY, OUT_OF_LIMITS, NO_HELLO = range(1, 7)
VALUE, VALUE_AND_UNIT = struct.Struct("!h"), struct.Struct("!hc")
TENTHS = range(-(2**15), 2**15)  # that a value can hold
VERSIONS = {1, 2}
A_FRAME, SILENCE, UNREAD = 0.5, 1.0, 1.0  # seconds that a server waits: for bytes, and to send


class Refused(Exception):
    """A request that gets an ERROR: its code and its reason."""

    @property
    def closes(self):
        return self.args[0] in (NO_VERSION, BAD_FRAME, NO_HELLO)

    def __str__(self):
        return self.args[1]


# %% tags=["worked"]
class Frames:
    """Frames over a connection: each is sent whole, and read whole or not at all."""

    def __init__(self, connection):
        self.connection = connection
        self.received = bytearray()

    def send(self, kind, number, body=b"", seconds=UNREAD):
        self.connection.settimeout(seconds)
        self.connection.sendall(HEAD.pack(3 + len(body), kind, number) + body)

    def receive(self, first, rest):
        """The next frame's kind, number and body; None where the peer has ended.

        It has `first` seconds to begin, and `rest` from then on to be complete.
        """
        ends = time.monotonic() + (rest if self.received else first)
        begun = bool(self.received)
        while True:
            if len(self.received) >= 4:
                length = int.from_bytes(self.received[:4], "big")
                if length not in LENGTHS:
                    raise Refused(BAD_FRAME, f"a frame has 3 to 64 bytes, not {length}")
                if len(self.received) >= 4 + length:
                    _, kind, number = HEAD.unpack_from(self.received)
                    body = bytes(self.received[HEAD.size : 4 + length])
                    del self.received[: 4 + length]
                    return kind, number, body
            self.connection.settimeout(max(0.001, ends - time.monotonic()))
            data = self.connection.recv(4096)
            if not data:
                return None
            self.received += data
            if not begun:
                begun, ends = True, time.monotonic() + rest
            if time.monotonic() > ends:
                raise TimeoutError("a frame took too long")


# %% tags=["worked"]
class Room:
    """What a thermostat knows, in tenths of a degree Celsius."""

    def __init__(self):
        self.temperature, self.target = 195, 200


def thermostat_server(listener):
    """Serve one app after another, as the specification says, until the listener is closed."""
    room = Room()
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            _converse(Frames(connection), room)


def _converse(frames, room):
    version = None
    while True:
        number = 0
        try:
            frame = frames.receive(SILENCE, A_FRAME)
            if frame is None:
                return
            kind, number, body = frame
            if version is None and kind != HELLO:
                raise Refused(NO_HELLO, "say HELLO first")
            if kind == HELLO:
                version = _agree(body)
                frames.send(ANSWER | HELLO, number, bytes([version]))
            else:
                frames.send(ANSWER | kind, number, _answer(kind, body, version, room))
        except Refused as refused:
            code, reason = refused.args
            frames.send(ERROR, number, bytes([code]) + reason.encode())
            if refused.closes:
                return


def _agree(body):
    if not 1 <= len(body) <= 16:
        raise Refused(BAD_BODY, "HELLO has 1 to 16 versions")
    if not (common := VERSIONS & set(body)):
        raise Refused(NO_VERSION, "this thermostat speaks versions 1 and 2")
    return max(common)


def _answer(kind, body, version, room):
    if kind == SET_TARGET:
        celsius = _read_value(body, version)
        if not 50 <= celsius <= 300:
            raise Refused(OUT_OF_LIMITS, "a target is from 5 to 30 degrees Celsius")
        room.target = celsius
        return b""
    if kind not in (TEMPERATURE, TARGET):
        raise Refused(UNKNOWN, f"there is no request {kind}")
    if body:
        raise Refused(BAD_BODY, "this request has no body")
    celsius = room.temperature if kind == TEMPERATURE else room.target
    return VALUE.pack(celsius) if version == 1 else VALUE_AND_UNIT.pack(celsius, b"C")


def _read_value(body, version):
    """The tenths of a degree Celsius that a body holds."""
    try:
        if version == 1:
            return VALUE.unpack(body)[0]
        tenths, unit = VALUE_AND_UNIT.unpack(body)
    except struct.error:
        raise Refused(BAD_BODY, "this is no value of our version") from None
    if unit == b"F":
        return round((tenths - 320) * 5 / 9)
    if unit != b"C":
        raise Refused(BAD_BODY, "a unit is C or F")
    return tenths


# %% tags=["worked"]
class Thermostat:
    """An app's view of a thermostat, as the specification says. Use it in `with`, or close it."""

    def __init__(self, address, timeout):
        self._timeout, self._number = timeout, 0
        self._connection = socket.create_connection(address, timeout)
        self._frames = Frames(self._connection)
        try:
            body = self._greet()
            if len(body) != 1 or body[0] not in VERSIONS:
                raise ConnectionError("the thermostat chose a version that we don't speak")
            self._version = body[0]
        except BaseException:
            self.close()
            raise

    def temperature(self):
        return self._value(TEMPERATURE)

    def target(self):
        return self._value(TARGET)

    def set_target(self, celsius):
        if not math.isfinite(celsius) or round(celsius * 10) not in TENTHS:
            raise ValueError(f"{celsius} is no target")
        tenths = round(celsius * 10)
        body = VALUE.pack(tenths) if self._version == 1 else VALUE_AND_UNIT.pack(tenths, b"C")
        if self._ask(SET_TARGET, body):
            self._broken("an answer to SET_TARGET has no body")

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _value(self, kind):
        body = self._ask(kind)
        try:
            return _read_value(body, self._version) / 10
        except Refused as wrong:
            self._broken(f"the thermostat's answer can't be read: {wrong}")

    def _greet(self):
        try:
            return self._ask(HELLO, bytes(sorted(VERSIONS)))
        except ValueError as refused:
            self._broken(f"HELLO was refused: {refused}")

    def _ask(self, kind, body=b""):
        """Send a request; return the body of its answer."""
        if self._connection.fileno() < 0:
            raise ConnectionError("this conversation has ended")
        self._number += 1
        ends = time.monotonic() + self._timeout
        try:
            self._frames.send(kind, self._number, body, self._timeout)
            while True:
                left = ends - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the thermostat did not answer in time")
                frame = self._frames.receive(left, left)
                if frame is None:
                    raise ConnectionError("the thermostat has ended the conversation")
                if frame[1] == self._number or frame[:2] == (ERROR, 0):
                    break
                if not 0 < frame[1] < self._number:
                    raise ConnectionError(f"nobody has asked number {frame[1]}")
        except TimeoutError:
            raise
        except (OSError, Refused) as error:
            self._broken(error)
        answer, _, body = frame
        if answer == ANSWER | kind:
            return body
        if answer == ERROR and body:
            refused = Refused(body[0], body[1:].decode(errors="replace"))
            if body[0] in (UNKNOWN, BAD_BODY, OUT_OF_LIMITS):
                raise ValueError(refused.args[1])
            self._broken(f"the thermostat ends the conversation: {refused.args[1]}")
        self._broken("the thermostat answered something else")

    def _broken(self, why):
        self.close()
        raise ConnectionError(str(why))


# %% [markdown]
# ## Assess it
#
# Your program runs in a process of its own, so a loop without an end, or a crash, does not reach
# this notebook. The whole assessment takes about ten seconds. You can interrupt it (■), and it
# shows what it has found so far.

# %% tags=["nbval-ignore-output"]
assess("A1")

# %% [markdown]
# ## Does it work with strangers?
#
# Your two halves understand each other, but both come from what you had in mind. In the next table
# each app talks to each thermostat (a *server* in the table). Yours meet the course's own, a second
# right program in another style, and three apps and three servers that are broken in one thing
# each.
#
# Look for two things. Does your server work with the apps that are right? And does your app refuse
# properly where a server is broken, with the error that section 9 names, so that a person would
# know what happened? Click on a cell of the table to open it; the cells of your own program also
# show the bytes. (A broken program should be refused everywhere: each ○ in its row or column is as
# it should be.)
#
# Files of others can take part: put them into a folder, and call `interop("A1", "folder")`. Where
# you disagree with a neighbour, the specification decides. If it does not decide, it has a gap, and
# an issue in the course's repository helps the next reader.

# %% tags=["nbval-ignore-output"]
interop("A1")

# %% [markdown]
# ## Hand it in
#
# If you want to give your program to a teacher or a friend, `from helpers import hand_in` and
# `hand_in("A1")` write one file with its text, its result and the versions of your system. They try
# it again from that file alone, with `python3 course.py assess A1_hand_in.json`. The limits on time
# and memory there are against accidents, not against malice: a program that you try runs with your
# rights.
#
# ## What next?
#
# This protocol relies on TCP: what was sent arrives, in order, or the connection breaks. Part II
# takes that away. It begins with [chapter 04](../04_datagrams_udp_for_sensors.ipynb), where a
# datagram may get lost and nobody says so.
