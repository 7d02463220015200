"""Chapters treated as learners treat them: `python3 course.py abuse`."""
