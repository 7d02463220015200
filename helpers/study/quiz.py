"""Questions to answer by choosing: a quiz, a puzzle over a conversation, lines to put in order."""

from __future__ import annotations

from helpers.look.choice import check_name
from helpers.study.cards import show_card
from helpers.study.questions import find_question


def quiz(name: str) -> None:
    """Show a question and a button for each of its choices.

    A click says whether the choice is right, and why; a wrong one may be followed by another. The
    last answer is kept with the learner's progress, and nothing in the course depends on it.
    Running the cell again shows it.

    Args:
        name: the chapter's number and the question's name, as in "03 one recv". The questions are
            in `helpers/chapters/`, so that the notebook does not give the answers away.

    Raises:
        ValueError: where there is no such question.
    """
    check_name(name, "03 one recv")
    show_card("quizzes", name, find_question(name))


def puzzle(name: str) -> None:
    """Show a conversation that was recorded, and a question about it, as `quiz` does.

    Where scripts may run, a click on a packet answers as well, if a choice is about that packet.

    Args:
        name: the chapter's number and the puzzle's name, as in "05 what happened".

    Raises:
        ValueError: where there is no such puzzle.
    """
    check_name(name, "05 what happened")
    show_card("puzzles", name, find_question(name, "puzzles"))


def order(name: str) -> None:
    """Show lines that are mixed up, and a button for each: choose the one that comes next.

    A line that is chosen too early says what it needs first. How far one has come is kept.

    Args:
        name: the chapter's number and the order's name, as in "02 a server's steps".

    Raises:
        ValueError: where there is no such order.
    """
    check_name(name, "02 a server's steps")
    show_card("orders", name, find_question(name, "orders"))
