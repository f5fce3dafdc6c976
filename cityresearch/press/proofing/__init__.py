"""Proof-reading: what a finished page and PDF print, held against the facts of their brief."""
