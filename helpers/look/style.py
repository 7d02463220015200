"""The one rule of style: pictures are drawn on white, and a dark theme turns them."""

from __future__ import annotations

from IPython.display import publish_display_data

from helpers.look.picture import PICTURE_CLASS

# White becomes nearly black and black nearly white; half a turn of the hue brings each colour back
# to its own. A copy drawn for the dark theme would cost each picture's bytes a second time.
TURNED = "invert(.93) hue-rotate(180deg)"
DARK = ('[data-jp-theme-light="false"]', ".vscode-dark")  # JupyterLab, Visual Studio Code
RULE = f"{', '.join(f'{page} .{PICTURE_CLASS}' for page in DARK)} {{ filter: {TURNED}; }}"


def page_style() -> None:
    """Let every picture on the page follow the theme, those included that were saved earlier.

    A chapter's first cell ends with this call. It shows nothing of its own, and without it, as in
    a notebook that was not run yet, pictures are white sheets, which read in both themes.
    """
    publish_display_data({"text/html": f"<style>{RULE}</style>", "text/plain": ""})
