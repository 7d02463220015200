"""Charts, and the sliders that redraw them: the only wing that needs matplotlib.

`plots` has the course's style, `kept_figure` a figure that is redrawn fast, `explore` an experiment
with its controls (`panel`, `controls`), `byte_chart` a stream drawn byte by byte. May import:
trace, look, ground.
"""
