"""Questions and predictions that can be answered on a page, where no kernel is.

The answers stand in the page: each reason is a line of a fold, and `answer.js` takes it from there
when its choice is pressed. Without scripts the fold can be opened.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from answers import answers, question_of
from bs4 import BeautifulSoup, Tag

from helpers.look.card import marked
from helpers.look.choice import button_words
from helpers.study.questions import Order
from helpers.study.wanted import Wanted, short_number

MEASURED = re.compile(r"(?:^|\s)Measured: (.+?)\.(?: |$)", re.MULTILINE)


def let_answer(soup: BeautifulSoup) -> None:
    """Give each card on a page what it takes to answer it; the page is changed.

    A question that the course does not have any more stays as it was saved.
    """
    for saved in soup.select(".course-card .course-saved"):
        saved.decompose()  # "Run this cell to answer."
    for card in soup.select(".course-card[aria-label]"):
        if found := question_of(card["aria-label"]):
            name, question = found
            card["data-name"] = name
            card["data-kind"] = "order" if isinstance(question, Order) else "choice"
            _buttons(soup, card, is_order=isinstance(question, Order))
            card.append(_parsed(answers(name, question)))
            card.find("details")["class"] = "course-fold answers"
            _feedback(card)
    predictions = dict(_predictions(soup))
    for card in soup.select(".course-card.course-predict[aria-label]"):
        name = card["aria-label"].removeprefix("Predict ")
        if name in predictions:
            _let_predict(soup, card, name, predictions[name])
    _mark_results(soup)


def names_on(soup: BeautifulSoup) -> list[str]:
    """The names of all that can be answered on a page, in its order."""
    return [card["data-name"] for card in soup.select(".course-card[data-name]")]


def _buttons(soup: BeautifulSoup, card: Tag, is_order: bool = False) -> None:
    """Make a button of each choice; of lines of code, a row of letters below them.

    Args:
        soup: the page.
        card: the question's.
        is_order: whether it has a button to begin again, too.
    """
    for line in card.select("p.course-choice"):
        letter, words = line.strong.get_text(), _without_letter(line)
        said = soup.new_tag("span")
        for part in list(line.strong.next_siblings):
            said.append(part.extract())
        said.contents[0].replace_with(str(said.contents[0]).lstrip("\u2002"))
        line.append(said)
        line.name = "button"
        line.attrs |= {"type": "button", "data-choice": button_words(letter, words)}
        line.attrs |= {"data-letter": letter, "disabled": ""}
    listing = card.select_one("pre.course-listing")
    if not listing:
        return
    row = soup.new_tag("div", attrs={"class": "letters needs-script"})
    for line in _lines_of(listing):
        letter, _, words = line.partition("  ")
        button = soup.new_tag("button", type="button", attrs={"class": "letter"})
        button.attrs |= {"data-choice": button_words(letter, words), "data-letter": letter}
        button["aria-label"] = button_words(letter, words)
        button.string = letter
        row.append(button)
    if is_order:
        again = soup.new_tag("button", type="button", attrs={"class": "again"})
        again.string = "Begin again"
        row.append(again)
    listing.insert_after(row)


def _lines_of(listing: Tag) -> list[str]:
    return [line for line in listing.get_text().split("\n") if line.strip()]


def _without_letter(line: Tag) -> str:
    """A choice's words, with backticks where they are code, as its button says them."""
    return line.get_text().removeprefix(line.strong.get_text()).strip()


def _feedback(card: Tag) -> None:
    words = '<div class="course-feedback needs-script" aria-live="polite"></div>'
    card.append(_parsed(words))


def _parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def _let_predict(soup: BeautifulSoup, card: Tag, name: str, wanted: Wanted) -> None:
    card["data-name"], card["data-kind"] = name, "predict"
    card["data-unit"] = wanted.unit
    card["data-wanted"] = wanted.described()
    for key, bound in (("low", wanted.low), ("high", wanted.high)):
        if bound is not None:
            card[f"data-{key}"] = short_number(bound)
    if wanted.choices:
        _buttons(soup, card)
        for button, choice in zip(card.select("button"), wanted.choices, strict=False):
            button["data-line"] = choice
    else:
        unit = f" ({wanted.unit})" if wanted.unit else ""
        hint = wanted.described(short=True)
        card.append(
            _parsed(
                '<form class="needs-script"><label><span>Your prediction'
                f"{marked(unit)}:</span> <input inputmode='decimal' autocomplete='off' size='9' "
                f"placeholder='{hint}'></label> <button>Keep</button></form>"
            )
        )
    _feedback(card)


def _predictions(soup: BeautifulSoup) -> Iterator[tuple[str, Wanted]]:
    """What may be predicted on a page, by its name, as the code of its cells says it."""
    for call in _calls(soup, "predict"):
        given = {each.arg: _value(each.value) for each in call.keywords if each.arg}
        wanted = {key: given[key] for key in ("low", "high", "unit") if given.get(key) is not None}
        choices = tuple(given.get("choices") or ())
        name = _value(call.args[0]) if call.args else None
        if not isinstance(name, str):
            continue
        try:
            yield name, Wanted(choices=choices) if choices else Wanted(**wanted)
        except (TypeError, ValueError):
            continue  # its learner has changed it


def _calls(soup: BeautifulSoup, name: str) -> Iterator[ast.Call]:
    for code in soup.select(".code"):
        yield from _calls_in(code, name)


def _calls_in(code: Tag, name: str) -> Iterator[ast.Call]:
    """The calls of a function in a cell, in their order; none where the cell is no plain Python."""
    try:
        tree = ast.parse(code.pre.get_text())
    except SyntaxError:
        return
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _value(node: ast.expr) -> object:
    """What a literal is; None for what only a run would tell."""
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _mark_results(soup: BeautifulSoup) -> None:
    """Say at each hidden result with which prediction it is compared, and what was measured."""
    for fold in soup.select("details.result"):
        code = fold.find_parent(class_="outputs").find_previous_sibling(class_="code")
        names = [_value(call.args[0]) for call in _calls_in(code, "predicted") if call.args]
        names = [name for name in dict.fromkeys(names) if isinstance(name, str)]
        prints = "\n".join(pre.get_text() for pre in fold.find_all("pre"))
        measured = MEASURED.findall(prints)
        if len(names) == len(measured) and names:
            fold["data-measured"] = json.dumps(dict(zip(names, measured, strict=True)))
