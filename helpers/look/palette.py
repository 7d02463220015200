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
INK, FAINT = "#222222", "#8A8A8A"
