"""Signpost: a question in, calm guidance and the right agency out."""

__version__ = "0.1.0"
