# %% [markdown]
# # Messages on a stream
#
# A lamp is told `on`, `off`, `on`. What it reads is `onoffon`, or perhaps `o`, `nof` and `fon`.
# TCP carries every byte in order, but it forgets where a message ends. In this chapter you put the
# borders back, and then you build a lamp that can be relied on.
#
# At the end you can
# - **show** where a stream is cut, and why a program must not care;
# - **frame** messages by a delimiter and by a length, and say what each costs;
# - **decode** text that was cut inside a character;
# - **limit** what a peer can make you store;
# - **build** a lamp that obeys a command once, however often it is asked;
# - **judge** a program from outside, by what it answers.
#
# About 100 minutes with the exercises, an estimate; beginners may need twice as long. Read [chapter
# 02](02_tcp_server_and_client.ipynb) first.

# %% [markdown] tags=["about"]
# learn: frame, limit and decode; build a lamp that can be relied on
# leave out: "What does each cost?"
# ask: the slider that cuts the stream, down to one byte | Which of the two parsers fails first?
# ask: a cut inside a character | Which of the four ways still give the text?

# %%
import json
import socket
import struct
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

from helpers import Link, Slider, check, explore, page_style, predict, predicted
from helpers import puzzle, quiz, review, run_server, sequence_diagram, words

page_style()  # pictures follow a dark theme

# %%
review("03")

# %% [markdown]
# ## Where does a command end?
#
# An app sends three commands to a lamp, with three calls of `sendall`, and the lamp reads with
# `recv(1024)`. In the first run the app leaves a tenth of a second between two commands, and in the
# second it is in a hurry and leaves none. In both the lamp begins to read 50 ms late.

# %%
predict(
    "03 in a hurry",
    "In a hurry, how many times will the lamp's `recv(1024)` return something?",
    low=1,
    high=8,
)

# %% tags=["hidden", "nbval-ignore-output"]
import time


def pieces_of(sends, pause):
    pieces = []

    def lamp(listener):
        connection, peer = listener.accept()
        with connection:
            time.sleep(0.05)
            while piece := connection.recv(1024):
                pieces.append(piece)

    with run_server(lamp) as server:
        with socket.create_connection(server.address, timeout=5) as app:
            for message in sends:
                app.sendall(message)
                time.sleep(pause)
    return pieces


print("with pauses:", pieces_of([b"on", b"off", b"on"], pause=0.1))
hurried = pieces_of([b"on", b"off", b"on"], pause=0)
print("in a hurry: ", hurried)
print(predicted("03 in a hurry").compare(len(hurried)))

# %% tags=["claim"]
assert b"".join(hurried) == b"onoffon"

# %% [markdown]
# Once, as a rule: all three commands are there when the lamp begins to read, so one `recv` returns
# them as one piece. With pauses each `recv` happened to return what one `sendall` had sent. A
# program that relies on this may pass every test on its author's desk, and still fail in real use.
#
# The reverse happens too: one send arrives as several pieces. A `Link` can do that on purpose. With
# `chunk=5` it passes on five bytes at a time, and waits for `gap` seconds after each. The next cell
# sends four commands through it, each with a newline, `\n`, at its end: 25 bytes in all. (Python
# shows the two bytes of `é` as `\xc3\xa9`.)

# %% tags=["nbval-ignore-output"]
COMMANDS = ["dim 40", "on", "name Café", "off"]
STREAM = "".join(command + "\n" for command in COMMANDS).encode()


def received(chunk):
    """Send STREAM over a link that cuts it; return what each recv of the lamp returned."""
    pieces = []

    def lamp(listener):
        connection, peer = listener.accept()
        with connection:
            while piece := connection.recv(1024):
                pieces.append(piece)

    with run_server(lamp) as server, Link(server.address, "tcp", chunk=chunk, gap=0.01) as link:
        with socket.create_connection(link.address, timeout=5) as app:
            app.sendall(STREAM)
    return pieces


print(received(chunk=5))

# %% tags=["claim"]
assert b"".join(received(chunk=1)) == STREAM

# %% [markdown]
# Somebody must turn these pieces back into commands. The part of a program that does so is called a
# *parser*, and we compare two. The **naive** parser takes each piece for one whole command. The
# **framed** parser joins the pieces, and cuts them after each newline.
#
# Predict first, and then **move the slider**: at which size does the naive parser get two right? The
# first row of the picture shows the pieces: ↵ is the newline, ␣ is a space, and `c3 a9` are the two
# bytes of `é`.

# %%
predict(
    "03 chunk sizes",
    "At how many of the chunk sizes from 1 to 25 will the naive parser get all four commands right?",
    low=0,
    high=25,
    unit="sizes",
)

# %% tags=["hidden", "nbval-ignore-output"]
from helpers.chapters.chapter_03 import charts


def naive(pieces):
    return pieces


def framed(pieces):
    return [line + b"\n" for line in b"".join(pieces).split(b"\n")[:-1]]


def cut_by(size):
    return [STREAM[at : at + size] for at in range(0, len(STREAM), size)]


all_four = framed([STREAM])
right = sum(naive(cut_by(size)) == all_four for size in range(1, 26))
print(predicted("03 chunk sizes").compare(right))
explore(received, charts.two_parsers(COMMANDS, naive, framed), chunk=Slider(1, 25, start=5))

# %% tags=["claim"]
assert right == 0 and all(framed(cut_by(size)) == all_four for size in range(1, 26))

# %% [markdown]
# At none of them: with their newlines the commands have 7, 3, 11 and 4 bytes, and pieces of one size
# can't have all these lengths in turn. (With 7 bytes it gets two.) Look at 5 bytes: the first piece
# is `dim 4`, so a lamp with the naive parser dims to 4 % instead of 40 %, and nothing reports an
# error.
#
# The framed parser gets everything right at each size. Ours joins the pieces at the end, but a lamp
# can't wait so long: it **collects** bytes until a message is whole, and **keeps** what comes after
# it. Sending messages so that the receiver can find the end of each is called *framing*, and a
# message with what marks its end is a *frame*.
#
# ## Exercise 1: exactly so many bytes
#
# The readings packed in chapter 01 had eight bytes. Both knew this size, so no mark was needed at the
# end. But `recv(8)` returns *up to* eight bytes, so one call may not be enough.
#
# If the stream ends too early, your function raises `EOFError` ("end of file"), with a line such as
# `raise EOFError(f"{count} bytes came")`.


# %% tags=["exercise"]
def recv_exactly(connection, size):
    """Return exactly `size` bytes from a connection, in however many pieces they come.

    Arguments: connection is a connected socket; size is in bytes, 0 or more.
    Returns bytes. What comes after them stays in the socket, for whoever reads next.
    Raises EOFError when the stream ends before; its message says how many bytes came.
    Errors of the socket (TimeoutError, ConnectionResetError) pass as they are.
    The caller closes the connection.

    Example: a peer sends b"21.522.0". Then recv_exactly(connection, 4) == b"21.5", and the
    same call again gives b"22.0".
    """
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(size - len(received))
        if not piece:
            raise EOFError(f"the stream ended after {len(received)} of {size} bytes")
        received += piece
    return bytes(received)


# %%
check(recv_exactly)

# %% [markdown]
# ## A character in two pieces
#
# A cut can also go through the middle of a character, because in UTF-8 `é` takes two bytes and `€`
# takes three. The next cell cuts `Café 5 €` after four bytes, which is inside the `é`. Then it makes
# text of the two pieces in four ways:
# - decode each piece by itself;
# - decode each piece with `errors="replace"`, which writes � where bytes make no character;
# - join the pieces first, and then decode the whole;
# - give each piece to an *incremental decoder*, an object that keeps half a character until the
#   rest comes.
#
# In the picture `e2 82 ac` is the `€`.

# %%
predict("03 four ways", "How many of the four ways give `Café 5 €`?", low=0, high=4, unit="of 4")

# %% tags=["hidden", "nbval-ignore-output"]
import codecs

SENT = "Café 5 €"


def texts_of(cut):
    pieces = [SENT.encode()[:cut], SENT.encode()[cut:]]
    try:
        alone = "".join(piece.decode() for piece in pieces)
    except UnicodeDecodeError as error:
        alone = type(error).__name__
    decoder = codecs.getincrementaldecoder("utf-8")()  # finds the kind, and () makes one
    return {
        "each piece by itself": alone,
        "with errors='replace'": "".join(piece.decode(errors="replace") for piece in pieces),
        "first joined, then decoded": b"".join(pieces).decode(),
        "incremental decoder": "".join(decoder.decode(piece) for piece in pieces),
    }


right_ways = list(texts_of(cut=4).values()).count(SENT)
print(predicted("03 four ways").compare(right_ways))
explore(lambda cut: (cut, texts_of(cut)), charts.four_ways(SENT), cut=Slider(1, 10, start=4))

# %% tags=["claim"]
assert right_ways == 2 and list(texts_of(cut=3).values()).count(SENT) == 4

# %% [markdown]
# Two of them do, the last two, and they are right wherever you cut. The first two fail at each of
# the three cuts inside a character: one with an error, and one with a spoiled text and no error.
# With plain English letters they never fail, so your tests may not find the fault.
#
# So use an incremental decoder, or cut the **bytes** into messages first, and decode whole messages
# only. Cutting at newlines is safe in UTF-8: the newline is the byte 10, and a character of several
# bytes has no byte below 128 ([RFC 3629, section
# 3](https://www.rfc-editor.org/rfc/rfc3629#section-3)).
#
# ## A delimiter: lines of JSON
#
# A *delimiter* is a mark for the end of each message, and so far it was the newline. But what if a
# newline is part of a message, for example in a lamp's name?
#
# *JSON* helps here. It is a way to write dictionaries, lists, texts and numbers as text:
# `json.dumps` writes it, and `json.loads` reads it. The next cell prints the bytes of a name with a
# newline in it: first as plain text, and then as JSON. In which of the two is the newline inside
# the name still a newline? (In what `print` shows of bytes, `\n` is a newline, and `\\` is one
# backslash.)

# %%
name = "Café\nlamp"
print(f"name {name}\n".encode())
print(json.dumps({"name": name}).encode() + b"\n")

# %% [markdown]
# Only in the plain text is it still a newline, so a reader would find two lines there. In JSON's
# strings a newline is *escaped*: it is written by other characters, a backslash and an `n`
# ([RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)). The `é` is escaped,
# too. So what `json.dumps` writes is one line, unless you ask for several with `indent`.
#
# ## Exercise 2: lines
#
# Your function hands out one line after another. For this Python has `yield`, which works like a
# `return` after which the function can go on. A function with `yield` is called a *generator*:
#
# ```python
# def commands():
#     yield "on"
#     yield "off"  # runs when the next value is wanted
#
# for command in commands():
#     print(command)
# ```
#
# Write `read_lines` in three steps, and run the check after each:
# - Collect bytes, and yield each line that is whole.
# - Think of the end of the stream.
# - Set the limit: without it a line that never ends would fill your memory.


# %% tags=["exercise"]
def read_lines(connection):
    r"""Yield each line of a connection, as soon as the line is whole.

    Argument: connection is a connected socket.
    Yields str, decoded from UTF-8, without the b"\n" that ends the line. Only b"\n" ends a
    line: b"\r" and other line separators are part of it. After the last line of the stream
    the generator ends.

    Example: a peer sends b"on\nof", then b"f\n", and ends its side.
    Then list(read_lines(connection)) == ["on", "off"].

    Raises
    - EOFError when the stream ends inside a line; it says how many bytes of that line came;
    - ValueError when a line has more than 1,000 bytes, its b"\n" not counted. It does so even
      before the line's end has come;
    - UnicodeDecodeError when a line is not UTF-8.
    Errors of the socket pass as they are. The caller closes the connection.
    """
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield _within_limit(line).decode("utf-8")
        _within_limit(rest)
    if rest:
        raise EOFError(f"the stream ended after {len(rest)} bytes of a line")


def _within_limit(line, limit=1000):
    if len(line) > limit:
        raise ValueError(f"a line has more than {limit} bytes")
    return line


# %%
check(read_lines)

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about three seconds.
#
# ## A length before each message
#
# There is another way to frame: say beforehand how much comes, as a parcel has its weight written on
# it. Ours begins with a length in four bytes, in the network byte order of chapter 01. After the
# length comes the *payload*, which is the message itself. A payload may hold any byte, and it may be
# empty.
#
# ## Exercise 3: send a frame
#
# The length is packed by `struct`, as the readings of chapter 01 were.


# %% tags=["exercise"]
def send_frame(connection, payload):
    """Send a payload as one frame: its length, then itself.

    Arguments: connection is a connected socket; payload is bytes, up to 4,294,967,295 of them.
    The length is 4 bytes without a sign, in network byte order, and does not count itself.
    Returns None, once the system has taken the whole frame.
    Errors of the socket pass as they are. The caller closes the connection.

    Example: send_frame(connection, b"on") sends the bytes 00 00 00 02 6f 6e.
    """
    connection.sendall(struct.pack("!I", len(payload)) + payload)


# %%
check(send_frame)

# %% [markdown]
# ## What does each cost?
#
# We frame a reading, a log of 500 lines and a photo, each as a line of JSON and by a length, and
# count the bytes that are added. JSON has no type for bytes that are not text, so the photo goes as
# *base64*, which writes three bytes as four plain characters.

# %%
predict(
    "03 added to a photo",
    "A photo of 6,000 bytes goes as a line of JSON. How many bytes are added?",
    low=0,
    high=12000,
    unit="bytes",
)

# %% tags=["hidden"]
import base64
import random


def as_json_line(payload):
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        text = base64.b64encode(payload).decode()
    return json.dumps(text).encode() + b"\n"


photo = random.Random(3).randbytes(6000)
payloads = {"a reading": b"21.5", "a log of 500 lines": b"lamp on\n" * 500, "a photo": photo}
for what, payload in payloads.items():
    added = len(as_json_line(payload)) - len(payload)
    print(f"{what}: {len(payload):,} bytes; a line adds {added:,}, a length adds 4")
print(predicted("03 added to a photo").compare(len(as_json_line(photo)) - len(photo)))

# %% [markdown]
# The photo grows by 2,003 bytes: base64 adds a third of 6,000, and two quotes and the newline add
# three. In the log each of the 500 newlines is escaped and takes one byte more, so a line adds 503.
# A length adds four bytes, whatever the payload is.
#
# But people can read a line. And after a bad line the next newline is a fresh start, while after a
# wrong length nobody can tell where the next frame begins, as the puzzle shows.

# %%
puzzle("03 a wrong length")

# %% [markdown]
# ## Can the length be trusted?
#
# Four bytes can say 4,294,967,295, and it is the *peer* who says so. To spare your machine, the
# peer below claims only 50 million bytes, then sends five of them, and waits. How much memory has
# the receiver reserved by then? (Python's `tracemalloc` tells us.)

# %%
predict("03 reserved", "How much memory will the receiver reserve?", low=0, unit="MB")

# %% tags=["hidden"]
import tracemalloc


def claims(listener):
    connection, peer = listener.accept()
    with connection:
        connection.sendall(struct.pack("!I", 50_000_000) + b"hello")
        connection.recv(1)


with run_server(claims) as server, socket.create_connection(server.address, timeout=5) as client:
    (size,) = struct.unpack("!I", client.recv(4))  # recv(4) may return fewer, too
    tracemalloc.start()
    room = bytearray(size)
    count = client.recv_into(room)  # like recv, into bytes that are there already
    reserved = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del room
print(f"{4 + count} bytes came, and {reserved / 1e6:.0f} MB are reserved for the rest")
print(predicted("03 reserved").compare(round(reserved / 1e6)))

# %% [markdown]
# 50 MB for nine bytes! The receiver believes its peer: it makes room for all that is announced, and
# then waits for what never comes. A hundred peers that each claim 4,294,967,295 bytes ask for about
# 430 GB.
#
# So every receiver needs a **limit** that fits its messages. It compares the length with the limit
# *before* it makes room or waits. If a frame is over the limit, end the conversation: to reach the
# next frame you would have to read all of this one.
#
# ## Exercise 4: receive a frame
#
# If the stream ends *between* two frames, the peer had no more to say. If the stream ends *inside* a
# frame, something is missing. Your function tells the two apart: read the first byte by itself, and
# the rest with your `recv_exactly`.


# %% tags=["exercise"]
def recv_frame(connection, limit):
    """Return the payload of the next frame, as send_frame sends it.

    Arguments: connection is a connected socket; limit is the largest payload that is
    accepted, in bytes.
    Returns bytes, b"" for an empty frame; None when the stream ends between two frames. What
    comes after the frame stays in the socket.

    Example: a peer sends 00 00 00 02 6f 6e and ends its side. Then recv_frame(connection, 100)
    gives b"on", and the next call None; recv_frame(connection, 1) would raise ValueError.

    Raises
    - EOFError when the stream ends inside a frame;
    - ValueError when the length is over the limit, before it makes room for the payload or
      waits for any of it.
    Errors of the socket pass as they are. The caller closes the connection.
    """
    first = connection.recv(1)
    if not first:
        return None
    (size,) = struct.unpack("!I", first + recv_exactly(connection, 3))
    if size > limit:
        raise ValueError(f"a frame of {size} bytes is over the limit of {limit}")
    return recv_exactly(connection, size)


# %%
check(recv_frame)

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*, which takes about three seconds.
#
# ## A lamp that must obey
#
# You press a button in an app, and the lamp does as it is told and answers `done`. But what if no
# answer comes? In the first of two runs the link holds back all that the app sends, and in the
# second all that the lamp sends. Can the app tell the two apart? (The picture shows the second run.)

# %%
predict(
    "03 two cases",
    "What will the app hear?",
    choices=[
        "the same in both cases",
        "done, where the command got through",
        "an error that tells them apart",
    ],
)


# %% tags=["hidden", "nbval-ignore-output"]
def press(broken):
    """Switch a lamp on over a link that holds back "up" or "down"; return who knows what."""
    done = []

    def lamp(listener):
        connection, peer = listener.accept()
        with connection:
            if command := connection.recv(64):
                done.append(command.decode().strip())
                connection.sendall(b"done\n")

    with (
        run_server(lamp) as server,
        # ** passes an argument by the name in `broken`: up={...} or down={...}
        Link(server.address, "tcp", **{broken: {"stall_after": 0}}) as link,
        socket.create_connection(link.address, timeout=0.3) as app,
    ):
        app.sendall(b"on\n")
        try:
            heard = app.recv(64).decode()
        except TimeoutError as error:
            heard = type(error).__name__
    return heard, done, link.trace


up, down = press("up"), press("down")
print(f"the command is held back: the app hears {up[0]}, the lamp has done {up[1]}")
print(f"the answer is held back: the app hears {down[0]}, the lamp has done {down[1]}")
same = "the same in both cases" if up[0] == down[0] else "an error that tells them apart"
print(predicted("03 two cases").compare(same))
sequence_diagram(down[2], "The lamp obeys, and the app never hears of it", roles=("app", "lamp"))

# %% tags=["claim"]
assert up[:2] == ("TimeoutError", []) and down[:2] == ("TimeoutError", ["on"])
assert "done" in down[2].table()

# %%
quiz("03 no answer")

# %% [markdown]
# The app heard the same in both runs: as long as no answer comes, it can't tell the two cases apart,
# whatever the protocol. So a command that was sent is **confirmed** or **not confirmed**, and "not
# confirmed" does not mean "not done".
#
# The app can ask again, but then a command may be done twice. In the next run the light is off at
# first. The first confirmation is held back, so the app asks again. We try it with `on`, and then
# with `toggle`, which means "change to the other state".

# %%
predict("03 toggle", "How will the light be at the end of `toggle`?", choices=["on", "off"])


# %% tags=["hidden"]
def insist(command):
    """Send a command until it is confirmed; return the lamp's states, one after another."""
    light = ["off"]

    def lamp(listener):
        while True:
            connection, peer = listener.accept()
            with connection:
                wanted = connection.recv(64).decode()
                if wanted == "toggle":
                    wanted = "off" if light[-1] == "on" else "on"
                light.append(wanted)
                connection.sendall(b"done")

    confirmed = b""
    with run_server(lamp) as server, Link(server.address, "tcp", down={"stall_after": 0}) as link:
        while not confirmed:
            with socket.create_connection(link.address, timeout=0.5) as app:
                app.sendall(command)
                try:
                    confirmed = app.recv(64)
                except TimeoutError:
                    link.down.set(stall_after=None)  # the link is whole again
    return light


for command in (b"on", b"toggle"):
    states = insist(command)
    print(f"{command.decode():6}:", " -> ".join(states))
print(predicted("03 toggle").compare(states[-1]))

# %% [markdown]
# It is off again, though somebody pressed the button once. With `on` the light is the same after
# two commands as after one (if nobody says `off` in between). A command like `on` is called
# *idempotent* ([RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)),
# and `toggle` is not.
#
# One remedy works for every command, for as long as the lamp remembers: each new command gets an
# **id** of its own. When the app asks again, it sends the same id. The lamp has seen this id before,
# so it confirms the command and does nothing.
#
# ## Exercise 5: the lamp
#
# Your lamp speaks lines of JSON. Here is a whole conversation, with what each line means on the
# right. The lamp is off at first.
#
# ```text
# 1  app    {"id": 7, "set": "toggle"}
#    lamp   {"id": 7, "state": "on"}             it was off, so now it is on
# 2  app    {"id": "b4", "set": "off"}           another id, so another command
#    lamp   {"id": "b4", "state": "off"}
# 3  app    {"id": 7, "set": "toggle"}           7 again: the app repeats line 1
#    lamp   {"id": 7, "state": "on"}             the old answer again, though it is off, and stays off
# 4  app    {"id": 9, "set": "blue"}             no command, but it has an id
#    lamp   {"id": 9, "error": "what is blue?"}  this id and an error; the lamp stays off
# 5  app    hello                                no JSON, so it has no id
#    lamp   {"id": null, "error": "no JSON"}     null is Python's None
# ```
#
# The protocol in five points:
# 1. **A command** is a line of JSON in UTF-8. Its `"set"` is `"on"`, `"off"` or `"toggle"`. Its
#    `"id"` is a whole number or a text: `true` and `7.0` are no ids. Apps never give two commands the
#    same id, not even two apps. (Real ones draw long ids at random.)
# 2. **The answer** is a line with the same id, and its `"state"`, `"on"` or `"off"`, says how the
#    lamp is after this command. Answers come in the order of the commands.
# 3. **A known id:** if the lamp has obeyed a command with this id before, it repeats its answer to
#    that command and changes nothing, whatever else the line says.
# 4. **Any other line** is answered by its id and an error text that you choose. If the line has no
#    id that point 1 allows, the answer's id is `null`. Nothing changes, and the conversation goes on.
# 5. **The end** comes with the end of the stream; a last line without its newline is not obeyed. A
#    line of more than 1,000 bytes, its newline not counted, also ends the conversation, and so does
#    a line that is not UTF-8.
#
# This lamp keeps every id for ever. A real one must forget the oldest.
#
# Write it in four steps, and run the check after each:
# - **Lines 1 and 2:** take each line from your `read_lines`, change the state, and send the answer,
#   with a newline at its end.
# - **Line 3:** keep each answer by its id in a dictionary, but no errors.
# - **Lines 4 and 5:** `json.loads` raises a `ValueError` for `hello`, and perhaps a `RecursionError`
#   for many `[`. But `[1, 2]` is JSON, and no command. (Take care: `true` becomes `True`, an `int`
#   equal to 1.)
# - **The end:** what `read_lines` raises ends this conversation, not the lamp.


# %% tags=["exercise"]
def lamp_server(listener):
    """Serve a lamp to one client after another, for ever, by the protocol above.

    Argument: listener is a listening socket; the caller, as run_server does, ends it.
    - The lamp is off at first. The next client finds the lamp as the last one left it: its
      state, and the answers that it keeps, outlast each conversation.
    - The function closes each connection when its conversation ends. It never returns.

    Example: {"id": 1, "set": "toggle"} is answered by {"id": 1, "state": "on"}, and once more
    by the same when it comes again, also from another connection.

    What must not end the lamp: a client that talks nonsense, or one that vanishes. (Then the
    socket may raise an OSError, such as ConnectionResetError or BrokenPipeError.)
    """
    state, answers = "off", {}
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                for line in read_lines(connection):
                    identity, wanted = _parse(line)
                    answer = answers.get(identity)
                    if answer is None and wanted is None:
                        answer = {"id": identity, "error": "no command that I know"}
                    elif answer is None:
                        toggled = "off" if state == "on" else "on"
                        state = toggled if wanted == "toggle" else wanted
                        answer = answers[identity] = {"id": identity, "state": state}
                    connection.sendall(json.dumps(answer).encode() + b"\n")
            except (OSError, EOFError, ValueError):
                pass


def _parse(line):
    """The id and the wanted state of a line; None for what can't be read."""
    try:
        command = json.loads(line)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(command, dict) or type(command.get("id")) not in (int, str):
        return None, None  # isinstance would take true for a number
    wanted = command.get("set")
    return command["id"], wanted if wanted in ("on", "off", "toggle") else None


# %%
check(lamp_server)

# %% [markdown]
# A silent client still keeps all others waiting, which chapter 08 changes.
#
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about five seconds.
#
# ## Can you tell a wrong lamp?
#
# Somebody sells you a lamp, and says that it keeps this protocol. You can't see its code, but you
# can talk to it, and compare its answers with the five points. Try this by eye first: in the puzzle
# one answer breaks the protocol.

# %%
puzzle("03 one wrong answer")

# %%
quiz("03 which conversation")

# %% [markdown]
# ## Exercise 6: judge a lamp
#
# Now write the judge as a function. It gets the address of a lamp, talks to it, and returns `True`
# or `False`. A judge can err in two ways. It *misses* a wrong lamp if none of its tests touches what
# is wrong there. It *accuses* a right lamp if it expects more than the protocol promises: the text
# of an error, for example, is the lamp's own choice.
#
# The check gives your judge three right lamps and six wrong ones. Your judge must accuse none of the
# three, and find at least five of the six.
#
# Half of the judge is written. `_talk` holds one conversation and returns the answers. The list
# `passed` has a first test.
# - Each answer is a pair of its id and its state, and an error has the state `None`. So for a right
#   lamp `_talk(address, b"hello\n")` gives `[(None, None)]`.
# - All your tests meet the same lamp, so its light and the ids that it knows outlast each `_talk`.
# - `_talk` ends its own side, and then the lamp ends the conversation. With `end=False` your side
#   stays open, so only the lamp can end the conversation. Use this for a line that is too long: 1,001
#   bytes and no newline. (If you send more, a right lamp may leave some unread, and then it resets.)
#
# Append your tests to `passed`, one at a time, and run the check after each: it says which lamp you
# miss. Begin with the conversations of the puzzle and the question above, and then go through the
# five points.

# %% tags=["exercise"]
import time


def judge_lamp(address):
    """Tell whether a lamp keeps the protocol of exercise 5, by talking to it.

    Argument: address is the (host, port) of a lamp that was just started: it should be off.
    Returns True if it keeps the protocol in all that you try, and False if it does not: also
    if it breaks off, stays silent or answers what can't be read. Raises nothing.
    A verdict takes at most 2 seconds. The function closes each socket that it opens.

    Example: a lamp answers {"id": 1, "set": "toggle"} by {"id": 1, "state": "off"}. Then
    judge_lamp(address) is False, as a lamp that was off is on after a toggle.
    """
    try:
        passed = [_talk(address, b'{"id": 1, "set": "toggle"}\n') == [(1, "on")]]
        # your lines: a test for each way to break the protocol
        for pieces, answers in [
            ([b'{"id": 1, "set": "toggle"}\n'], [(1, "on")]),  # asks again
            ([b'{"id": 2, "set"', b': "toggle"}\n'], [(2, "off")]),
            ([b'{"id": 3, "set": "on"}'], []),  # cut off
            ([b'hello\n{"id": 4, "set": "toggle"}\n'], [(None, None), (4, "on")]),
        ]:
            passed.append(_talk(address, *pieces) == answers)
        passed.append(_talk(address, b"x" * 1001, end=False) == [])  # silence is a TimeoutError
        # end
        return all(passed)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _talk(address, *pieces, end=True):
    """Send pieces, end this side, and return the answers until the lamp ends its own side.

    Each answer is a pair: its id, and its state or None. With end=False this side stays open.
    """
    with socket.create_connection(address, timeout=0.5) as app, app.makefile("rb") as stream:
        for piece in pieces:
            app.sendall(piece)
            time.sleep(0.05)  # so that the next piece comes by itself
        if end:
            app.shutdown(socket.SHUT_WR)
        answers = [json.loads(line) for line in stream]
    return [(answer["id"], answer.get("state")) for answer in answers]


# %% tags=["nbval-ignore-output"]
check(judge_lamp)

# %%
quiz("03 a passed judge")

# %% [markdown]
# ## What you can do now
#
# - Collect until a message is whole, wherever the stream is cut.
# - Frame by a delimiter (readable, but it must be escaped) or by a length (for any bytes).
# - Cut bytes into messages before you decode them.
# - Limit a line or a frame before you store it or wait for it.
# - Build a lamp to which a command can safely be sent again.
# - Judge a program from outside.
#
# Part I ends with [assignment A1](assignments/A1_thermostat.ipynb): build both ends of a protocol.
# It is a large step, so you may do chapter 04 first. [Chapter
# 04](04_datagrams_udp_for_sensors.ipynb) keeps the borders and gives up the rest: a datagram
# arrives whole, or twice, late, or never.
#
# **Worth reading:** [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7) (JSON's
# strings); [RFC 9113, section 4](https://www.rfc-editor.org/rfc/rfc9113#section-4) (frames with a
# length and a limit); Python's pages [json](https://docs.python.org/3/library/json.html) and
# [codecs](https://docs.python.org/3/library/codecs.html).
#
# ## Words of this chapter

# %%
words("03")
