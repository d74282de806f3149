"""Mutation of the exercises: change each solution a little, and see whether the exercise's check notices.

A mutant that the check accepts is either right as well, and then listed with the reason, or the check is too weak.
"""
