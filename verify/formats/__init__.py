"""Bytes and texts to values: blocks, codecs, canonical JSON, archives, numbers, times."""
