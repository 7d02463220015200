# %% [markdown]
# # Messages on a stream
#
# A lamp is told `on`, `off`, `on`. What its socket gives it is `onoffon`, or `o`, `nof` and `fon`. TCP
# carries bytes and forgets where a message ends. In this chapter you put the borders back, and then
# build a lamp that can be relied on.
#
# At the end you can
# - **show** where a stream is cut, and why a program must not care;
# - **frame** messages by a delimiter and by a length, and say what each costs;
# - **decode** text that was cut inside a character;
# - **limit** what a peer can make you store and wait for;
# - **build** a protocol in which a command is confirmed, or reported as not confirmed;
# - **judge** a program from outside, by what it answers.
#
# About 90 minutes. Read [chapter 02](02_tcp_server_and_client.ipynb) first.

# %% [markdown] tags=["about"]
# learn: frame, limit and decode; build a lamp that can be relied on
# leave out: "What does each cost?"
# ask: the slider that cuts the stream, down to one byte | Which of the two parsers fails first?

# %%
import json
import socket
import struct
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

from helpers import Link, Slider, check, explore, page_style
from helpers import predict, predicted, quiz, run_server, sequence_diagram, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("03")

# %% [markdown]
# ## Where does a command end?
#
# A client sends three commands, with three calls of `sendall`. The lamp reads with `recv(1024)`. First
# the client leaves a tenth of a second between two commands. Then it is in a hurry and leaves none. (In
# both cases the lamp begins to read 50 ms late, because it is busy with its bulb.)

# %%
predict(
    "03 in a hurry",
    'Three calls of `sendall`, one right after the other: `b"on"`, `b"off"`, `b"on"`. '
    "How many times will the lamp's `recv(1024)` return something?",
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
        with socket.create_connection(server.address, timeout=5) as client:
            for message in sends:
                client.sendall(message)
                time.sleep(pause)
    return pieces


print("with pauses:", pieces_of([b"on", b"off", b"on"], pause=0.1))
hurried = pieces_of([b"on", b"off", b"on"], pause=0)
print("in a hurry: ", hurried)
print(predicted("03 in a hurry").compare(len(hurried)))

# %% tags=["claim"]
assert b"".join(hurried) == b"onoffon"

# %% [markdown]
# With pauses each `recv` happened to return one send. A program that relies on this passes every test
# on its author's desk, and fails later, in real use. In a hurry all three commands were there when the
# lamp began to read, and `recv` returns what is there: one piece.
#
# The reverse happens too: one send, several pieces. A `Link` can do that on purpose: with `chunk=5` it
# passes on five bytes at a time, `gap` seconds apart. Each of our four commands now ends in a newline,
# `\n`, which the picture shows as ↵. A *parser* is the part of a program that makes messages of bytes.
# Two parsers read the same pieces:
# - the **naive** one takes each piece for a command;
# - the **framed** one takes what stands before each newline, wherever the pieces end.

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

    with run_server(lamp) as server, Link(server.address, "tcp", chunk=chunk, gap=0.002) as link:
        with socket.create_connection(link.address, timeout=5) as client:
            client.sendall(STREAM)
    return pieces


print(received(chunk=5))

# %% tags=["claim"]
assert b"".join(received(chunk=1)) == STREAM

# %% [markdown]
# Predict first, then move the slider: at which chunk sizes will the naive parser get all four right?
# (On a busy machine one `recv` may return two chunks. The cell after the prediction judges and draws;
# you may skip its code.)

# %%
predict(
    "03 chunk sizes",
    "At how many of the chunk sizes from 1 to 25 will the naive parser get all four right?",
    low=0,
    high=25,
    unit="sizes",
)

# %% tags=["hidden", "nbval-ignore-output"]
import re

from helpers.chapters.chapter_03 import charts


def judge(part):
    """Whether a lamp would take these bytes for a command, and for one that was sent."""
    text = part.decode(errors="replace").strip()
    if text in COMMANDS:
        return "right"
    return "another" if re.fullmatch(r"on|off|dim \d+|name .+", text) else "none"


cuts = [[STREAM[at : at + n] for at in range(0, len(STREAM), n)] for n in range(1, 26)]
right = sum([judge(part) for part in parts] == ["right"] * 4 for parts in cuts)
print(predicted("03 chunk sizes").compare(right))
panel = explore(
    received,
    charts.two_parsers(STREAM, judge),
    chunk=Slider(1, 25, start=5),
    labels={"chunk": "chunk (bytes)"},
)
panel

# %% tags=["claim"]
assert [judge(line) for line in STREAM.splitlines()] == ["right"] * 4

# %% [markdown]
# At none. At 5 bytes it is worse than wrong: the first piece is `dim 4`, so the naive lamp dims to
# 4 % instead of 40 %, and nothing reports an error. At 25 all four commands come as one piece, and the
# naive parser understands none.
#
# The framed parser **collects** bytes until a message is whole, and **keeps** what comes after the
# message's end for the next one. It does not care where the pieces end. Marking where each message ends
# is called *framing*, and the rest of this chapter is about ways to do it.
#
# **Try:** `gap=0` in `received`: do the pieces stay as small as the link made them?
#
# ## Exercise 1: exactly so many bytes
#
# The plainest frame has a size that both sides know: a reading of chapter 01 has eight bytes. But
# `recv(8)` returns *up to* eight, so one call is not enough. (`EOFError`, "end of file", is Python's
# usual error when data ends too early; `raise EOFError("a message")` raises it.)


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
# In UTF-8 `é` is two bytes, and a cut can go between them. The next cell makes text of such pieces
# in four ways. Which of them give `Café`?

# %%
predict("03 four ways", "How many of the four ways give `Café`?", low=0, high=4, unit="of 4")

# %% tags=["hidden"]
import codecs

sent = "Café\n".encode()
pieces = [sent[:4], sent[4:]]
print("pieces:                ", pieces)
try:
    by_itself = [piece.decode() for piece in pieces]
except UnicodeDecodeError as error:
    by_itself = [type(error).__name__]
decoder = codecs.getincrementaldecoder("utf-8")()  # a class, and its object
texts = {
    "each piece by itself": by_itself,
    "with errors='replace'": [piece.decode(errors="replace") for piece in pieces],
    "first whole, then text": [b"".join(pieces).decode()],
    "incremental decoder": [decoder.decode(piece) for piece in pieces],
}
for way, text in texts.items():
    print(f"{way + ':':23}", text)
whole = sum("".join(text) == sent.decode() for text in texts.values())
print(predicted("03 four ways").compare(whole))

# %% [markdown]
# If you decode each piece as it comes, you get an error, or with `errors="replace"` a spoiled text and
# no error. It happens only where a cut hits a character that is not ASCII (not one of the 128 letters,
# digits and signs that take one byte), so your tests may never see it. There are two ways out. Either
# cut the **bytes** into messages first and decode whole ones, or use an *incremental decoder*, which
# keeps half a character until the rest comes.
#
# To cut first is safe in UTF-8. A character of several bytes has no byte below 128
# ([RFC 3629, section 3](https://www.rfc-editor.org/rfc/rfc3629#section-3)), so a byte 10 is
# always a newline. UTF-16, another way to write text, is not safe: there `Ċ` is the bytes 1 and 10.
#
# **Try:** cut at 3 instead of 4; then put `€`, three bytes, in place of `é`.
#
# ## A delimiter: lines of JSON
#
# A *delimiter* marks the end of each message; here it is the newline. *JSON* writes dicts, lists,
# texts and numbers as text: `json.dumps` writes it, `json.loads` reads it. One message in each line is
# easy to write, to read and to log. But what if a newline is part of a message?

# %%
name = "Café\nlamp"
print(f"name {name}\n".encode())
print(json.dumps({"name": name}).encode() + b"\n")
print(json.dumps({"name": name}, ensure_ascii=False).encode() + b"\n")

# %% [markdown]
# The first message became two lines: a delimiter must not occur inside a message. In a JSON string
# every character below 32 is *escaped*, written by other characters
# ([RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)): here `\` and `n`
# stand for the newline. So JSON that is written without `indent` is one line, whatever is in it. (The
# `é` may be escaped too, or go as UTF-8.)
#
# ## Exercise 2: lines
#
# Your function hands out one line after another. For this Python has `yield`, which works like a
# `return` after which the function can go on. A function with `yield` is a *generator*, and a `for` loop
# takes its values one by one:
#
# ```python
# def commands():
#     yield "on"
#     yield "off"  # runs when the loop asks for the next value
#
#
# for command in commands():
#     print(command)
# ```
#
# Write `read_lines` in steps, and run the check after each. First collect bytes and yield whole lines.
# Then look at the end of the stream. At last add the limit: without one, a line that never ends would
# fill your memory. (`connection.makefile()` makes a file that reads lines too, but the contract asks for
# more than such a file does by itself.)


# %% tags=["exercise"]
def read_lines(connection):
    r"""Yield each line of a connection, as soon as the line is whole.

    Argument: connection is a connected socket.
    Yields str, decoded from UTF-8, without the b"\n" that ends the line. Nothing else ends
    one: b"\r" and other line separators are part of it. Ends with the stream.
    Raises EOFError when the stream ends inside a line; the message says how many bytes of
    that line came. Raises ValueError when a line has more than 1,000 bytes, its b"\n" not
    counted, as soon as that is certain, and UnicodeDecodeError when one is not UTF-8.
    Errors of the socket pass as they are. The caller closes the connection.

    Example: a peer sends b"on\nof", then b"f\n", and ends its side.
    Then list(read_lines(connection)) == ["on", "off"].
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
# ## A length before each message
#
# The other way says beforehand how much comes. A frame is the length in four bytes, in the network
# byte order of chapter 01, and then the *payload*, which is the message itself. The payload may hold any
# byte, and may be empty. DNS over TCP
# ([RFC 1035, section 4.2.2](https://www.rfc-editor.org/rfc/rfc1035#section-4.2.2)) and HTTP/2
# ([RFC 9113, section 4.1](https://www.rfc-editor.org/rfc/rfc9113#section-4.1)) do the same,
# with lengths of two and of three bytes.
#
# ## Exercise 3: send a frame


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
# *This is a good place to stop for today.*
#
# ## What does each cost?
#
# We frame three payloads both ways and count the bytes that are added. JSON has no type for bytes
# that are not text. They go as *base64*, which writes three bytes as four letters.

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
for what, payload in (
    ("a reading", b"21.5"),
    ("a log of 500 lines", b"lamp on\n" * 500),
    ("a photo", photo),
):
    line, frame = as_json_line(payload), struct.pack("!I", len(payload)) + payload
    line_adds, frame_adds = len(line) - len(payload), len(frame) - len(payload)
    print(f"{what}: {len(payload):,} bytes; a line adds {line_adds:,}, a frame {frame_adds}")
print(predicted("03 added to a photo").compare(len(as_json_line(photo)) - len(photo)))

# %% [markdown]
# A length costs four bytes whatever the payload is. A line costs two quotes and a newline, one more
# byte for each newline, quote or backslash inside, and a third more if the payload is not text.
#
# The reader of a line must also look at every byte, and a careless one looks many times. Suppose a line
# of 1 MB comes in 1,000 pieces, and the reader searches its whole buffer again after each piece. Then
# it looks at each byte 500 times on average.
#
# In return people can read a line, and after a bad one the next newline is a fresh start. After one
# wrong length nobody can tell any more where the next frame begins.
#
# **Try:** `"é".encode() * 1000` as a payload. What does `ensure_ascii=False` change?
#
# ## Can the length be trusted?
#
# Four bytes can say 4,294,967,295, and it is the *peer* who says so. The next receiver believes its
# peer. For safety this peer claims only 50 MB; after the length it sends five bytes, and waits.
# `tracemalloc` tells how much memory the receiver has reserved. What do you expect?

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
    (size,) = struct.unpack("!I", client.recv(4))  # believes in recv(4), too
    tracemalloc.start()
    room = bytearray(size)
    count = client.recv_into(room)  # like recv, into bytes that are there already
    reserved = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
print(f"{4 + count} bytes came, {size - count:,} are awaited")
print(f"reserved for them: {reserved / 1e6:.0f} MB")
print(f"at the largest claim it would be {2**32 / 1e9:.1f} GB")
print(predicted("03 reserved").compare(round(reserved / 1e6)))
del room

# %% [markdown]
# Nine bytes made the receiver reserve 50 MB, and wait for what never comes. A hundred such peers, with
# the largest claim, ask for about 430 GB. (It is no cure to collect piece by piece: then the peer has to
# send the bytes, but your memory still fills.)
#
# So every receiver needs a **limit**, chosen by what its messages need. It compares the length with the
# limit *before* it makes room or waits. HTTP/2 prescribes that too
# ([RFC 9113, section 4.2](https://www.rfc-editor.org/rfc/rfc9113#section-4.2)). When a frame is
# over the limit, close the connection: the rest of that frame stands before whatever comes next.
#
# ## Exercise 4: receive a frame
#
# A peer that ends its side *between* two frames says goodbye. An end *inside* a frame means that
# something is missing. Your function must tell them apart. It may call your `recv_exactly`.


# %% tags=["exercise"]
def recv_frame(connection, limit):
    """Return the payload of the next frame, as send_frame sends it.

    Arguments: connection is a connected socket; limit is the largest payload that is
    accepted, in bytes. Returns bytes, b"" for an empty frame; None when the stream ends
    between two frames. What comes after the frame stays in the socket.
    Raises EOFError when the stream ends inside a frame; ValueError when its length is over
    the limit, before it makes room for the payload or waits for any of it.
    Errors of the socket pass as they are. The caller closes the connection.

    Example: a peer sends 00 00 00 02 6f 6e and ends its side. Then recv_frame(connection, 100)
    gives b"on", and the next call None; recv_frame(connection, 1) would raise ValueError.
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
# ## A lamp that must obey
#
# You press a button in an app; the lamp does as it is told and answers `done`. What if no answer
# comes? We break the link in one direction, so that nothing gets through that way, and in a second run
# in the other direction. What does the app hear in each case, and what has the lamp done?
#
# (The picture below the experiment shows the second run. An arrow that ends midway is something that
# the link holds back.)


# %%
predict(
    "03 two cases",
    "What will the app hear?",
    choices=[
        "the same in both cases",
        "done, where the command got through",
        "an error that tells",
    ],
)


# %% tags=["hidden"]
def press(broken):
    """Switch a lamp on over a link that is broken "up" or "down"; return who knows what."""
    done = []

    def lamp(listener):
        connection, peer = listener.accept()
        with connection:
            if command := connection.recv(64):
                done.append(command.decode().strip())
                connection.sendall(b"done\n")

    with (
        run_server(lamp) as server,
        # up={...} or down={...}: that way not one byte gets through
        Link(server.address, "tcp", **{broken: {"stall_after": 0}}) as link,
        socket.create_connection(link.address, timeout=0.3) as app,
    ):
        app.sendall(b"on\n")
        try:
            heard = app.recv(64)
        except TimeoutError as error:
            heard = type(error).__name__
    return heard, done, link.trace


heard_in = set()
for broken, what in (("up", "command"), ("down", "confirmation")):
    heard, done, trace = press(broken)
    heard_in.add(heard)
    print(f"the {what} is lost: the app hears {heard}, the lamp has done {done}")
same = len(heard_in) == 1
print(
    predicted("03 two cases").compare("the same in both cases" if same else "an error that tells")
)
press_trace = trace  # of the lost confirmation

# %% tags=["nbval-ignore-output"]
sequence_diagram(
    press_trace, "The lamp has obeyed, and the app does not hear of it", roles=("app", "lamp")
)

# %% tags=["claim"]
assert "done" in press_trace.table()

# %%
quiz("03 no answer")

# %% [markdown]
# The app can't tell the two cases apart, and no cleverer protocol can. It can report a command as
# **confirmed** or as **not confirmed**, but never as "not done". It can also ask again, and then a
# command may be done twice. Is that bad?
#
# In the next experiment the first confirmation is lost, and the app asks again. The light is off at
# first. Which states does it go through for `on`, and which for `toggle` ("change to the other state")?


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
# To do `on` twice is as good as to do it once: `on` is *idempotent*
# ([RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)). `toggle` is
# not: the light is off again. One remedy works for every command, an **id**. When the app asks again it
# sends the same id, and the lamp confirms a known id without doing the command again.
#
# ## Exercise 5: the lamp
#
# Its protocol:
# 1. A command is a line of JSON in UTF-8: `{"id": 7, "set": "on"}`. The id is a whole number or a
#    text (`true` is neither). No other command has the same id, not even one of another client. `"set"`
#    is `"on"`, `"off"` or `"toggle"`.
# 2. The lamp answers each command, in order, with a line: `{"id": 7, "state": "on"}`. The state is the
#    lamp's after this command.
# 3. When the lamp has obeyed an id before, it gives the same answer again, and nothing else happens.
# 4. The lamp answers any other line by `{"id": 7, "error": "…"}`, with an error text that you choose. If
#    no id can be read, the answer's id is `null`. The conversation goes on.
# 5. A line over 1,000 bytes, or one that is not UTF-8, ends that conversation. So does the end of the
#    stream. If the last line has no newline by then, the lamp does not obey it.
#
# This is the largest exercise so far, so write it in steps, and run the check after each. Begin with
# good commands only, read with your `read_lines`. Then remember ids. Then think of bad lines: one may be
# no JSON at all, and `json.loads` raises a `ValueError`; another may be JSON and still no command, such
# as `[1, 2]`. Last come the errors that end a conversation, but not the lamp. (JSON's `null` and `true`
# are Python's `None` and `True`.)


# %% tags=["exercise"]
def lamp_server(listener):
    """Serve a lamp to one client after another, for ever, by the protocol above.

    Argument: listener is a listening socket; the caller closes it. The function never
    returns. The lamp is off at first; its state, and the ids that it has obeyed, outlast each
    conversation. The function closes each connection. A client that vanishes or talks
    nonsense must not end the server (the socket may raise a ConnectionError, such as
    ConnectionResetError or BrokenPipeError).

    Example: {"id": 1, "set": "toggle"} is answered by {"id": 1, "state": "on"}, and once more
    by the same when it comes again.
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
# This lamp remembers every id for ever. A real one forgets old ids after a time that the protocol
# sets. And a silent client still keeps all others waiting; chapter 08 changes that.

# %% [markdown]
# ## Exercise 6: judge a lamp
#
# Now change sides. The check above talked to your lamp: it sent commands, some of them in pieces or
# broken, and compared the answers with the protocol. You write such a judge. It gets the
# address of a lamp and knows nothing of its code, so all that it can do is talk to the lamp.
#
# A judge errs in two ways. It *misses* a wrong lamp if none of its tests touches what is wrong there, and
# it *accuses* a right lamp if it expects more than the protocol promises. For example, the text of
# an error is the lamp's own.
#
# The check gives your judge three right lamps and six wrong ones, each in a server of its own. It
# must accuse none of the three and find at least five of the six. A wrong lamp may also break off,
# or stay silent for ever. That is no error of your judge, but a finding: `False`.
#
# The cell has one test, and `_talk`, which holds one conversation. Go through the
# protocol's five points: which test would notice a lamp that breaks this one?


# %% tags=["exercise"]
import time


def judge_lamp(address):
    """Tell whether a lamp keeps the protocol of exercise 5, by talking to it.

    Argument: address is the (host, port) of a lamp that was just started: it should be off.
    Returns True if it keeps the protocol in all that you try, and False if it does not: also
    if it breaks off, stays silent or answers what can't be read. Raises nothing.
    A verdict may take 2 seconds. The function closes each socket that it opens.

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
# ## Words of this chapter

# %%
words("03")

# %% [markdown]
# ## What you can do now
#
# - Show where a stream is cut, and collect until a message is whole.
# - Frame by a delimiter (readable, but escapes) or by a length (any bytes, but it needs a limit).
# - Cut bytes into messages before you decode them.
# - Limit a line or a frame before you store it or wait for it.
# - Build a protocol in which a command is confirmed, or known to be unconfirmed and safely repeated.
# - Judge a program from outside: by commands in pieces, cut off, repeated, or none at all.
#
# [Chapter 04](04_datagrams_udp_for_sensors.ipynb) keeps the borders and gives up the rest: a datagram
# arrives whole, or twice, late, or never.
#
# **Worth reading:** RFC 8259, sections [7](https://www.rfc-editor.org/rfc/rfc8259#section-7) and
# [8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1) (JSON's strings and encoding);
# [RFC 9113, section 4](https://www.rfc-editor.org/rfc/rfc9113#section-4) (frames with a length and
# a limit); [RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)
# (idempotent methods); the pages [socket](https://docs.python.org/3/library/socket.html),
# [json](https://docs.python.org/3/library/json.html) and
# [codecs](https://docs.python.org/3/library/codecs.html) of the Python documentation.
