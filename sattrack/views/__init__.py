"""Answers for people to read: values in, text out, nothing computed."""
