"""Answers: the orbits of what was asked for, joined with the mathematics of the question.

One module for each question. Exports and views turn these values into text and compute nothing.
"""
