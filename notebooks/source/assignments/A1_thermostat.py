# %% [markdown]
# # Assignment 1: a thermostat's protocol
#
# In an exercise you fill in one function, and the chapter has prepared all else. An assignment is
# the other way round: you get a specification and an empty page, and you build both ends of a
# conversation from it. Your programs will then meet programs that we have built from the same
# pages, some of them wrong.
#
# You begin with a small server, which gives the first of the 20 points after about 20 minutes. What
# follows is the largest step so far. So take two sittings, or three; you may also go on to chapter
# 04 and come back.
#
# About 230 minutes in all, which is an estimate; beginners may need twice as long. The tests come
# in groups, called *milestones*, and each of them gives points. The server takes some two hours,
# almost half of them for the frames, and gives 12 points. The app takes an hour and a half, since
# it shares the frames with the server, and gives 7. The last point is for the two together.
#
# Read chapters [00](../00_start_here.ipynb) to [03](../03_messages_on_a_stream.ipynb) first.

# %% tags=["about"]
# learn: build a server and a client from a specification, and meet programs that strangers have built from it

# %%
import socket
import sys
from pathlib import Path

# You need not read this cell. It finds the course's folder, this one or one above it.
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
# ## A first point, before you read the specification
#
# A phone app asks a thermostat on a wall how warm the room is. Before that, the two must agree on a
# version of their protocol: the app says HELLO with the versions that it speaks, and the thermostat
# answers with the one that it chooses. Here are both messages, with each byte in hexadecimal:
#
#     byte           0             4      5        7
#                  +-------------+------+--------+----------+
#     app          | 00 00 00 05 |  01  | 00 01  | 01 02    |  HELLO: I speak 1 and 2
#     thermostat   | 00 00 00 04 |  81  | 00 01  | 02       |  I choose 2
#                  +-------------+------+--------+----------+
#                    length         kind  number   versions
#
# Each line is a **frame**, and its length counts the bytes that follow the length. The kind tells
# what the frame is: 01 is HELLO, and 81 is the answer to it. The app gives each request a number,
# and the answer has the same one.
#
# The next cell takes such a frame apart. Change the number to `01 2c`, and the versions to `01`
# alone. What must the length be then? (`00 00 00 04`: kind, two bytes of number, one version.)

# %%
example = bytes.fromhex("00 00 00 05 01 00 01 01 02")
# "big" is network byte order.
print("length  ", int.from_bytes(example[:4], "big"), f"({len(example[4:])} bytes follow)")
print("kind    ", example[4])
print("number  ", int.from_bytes(example[5:7], "big"))
print("versions", list(example[7:]))

# %% [markdown]
# ## A server that answers HELLO
#
# The server below is half written: it takes one app after another, sends each its answer, and
# closes the connection. Write the lines that read HELLO and put the right bytes into `answer`. For
# now one `recv` brings the whole frame, and each app lists 1, 2 or both.
#
# The cell above shows how to take HELLO apart. To put the answer together, you may use
# `bytes.fromhex("00 00 00 04 81")`, which makes bytes from hexadecimal, and `bytes([2])`, which is
# a single byte with the value 2.


# %% tags=["exercise"]
def hello_server(listener):
    """Answer the HELLO of one app after another, until the listener has ended.

    Argument: listener is a listening socket; the caller, as run_server does, ends it.
    The answer has the number of this HELLO, and version 2 if the app has listed it, else 1.

    Example: 00 00 00 05 01 00 01 01 02 is answered by 00 00 00 04 81 00 01 02.
    """
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # the listener has ended
            return
        with connection:
            # your lines: read HELLO, and make the answer
            hello = connection.recv(100)
            version = 2 if 2 in hello[7:] else 1
            answer = bytes.fromhex("00 00 00 04 81") + hello[5:7] + bytes([version])
            # end
            connection.sendall(answer)


# %% tags=["nbval-ignore-output"]
assess("A1", milestone="hello")

# %% [markdown]
# Once it passes, you have the first point. Only a whole assessment, `assess("A1")`, writes it into
# your progress.
#
# This server breaks nearly every rule of the text below. A HELLO in two pieces confuses it, it
# knows no other request, and an app that stays silent stops it for ever. The specification says
# what a thermostat does instead. You will write that as a new function, `thermostat_server`. As
# soon as it is there, the milestone `hello` tries it in place of this one.
#
# ## Why a specification?
#
# In 1999 a space probe came too close to Mars and was lost. One program on the ground wrote a
# number in pound-force seconds; the other one, written by another team, read it as newton seconds.
# A specification asked for newton seconds, but the first program did not follow it, and no test had
# shown that ([the board's report](https://llis.nasa.gov/llis_lib/pdf/1009464main1_0641-mr.pdf),
# page 6).
#
# A thermostat meets the same risk every day. One company builds it, and somebody else writes the
# app, perhaps years later. All that the two have in common is a text. So such a text says what goes
# over the wire, byte by byte, and what each side does when the other one is wrong.
#
# Below stands such a text. Sections 1 to 4 say what crosses the wire, and sections 5 to 7 what each
# side does. Section 8 is an example, section 9 names your functions, and the last two say what is
# left open. Read it once as a whole, with the example beside you. You will look things up later.
#
# The word **must** means that a program which does otherwise is wrong. The tests ask for every
# *must* where it can be seen from outside. **May** leaves the choice to you ([RFC
# 2119](https://www.rfc-editor.org/rfc/rfc2119) defines these words).

# %% [markdown]
# ## The specification
#
# ### 1. Roles and words
#
# These words have the same meaning in all sections.
#
# - A **thermostat** is a server. It listens on a TCP port, measures a temperature and keeps a
#   **target**, the temperature that people want in the room.
# - An **app** is a client.
# - A **conversation** is one TCP connection between the two.
# - A **request** goes from the app to the thermostat, and an **answer** comes back. Each of them
#   travels as one **frame**.
# - All numbers are unsigned, which means never negative, and in network byte order, unless a
#   section says otherwise. `0x` begins a hexadecimal number.
#
# ### 2. Frames
#
# A frame shows where a request or an answer ends, and its number shows which answer belongs to
# which request.
#
#     offset  0          4      5          7               4 + length
#             +----------+------+----------+---------------+
#             |  length  | kind |  number  |  body         |
#             | 4 bytes  |  1   | 2 bytes  |  length - 3   |
#             +----------+------+----------+---------------+
#
# The length counts what follows it: kind, number and body. It must be from 3 to 64, both included.
# A frame may arrive in any pieces, and several frames may arrive at once.
#
# - The app must give each request a number from 1 to 65,535 that no other request of this
#   conversation has had. HELLO is a request, too.
# - An answer must carry the number of its request. (Section 6 has one exception.)
# - An app may send several requests before it reads the first answer.
# - The thermostat must answer requests in the order in which they came.
#
# ### 3. Requests and answers
#
# This table has every kind of frame, with what its body holds.
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
# (`h` in `struct`). How it is written depends on the version.
#
# - In version 1 a value has these 2 bytes, and is in degrees Celsius.
# - In version 2 a third byte follows, the unit: the byte `C` for Celsius or `F` for Fahrenheit.
#   Either side may send either unit, and must understand both: *C* = (*F* - 32) * 5 / 9.
# - A thermostat must round a target to the nearest tenth of a degree Celsius before it compares or
#   keeps it. For example, 70.5 °F are 21.388... °C, so it keeps 21.4 °C. An app may keep more
#   digits.
#
# ### 4. Versions
#
# Each conversation begins with the choice of a version, so that old and new programs can talk.
#
# There are versions 1 and 2, and there will be others: any byte can be one, also 0. Both programs
# of this assignment must speak 1 and 2.
#
# - Until a version is agreed on, every request must be HELLO. The app lists in it the versions that
#   it speaks, in any order.
# - The thermostat must choose the highest version that both speak.
# - From then on both must use that version: for each request after this HELLO, and for its answer.
# - A later HELLO must be answered in the same way. It chooses anew.
#
# ### 5. The thermostat
#
# This section says what a thermostat keeps, and how it stays free for the next app.
#
# **What it keeps.** A new thermostat must begin with a target of 20.0 °C; each call of
# `thermostat_server` is a new one. A target must be from 5.0 to 30.0 °C, both included. It belongs
# to the room, so it must outlive a conversation. The sensor is not part of this specification, so a
# thermostat must answer TEMPERATURE with 19.5 °C.
#
# **Whom it serves.** The thermostat must hold one conversation at a time: the next app waits until
# the one before has ended. However a conversation ends, the next app must be served.
#
# **How long it waits.** So that no silent app can hold it up, the thermostat must end a
# conversation, and send no ERROR, in the two cases of this table:
#
# | when | after | counted from |
# |---|---|---|
# | no frame begins | 1 second | the thermostat's last answer or ERROR; before its first one, the beginning of the conversation |
# | a frame is not complete | 0.5 seconds | the frame's first byte |
#
# - It must not end a conversation for silence before that time, so that a slow but honest app is
#   served.
# - It must have ended the conversation at most 0.3 seconds after that time.
# - A conversation begins when the thermostat accepts it, and a byte counts from the moment when the
#   thermostat reads it.
# - If an app does not read its answers, the buffers get full, and `sendall` waits. Such a wait must
#   end after 1 second at the most, and the conversation with it.
#
# ### 6. Errors
#
# An ERROR tells the app that a request was refused, and why.
#
# | code | what happened | number in the ERROR | afterwards |
# |---|---|---|---|
# | 1 | HELLO has no version that the thermostat speaks | the request's | the thermostat closes |
# | 2 | the length is not from 3 to 64 | 0 | the thermostat closes |
# | 3 | a request of an unknown kind | the request's | both go on |
# | 4 | a body, or a unit, that does not fit its kind and version | the request's | both go on |
# | 5 | a target outside of the limits | the request's | both go on |
# | 6 | a request other than HELLO, before a version was agreed on | the request's | the thermostat closes |
#
# - The thermostat must refuse such requests with the code of the table.
# - After its ERROR it must close or go on, as the table says.
# - Where several codes fit, it must take the one that comes first in this list: 2, 6, 3, 4, and
#   then 1 (for HELLO) or 5 (for SET_TARGET). So an unknown kind before HELLO is 6. A HELLO without
#   any version is 4, even as the first request, and the thermostat goes on.
# - It must refuse a length as soon as its four bytes are there. The number of the request has not
#   come yet, so the ERROR has 0.
# - A request that was refused must change nothing, neither the target nor the version.
# - The reason must be UTF-8 of 1 to 60 bytes, so that it fits in its frame. It is for a person to
#   read, so an app may accept any.
#
# ### 7. The app
#
# An app must neither wait for ever nor believe everything. This section says what it does instead.
#
# **An answer in time.** An app must wait for each answer for a limited time only. The time counts
# from the request to the last byte of the answer, and section 9 says how long it is.
#
# **A late answer.** When the time is over, the conversation goes on, unless the request was HELLO.
# Part of the answer may have come already, and the rest will follow. So the app must not lose its
# place in the stream, and keeps that part. Later it must pass over every frame that carries the
# number of an earlier request, answered or not, and whatever the frame holds:
#
#     app                                          thermostat
#      | TEMPERATURE, number 2 ---------------------> |
#      |                                              |   the app's time is over: TimeoutError
#      | TARGET, number 3 --------------------------> |
#      | <-------------------- answer to number 2     |   late: the app passes over it
#      | <-------------------- answer to number 3     |   this is what the app waits for
#
# **The end.** The app must close the connection in three cases:
#
# - the conversation breaks;
# - an ERROR of code 1 or 6 comes that is not late, or one of code 2 (whose number is 0), or any
#   ERROR in answer to the app's HELLO;
# - the thermostat sends what this specification does not allow. Examples are a length under 3 or
#   over 64, a number that no request has had, and the answer to another kind of request. Others
#   are a body that does not fit, a version that the app did not list, and a code that section 6
#   lacks.
#
# ### 8. An example
#
# Compare your bytes with this conversation in version 2.
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
# The tests call these two names, a function and a class. (The part *For step 5: a class* explains
# classes.)
#
# **`thermostat_server(listener)`** serves on a listening TCP socket, one conversation after
# another. The caller may end the listener at any time, as `run_server` does. From then on `accept`
# raises `OSError`, also in a call that is waiting already. The function must return then, and may
# finish a conversation first. When it returns, it must have closed all connections.
#
# **`Thermostat(address, timeout)`** connects to a thermostat and says HELLO. `timeout` is in
# seconds, for connecting and for each answer, also that to HELLO.
#
# - `temperature()` and `target()` must return any value as degrees Celsius, a float.
# - `set_target(celsius)` takes a number, rounds it to the nearest tenth of the unit that it sends,
#   and must return None. It must send every target that a value can hold, because the thermostat
#   judges the limits of section 5, and not the app.
# - `close()` must close the connection, and may be called again.
# - The object must be usable in `with`, whose end closes the connection.
# - A constructor that raises an error must have closed its socket.
#
# | what happened | the error that must be raised |
# |---|---|
# | ERROR 3, 4 or 5 to a method's request | `ValueError`, whose text has the reason |
# | a target that is `math.nan` or infinite, or outside of what a value can hold | `ValueError`, and nothing is sent |
# | no connection in time, or no answer in time | `TimeoutError`; after a method the conversation goes on |
# | nobody listens, so that the connection is refused | `ConnectionError`; `create_connection` raises `ConnectionRefusedError`, which is one |
# | HELLO is refused, whatever the code | `ConnectionError` |
# | an ERROR of another code | `ConnectionError` |
# | the conversation breaks | `ConnectionError` |
# | the thermostat sends what is not allowed | `ConnectionError` |
# | a method is called after a `ConnectionError`, or after `close()` | `ConnectionError` |
#
# ### 10. What is not specified
#
# Two right programs may differ here, so yours must not rely on any of it.
#
# - How a thermostat is found, and who may speak to it.
# - How the temperature comes to the target, and what an app shows.
# - Which of the two units a program prefers.
# - What an app does after its request number 65,535, or with an argument of another type, and how
#   it rounds a tie.
# - What a thermostat does with a request whose number is 0 or was used before, or with a HELLO that
#   lists a version twice.
# - Whether a conversation ends with a FIN or a reset. If an app has sent more than the thermostat
#   has read, it may therefore lose the last ERROR, as in the reset puzzle of chapter 02.
#
# ### 11. Security considerations
#
# This section says from whom the protocol does not protect.
#
# Whoever reaches the port can set the target, and whoever is on the way can read and change it:
# nothing here proves who speaks. The limits of sections 2 and 5 keep one app from using up the
# memory of a thermostat, and a silent one from using up its time. They don't stop an app that asks
# on and on, or comes again and again.

# %% [markdown]
# ## In which order?
#
# A specification is too long to write a program for it in one go. Make a small part work, try it,
# and add the next one. After each step, `assess` can try the milestones that are named there, as in
# `assess("A1", milestone="requests")`.
#
# 1. **Frames.** Write one function that sends a frame, and one that takes the next whole frame out
#    of the bytes that have come. Both sides will use them. Collect these bytes in a `bytearray`
#    that stays: when a `TimeoutError` ends `recv_exactly` of chapter 03, what had come is lost. Try
#    them on the two sockets that `socket.socketpair()` returns: they are connected with each other.
# 2. **A server for a polite app.** It answers HELLO and the three other requests. Be the app
#    yourself, with the bytes of section 8:
#
#    ```python
#    from helpers import run_server
#
#    with run_server(thermostat_server) as server, socket.create_connection(server.address, 1) as app:
#        app.sendall(bytes.fromhex("00 00 00 05 01 00 01 01 02"))
#        print(app.recv(100).hex(" "))  # 00 00 00 04 81 00 01 02
#    ```
#
#    Milestones: `hello`, `requests`.
# 3. **What it refuses.** Go through the table of section 6, line by line. Milestones: `greeting`,
#    `refusals`, `frames`.
# 4. **Its limits of time.** Three calls wait: `accept`, `recv` and `sendall`. Write down for each
#    of them who can make it wait, and for how long at the most. A timeout begins anew with each
#    `recv`, so it does not limit a whole frame. Note when the frame has to be complete (by
#    `time.perf_counter()`), and before each `recv` give `settimeout` what is left. If that is 0 or
#    less, the time is over: don't call `recv`. Before `sendall`, call `settimeout(1)`. Milestone:
#    `hostile apps`.
# 5. **The app.** Its frames are those of the server. Begin with an app that believes all that it is
#    told. Milestone: `asking`. Then let section 7 make it careful. Keep the bytes that have come in
#    the object. Milestones: `answers`, `broken peers`, `together`.
#
# ### For step 5: a class
#
# The app is a **class**, which keeps values together with the functions that use them, its
# *methods*. Run this small class first, and then make a second counter beside it:
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
# `Counter(5)` makes an object and hands it to `__init__`, the *constructor*, as `self`. Every
# method gets the object as `self`, and finds the values there. Each counter has a count of its own,
# as each app has a connection of its own.
#
# Your app is such a class, too. `with` calls two of its methods: `__enter__` at its beginning and
# `__exit__` at its end. So this much works already (`...` stands for your lines):
#
# ```python
# class Thermostat:
#     def __init__(self, address, timeout):  # Thermostat(address, timeout) runs it
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
#     def __exit__(self, *error):  # the end of the `with`; `error` holds the error that ended it, if any
#         self.close()
# ```
#
# ## How points are given
#
# On the left are the milestones of the server; on the right are those of the app, and the last one.
#
# | milestone | points | | milestone | points |
# |---|---|---|---|---|
# | `hello`: the first server | 1 | | `asking`: the app asks and sets | 2 |
# | `greeting`: versions | 1 | | `answers`: which answer is whose | 2 |
# | `requests`: answers, the target | 2 | | `broken peers`: errors, time, closing | 3 |
# | `refusals`: errors that do not close | 2 | | `together`: your app and your server | 1 |
# | `frames`: pieces, limits | 3 | | | |
# | `hostile apps`: the next one is served | 3 | | | |
#
# A milestone is made of several cases. Its points are in proportion to the cases that pass, rounded
# down. The report shows the first case that failed.
#
# Good code reads frames at one place, keeps the errors in one table or one class, gives each number
# of the protocol a name, and says who closes what. The points don't ask for that, but the people
# who will read your code do.
#
# ## Your program
#
# Use as many cells as you like. The assessment takes imports, functions, classes and constants from
# the cells that you have run, and of each name the newest. A program in a file is as good:
# `assess("A1", "my_file.py")`.

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
# show the bytes. (Each ○ in the row or column of a broken program is as it should be.)
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
