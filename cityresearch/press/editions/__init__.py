"""Editions: a collection frozen on a date, kept, so that the next can be compared with it."""
