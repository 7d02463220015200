"""The picture of a puzzle: a conversation that was recorded once, and stands in its chapter."""

from __future__ import annotations

from dataclasses import replace

from helpers.look.choice import button_words, letter_of
from helpers.look.unpacked import answered_by_click
from helpers.study.finding import CHAPTERS
from helpers.study.questions import Question
from helpers.trace.diagram import alternative_text, sequence_diagram
from helpers.trace.diagram_layout import MOST_EVENTS
from helpers.trace.recorded import read
from helpers.trace.trace import Trace


def picture_of(name: str, question: Question) -> dict[str, str]:
    """A puzzle's diagram as a notebook keeps it, with packets that may be clicked.

    Where a packet was dropped the diagram says so, but not by what.
    """
    trace = conversation(name[:2], question.conversation)
    # Between more than two, times could not stand beside the ends of their arrow.
    two = len({peer for event in trace.events for peer in (event.source, event.target)}) == 2
    drawing = sequence_diagram(
        trace, question.title, words=question.words, times=two, to_scale=question.to_scale
    )
    whole = alternative_text(trace, MOST_EVENTS, question.words)
    choices = list(question.choices)
    clicks = {
        packet: button_words(letter_of(choices, choice), choice)
        for choice, verdict in question.choices.items()
        for packet in verdict.packets
    }
    return answered_by_click(replace(drawing, alt=f"{question.title}. {whole}"), clicks)


def conversation(chapter: str, name: str) -> Trace:
    """A recorded conversation of a chapter, without the causes of its losses.

    Raises:
        OSError: where there is none of this name.
    """
    file = CHAPTERS / f"chapter_{chapter}" / "recorded" / f"{name}.json"
    return read(file.read_text(encoding="utf-8"), with_causes=False)
