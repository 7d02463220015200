"""The course's colours: for charts and diagrams, on a white ground."""

# The palette of Okabe and Ito, which colour-blind readers can tell apart ("Color Universal
# Design", 2008).
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
DARK_ORANGE = "#A66E00"  # for lines and edges: ORANGE is too faint for them on white
INK, FAINT = "#222222", "#8A8A8A"
