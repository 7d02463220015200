"""What `course.py` does: its words, the set-up of .venv, and the tools that it starts.

Standard library only: it runs before anything is installed. `course.py` itself only looks whether
this Python is new enough.
"""
