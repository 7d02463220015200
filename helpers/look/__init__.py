"""The few parts that all that is shown is made of: tables, questions with choices, colours,
pictures with their alternative text, the one rule that turns them in a dark theme, and what a saved
notebook shows in the place of controls.

Any wing may use them, and each shows the same thing in the same way. Nothing here draws with
matplotlib, and ipywidgets is loaded when the first control is made. May import: ground.
"""
