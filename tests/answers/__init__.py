"""Answers that learners give, right and wrong, one module a lesson: what the exercise checks are held against.

Each module has ``RIGHT`` and ``WRONG``, keyed by exercise name. ``RIGHT`` lists answers that are correct but written
differently from the worked solution. ``WRONG`` lists pairs of an answer and a part of the message that it must get.
"""
