"""What belongs to one assignment, in a folder of its name.

`a1/` has its `milestones` (with an `ASSIGNMENT`), its `beliefs`, its `peers` (with an `INTEROP`:
right and broken programs that a learner's is set against), its `solutions` (written by the build
from the assignment's source) and `others` (another right one), and a module for its first step:
`a1/hello_server`, what that server meets, and `a2/packed` and `a2/carried`. Nobody imports it but
by name, as `helpers.study.finding` does. May import: everything but chapters and another
assignment.
"""
