"""Answers in another style than the solutions', a module a chapter, each with a table RIGHT."""

from answers import answer

__all__ = ["answer"]
