"""Prove that the course is true: run every notebook, compare its outputs, its claims, its exercises and quiz keys."""
