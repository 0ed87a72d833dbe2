"""The books of a site, kept up with its ledger: what was said and measured, and what the pages ask of it."""

from cloud.books.books import Books, Still

__all__ = ["Books", "Still"]
