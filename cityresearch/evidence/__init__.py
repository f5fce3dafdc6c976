"""Evidence: sources, checked tables, places and estimates. Imports no other room."""
