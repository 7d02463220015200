"""What the learner talks to: checks, predictions, questions, progress and the map.

What belongs to a chapter is found by the names of its files when it is first asked for (`finding`),
and what a chapter says of itself is read from its source (`about`). `predict` asks for a number or
a choice, `wanted` is what may be answered. `quiz`, `puzzle`, `order` and `review` show kinds of one
card (`cards`), made of a chapter's `questions`. May import: checks, figures, trace, look, ground;
chapters by name only.
"""
