"""The answers to a chapter's questions, folded, for pages that nobody can answer them on."""

import sys
from pathlib import Path

from bs4 import BeautifulSoup, Tag

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
        folded = BeautifulSoup(answers(name, question), "html.parser")
        for item, words in zip(folded.select("li"), _choices(name, question), strict=True):
            item["data-choice"] = words  # by which a click on a packet finds it
        card.append(_first(folded))


def answers(name: str, question: Question | Order) -> str:
    """A question's answer and its reasons, folded, as HTML."""
    if isinstance(question, Order):
        mixed = question.mixed(name)
        reasons = [
            f"<strong>{letter_of(mixed, line)}</strong>: {marked(why or 'This comes first.')}"
            for line, why in question.lines.items()
        ]
        lines = block("\n".join(question.lines))
        return fold("Show the order, and why no line comes earlier", lines + listed(reasons))
    choices = list(question.choices)
    reasons = [
        f"{sign('right' if verdict.is_right else 'wrong')} <strong>{letter_of(choices, choice)}: "
        f"{'Right.' if verdict.is_right else 'Not quite.'}</strong> {marked(verdict.why)}"
        for choice, verdict in question.choices.items()
    ]
    return fold("Show the answer, and what is wrong with the others", listed(reasons))


def _choices(name: str, question: Question | Order) -> list[str]:
    """What the buttons of a question say, in the order of its answers."""
    lines = question.lines if isinstance(question, Order) else question.choices
    shown = question.mixed(name) if isinstance(question, Order) else list(lines)
    return [button_words(letter_of(shown, line), line) for line in lines]


def _first(soup: BeautifulSoup) -> Tag:
    return soup.find("details")
