"""The keys that a reader trusts, and what he is told of those of a pack."""
