"""What a chapter says of itself is read from its source."""

import pytest

from helpers.study.about import About, about, chapters

TEXT = '''# %% [markdown]
# # A title: of two parts
#
# Some words.
#
# About 45 minutes. Read another first.

# %% [markdown] tags=["about"]
# learn: do this,
#   and that
# leave out: the end
# ask: a run | What comes?
# ask: another | And now?

# %%
# %%writefile script.py
def no_exercise():
    pass

# %% tags=["exercise"]
class Timer:
    """It times."""


def _helper():
    pass


async def serve(host):
    """It serves."""

# %%
def neither():
    pass
'''


def source(folder, text, name="03_a_chapter.py"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_title_minutes_exercises_and_words_for_teachers_are_read(tmp_path):
    assert about(source(tmp_path, TEXT)) == About(
        "03",
        "03_a_chapter.ipynb",
        "A title: of two parts",
        45,
        ("Timer", "serve"),
        "do this, and that",
        "the end",
        (("a run", "What comes?"), ("another", "And now?")),
    )


def test_a_chapter_that_says_nothing_more_has_its_title(tmp_path):
    found = about(source(tmp_path, "# %% [markdown]\n# # A title\n"))
    assert found == About("03", "03_a_chapter.ipynb", "A title")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# %% [markdown]\n# No title\n", "must be the chapter's title"),
        ("", "must be the chapter's title"),
        (TEXT.replace("leave out:", "leave it:"), "begins with none of"),
        (TEXT.replace(" | And now?", ""), "the question before it"),
    ],
)
def test_a_source_that_can_not_be_read_is_an_error_that_names_it(tmp_path, text, said):
    with pytest.raises(ValueError, match=said) as caught:
        about(source(tmp_path, text))
    assert "03_a_chapter.py" in str(caught.value)


def test_chapters_come_in_order_and_other_files_are_none(tmp_path):
    for name in ("12_b.py", "02_a.py", "notes.py", "2_c.py"):
        source(tmp_path, TEXT, name)
    assert [each.number for each in chapters(tmp_path)] == ["02", "12"]
