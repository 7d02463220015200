"""An error of a case, or its silence, put into words."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, field

from helpers.checks.cases import Case
from helpers.checks.errors import find_slip, is_of_the_program
from helpers.checks.kinds import hints_on_coroutine
from helpers.checks.slips import Place, place_of_error
from helpers.checks.stage import Silence
from helpers.checks.values import cut, short
from helpers.checks.wrong import Hints, Misconception, NotThere, Wrong
from helpers.learner_code import learners_part
from helpers.trace.trace import Trace

LONGEST = 1_000  # characters of a problem
_ANY_ERROR = ("Exception", "BaseException")  # what is said of these is for errors without a slip
_MOST_LINES = 24  # of a traceback
_MISCALLED = re.compile(
    r"positional argument|takes no arguments|unexpected keyword argument"
    r"|(?P<kind>object can't be awaited|must be an ordinary function)"
    r"|can't be called with the one argument"
)
_OTHER_ARGUMENTS: Hints = (
    "Compare the arguments in the first line of your function with those in its description: how "
    "many are there, and in which order?",
    "It is called as its description says. Of a class this is said by `__init__`, whose first "
    "parameter is the object itself.",
    "Give it exactly these parameters, in this order. Any other one needs a value to fall back on.",
)
_OTHER_KIND: Hints = (
    "Is there a `yield` in your function, or an `async` before its `def`? A plain function is "
    "asked for.",
    "Calling a generator, or an `async` function, runs none of its lines: somebody would have to "
    "ask for its items, or to await it.",
    "Take the `yield`, or the `async`, out. What is to be sent goes through the connection.",
)
_NO_TUPLE: Hints = (
    "A thread's `args` is a tuple, and a tuple of one element ends in a comma.",
    "Parentheses alone make no tuple: Python takes the element itself, and looks for its parts.",
    "Put a comma after the one argument, inside the parentheses after `args`.",
)
_ARGUMENTS = "argument after * must be an iterable"  # what a thread says to `args=(one)`
# A result is missing, and no error was expected in its place.
_NOTHING_CAME = re.compile(r"^(?!.*([Ee]rror|`yield`)).*\bgot None\b", re.DOTALL)
_A_COROUTINE_CAME = re.compile(r"\bgot the coroutine (\w+)")  # as `values.short` says it
_NO_RETURN = (
    " Does your function return its result? Without `return` it gives None, even if it prints."
)
# What a traceback calls a notebook's cell; the number in it is of no use to a reader.
_CELL = re.compile(r'File "[^"\n]*ipykernel_\d+[/\\]\d+\.py"')


@dataclass
class Outcome:
    """What came of one case.

    Attributes:
        case: what was tried.
        problem: what was expected and what came; empty where it passed.
        misconception: the belief behind it, where it was recognised.
        hints: three steps towards an answer.
        details: a traceback, cut to the learner's lines.
        trace: what passed.
        prints: the lines that the case's threads have printed, in order.
        log: what happened, line by line with times, where the case was looked at closely.
        note: a few words about how it passed.
        tried: False where the cases before it took all the time.
        no_room: why it can't be tried on this machine; it is neither passed nor failed then.
    """

    case: Case
    problem: str = ""
    misconception: Misconception | None = None
    hints: Hints | tuple[()] = ()
    details: str = ""
    trace: Trace | None = None
    prints: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    note: str = ""
    tried: bool = True
    no_room: str = ""

    @property
    def passed(self) -> bool:
        """Whether the function survived the case."""
        return not self.problem and not self.no_room

    @property
    def state(self) -> str:
        """The result in a word or two."""
        if self.no_room or not self.tried:
            return "not tried"
        return "passed" if self.passed else "failed"


def failed(
    case: Case,
    problem: str,
    cause: Misconception | Hints | None = None,
    hints: Hints | None = None,
    details: str = "",
) -> Outcome:
    """A failure, with the nearest hints that there are: its own, its cause's or its case's."""
    misconception = cause if isinstance(cause, Misconception) else None
    hints = hints or (cause if isinstance(cause, tuple) else None)
    hints = hints or (misconception.hints if misconception else case.hints)
    return Outcome(case, cut(problem, LONGEST), misconception, hints, details)


def not_tried(case: Case, reason: str) -> Outcome:
    """A case that was not tried, or not to its end."""
    return Outcome(case, reason, tried=False)


def explain(case: Case, error: BaseException, meanwhile: str = "") -> Outcome:
    """Say what an error of a case means.

    Args:
        case: whose `run` raised it.
        error: what it raised.
        meanwhile: what the check's side met, where the error is that of the learner's server.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, NotThere):
        return not_tried(case, str(error))
    if isinstance(error, Wrong):
        problem = str(error)
        if not error.misconception and _NOTHING_CAME.search(problem):
            problem += _NO_RETURN
        if not error.misconception and (found := _A_COROUTINE_CAME.search(problem)):
            return failed(case, problem, hints=hints_on_coroutine(found[1]))
        return failed(case, problem, error.misconception, error.hints)
    if isinstance(error, Silence):
        return failed(case, str(error), case.if_it_hangs)
    place = place_of_error(error)
    if isinstance(error, NotImplementedError) and place and place.innermost:
        problem = "It still raises NotImplementedError: some of it is not written yet."
        return failed(case, problem)
    if place is None:
        return _without_learners_lines(case, error)
    return _raised(case, error, place, meanwhile)


def _raised(case: Case, error: BaseException, place: Place, meanwhile: str) -> Outcome:
    """An error of a line of the learner's: with the hints that are nearest to that line."""
    problem = f"It raised {_named(error)}, in {cut(place.words, 120)}."
    details = learners_traceback(error)
    known = case.if_it_raises
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__name__ in known]
    said = kinds[0] if kinds else ""
    slip = None if said and said not in _ANY_ERROR else find_slip(error, place)
    belief = known[said] if said and not slip else None
    if slip:
        problem += f" {slip.told}"
    if meanwhile:
        problem += f" Meanwhile, at the other end: {meanwhile}"
    outcome = failed(case, problem, belief, slip.hints if slip else None, details)
    if not belief and not slip and is_of_the_program(error, place):
        outcome.hints = ()  # those of the case would be about something else
    return outcome


def _without_learners_lines(case: Case, error: BaseException) -> Outcome:
    if isinstance(error, TypeError) and (found := _MISCALLED.search(_message(error))):
        problem = f"It can't be called as its description says: {_message(error)}."
        return failed(case, problem, hints=_OTHER_KIND if found["kind"] else _OTHER_ARGUMENTS)
    if isinstance(error, TypeError) and _ARGUMENTS in _message(error):
        problem = f"A thread could not call its function: {_message(error)}."
        return failed(case, f"{problem} A tuple of one element ends in a comma.", hints=_NO_TUPLE)
    if isinstance(error, TimeoutError):
        return failed(case, "The peer has waited for your side in vain.", case.if_it_hangs)
    if isinstance(error, ConnectionError):
        return failed(case, "Your side has ended the connection while the peer still used it.")
    if isinstance(error, (TypeError, AttributeError, ValueError, LookupError)):
        problem = f"The check could not use what it returned: it met {_named(error)}."
        return failed(case, problem)
    lines = "".join(traceback.format_exception(error))
    return failed(
        case, f"The check itself met {_named(error)}.", details=_cut_lines(lines.splitlines())
    )


def _named(error: BaseException) -> str:
    """The error's class and its message, as the end of a traceback has them."""
    message, name = _message(error), type(error).__name__
    if name == "error":  # struct.error says nothing without its module
        name = f"{type(error).__module__}.{name}"
    return f"{name}: {message}" if message else name


def _message(error: BaseException) -> str:
    arguments = error.args
    if type(error).__str__ is KeyError.__str__ and len(arguments) == 1:
        return short(arguments[0], LONGEST // 2)  # as repr, and a socket is a socket
    if type(error).__str__ in (BaseException.__str__, Exception.__str__) and len(arguments) == 1:
        only = arguments[0]
        return cut(only, LONGEST // 2) if type(only) is str else short(only, LONGEST // 2)
    try:
        return cut(str(error), LONGEST // 2)
    except Exception:  # an error of the learner's own, whose __str__ fails
        return "an error that can't be shown as text"


def learners_traceback(error: BaseException) -> str:
    """The learner's frames and the error, cut where that gets long."""
    frames = traceback.extract_tb(learners_part(error.__traceback__))
    lines = ["Traceback (your lines only):"]
    text = _CELL.sub("In your notebook", "".join(frames.format()))
    lines += text.rstrip().splitlines()
    return f"{_cut_lines(lines)}\n{_named(error)}"


def _cut_lines(lines: list[str]) -> str:
    lines = [cut(line, 200) for line in lines]
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        lines = [*lines[:half], f"  … {len(lines) - 2 * half} lines more …", *lines[-half:]]
    return "\n".join(lines)
