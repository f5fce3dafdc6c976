"""The book: pages assembled, compiled by Jupyter Book, made findable."""
