"""Emission factors, each with the document that fixes it."""
