"""Briefs: what a notebook imports, and what it publishes (facts, charts, tables, prose)."""
