"""The one style sheet: what `card` and its like look like, and pictures in a dark theme.

Colours and sizes of the surroundings are JupyterLab's own variables; elsewhere what is inherited
serves. Only the states and kinds have colours of the course, which stand out in both themes.
"""

from __future__ import annotations

from IPython.display import publish_display_data

from helpers.look.picture import PICTURE_CLASS, TOLD
from helpers.look.unpacked import SCRIPT

# White becomes nearly black and black nearly white; half a turn of the hue brings each colour back
# to its own. A copy drawn for the dark theme would cost each picture's bytes a second time.
TURNED = "invert(.93) hue-rotate(180deg)"
DARK = ('[data-jp-theme-light="false"]', ".vscode-dark")  # JupyterLab, Visual Studio Code
# A chart that was saved and not run yet is JupyterLab's own picture, right after its words.
SAVED_CHART = f".jp-OutputArea-child:has(.{TOLD}) + .jp-OutputArea-child .jp-RenderedImage img"
PICTURES = (*(f"{page} .{PICTURE_CLASS}" for page in DARK), f"{DARK[0]} {SAVED_CHART}")
RULE = f"{', '.join(PICTURES)} {{ filter: {TURNED}; }}"

# Dark enough for a white sign on them, and light enough to be seen on black. A theme's own colours
# for success and error promise neither, and those who can't tell red from green need others.
STATES = {
    "right": "#007A59",
    "wrong": "#BF4B00",
    "note": "#8A6100",
    "running": "#0072B2",
    "none": "#6E6E6E",
}
KINDS = {  # quieter: a stripe and a frame, where there is no state
    "question": "#0072B2",
    "predict": "#A4507C",
    "bytes": "#6E6E6E",
    "map": "#6E6E6E",
    "machine": "#6E6E6E",
    "check": "#6E6E6E",
}
SMALLEST = 384  # pixels: words in a picture that is smaller can't be read, so it is scrolled
FRAMED = "color: inherit; background: none; border: 2px solid "

_PARTS = """
.course-card { --course-accent: #6E6E6E; max-width: 54em; margin: .3em 0 .6em;
  padding: .1em 0 .1em 1em; border-left: 4px solid var(--course-accent); line-height: 1.5;
  overflow-wrap: break-word; }
.course-card p, .course-card ul, .course-card ol { max-width: 46em; margin: .4em 0; }
.course-card ul, .course-card ol { padding-left: 1.6em; }
.course-card li { margin: .15em 0; }
.course-card .course-verdict { display: flex; gap: .5em; align-items: baseline; margin: 0 0 .5em;
  font-size: 1.2em; line-height: 1.35; }
.course-sign { display: inline-block; flex: none; box-sizing: border-box; min-width: 1.5em;
  padding: 0 .25em; border: 2px solid transparent; border-radius: .25em; font-weight: bold;
  line-height: 1.25; text-align: center; color: #ffffff; background: #6E6E6E; }
.course-card .course-lead { margin: .2em 0 .6em; font-size: 1.05em; }
.course-card .course-fold { margin: .3em 0; }
.course-card summary { cursor: pointer; padding: .1em 0; }
.course-card .course-in { padding-left: 1.1em; }
.course-card .course-lines, .course-card table code {
  font-family:
  var(--jp-code-font-family, var(--vscode-editor-font-family, ui-monospace, monospace)); }
.course-card pre.course-lines,
.course-feedback pre.course-lines { max-height: none; margin: .5em 0; padding: .4em .7em;
  border-left: 1px solid var(--jp-border-color2, #8A8A8A); font-size: .93em; line-height: 1.4;
  white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; background: none; }
.course-card pre.course-listing { overflow-x: auto; white-space: pre; overflow-wrap: normal; }
.course-card .course-list { list-style: none; padding-left: 0; }
.course-card .course-steps { padding-left: 2.2em; }
.course-card .course-rest { margin-top: .9em; padding-top: .3em;
  border-top: 1px solid var(--jp-border-color2, #8A8A8A); }
.course-state { white-space: nowrap; }
.course-card .course-table { margin: .4em 0; }
.course-table { overflow-wrap: normal; }
.course-over { position: relative; padding-bottom: 2em; }
.course-over:has(td > details[open]) { padding-bottom: 8em; }
.course-over:has(td > details[open] > .course-tall) { padding-bottom: 36em; }
.course-over td > details > div { position: absolute; left: 0; right: 0; bottom: .5em; z-index: 3;
  max-height: 7em; overflow: auto; box-sizing: border-box; white-space: normal;
  margin-top: .3em; padding: .4em 1em; border: 2px solid var(--jp-border-color1, #6E6E6E);
  background: var(--jp-layout-color1, Canvas); color: var(--jp-ui-font-color1, CanvasText); }
.course-over td > details > .course-tall { max-height: 35em; }
.course-over details[open] > summary { text-decoration: underline; }
.course-over summary { white-space: nowrap; cursor: pointer; }
.course-table :is(th, td) { vertical-align: top; }
.course-feedback { font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
  padding: .3em 0; white-space: normal; }
.course-controls { border-left: 4px solid var(--course-accent, #6E6E6E); padding-left: 1em; }
.course-controls .widget-text { flex-wrap: wrap; height: auto; }
.course-controls .widget-text input[type] { flex: 1 1 6em; width: auto; min-width: 6em; }
.course-picture:is(img) { max-width: max(100%, SMALLESTpx) !important; }
.course-saved { margin: .25em 0; line-height: 1.5; }
@media (forced-colors: active) { .course-sign { border-color: currentcolor; } }
"""


def _colours() -> str:
    """A rule for each state and kind."""
    lines = []
    for name, colour in KINDS.items():
        lines.append(f".course-{name} {{ --course-accent: {colour}; }}")
        lines.append(f".course-sign-{name} {{ {FRAMED}{colour}; }}")
    for name, colour in STATES.items():
        lines.append(f".course-is-{name} {{ --course-accent: {colour}; }}")
        lines.append(f".course-sign-{name} {{ background: {colour}; }}")
    return "\n".join(lines)


SHEET = f"{_PARTS.replace('SMALLEST', str(SMALLEST))}{_colours()}\n"


def page_style() -> None:
    """Give all outputs on the page their looks, those included that were saved earlier.

    A chapter's first cell ends with this call. It shows nothing of its own, and without it, as in
    a notebook that was not run yet, pictures are white sheets, which read in both themes, the
    packets of a diagram can't be pointed at, and the rest is plain text and lists.
    """
    script = SCRIPT.read_text(encoding="utf-8")
    shown = f"<style>{RULE}\n{SHEET}</style><script>{script}</script>"
    publish_display_data({"text/html": shown, "text/plain": ""})
