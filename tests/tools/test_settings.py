"""The table of other people's settings, and the chapter that shows most in the worst of them."""

import io

from abuse import settings
from abuse.settings import Situation, differences, situations, worst
from drive.on_disk import SOLUTIONS
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes
from PIL import Image

from helpers.look.picture import image_bundle


def cell(source, *outputs, tags=()):
    """A cell that has shown this."""
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def picture(colour):
    """What a picture of one colour is shown as."""
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(stream, "PNG")
    bundle = image_bundle(stream.getvalue(), "a square", 4, 4)
    return new_output("display_data", data=bundle)


def test_every_situation_has_a_name_of_its_own():
    names = [each.name for each in situations()]
    assert len(set(names)) == len(names) >= 15


def test_the_chapter_with_most_pictures_is_as_saved_with_all_settings_at_once():
    path = next(each for each in SOLUTIONS if each.name.startswith("05"))
    assert differences(path, worst()) == []


def test_what_a_situation_changes_is_told(tmp_path):
    saved = cell("print(sum([1]))\nprint(lamp)", printed("1\n"))
    path = tmp_path / "00_lamp.ipynb"
    path.write_text(writes(new_notebook(cells=[saved])))
    situation = Situation("lamp", startup="lamp = 'on'", first="lamp = 'off'", holds="lamp == 'on'")
    told, afterwards = differences(path, situation)
    assert told.startswith("cell 1: showed:\n1\noff\n--- and not:\n1")
    assert afterwards == "afterwards: CHANGED"


def compared(saved, ran, **situation):
    """What is told of a cell."""
    return list(settings.compared(saved, ran, Situation("lamp", **situation)))


def test_an_error_and_a_warning_are_told():
    ran = cell("", new_output("error", ename="KeyError", evalue="1"), printed("hot\n", "stderr"))
    error, warning = compared(cell(""), ran)
    assert "KeyError: 1" in error
    assert "warned (1 lines): hot" in warning
    assert compared(ran, ran) == []


def test_a_picture_that_is_not_on_white_is_told():
    white, black = (cell("", picture(colour)) for colour in ("white", "black"))
    assert compared(white, white) == []
    assert compared(white, black) == ["picture 1 is not on white"]


def test_other_numbers_may_be_shown_where_the_cell_or_the_situation_says_so():
    saved, ran = cell("", printed("1\n")), cell("", printed("2\n"))
    assert len(compared(saved, ran)) == 1
    assert compared(saved, ran, other_numbers=True) == []
    assert compared(cell("", printed("1\n"), tags=["nbval-ignore-output"]), ran) == []


def test_a_check_says_what_it_said_also_among_other_numbers_but_for_what_has_no_room():
    saved = cell("", printed("ask: passed (7 cases), you may go on\n"))
    failed = cell("", printed("ask: 1 of 7 cases failed\n"))
    away = cell("", printed("ask: passed (6 cases, 1 not tried here)\nNot tried here: ...\n"))
    few = {"other_numbers": True, "may_say": settings.ROOM}
    assert len(compared(saved, failed, **few)) == 1
    assert compared(saved, away, **few) == []
    assert len(compared(saved, away)) == 1
