"""The answers to a chapter's questions, folded: where no script runs they can be read, and from
where one runs it takes what it says of each answer."""

import sys
from pathlib import Path

from bs4 import BeautifulSoup

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from helpers.look.card import block, fold, listed, marked, sign  # noqa: E402
from helpers.look.choice import button_words, letter_of  # noqa: E402
from helpers.study.questions import KINDS, Order, Question, find_question  # noqa: E402

FIRST = "This comes first."
FILES = {shown: kind for kind, shown in KINDS.items()}


def question_of(label: str) -> tuple[str, Question | Order] | None:
    """The name of the question that a card of this label shows, and the question.

    None for another kind of card, and for a question that the course does not have any more.
    """
    shown, _, name = label.partition(" ")
    if shown not in FILES:
        return None
    try:
        return name, find_question(name, FILES[shown])
    except ValueError:
        return None


def answers(name: str, question: Question | Order) -> str:
    """A question's answer and its reasons, folded, as HTML.

    Each reason has what its button says as `data-choice`, by which a click on a packet finds it,
    its choice as it is kept as `data-line`, and the right one `data-right`.
    """
    if isinstance(question, Order):
        title = "Show the order, and why no line comes earlier"
        shown, lines = _of_order(name, question)
        body = block("\n".join(question.lines))
    else:
        title, body = "Show the answer, and what is wrong with the others", ""
        shown, lines = list(question.choices), _of_choices(question)
    folded = BeautifulSoup(fold(title, body + listed(lines.values())), "html.parser")
    for item, choice in zip(folded.select("li"), lines, strict=True):
        item["data-choice"] = button_words(letter_of(shown, choice), choice)
        item["data-line"] = choice
        if isinstance(question, Question) and question.choices[choice].is_right:
            item["data-right"] = "yes"
    return str(folded)


def _of_order(name: str, order: Order) -> tuple[list[str], dict[str, str]]:
    """An order's lines as they are mixed up; and in order, each with its reason as HTML."""
    mixed = order.mixed(name)
    return mixed, {
        line: f"<strong>{letter_of(mixed, line)}:</strong> <span>{marked(why or FIRST)}</span>"
        for line, why in order.lines.items()
    }


def _of_choices(question: Question) -> dict[str, str]:
    """A question's choices, each with its verdict and reason as HTML."""
    choices = list(question.choices)
    return {
        choice: f"{sign('right' if verdict.is_right else 'wrong')} "
        f"<strong>{letter_of(choices, choice)}: {'Right.' if verdict.is_right else 'Not quite.'}"
        f"</strong> <span>{marked(verdict.why)}</span>"
        for choice, verdict in question.choices.items()
    }
