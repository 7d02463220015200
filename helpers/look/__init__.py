"""The few parts that all that is shown is made of: cards with a verdict, folds, questions with
choices or a field, tables, bytes, pictures with their alternative text, the style sheet of them
all, and what a saved notebook shows in the place of controls.

Any wing may use them, and each shows the same thing in the same way. Nothing here draws with
matplotlib, and ipywidgets is loaded when the first control is made. May import: ground.
"""
