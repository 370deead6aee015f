"""Answers handed over to other programs: values in, text out, nothing computed."""
