"""Three questions from the chapters before: what was missed, and what was not seen for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from IPython.display import publish_display_data

from helpers.study import progress
from helpers.study.cards import show_card
from helpers.study.finding import chapters_with
from helpers.study.nearness import is_far
from helpers.study.questions import Question, find_question, questions_of

MOST = 3
SAME = timedelta(hours=12)  # so long a chapter asks the same ones again


def review(chapter: str) -> None:
    """Ask three questions about earlier chapters; skipping them is fine.

    Those come first that the learner got wrong, or whose subject was predicted badly or got wrong
    in a quiz; then those that were never asked, or not for the longest time.

    Args:
        chapter: the number of the chapter that it stands in, such as "05".

    Raises:
        ValueError: where that is no chapter's number.
    """
    if not isinstance(chapter, str) or not (chapter.isdecimal() and len(chapter) == 2):
        raise ValueError(f'review takes the number of its chapter, as in "05", not {chapter!r}')
    names = chosen(chapter, datetime.now())
    if not names:
        print("There is nothing to recall before this chapter.")
        return
    told = "Recall what came before. Answer from memory; you may also go on without."
    publish_display_data({"text/html": f"<p>{told}</p>", "text/plain": told})
    for name in names:
        lead = f"Recall, from chapter {name[:2]}"
        show_card("recall", name, find_question(name, "recall"), lead)
    progress.keep_asked(names, chapter)


def chosen(chapter: str, now: datetime) -> list[str]:
    """The names of the questions that a chapter recalls now, in the chapters' order."""
    seen, answers = progress.seen(), progress.answers()
    pool: dict[str, tuple] = {}
    for number in (each for each in reversed(chapters_with("recall")) if each < chapter):
        asked = questions_of(number, "recall")
        for place, (words, question) in enumerate(asked.items()):
            name = f"{number} {words}"
            noted = seen.get(name, {})
            again = noted.get("by") == chapter and _is_within(noted.get("asked", ""), now)
            last = max(noted.get("answered", ""), noted.get("asked", ""))
            trouble = _is_trouble(name, question, seen, answers)
            # First what is asked already; of the rest one of each chapter before a second one,
            # and the next chapter begins with another one.
            turn = (place - (int(chapter) - int(number) - 1)) % len(asked)
            pool[name] = (not again, not trouble, last, turn)
    return sorted(sorted(pool, key=pool.__getitem__)[:MOST])


def _is_within(asked: str, now: datetime) -> bool:
    try:
        return abs(now - datetime.fromisoformat(asked)) < SAME
    except (TypeError, ValueError):  # no time, or one of another kind
        return False


def _is_trouble(name: str, question: Question, seen: dict, answers: dict) -> bool:
    """Whether a question was missed; before it was answered, whether its subject was."""
    if "answered" in seen.get(name, {}):
        return bool(seen[name].get("missed"))
    return any(_is_missed(f"{name[:2]} {each}", seen, answers) for each in question.about)


def _is_missed(name: str, seen: dict, answers: dict) -> bool:
    """Whether a quiz was answered wrongly, or a prediction was far off."""
    if name in answers and (seen.get(name, {}).get("missed") or not answers[name]["right"]):
        return True
    first = progress.first_prediction(name) or {}
    return "measured" in first and is_far(first["value"], first["measured"])
