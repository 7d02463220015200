"""Charts, and the sliders that redraw them: the only wing that needs matplotlib.

`plots` has the course's charts, `own_style` keeps the reader's settings of matplotlib out of them,
`kept_figure` is a figure that is redrawn fast, `explore` an experiment with its controls (`panel`,
`controls`), `byte_chart` a stream drawn byte by byte, `live` a link whose packets move and can be
killed. May import: trace, look, ground.
"""
