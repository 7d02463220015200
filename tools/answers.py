"""The answers to a chapter's questions, folded, for pages that nobody can answer them on."""

import sys
from pathlib import Path

from bs4 import BeautifulSoup

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from helpers.look.card import block, fold, listed, marked, sign  # noqa: E402
from helpers.look.choice import button_words, letter_of  # noqa: E402
from helpers.study.questions import KINDS, Order, Question, find_question  # noqa: E402

FILES = {shown: kind for kind, shown in KINDS.items()}


def add_answers(soup: BeautifulSoup) -> None:
    """Add to each question's card a fold with its answer and all reasons; `soup` is changed.

    A question that the course does not have any more stays as it is.
    """
    for card in soup.select(".course-card[aria-label]"):
        shown, _, name = card["aria-label"].partition(" ")
        if shown not in FILES:
            continue
        try:
            question = find_question(name, FILES[shown])
        except ValueError:
            continue
        card.append(BeautifulSoup(answers(name, question), "html.parser"))


def answers(name: str, question: Question | Order) -> str:
    """A question's answer and its reasons, folded, as HTML.

    Each reason has what its button says as `data-choice`, by which a click on a packet finds it.
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
    return str(folded)


def _of_order(name: str, order: Order) -> tuple[list[str], dict[str, str]]:
    """An order's lines as they are mixed up; and in order, each with its reason as HTML."""
    mixed = order.mixed(name)
    return mixed, {
        line: f"<strong>{letter_of(mixed, line)}</strong>: {marked(why or 'This comes first.')}"
        for line, why in order.lines.items()
    }


def _of_choices(question: Question) -> dict[str, str]:
    """A question's choices, each with its verdict and reason as HTML."""
    choices = list(question.choices)
    return {
        choice: f"{sign('right' if verdict.is_right else 'wrong')} "
        f"<strong>{letter_of(choices, choice)}: {'Right.' if verdict.is_right else 'Not quite.'}"
        f"</strong> {marked(verdict.why)}"
        for choice, verdict in question.choices.items()
    }
