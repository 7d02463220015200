"""Hints for what a judge of lamps can miss, or take for wrong."""

from __future__ import annotations

ACCUSED = (
    "This lamp is right, and your judge says False: which of your tests did it not pass?",
    "The steps show what the lamp answered. The text of an error is its own, answers come in any "
    "pieces, and a conversation may end by a FIN or by a reset.",
    "Compare what that test expects with the protocol's five points, and count which commands the "
    "lamp had obeyed before: its state outlasts each conversation.",
)
PIECES = (
    "In none of your tests does one command come in pieces, or they came too close together.",
    "The network cuts where it likes. You can do the same: one command in two calls, with a moment "
    "between them.",
    "Send the first half of a line, wait some hundredths of a second, send the rest, and expect "
    "the one answer that the whole line gets.",
)
CUT_OFF = (
    "None of your tests ends the stream in the middle of a command.",
    "The protocol's fifth point says what becomes of a line whose newline never came.",
    "Send a command without its newline, end your side, and look whether the lamp has obeyed: its "
    "answers say so, and so does its state in the next conversation.",
)
AGAIN = (
    "None of your tests asks a second time with the id of a command that was obeyed.",
    "The protocol's third point says what a known id gets. With some wishes a second time shows, "
    "with others it does not.",
    "Toggle twice with the same id, and compare the two answers.",
)
COMES_BACK = (
    "None of your tests asks again from another connection, with the id of a command that was "
    "obeyed.",
    "An app asks again because its connection broke: so it comes back on a new one.",
    "Toggle, end the conversation, connect anew, and send the same command again: which answer "
    "does the third point ask for?",
)
BAD_LINE = (
    "None of your tests sends a line that is no command, and goes on after it.",
    "The protocol's fourth point says what such a line gets, and what becomes of the conversation.",
    "Send a line that is no JSON and a good command behind it, in one conversation, and expect two "
    "answers.",
)
ENDLESS = (
    "None of your tests sends a line that is too long, and leaves it to the lamp to hang up.",
    "The protocol's fifth point has a number. What does a right lamp do beyond it, and how would "
    "your judge hear of it?",
    "Send one byte more than is allowed, without a newline, and do not end your side: it is the "
    "lamp that must end the conversation. One that only waits is wrong.",
)
