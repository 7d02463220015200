"""What the learner talks to: checks, predictions, questions and progress.

What belongs to a chapter is found by the names of its files when it is first asked for (`finding`),
and what a chapter says of itself is read from its source (`about`). `predict` asks for a number or
a choice, `wanted` is what may be answered. `quiz`, `puzzle`, `order` and `review` show kinds of one
card (`cards`), made of a chapter's `questions`. `assess` tries an assignment's program (`taken`
from cells or a file) in a process beside the notebook, `interop` sets it against others, and
`hand_in` writes it down. `at_work` notes where somebody is and for how long, and `progress_page`
shows that and all else that is kept. May import: checks, figures, servers, trace, look, ground;
chapters and assignments by name only.
"""
