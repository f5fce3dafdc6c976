"""cityresearch: one notebook per topic becomes a page and a PDF for every city."""

__version__ = "0.1.0"
