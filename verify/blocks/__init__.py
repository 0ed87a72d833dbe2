"""Blocks and their rows from bytes: records of a segment, headers, codec 1, the tree."""
