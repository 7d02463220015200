"""One folder a chapter: what its checks, questions and pictures need, and nobody else.

An exercise is a module of its name with an `EXERCISE`. Beside it stand `beliefs` (what learners may
believe), questions (`quizzes`, `puzzles` with their conversations in `recorded/`, `orders`, and
`recall` for the chapters that follow), `words`, `charts` (which a chapter imports from here),
`solutions` (written by the build from the chapter's source) and `others` (other right answers).
What two exercises share is in a module whose name begins with an underscore. May import: everything
but another chapter.
"""
