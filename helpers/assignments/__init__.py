"""What belongs to one assignment, in a folder of its name: its milestones, programs and beliefs.

`a1/` has its `milestones` (an `ASSIGNMENT`), its `peers` (right and broken programs to talk to) and
its `beliefs`. May import: everything but another assignment.
"""
