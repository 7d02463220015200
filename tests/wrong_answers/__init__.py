"""Answers that must fail, a module a chapter, each with a table WRONG."""

from answers import WrongAnswer, answer

__all__ = ["WrongAnswer", "answer"]
