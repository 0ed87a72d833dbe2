"""Bytes and texts to values: canonical JSON, archives, numbers, times; messages and their Chinese."""
