"""What a program of A1 must do: the server first, then the app, then both."""

from __future__ import annotations

from dataclasses import replace

from helpers.assignments.a1 import _broken_peers as broken
from helpers.assignments.a1 import _client_cases as client
from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _hostile as hostile
from helpers.assignments.a1 import _server_cases as server
from helpers.assignments.a1 import hello_server as first
from helpers.assignments.a1._wire import named
from helpers.assignments.a1.beliefs import LENGTH_TRUSTED, ONE_CLIENT, ONE_RECV, UNREAD
from helpers.checks.cases import Case, Exercise
from helpers.checks.milestones import Assignment, Milestone

SERVER, APP = "thermostat_server", "Thermostat"
FIRST = "hello_server"  # the first step's; where SERVER is there that one is tried in its place
SECONDS = 24.0  # for the cases of a milestone, so that one that hangs costs no points of the next
ENDED_BY = dict.fromkeys(("OSError", "EOFError"), ONE_CLIENT)


def _cases(*cases: Case) -> Exercise:
    cases = tuple(replace(case, words=named) for case in cases)
    return Exercise(cases, "", again=True, seconds=SECONDS)


ASSIGNMENT = Assignment(
    "A1",
    "A thermostat's protocol",
    (FIRST, SERVER, APP),
    (
        Milestone(
            "hello",
            "a first server answers HELLO",
            SERVER,
            _cases(
                Case(
                    "the example",
                    "An app says HELLO with the versions 1 and 2, and ends.",
                    first.answers_the_example,
                    hints.FIRST,
                    if_it_hangs=hints.FIRST,
                ),
                Case(
                    "an old app",
                    "An app says HELLO with version 1 alone, and ends.",
                    first.answers_an_old_app,
                    hints.FIRST,
                    if_it_hangs=hints.FIRST,
                ),
                Case(
                    "one app after another",
                    "Three apps say HELLO, each with another number, and end.",
                    first.answers_one_after_another,
                    hints.NEXT_APP,
                    if_it_hangs=hints.NEXT_APP,
                ),
            ),
            1,
            other=FIRST,
        ),
        Milestone(
            "greeting",
            "the server agrees on a version",
            SERVER,
            _cases(
                Case(
                    "the highest common version",
                    "Apps greet with five lists of versions.",
                    server.greets,
                    hints.HELLO,
                    if_it_hangs=hints.HELLO,
                ),
                Case(
                    "no common version",
                    "Apps greet with versions that the server does not know.",
                    server.finds_no_version,
                    hints.HELLO,
                ),
                Case(
                    "a request before HELLO",
                    "Apps ask before they have greeted.",
                    server.wants_hello,
                    hints.NO_HELLO,
                ),
            ),
            1,
        ),
        Milestone(
            "requests",
            "the server answers, and keeps the target",
            SERVER,
            _cases(
                Case(
                    "temperature and target",
                    "An app of version 1 and one of version 2 ask for both.",
                    server.answers,
                    hints.VALUE,
                ),
                Case(
                    "targets that are set",
                    "Apps set targets, in both versions and units; others ask for them.",
                    server.sets,
                    hints.SET,
                ),
                Case(
                    "a later HELLO",
                    "An app greets three times, each time with other versions, and asks.",
                    server.greets_again,
                    hints.AGAIN,
                ),
            ),
            2,
        ),
        Milestone(
            "refusals",
            "the server refuses requests, and goes on",
            SERVER,
            _cases(
                Case(
                    "targets outside of the limits",
                    "An app sets seven targets that are too high or too low, and asks.",
                    server.keeps_limits,
                    hints.LIMITS,
                ),
                Case(
                    "requests that can't be carried out",
                    "An app sends requests of unknown kinds and with bodies that do not fit.",
                    server.goes_on,
                    hints.GOES_ON,
                ),
            ),
            2,
        ),
        Milestone(
            "frames",
            "the server finds frames in the stream",
            SERVER,
            _cases(
                Case(
                    "byte by byte",
                    "An app sends two requests byte by byte.",
                    server.takes_pieces,
                    hints.FRAMES,
                    if_it_raises={"Exception": ONE_RECV},
                ),
                Case(
                    "thirty requests at once",
                    "An app sends HELLO and 28 targets at once, then a question in two pieces.",
                    server.takes_several,
                    hints.FRAMES,
                    if_it_raises={"Exception": ONE_RECV},
                ),
                Case(
                    "lengths that are not allowed",
                    "Apps send length fields of 2 GB, 4 GB, 65, 2 and 0, and nothing behind them.",
                    server.refuses_lengths,
                    hints.LENGTH,
                    if_it_hangs=LENGTH_TRUSTED,
                    if_it_raises={"Exception": LENGTH_TRUSTED},
                ),
                Case(
                    "the longest frame",
                    "An app sends HELLO with 16 versions, and a frame of the highest length.",
                    server.takes_the_longest,
                    hints.LENGTH,
                ),
            ),
            3,
        ),
        Milestone(
            "hostile apps",
            "the server serves the next one, whatever an app does",
            SERVER,
            _cases(
                Case(
                    "apps that vanish",
                    "Three apps reset before they read, one ends, one breaks off within a frame.",
                    hostile.outlives_who_vanishes,
                    hints.WAITING,
                    if_it_raises=ENDED_BY,
                ),
                Case(
                    "an app that says nothing",
                    "An app connects and is silent; then comes another.",
                    hostile.outlives_silence,
                    hints.WAITING,
                    if_it_raises=ENDED_BY,
                ),
                Case(
                    "a frame that does not end",
                    "An app sends a byte each 0.15 s; then comes another.",
                    hostile.outlives_half_a_frame,
                    hints.WAITING,
                    if_it_raises=ENDED_BY,
                ),
                Case(
                    "an app that does not read",
                    "An app sends requests on and on, and reads no answer; then comes another.",
                    hostile.outlives_who_does_not_read,
                    UNREAD.hints,
                    if_it_raises=ENDED_BY,
                    if_it_hangs=UNREAD,
                    rounds=4,
                ),
                Case(
                    "an app that is slow",
                    "An app asks after 0.65 s, in two pieces, and once more.",
                    hostile.waits_for_the_slow,
                    hints.WAITING,
                    rounds=2,
                ),
                Case(
                    "pieces of two requests each",
                    "Each piece has the end of one request and the beginning of the next.",
                    hostile.counts_from_the_first_byte,
                    hints.WAITING,
                ),
                Case(
                    "the end of the listener",
                    "The caller closes the listener while the server waits for an app.",
                    hostile.ends_with_the_listener,
                    hints.ENDS,
                ),
            ),
            3,
        ),
        Milestone(
            "asking",
            "the app asks and sets, in both versions",
            APP,
            _cases(
                Case(
                    "both versions",
                    "A thermostat of version 2, then one of version 1.",
                    client.asks,
                    hints.CLIENT_SENDS,
                ),
                Case(
                    "units and signs",
                    "Thermostats that answer in Fahrenheit, and with temperatures below zero.",
                    client.reads_units,
                    hints.CLIENT_VALUE,
                ),
                Case(
                    "targets to the tenth, and those that can't be sent",
                    "The app is told to set 21.48, nan, inf and 4,000 degrees.",
                    client.sets_what_fits,
                    hints.CLIENT_SETS,
                ),
            ),
            2,
        ),
        Milestone(
            "answers",
            "the app knows which answer is whose",
            APP,
            _cases(
                Case(
                    "byte by byte",
                    "The thermostat sends its answers byte by byte.",
                    client.takes_pieces,
                    hints.FRAMES,
                ),
                Case(
                    "an answer that comes late",
                    "The first answer comes after the app has asked again.",
                    client.tells_answers_apart,
                    hints.CLIENT_ERRORS,
                ),
                Case(
                    "half an answer in time",
                    "An answer's second half comes after the app has asked again.",
                    client.keeps_its_place,
                    hints.CLIENT_KEPT,
                ),
                Case(
                    "refusals",
                    "The thermostat refuses two targets.",
                    client.passes_refusals_on,
                    hints.CLIENT_ERRORS,
                ),
            ),
            2,
        ),
        Milestone(
            "broken peers",
            "the app tells what happened, and leaves nothing open",
            APP,
            _cases(
                Case(
                    "conversations that break",
                    "Seventeen thermostats end, reset, or answer what is no answer.",
                    broken.tells_of_broken_peers,
                    hints.CLIENT_ERRORS,
                ),
                Case(
                    "servers that are no thermostats",
                    "Six servers answer HELLO wrongly, one not at all, and one is not there.",
                    broken.greets_strangers,
                    hints.CLIENT_ERRORS,
                    rounds=2,
                ),
                Case(
                    "silence",
                    "A thermostat never answers, and one sends its answer drop by drop.",
                    broken.gives_up_in_time,
                    hints.CLIENT_LATE,
                ),
                Case(
                    "closing",
                    "An app is closed twice, and one is left by an error.",
                    broken.closes,
                    hints.CLIENT_CLOSES,
                ),
            ),
            3,
        ),
        Milestone(
            "together",
            "your app and your server understand each other",
            APP,
            _cases(
                Case(
                    "your own two halves",
                    "Your app talks to your server.",
                    client.talks_to_its_own,
                    hints.CLIENT_SENDS,
                ),
            ),
            1,
        ),
    ),
)
