"""Controls on a page, moved as a learner moves them, and the picture that each move leads to."""

import re
from collections.abc import Callable

from drive.lab_page import KERNEL_IS_READY, LabPage

# The picture below the controls, also a diagram that the page has unpacked; what stands there in
# its place where a run has failed.
SHOWN = """box => {
    const below = box.closest('.jp-OutputArea-child').nextElementSibling;
    const unpacked = below.querySelector('div.course-picture')?.shadowRoot.querySelector('svg');
    const diagram = unpacked && 'data:image/svg+xml,' + unpacked.outerHTML;
    return below.querySelector('img')?.src ?? diagram ?? below.innerText;
}"""
# A diagram's text is not that of its picture any more, so the one before is marked.
MARK = """box => {
    const below = box.closest('.jp-OutputArea-child').nextElementSibling;
    below.querySelector('div.course-picture')?.setAttribute('data-was', 'before');
}"""
ARRIVED = """([box, before]) => {
    const {sent, last} = window.pictures;
    const below = box.closest('.jp-OutputArea-child').nextElementSibling;
    const picture = below.querySelector('img')?.src;
    if (sent <= before) return false;
    if (picture) return last.includes(picture);
    if (below.querySelector('div.course-picture:not([data-was])')) return last.includes('svg+xml');
    return last.includes('role="alert"');
}"""
PROMPT = "box => box.closest('.jp-CodeCell').querySelector('.jp-InputPrompt')"
# How far a slider's handle is from its high end, in thousandths of its track, as its style says.
DISTANCE = r"translate\(-?([\d.]+)%"
QUESTIONS = ".course-question, .course-predict"  # what controls that answer have besides
SECONDS = 60  # for an experiment on a busy machine


class PanelOnPage:
    """A panel on the page: the box of its controls, and the picture below it."""

    def __init__(self, lab: LabPage, box) -> None:
        self.lab, self.box = lab, box
        self._element = box.element_handle()
        # After a run the picture comes first, and then the button is one to press again.
        self._button = box.get_by_role("button", name="Run", exact=True, disabled=False)
        self._slow = box.get_by_role("button", name=re.compile("^Run")).count() > 0

    @property
    def shown(self) -> str:
        """What stands below the controls: the picture's address, which is the picture itself."""
        return self._element.evaluate(SHOWN)

    @property
    def sliders(self) -> list:
        """The handle of each slider."""
        return self.box.locator(".noUi-handle").all()

    @property
    def choices(self) -> list:
        """Each row of choices."""
        return self.box.locator(".widget-toggle-buttons").all()

    @property
    def boxes(self) -> list:
        """Each box to tick."""
        return self.box.locator("input[type=checkbox]").all()

    def after(self, move: Callable[[], None], by_keys: bool) -> str:
        """Make a move (and press the run button, if there is one); return what is shown then."""
        before = self.lab.page.evaluate("() => window.pictures.sent")
        self._element.evaluate(MARK)
        move()
        if self._slow and by_keys:
            self._button.press("Enter")
        elif self._slow:
            self._button.click()
        self.lab.wait(ARRIVED, SECONDS, [self._element, before])
        return self.shown

    def label(self, handle) -> str:
        """The words beside a slider."""
        return _slider(handle).locator(".widget-label").inner_text()

    def value(self, handle) -> str:
        """The number beside a slider."""
        return _slider(handle).locator(".widget-readout").inner_text()

    def is_at(self, handle, end: str) -> bool:
        """Whether a slider is at an end, named by its key: "Home" or "End"."""
        style = handle.locator("xpath=..").get_attribute("style")
        distance = float(re.search(DISTANCE, style)[1])
        return abs(distance - (1000 if end == "Home" else 0)) < 1e-6

    def at_ends(self, handle, low_by_keys: bool, high_by_keys: bool) -> list[str]:
        """What is shown with a slider at its low end, and then at its high one."""
        seen = []
        for key, place, by_keys in (("Home", 0.0, low_by_keys), ("End", 1.0, high_by_keys)):
            if self.is_at(handle, key):
                seen.append(self.shown)  # it begins there
            elif by_keys:
                seen.append(self.after(lambda key=key: handle.press(key), True))
            else:
                seen.append(self.after(lambda to=place: drag(self.lab, handle, to), False))
        return seen

    def type(self, handle, value: str) -> None:
        """Bring a slider to where it was, with a number typed beside it."""
        if self.value(handle) == value:
            return
        if self._slow:  # the next run shows it
            type_number(self.lab, handle, value)
        else:
            self.after(lambda: type_number(self.lab, handle, value), True)

    def run_cell(self) -> None:
        """Run the panel's cell again, and wait until another panel has taken its place."""
        self._element.evaluate_handle(PROMPT).as_element().click()
        self.lab.command("notebook:run-cell")
        self.lab.wait("old => !old.isConnected", arg=self._element)
        self.lab.wait(KERNEL_IS_READY)

    def round_choices(self, row, by_keys: bool) -> list[str]:
        """What is shown at each choice of a row, from the one that is on and back to it."""
        buttons = row.locator("button").all()
        on = next(index for index, each in enumerate(buttons) if "mod-active" in _classes(each))
        order = [*range(on + 1, len(buttons)), *range(on + 1)]
        seen = [self.shown]
        for index in order:
            press = buttons[index]
            seen.append(
                self.after(lambda p=press: p.press("Enter") if by_keys else p.click(), by_keys)
            )
        return seen

    def round_box(self, box, by_keys: bool) -> list[str]:
        """What is shown at first, with a box the other way, and back."""
        seen = [self.shown]
        for _ in range(2):
            seen.append(self.after(lambda: box.press("Space") if by_keys else box.click(), by_keys))
        return seen


def panels(lab: LabPage) -> list[PanelOnPage]:
    """All panels of the page."""
    return [
        PanelOnPage(lab, box)
        for box in lab.page.locator(f".course-controls:not({QUESTIONS})").all()
    ]


def drag(lab: LabPage, handle, *shares: float, steps: int = 1) -> None:
    """Drag a slider's handle over these places, 0 for its low end and 1 for its high one."""
    handle.scroll_into_view_if_needed()
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
    box, mouse = handle.bounding_box(), lab.page.mouse
    y = box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, y)
    mouse.down()
    for share in shares:
        mouse.move(track["x"] + share * track["width"], y, steps=steps)
    mouse.up()


def answer_all(lab: LabPage, thoroughly: bool = True) -> int:
    """Answer every question and prediction of the page, in each way there is, by mouse and keys.

    Unless it is done thoroughly, each choice is pressed once, by mouse or by keys in turns. Returns
    how many there were. A wait of Playwright's fails where one says nothing to an answer.
    """
    answers = lab.page.locator(f".jp-OutputArea-output:has(.course-controls:is({QUESTIONS}))").all()
    for answer in answers:
        field, heard = answer.locator("input[type=text]"), ""
        if field.count():
            known = [float(n) for n in re.findall(r"\d+", field.get_attribute("placeholder"))]
            low = known[0] if known else 0
            field.fill(f"{low:g}")
            field.press("Enter")
            heard = _hears(answer, heard)
            field.fill(f"{known[-1] if len(known) > 1 else low + 1:g}")
            answer.get_by_role("button", name="Keep").click()
            _hears(answer, heard)
            continue
        for first in (False, True) if thoroughly else (False,):
            for number, button in enumerate(answer.locator("button").all()):
                by_keys = first if thoroughly else number % 2
                button.press("Enter") if by_keys else button.click()
                heard = _hears(answer, heard)
    return len(answers)


def type_number(lab: LabPage, handle, value: str) -> None:
    """Type a number beside a slider."""
    _slider(handle).locator(".widget-readout").click()
    lab.page.keyboard.press("Control+A")
    lab.page.keyboard.type(value)
    lab.page.keyboard.press("Enter")


def _slider(handle):
    return handle.locator("xpath=ancestor::*[contains(@class, 'widget-slider')]")


def _hears(answer, before: str) -> str:
    """Wait until the feedback is another than before, and return it."""
    said = answer.get_by_role("alert").filter(has_not_text=before or re.compile("^$"))
    said.wait_for()
    return said.inner_text()


def _classes(element) -> list[str]:
    return element.get_attribute("class").split()
