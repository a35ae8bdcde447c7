"""Answers from your own course documents, offline, with receipts."""

__version__ = "0.1.0"
