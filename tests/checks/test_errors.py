"""Errors of Python's own: each is told as what was done, with hints that are about the line."""

import asyncio
import contextlib
import errno
import json
import os
import selectors
import socket
import struct
import sys
from socket import socket as socket_class

import pytest

from helpers.checks.cases import Case, Exercise
from helpers.checks.errors import find_slip
from helpers.checks.findings import explain
from helpers.checks.runner import run_cases
from helpers.checks.slips import place_of_error
from helpers.checks.wrong import Misconception

HINTS = ("look", "look closer", "there")
BELIEF = Misconception("a belief", "It is wrong.", ("one", "two", "three"))
CASE = Case("a case", "It acts.", print, HINTS)

pytestmark = pytest.mark.usefixtures("nothing_left")


def told(function, case=CASE):
    """What is said of the error that a function raises."""
    try:
        function()
    except Exception as error:
        return explain(case, error)
    raise AssertionError("it raised nothing")


@contextlib.contextmanager
def connected():
    """A socket that has a peer, to which one can send."""
    connection, other = socket.socketpair()
    with connection, other:
        yield connection


async def answer():
    return 5


def needs_two(one, two):
    return one, two


# Names


def forgets_the_module():
    AF_INET  # noqa: B018, F821


def forgets_module_and_import():
    sleep(1)  # noqa: F821


def forgets_the_import():
    statistics.mean([])  # noqa: F821


def writes_another_language():
    return true  # noqa: F821


def misspells():
    connection = 5  # noqa: F841
    return conection  # noqa: F821


def reads_too_early():
    if not sys.path:
        value = 5
    return value


def has_the_class():
    socket = socket_class
    return socket.AF_INET


def misspells_in_a_module():
    socket.create_conection(("127.0.0.1", 1))


# Attributes


def writes_to_a_socket():
    with connected() as connection:
        connection.write(b"x")


def misspells_a_method():
    with connected() as connection:
        connection.sendal(b"x")


def takes_accept_for_a_connection():
    connection = ("a connection", ("127.0.0.1", 5))
    connection.recv(10)


def takes_recvfrom_for_bytes():
    data = (b"x", ("127.0.0.1", 5))
    data.decode()


def encodes_bytes():
    data = b"x"
    data.encode()


def decodes_text():
    "x".decode()


def uses_the_result_of_nothing():
    with connected() as connection:
        sent = connection.sendall(b"x")
    sent.decode()


def asks_a_function_that_was_not_called():
    needs_two.append(1)


# Types


def sends_text():
    with connected() as connection:
        connection.sendall("x")


def adds_text_to_bytes():
    return b"x" + "y"


def adds_bytes_to_text():
    return "x" + b"y"


def gives_two_arguments_to_connect():
    with socket.socket() as connection:
        connection.connect("127.0.0.1", 80)


def gives_text_for_an_address():
    with socket.socket() as connection:
        connection.connect("127.0.0.1")


def gives_too_few():
    needs_two(1)


def receives_without_a_number():
    with socket.socket() as connection:
        connection.recv()


def gives_too_many():
    needs_two(1, 2, 3)


def takes_a_part_of_nothing():
    nothing = None
    return nothing[0]


def calls_nothing():
    nothing = None
    nothing()


def unpacks_nothing():
    one, two = None


def unpacks_a_number():
    one, two = 5


def calls_a_module():
    socket()


def goes_through_a_number():
    for _ in 5:
        pass


def compares_text():
    return "5" < 5


# Values


def reads_no_number():
    int("12 C")


def splits_too_little():
    one, two = b"x".split()


def unpacks_another_size():
    struct.unpack("!I", b"abc")


def packs_text():
    struct.pack("!I", "5")


def packs_too_much():
    struct.pack("!B", 300)


def decodes_half_a_character():
    "°".encode()[:1].decode()


def encodes_as_ascii():
    "°".encode("ascii")


def asks_too_far():
    return [][0]


def asks_for_the_next():
    values, i = [1, 2], 1
    return values[i + 1]


def asks_for_a_key():
    return {}["missing"]


def divides_by_zero():
    return 1 / len([])


def calls_itself():
    calls_itself()


def reads_half_a_json():
    json.loads('{"a":')


def asks_in_a_loop():
    async def runs():
        coroutine = answer()
        try:
            asyncio.run(coroutine)
        finally:
            coroutine.close()

    asyncio.run(runs())


def forgets_to_await():
    coroutine = answer()
    try:
        return coroutine + 1
    finally:
        coroutine.close()


# Sockets


def uses_a_closed_one():
    connection = socket.socket()
    connection.close()
    connection.sendall(b"x")


def receives_from_the_listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.recv(10)


def is_connected_to_nobody():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.getpeername()


def binds_twice():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_server(listener.getsockname())


def connects_twice():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = socket.create_connection(listener.getsockname())
        with connection:
            connection.connect(listener.getsockname())


def sends_to_nowhere():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.send(b"x")


def sends_too_much():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(bytes(70_000), ("127.0.0.1", 9))


def does_not_wait():
    with connected() as connection:
        connection.setblocking(False)
        connection.recv(1)


def registers_twice():
    with connected() as connection, selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        selector.register(connection, selectors.EVENT_WRITE)


def sends_after_its_end():
    with connected() as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.sendall(b"x")


def finds_nobody():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        socket.create_connection(free.getsockname())


WORDS = {  # what the first hint must hold
    forgets_the_module: ["AF_INET", "`socket.`"],
    forgets_module_and_import: ["sleep", "`time`", "import"],
    forgets_the_import: ["statistics", "imports"],
    writes_another_language: ["true", "another language"],
    misspells: ["conection", "`connection`"],
    reads_too_early: ["value", "first value"],
    has_the_class: ["from socket import", "class"],
    misspells_in_a_module: ["create_conection", "`create_connection`"],
    writes_to_a_socket: ["no method `write`", "`sendall`"],
    misspells_a_method: ["sendal", "`sendall`"],
    takes_accept_for_a_connection: ["tuple", "accept"],
    takes_recvfrom_for_bytes: ["tuple", "recvfrom"],
    encodes_bytes: ["`data` is bytes already"],
    decodes_text: ["text already"],
    uses_the_result_of_nothing: ["`sent` is None"],
    asks_a_function_that_was_not_called: ["Parentheses are missing after `needs_two`"],
    sends_text: ["text (`str`) where bytes are wanted"],
    adds_text_to_bytes: ["text (`str`) where bytes are wanted"],
    adds_bytes_to_text: ["bytes where text"],
    gives_two_arguments_to_connect: ["a tuple of host and port"],
    gives_text_for_an_address: ["tuple"],
    gives_too_few: ["`needs_two`", "two"],
    receives_without_a_number: ["`recv`", "how many bytes"],
    gives_too_many: ["`needs_two`", "number of arguments"],
    takes_a_part_of_nothing: ["`nothing` is None"],
    calls_nothing: ["`nothing` is None"],
    unpacks_nothing: ["None"],
    unpacks_a_number: ["one value", "several names"],
    calls_a_module: ["`socket` is a module"],
    goes_through_a_number: ["int"],
    compares_text: ["str", "int"],
    reads_no_number: ["number"],
    splits_too_little: ["2 names", "1"],
    unpacks_another_size: ["4 bytes"],
    packs_text: ["type"],
    packs_too_much: ["too large"],
    decodes_half_a_character: ["cut in two"],
    encodes_as_ascii: ["ascii"],
    asks_too_far: ["larger than the last"],
    asks_for_the_next: ["`i + 1`", "no next one"],
    asks_for_a_key: ["'missing'"],
    divides_by_zero: ["zero"],
    calls_itself: ["calls itself"],
    reads_half_a_json: ["JSON", "whole"],
    asks_in_a_loop: ["asyncio.run", "await"],
    forgets_to_await: ["await"],
    uses_a_closed_one: ["`connection`", "closed by line"],
    receives_from_the_listener: ["`listener` is the listener", "accept"],
    is_connected_to_nobody: ["`sock` has no peer"],
    binds_twice: ["port", "taken"],
    connects_twice: ["has its peer already"],
    sends_to_nowhere: ["needs an address"],
    sends_too_much: ["too large"],
    does_not_wait: ["does not block"],
    registers_twice: ["registered before"],
    sends_after_its_end: ["shutdown"],
    finds_nobody: ["Nobody listens"],
}
ELSEWHERE = {connects_twice, sends_to_nowhere, sends_after_its_end, sends_too_much}  # other errors


@pytest.mark.parametrize("function", WORDS, ids=lambda each: each.__name__)
def test_an_error_is_told_as_what_was_done(function):
    if function in ELSEWHERE and not sys.platform.startswith("linux"):
        pytest.skip("the system has another error for it")
    outcome = told(function)
    missing = [word for word in WORDS[function] if word not in outcome.hints[0]]
    assert missing == [], outcome.hints[0]
    assert outcome.hints != HINTS
    assert len(set(outcome.hints)) == 3
    assert all(hint.endswith((".", "?")) and "{" not in hint for hint in outcome.hints)
    assert ", in line " in outcome.problem
    assert outcome.problem.endswith((".", "?"))


def test_the_line_of_the_error_is_named():
    assert '`connection.sendall(b"x")`. `connection` was closed' in told(uses_a_closed_one).problem


def test_a_case_that_knows_better_is_heard_first():
    case = Case("a case", "It acts.", print, HINTS, if_it_raises={"UnicodeDecodeError": BELIEF})
    assert told(decodes_half_a_character, case).misconception is BELIEF


@pytest.mark.parametrize(
    "error", [TimeoutError("timed out"), ConnectionResetError(errno.ECONNRESET, "reset")]
)
def test_an_error_of_the_protocol_keeps_the_hints_of_the_case(error):
    def calls():
        os_call(error)

    def os_call(error):
        def fails():
            raise error

        fails.__code__ = fails.__code__.replace(co_filename=os.__file__)
        fails()

    assert told(calls).hints == HINTS


def test_an_error_that_is_raised_on_purpose_keeps_the_hints_of_the_case():
    def refuses():
        raise ValueError("invalid literal for int()")

    def refuses_a_key():
        raise KeyError("x")

    assert told(refuses).hints == told(refuses_a_key).hints == HINTS


def test_an_error_of_the_program_that_nobody_knows_has_no_hints():
    def odd():
        __import__("no_such_module_of_all")

    assert told(odd).hints == ()


def test_a_report_without_hints_says_so():
    def odd():
        __import__("no_such_module_of_all")

    case = Case("a case", "It acts.", lambda function, stage: function(), HINTS)
    report = run_cases("exercise", odd, Exercise((case,), ""))
    assert "Three hints" not in repr(report)
    with pytest.raises(ValueError, match="there is no hint"):
        report.hint(1)


def test_an_error_without_a_line_of_the_learners_has_no_slip():
    assert find_slip(KeyError("x"), place_of_error(KeyError("x"))) is None


def test_lines_of_several_rows_are_read():
    def packs():
        return struct.pack(
            "!I",
            "5",
        )

    assert "struct.error" in told(packs).problem
    assert told(packs).hints != HINTS
