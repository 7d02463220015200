"""Hints for a device that can be found: each way to fail has its own."""

from __future__ import annotations

from helpers.chapters.chapter_04._shared import RAISES
from helpers.checks.wrong import Hints, Misconception

EXACT = (
    "Only one datagram is a question, byte for byte; and not all bytes are text.",
    "Compare all of what came with the 13 bytes, by `==`, before you do anything else with it.",
)

RETURNED: Hints = (
    "Your function has returned after an answer: receiving and answering belong into a loop that "
    "goes on for ever.",
    "Which lines are to run once for each question, and which only once?",
    "Look for a `return`, a `break` or a loop condition that becomes false.",
)
NO_ANSWER: Hints = (
    "Your comparison has said no to the right question, or the answer went elsewhere: what "
    "recvfrom gives are bytes, which never equal a str, in a tuple with the asker's address.",
    "Print with repr what you compare, and the address that you send to.",
    "b'...' is a literal of bytes; unpack the tuple into two names first.",
)
CONNECTED: Hints = (
    "Your function has connected sock to its first asker: a connected UDP socket hears nobody "
    "else.",
    "There is no connection to set up: sendto takes the address with each datagram.",
    "Leave the socket unconnected, and answer to the address that recvfrom gave.",
)
ECHOED: Hints = (
    "You send the question back; the answer is the device's name.",
    "The name is the function's second argument, a str; a datagram is bytes.",
    "Encode the name as UTF-8, and send it to the asker.",
)
UTF_8: Hints = (
    "Your answer is the name in another encoding: UTF-8 is asked for, where ü takes two bytes.",
    "`encode` takes the encoding's name; without one it is UTF-8.",
    "Look at the line that turns the name into bytes.",
)
LOST_LETTER: Hints = (
    "The ü of the name is lost in your answer: your encoding has no such letter, and `errors` "
    "hides that. UTF-8 has all letters.",
    *UTF_8[1:],
)
OTHER_ANSWER: Hints = (
    "Your answer is not the device's name as bytes: what do you send? `str(...)`, `repr(...)` or a "
    "new line at its end add to it.",
    "The name is sent as bytes in UTF-8, and nothing else.",
    "Compare what came with what was expected, byte for byte.",
)
OTHER_PORT: Hints = (
    "Your answer came from another socket, so from another port than the one that was asked: send "
    "it from `sock`.",
    "The asker learns the device's address from its answer.",
    "The socket that received the question sends the answer; no other one is needed.",
)
TWICE: Hints = (
    "You send more than one answer to a question: each question gets one answer.",
    "If it gets lost, the asker asks again.",
    "One question, one answer, and back to the next.",
)
ONLY_SOME: Hints = (
    "Not each of the askers got an answer: do you answer only one of those who asked at once?",
    "The questions wait in your socket's buffer, one by one.",
    "One question, one answer, and back to the next.",
)
AGAIN: Hints = (
    "Who asks again gets no answer: do you keep a record of who was answered? The first answer may "
    "have been lost.",
    "The asker is the only one who knows whether the answer has come.",
    "Treat each question as if it were the first.",
)
ENDS_EMPTY: Hints = (
    "An empty datagram ends your loop: on a stream b'' would be the end, here it is a message like "
    "any other.",
    "Look for `if not question`, `while question`, `len` or a `:=` that ends your loop.",
    "It is not the question, so it is ignored: listen again.",
)
ANSWERS_EMPTY: Hints = (
    "An empty datagram got an answer: only a datagram that equals the question, exactly, is one. "
    "(b'' is a part of all bytes: `in` compares nothing.)",
    *EXACT,
)
SAYS_NO: Hints = (
    "You send something to who has not asked the question: all else gets no answer.",
    "An answer that nobody expects confuses the one who gets it.",
    "Where it is not the question, listen again without a word.",
)
ANSWERS_ALL: Hints = (
    "You answer what is no question: compare what came with the question before you answer.",
    *EXACT,
)
CAPITALS: Hints = (
    "You answer a question in capitals: `lower` or `casefold` lets it pass, and exactly the 13 "
    "bytes are asked for.",
    *EXACT,
)
SHORT: Hints = (
    "You answer the question without its question mark: exactly the 13 bytes are asked for.",
    *EXACT,
)
STRIPPED: Hints = (
    "You answer a question with a blank, a new line or a zero byte at its end or beginning: does "
    "`strip` take it away? Exactly the 13 bytes are asked for.",
    *EXACT,
)
LOOSE: Hints = (
    "You decode the question and leave out what is no text: with these bytes it is another "
    "datagram.",
    *EXACT,
)
TOLERANT: Hints = (
    "Which of these did your function answer? Exactly the 13 bytes are a question.",
    *EXACT,
)
CUT: Hints = (
    "You ask for 13 bytes, so a longer datagram is cut to its first 13 and looks like a question.",
    "Each recvfrom takes one whole datagram, and what does not fit is thrown away.",
    "Ask for more than the question has, and compare all of what came.",
)
BEGINS: Hints = (
    "A longer datagram that begins like the question got an answer: only one that equals it, "
    "exactly, is a question.",
    *EXACT,
)
JOINED: Hints = (
    "You join the halves of a question: each datagram stands by itself, and two never become one.",
    "Each recvfrom takes one whole datagram; there is no rest that comes later.",
    "Compare what one call returned, and keep no bytes of it for the next.",
)
ENDED_BY_RESET: Hints = (
    "An asker has gone, and your function has ended: the ConnectionResetError is about one asker, "
    "so go on with the next.",
    "On Windows a receive raises it when an earlier answer reached nobody.",
    "Where in the loop must it be caught, so that the loop goes on?",
)
RESET: Hints = (
    "An asker has gone, and the ConnectionResetError that Windows raises then ends your function.",
    "It is about an earlier answer that reached nobody, and the socket works on.",
    "Where in the loop must it be caught, so that the loop goes on?",
)
DEAF: Hints = (
    "After an asker has gone no other one is answered: what has your function done to the socket, "
    "or to the loop?",
    "A socket that is connected hears nobody else; and a receive has raised ConnectionResetError.",
    "Leave the socket unconnected, and let no such error end the loop.",
)
STALE: Hints = (
    "After the ConnectionResetError you answer the question before once more: the names still hold "
    "the datagram that came last.",
    "Where receiving fails nothing new has come, so there is nothing to answer.",
    "Go back to the beginning of the loop from the `except`, before anything is compared.",
)
STANDS: Hints = (
    "Your function is still in the line that is shown above while others ask: does it pause, or "
    "wait for something else than the next question?",
    "Each pause makes all who ask wait, one after another.",
    "Let the loop do two things only: receive, and answer.",
)
OWN_TIMEOUT: Hints = (
    "A timeout of your own has ended the answering: after a quiet time somebody asks again, and "
    "the device is to answer for ever.",
    "Nobody asks for hours: that is no error for a device that waits to be found.",
    "Wait without a timeout, or go on listening when it is over.",
)

RAISING: dict[str, Misconception | Hints] = RAISES | {
    "ConnectionError": RESET,
    "UnicodeEncodeError": UTF_8,
    "TimeoutError": OWN_TIMEOUT,
}
